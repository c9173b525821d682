/** The watch: who has it, in which order it is handed over, who stands in, and whom an alert goes on to that nobody acknowledges. */
import { z } from 'zod'
import { EscalationPolicy } from '#shared/model/escalation.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { Override, Person, Rota } from '#shared/model/rota.ts'
import { administers, listOf, Moment, procedure, reads } from './procedure.ts'

const operates = () => procedure({ role: 'OPERATOR', effect: 'writes' })
const replaces = z.object({
  /** The name that it has so far; `null` for a new one. */
  replaces: z.string().max(80).nullable().default(null),
})
const at = z.iso.datetime({ offset: true, message: 'bad-moment' }).transform((text) => Date.parse(text))

const ShiftOut = z.object({
  person: z.string(),
  from: Moment,
  to: Moment,
  /** Who would have had it, where somebody stands in. */
  instead: z.string().nullable(),
  override: z.string().nullable(),
})
const OverrideOut = Override.extend({ from: Moment, to: Moment })

const RotaOut = z.object({
  rota: Rota,
  overrides: z.array(OverrideOut),
  /** Who has the watch now; `null`: nobody. */
  now: ShiftOut.nullable(),
  /** Who takes it after that, stand-ins among them. */
  next: z.string().nullable(),
})

export const rota = {
  list: reads()
    .route({
      method: 'GET',
      path: '/rotas',
      tags: ['watch'],
      summary: 'Rotas, who has the watch of each now, and who takes it next',
    })
    .output(listOf(RotaOut)),
  save: administers()
    .route({ method: 'POST', path: '/rotas', tags: ['watch'], summary: 'Add a rota, or change one' })
    .input(z.object({ rota: Rota }).extend(replaces.shape))
    .output(z.object({ name: z.string() })),
  remove: administers()
    .route({ method: 'DELETE', path: '/rotas/{name}', tags: ['watch'], summary: 'Remove a rota' })
    .input(z.object({ name: Name }))
    .output(z.object({ name: z.string() })),
  shifts: reads()
    .route({
      method: 'GET',
      path: '/rotas/{name}/shifts',
      tags: ['watch'],
      summary: 'Who has the watch from when to when; without moments the next four weeks',
    })
    .input(z.object({ name: Name, from: at.optional(), to: at.optional() }))
    .output(listOf(ShiftOut)),
  people: reads()
    .route({ method: 'GET', path: '/people', tags: ['watch'], summary: 'People, and what reaches them' })
    .output(listOf(Person)),
  savePerson: administers()
    .route({ method: 'POST', path: '/people', tags: ['watch'], summary: 'Add a person, or change one' })
    .input(z.object({ person: Person }).extend(replaces.shape))
    .output(z.object({ name: z.string() })),
  removePerson: administers()
    .route({
      method: 'DELETE',
      path: '/people/{name}',
      tags: ['watch'],
      summary: 'Remove a person; refused while a rota names them',
    })
    .input(z.object({ name: z.string().max(80) }))
    .output(z.object({ name: z.string() })),
  /** Swaps are two of these. */
  override: operates()
    .route({
      method: 'POST',
      path: '/rotas/{name}/overrides',
      tags: ['watch'],
      summary: 'Let somebody stand in from one moment to another',
    })
    .input(
      z
        .object({ name: Name, person: z.string().max(80), from: at, to: at })
        .extend({ note: z.string().max(2_000).nullable().default(null) })
        .refine(({ from, to }) => to > from, { path: ['to'], message: 'schedule-ends-first' }),
    )
    .output(OverrideOut),
  removeOverride: operates()
    .route({
      method: 'DELETE',
      path: '/rotas/{name}/overrides/{override}',
      tags: ['watch'],
      summary: 'Let the rota hold again where somebody was to stand in',
    })
    .input(z.object({ name: Name, override: z.string().max(64) }))
    .output(z.object({ name: z.string() })),
}

export const escalation = {
  list: reads()
    .route({
      method: 'GET',
      path: '/escalation-policies',
      tags: ['watch'],
      summary:
        'Whom an incident goes on to that nobody acknowledges; of several policies that fit, the first',
    })
    .output(listOf(EscalationPolicy)),
  save: administers()
    .route({
      method: 'POST',
      path: '/escalation-policies',
      tags: ['watch'],
      summary: 'Add a policy, or change one; it holds for what is under way, too',
    })
    .input(z.object({ policy: EscalationPolicy }).extend(replaces.shape))
    .output(z.object({ name: z.string() })),
  remove: administers()
    .route({
      method: 'DELETE',
      path: '/escalation-policies/{name}',
      tags: ['watch'],
      summary: 'Remove a policy; what is under way by it stops',
    })
    .input(z.object({ name: Name }))
    .output(z.object({ name: z.string() })),
}
