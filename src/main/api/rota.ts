/** The watch and escalation, in words and moments. */
import type { EscalationTarget } from '#shared/model/escalation.ts'
import type { Override, Shift } from '#shared/model/rota.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { Procedures } from './procedures.ts'
import { inUse, Refusal } from './refusal.ts'
import { notSaved } from './saved.ts'
import { moment } from './speech.ts'

const DAY_MS = 86_400_000
/** Shifts of one answer. */
const DEFAULT_MS = 28 * DAY_MS
const LONGEST_MS = 400 * DAY_MS

export function implementRota(declared: Procedures, engine: Engine, clock: Clock) {
  const { rotas, policies } = engine.alerts
  const { rota: rotaProcedures, escalation } = declared

  /** @throws Refusal of the first channel that there is not */
  function needChannels(names: readonly string[], pathOf: (index: number) => string): void {
    names.forEach((name, index) => {
      if (engine.notify.channels.get(name) !== null) return
      const known = engine.notify.channels.list().map(({ channel }) => channel.name)
      throw unknown('channel', name, pathOf(index), known)
    })
  }

  const rotaNames = () => rotas.list().map(({ rota }) => rota.name)
  const peopleNames = () => rotas.people().map(({ name }) => name)

  function needTargets(targets: readonly EscalationTarget[], path: string): void {
    targets.forEach((target, index) => {
      if (target.kind === 'channel') needChannels([target.channel], () => `${path}[${index}].channel`)
      else if (rotas.rota(target.rota) === null)
        throw unknown('rota', target.rota, `${path}[${index}].rota`, rotaNames())
    })
  }

  return {
    rota: {
      list: rotaProcedures.list.handler(() => ({
        items: rotas.list().map(({ rota, overrides, now, next }) => ({
          ...{ rota, next, overrides: overrides.map(overrideView) },
          now: now === null ? null : shiftView(now),
        })),
        nextCursor: null,
      })),

      save: rotaProcedures.save.handler(async ({ input: { rota, replaces } }) => {
        const { name, people } = rota
        if (replaces !== null && replaces !== name) needUnused(replaces)
        const outcome = await rotas.save(rota, replaces)
        if (outcome === 'no-person') {
          const index = people.findIndex((one) => rotas.person(one) === null)
          throw unknown('person', people[index] ?? '', `rota.people[${index}]`, peopleNames())
        }
        if (outcome !== 'saved') throw notSaved('rota', outcome, { name, replaces })
        return { name }
      }),

      remove: rotaProcedures.remove.handler(async ({ input: { name } }) => {
        needUnused(name)
        if (!(await rotas.remove(name))) throw notThere('rota', name)
        return { name }
      }),

      shifts: rotaProcedures.shifts.handler(({ input }) => {
        const from = input.from ?? clock.now()
        const to = input.to ?? from + DEFAULT_MS
        if (to <= from || to - from > LONGEST_MS) {
          const message = `expected a moment after from, at most ${LONGEST_MS / DAY_MS} days`
          throw new Refusal('BAD_REQUEST', 'shifts-range', {}, { issues: [{ path: 'to', message }] })
        }
        const shifts = rotas.shifts(input.name, from, to)
        if (shifts === null) throw notThere('rota', input.name)
        return { items: shifts.map(shiftView), nextCursor: null }
      }),

      people: rotaProcedures.people.handler(() => ({ items: [...rotas.people()], nextCursor: null })),

      savePerson: rotaProcedures.savePerson.handler(async ({ input: { person, replaces } }) => {
        const { name, channels } = person
        needChannels(channels, (index) => `person.channels[${index}]`)
        const outcome = await rotas.savePerson(person, replaces)
        if (outcome === 'in-use') throw inUse(replaces ?? name, rotaOf(replaces ?? name))
        if (outcome !== 'saved') throw notSaved('person', outcome, { name, replaces })
        return { name }
      }),

      removePerson: rotaProcedures.removePerson.handler(async ({ input: { name } }) => {
        const outcome = await rotas.removePerson(name)
        if (outcome === 'missing') throw notThere('person', name)
        if (outcome === 'in-use') throw inUse(name, rotaOf(name))
        return { name }
      }),

      override: rotaProcedures.override.handler(async ({ input, context: { actor } }) => {
        const { name, person, from, to, note } = input
        const made = await rotas.override(name, { person, from, to, note, by: actor.name })
        if (made === 'missing') throw notThere('rota', name)
        if (made === 'no-person') throw unknown('person', person, 'person', peopleNames())
        if (made === 'too-many') throw notSaved('rota', made, { name, replaces: null })
        return overrideView(made)
      }),

      removeOverride: rotaProcedures.removeOverride.handler(async ({ input: { name, override } }) => {
        if (!(await rotas.removeOverride(name, override))) throw notThere('rota', name)
        return { name }
      }),
    },

    escalation: {
      list: escalation.list.handler(() => ({ items: [...policies.list()], nextCursor: null })),

      save: escalation.save.handler(async ({ input: { policy, replaces } }) => {
        const { name } = policy
        policy.steps.forEach(({ to }, index) => {
          needTargets(to, `policy.steps[${index}].to`)
        })
        const outcome = await policies.save(policy, replaces)
        if (outcome !== 'saved') throw notSaved('policy', outcome, { name, replaces })
        return { name }
      }),

      remove: escalation.remove.handler(async ({ input: { name } }) => {
        if (!(await policies.remove(name))) throw notThere('policy', name)
        return { name }
      }),
    },
  }

  /** @throws Refusal while a policy names it */
  function needUnused(rota: string): void {
    const names = ({ to }: { readonly to: readonly EscalationTarget[] }) =>
      to.some((target) => target.kind !== 'channel' && target.rota === rota)
    const policy = policies.list().find(({ steps }) => steps.some(names))
    if (policy !== undefined) throw inUse(rota, policy.name)
  }

  function rotaOf(person: string): string {
    const names = ({ rota, overrides }: ReturnType<typeof rotas.list>[number]) =>
      rota.people.includes(person) || overrides.some((one) => one.person === person)
    return rotas.list().find(names)?.rota.name ?? ''
  }
}

function shiftView({ from, to, ...shift }: Shift) {
  return { ...shift, from: moment(from), to: moment(to) }
}

function overrideView({ from, to, ...override }: Override) {
  return { ...override, from: moment(from), to: moment(to) }
}

function notThere(what: 'rota' | 'person' | 'policy', name: string): Refusal {
  return new Refusal('NOT_FOUND', `no-${what}`, { name }, { what, name })
}

/** @param known names that there are */
function unknown(
  what: 'channel' | 'rota' | 'person',
  name: string,
  path: string,
  known: readonly string[],
): Refusal {
  const names = known.join(', ')
  const there = known.length === 0 ? 'there is none yet' : `there are: ${names}`
  const issues = [{ path, message: `there is no ${what} named ${name}; ${there}` }]
  if (known.length === 0) return new Refusal('BAD_REQUEST', `no-${what}`, { name }, { issues })
  return new Refusal('BAD_REQUEST', `unknown-${what}`, { name, known: names }, { issues })
}
