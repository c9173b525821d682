/**
 * Restoring to a server that has no such database, as steps: roles first, then a database under a name of its own, filled and compared as side by side,
 * given its settings and grants, and its name last. So nobody who waits for the database connects to one that is not whole.
 */
import { z } from 'zod'
import type { RestoreElsewhere, RestoreResult } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../../operations/kind.ts'
import { createFrom } from '../../postgres/database-entries.ts'
import { sqlName } from '../../postgres/quote.ts'
import { holdsWhileFilled, parameterIn } from '../../postgres/while-filled.ts'
import type { Whole } from '../../worker/whole.ts'
import { type Filled, fillingSteps } from '../beside.ts'
import { commentOn, lookAtDatabases } from '../databases.ts'
import { eachOnItsOwn } from '../each.ts'
import type { RestoreDependencies } from '../kind.ts'
import { filledMarker } from '../names.ts'
import { inMaintenance, namesIn, operatingOf, refusedFor } from '../operating.ts'
import { programRefusals } from '../programs.ts'
import { whenReached } from '../services.ts'
import { openSource, readWholeOf, type Source } from '../source.ts'
import { renameDatabases } from '../swap.ts'
import { countWritten, Written } from '../written.ts'
import { commentOnRole } from './plan.ts'
import { findOutElsewhere, judgeElsewhere } from './preflight.ts'
import { madeRoles, rolesStep } from './roles.ts'

type Context = StepContext<RestoreElsewhere>

/** Reads what is restored from. */
export function reading(dependencies: RestoreDependencies) {
  return async ({
    options,
    signal,
  }: Pick<StepContext<Filled>, 'options' | 'signal'>): Promise<{ source: Source; whole: Whole }> => {
    const source = await openSource(dependencies, options, options.from ?? '')
    return { source, whole: await readWholeOf(dependencies, source, signal) }
  }
}
export type Read = ReturnType<typeof reading>

/** Kept before it gets its name: from then on oids tell what is ours. */
const Named = z.object({
  oid: z.number(),
  at: z.number().nullable().default(null),
  roles: z.array(z.object({ oid: z.number(), name: z.string(), login: z.boolean() })),
  /** To it, while nobody could be in it. */
  written: Written.nullable().default(null),
})

export const NAME = 'restore-name'

/** @returns `null`: it was not given its name */
export function named({ facts }: Pick<Context, 'facts'>): z.infer<typeof Named> | null {
  return Named.safeParse(facts(NAME)).data ?? null
}

/** What the dump says of its database, of one of another name. */
function saidOf(statements: Whole['database']['statements'], name: string): string[] {
  return statements.map(({ before, after }) => `${before}${sqlName(name)}${after}`)
}

export function elsewhereSteps(dependencies: RestoreDependencies): readonly Step<RestoreElsewhere>[] {
  const read = reading(dependencies)
  const { verify, create, fill, analyse, compare } = fillingSteps(dependencies, {
    from: ({ options }) => options.from ?? '',
    async create(context, _, version, { beside }) {
      const { database } = (await read(context)).whole
      const set = database.statements.filter(({ after }) => {
        const parameter = parameterIn(after)
        return parameter !== null && holdsWhileFilled(parameter)
      })
      return { create: createFrom(database, beside, version), set: saidOf(set, beside) }
    },
    // Their places are of the server that it was made of.
    args: ['--no-tablespaces', '--no-subscriptions'],
  })

  const check: Step<RestoreElsewhere> = {
    ...{ id: 'restore-check', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { source, whole } = await read(context)
      await inMaintenance(context, async (client) => {
        const found = await findOutElsewhere(client, namesIn(context).database, whole)
        const [refusal] = [
          ...judgeElsewhere(found, source, context.options),
          ...(await programRefusals(dependencies, source, found.found.server.version)),
        ]
        if (refusal !== undefined) throw refusedFor(refusal)
      })
    },
  }

  const settle: Step<RestoreElsewhere> = {
    // Of the database beside, which goes as a whole.
    ...{ id: 'restore-settings', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { database } = (await read(context)).whole
      const { beside } = namesIn(context)
      const name = sqlName(beside)
      const statements = saidOf(database.statements, beside)
      const grants = statements.filter((statement) => /^(?:GRANT|REVOKE)/.test(statement))
      const settings = statements.filter((statement) => !grants.includes(statement))
      await inMaintenance(context, async (client) => {
        // As one that was just made; what the dump says changes that. Who may connect is all or nothing.
        const defaults = `GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO PUBLIC`
        await client.query(['BEGIN', defaults, ...grants].join('; '))
        const refused = await eachOnItsOwn(client, settings)
        await client.query('COMMIT')
        for (const statement of refused) context.note('restore-statement-refused', { statement })
        const copied = { settings: settings.length - refused.length, grants: grants.length }
        context.note('restore-settings-copied', copied)
      })
    },
  }

  const name: Step<RestoreElsewhere> = {
    ...{ id: NAME, nature: 'restartable', changes: true },
    async inspect(context) {
      const facts = named(context)
      if (facts === null) return 'not-done'
      const { database, beside } = namesIn(context)
      return inMaintenance(context, async (client) => {
        const [there] = await lookAtDatabases(client, { oids: [facts.oid] })
        if (there?.name === database) return 'done'
        return there?.name === beside ? 'not-done' : 'foreign'
      })
    },
    async run(context) {
      const { whole } = await read(context)
      const { database, beside, marker } = namesIn(context)
      const found = await inMaintenance(context, async (client) => {
        const there = await lookAtDatabases(client, { names: [database, beside] })
        if (there.some((one) => one.name === database))
          throw new OperationFailed('restore-exists', { database })
        const [restored] = there
        if (restored === undefined) throw new OperationFailed('restore-foreign', { database: beside })
        return { restored, roles: await madeRoles(client, marker) }
      })
      const known = new Map((whole.roles ?? []).map((role) => [role.name, role]))
      const roles = found.roles.map((role) => ({ ...role, login: known.get(role.name)?.login ?? false }))
      const written = await countWritten(context, beside)
      await context.keep({ oid: found.restored.oid, at: dependencies.clock.now(), roles, written })
      await renameDatabases(
        operatingOf(context),
        context.signal,
        [{ oid: found.restored.oid, from: beside, to: database }],
        [
          `COMMENT ON DATABASE ${sqlName(database)} IS ${whole.database.comment ?? 'NULL'}`,
          ...roles.map((role) => commentOnRole(role.name, known.get(role.name)?.comment ?? null)),
        ],
      )
      // What the watch met meanwhile, a database that was not there, would wait for a person.
      context.reach().retry()
      context.note('restore-named', { database })
    },
    async undo(context) {
      const facts = named(context)
      const { database, beside, marker } = namesIn(context)
      if (facts === null) throw new OperationFailed('restore-foreign', { database })
      const { there, marked } = await inMaintenance(context, async (client) => {
        const { rows } = await client.query<{ name: string }>(
          'SELECT rolname AS name FROM pg_roles WHERE oid = ANY ($1) AND rolname = ANY ($2)',
          [facts.roles.map(({ oid }) => oid), facts.roles.map((role) => role.name)],
        )
        const [one] = await lookAtDatabases(client, { oids: [facts.oid] })
        return { there: one ?? null, marked: rows.map((role) => commentOnRole(role.name, `'${marker}'`)) }
      })
      if (there !== null && there.name !== database && there.name !== beside)
        throw new OperationFailed('restore-foreign', { database })
      // Dropped by somebody meanwhile: only the roles are left to take back.
      const back = there?.name === database ? [{ oid: facts.oid, from: database, to: beside }] : []
      const comment = there === null ? [] : [commentOn(beside, filledMarker(marker))]
      await renameDatabases(operatingOf(context), context.signal, back, [...comment, ...marked])
      context.reach().retry()
    },
  }

  const open: Step<RestoreElsewhere> = {
    ...{ id: 'restore-open', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { database } = namesIn(context)
      const facts = named(context)
      if (facts === null) throw new OperationFailed('restore-foreign', { database })
      const withoutPassword = facts.roles.filter(({ login }) => login).map((role) => role.name)
      if (withoutPassword.length > 0) context.note('restore-passwords', { roles: withoutPassword.join(', ') })
      context.result({
        ...{ database, restored: database, restoredOid: facts.oid },
        ...{ roles: facts.roles.map((role) => role.name), withoutPassword },
      } satisfies Partial<RestoreResult>)
      const letIn = { since: facts.at, clock: dependencies.clock }
      await whenReached(context, { database, ...letIn }, () =>
        operatingOf(context).apart(context.signal, database, async ({ client }) => {
          const { rows } = await client.query<{ oid: number }>(
            'SELECT oid FROM pg_database WHERE datname = current_database()',
          )
          if (Number(rows[0]?.oid) !== facts.oid) throw new OperationFailed('restore-foreign', { database })
        }),
      )
    },
  }

  const make = { ...create, id: 'restore-make' }
  return [check, verify, rolesStep(read), make, fill, analyse, compare, settle, name, open]
}
