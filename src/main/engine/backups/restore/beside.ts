/**
 * Restoring side by side, as steps: a database of its own is made, filled, analysed, given the settings of the one that there is, and compared with
 * what was counted. Nothing that is in use is touched; whether the two change names then is said by the options.
 */
import type { Inspection } from '#shared/model/operation.ts'
import type { RestoreBeside, RestoreResult } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../operations/kind.ts'
import { comparedFacts } from '../compared.ts'
import { heedFault } from '../kinds/verify-step.ts'
import { compareData } from '../postgres/compare.ts'
import { sqlName } from '../postgres/quote.ts'
import {
  commentOn,
  createLike,
  type Database,
  dropDatabase,
  lookAtDatabases,
  type Querying,
  wordsOfItsMachine,
} from './databases.ts'
import { eachOnItsOwn } from './each.ts'
import {
  createForForeign,
  dropForeignRole,
  foreignRefusals,
  handOver,
  isForeignRoleThere,
  openPublic,
  roleOf,
} from './foreign.ts'
import type { RestoreDependencies } from './kind.ts'
import { filledMarker, type Names } from './names.ts'
import { inMaintenance, namesIn, operatingOf, refusedFor } from './operating.ts'
import { findOut, judge, type Wanted } from './preflight.ts'
import { programRefusals } from './programs.ts'
import { clearingStatements, fillingStatements, readSettings, settingStatements } from './settings.ts'
import { openSource, readArchiveOf, type Source } from './source.ts'
import { staging, stagingFor } from './staging.ts'
import { swapSteps } from './swap-steps.ts'
import { tellDiffering } from './told-differing.ts'

/** What is asked for wherever a database is filled. */
export type Filled = Pick<RestoreBeside, 'backup' | 'database' | 'key'> & {
  readonly mode?: string
  /** Elsewhere: what it is called, and whose backup it is. */
  readonly as?: string | undefined
  readonly from?: string
}
type Context = StepContext<Filled>

export interface Made {
  /** The statement that makes the database. */
  readonly create: string
  /** Those that set for it what holds while it is filled. */
  readonly set: readonly string[]
}

/** What differs by where it is restored to. */
export interface Filling {
  /** The deployment that the backup is of. */
  readonly from: (context: Context) => string
  readonly create: (context: Context, client: Querying, version: number, names: Names) => Promise<Made>
  /** Further options of `pg_restore`. */
  readonly args: readonly string[]
}

/** Sessions of ours besides the watch's, at most at a time. */
export const CONNECTIONS = 2

/** What is looked for before anything is touched, and in the preview. */
export function wantedOf(
  { backup: { manifest, signedBy }, database }: Source,
  { swap, another }: RestoreBeside,
): Wanted {
  const { server: from, partial, foreign } = manifest
  const isUntrusted = signedBy === 'another' && !another
  const isPartial = partial && foreign === undefined
  return { ...{ database, from, partial: isPartial, isUntrusted }, swaps: swap }
}

async function original(client: Querying, { database }: Names): Promise<Database> {
  const [there] = await lookAtDatabases(client, { names: [database] })
  if (there === undefined) throw new OperationFailed('restore-no-database', { database })
  return there
}

/** The steps that make a database of its own, fill it, and compare it with what was counted. */
export function fillingSteps(
  dependencies: RestoreDependencies,
  filling: Filling,
): Record<'verify' | 'create' | 'fill' | 'analyse' | 'compare', Step<Filled>> {
  const { runJob, backedUp } = dependencies

  const source = (context: Context): Promise<Source> =>
    openSource(dependencies, context.options, filling.from(context))

  /** The one beside, where it is there and ours. */
  async function lookBeside(context: Context, client: Querying) {
    const { beside, marker } = namesIn(context)
    const [there] = await lookAtDatabases(client, { names: [beside] })
    const { oid, isFilled } = foreignFacts(context)
    // Its name has the operation's id; a kill between its making and its marking leaves it without a comment.
    const isMarked = there?.comment == null || there.comment.startsWith(marker)
    // What others made owns its database, and may say anything of it: that one is known by what is on record, too.
    if (there !== undefined && oid !== null) return { there, isOurs: isMarked || there.oid === oid, isFilled }
    return { there: there ?? null, isOurs: isMarked, isFilled: there?.comment === filledMarker(marker) }
  }

  async function dropBeside(client: Querying, version: number, { name, facts }: Database): Promise<void> {
    // A template is not dropped, and who owns it can have made it one.
    if (facts.datistemplate) await client.query(`ALTER DATABASE ${sqlName(name)} IS_TEMPLATE false`)
    try {
      await dropDatabase(client, version, name)
    } catch (error) {
      const words = wordsOfItsMachine(error)
      throw words === null ? error : new OperationFailed('restore-not-dropped', { database: name, words })
    }
  }

  /** Makes it empty, also where it was begun on before. @returns its oid */
  async function make(context: Context, client: Querying, version: number): Promise<number | null> {
    const names = namesIn(context)
    const { there, isOurs } = await lookBeside(context, client)
    if (!isOurs) throw new OperationFailed('restore-foreign', { database: names.beside })
    if (there !== null) await dropBeside(client, version, there)
    const { create: made, set } = await filling.create(context, client, version, names)
    await client.query(made)
    await client.query(`REVOKE ALL ON DATABASE ${sqlName(names.beside)} FROM PUBLIC`)
    await client.query('BEGIN')
    // What is refused is told when all of them are set.
    await eachOnItsOwn(client, set)
    await client.query('COMMIT')
    await client.query(commentOn(names.beside, names.marker))
    const [found] = await lookAtDatabases(client, { names: [names.beside] })
    return found?.oid ?? null
  }

  async function drop(context: Context): Promise<void> {
    const names = namesIn(context)
    await inMaintenance(context, async (client, version) => {
      const { there, isOurs } = await lookBeside(context, client)
      if (!isOurs) throw new OperationFailed('restore-foreign', { database: names.beside })
      if (there !== null) await dropBeside(client, version, there)
      await dropForeignRole(client, names)
    })
  }

  async function whetherBeside(
    context: Context,
    decide: (found: Awaited<ReturnType<typeof lookBeside>>) => Inspection,
  ): Promise<Inspection> {
    const names = namesIn(context)
    return inMaintenance(context, async (client) => {
      const found = await lookBeside(context, client)
      // Of a dump that others made its role is there first.
      if (found.there === null) return (await isForeignRoleThere(client, names)) ? 'partial' : 'not-done'
      return found.isOurs ? decide(found) : 'foreign'
    })
  }

  const verify: Step<Filled> = {
    ...{ id: 'restore-verify', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { backup, store, identity } = await source(context)
      const totalBytes = backup.manifest.parts.reduce((sum, { bytes }) => sum + bytes, 0)
      const onProgress = (bytes: number) => context.progress({ bytes, totalBytes })
      const { manifest } = backup
      await runJob(
        { kind: 'verify', manifest, store, identity },
        { signal: context.signal, onProgress },
      ).catch(async (error: unknown) => {
        await heedFault({ backedUp }, backup, context.signal, error)
        throw error
      })
      await backedUp.catalogue.verified(manifest.id)
      await backedUp.refresh(manifest.deployment)
    },
  }

  const create: Step<Filled> = {
    ...{ id: 'restore-create', nature: 'restartable', changes: true },
    inspect: (context) =>
      whetherBeside(context, ({ there }) => (there?.comment === null ? 'partial' : 'done')),
    async run(context) {
      const names = namesIn(context)
      const oid = await inMaintenance(context, (client, version) => make(context, client, version))
      if ((await source(context)).backup.manifest.foreign !== undefined) await context.keep({ oid })
      context.note('restore-made', { database: names.beside })
    },
    undo: drop,
  }

  const fill: Step<Filled> = {
    ...{ id: 'restore-fill', nature: 'restartable', changes: true },
    // Whether anything is in it, is not asked: what was begun is begun again in an empty one.
    inspect: (context) => whetherBeside(context, ({ isFilled }) => (isFilled ? 'done' : 'partial')),
    async run(context) {
      const from = await source(context)
      const names = namesIn(context)
      const { manifest } = from.backup
      const { postgres, ssh } = context.profile
      if (postgres === undefined) throw new OperationFailed('no-postgres', { name: context.profile.name })
      const wasBegun = context.facts('restore-fill')?.begun === true
      let { oid } = foreignFacts(context)
      const isForeign = manifest.foreign !== undefined
      await context.keep({ begun: true, ...(isForeign && { oid }) })
      const server = await inMaintenance(context, async (client, version, { server: { host, port } }) => {
        if (wasBegun) {
          oid = await make(context, client, version)
          if (isForeign) await context.keep({ begun: true, oid })
        }
        return { host, port, major: Math.floor(version / 10_000) }
      })
      const job = {
        ...{ manifest, store: from.store, identity: from.identity },
        database: { from: from.database, into: names.beside },
        ...{ postgres, ssh: ssh ?? null, server },
        name: `vakhta restore ${context.id}`,
        ...staging(stagingFor(dependencies, context.profile, from)),
      }
      const limits = {
        signal: context.signal,
        onProgress: (bytes: number) => context.progress({ bytes, totalBytes: from.part.bytes }),
      }
      if (manifest.foreign === undefined)
        await runJob({ ...job, kind: 'restore', args: filling.args }, limits)
      else {
        await openPublic(context)
        const { refused } = await runJob({ ...job, kind: 'foreign', role: roleOf(names) }, limits)
        if (refused > 0) context.note('restore-foreign-refused', { count: refused })
        // What it said of its own database, which others come to use.
        await inMaintenance(context, (client) =>
          client.query(`ALTER DATABASE ${sqlName(names.beside)} ALLOW_CONNECTIONS true IS_TEMPLATE false`),
        )
        await context.keep({ begun: true, oid, filled: true })
      }
      await inMaintenance(context, (client) =>
        client.query(commentOn(names.beside, filledMarker(names.marker))),
      )
    },
    undo: drop,
  }

  const analyse: Step<Filled> = {
    ...{ id: 'restore-analyse', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { beside } = namesIn(context)
      // It was analysed as who has no rights.
      if ((await source(context)).backup.manifest.foreign !== undefined) return
      await operatingOf(context).apart(context.signal, beside, ({ client }) => client.query('ANALYZE'))
    },
  }

  const compare: Step<Filled> = {
    ...{ id: 'restore-compare', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { backup, part } = await source(context)
      const { beside, database } = namesIn(context)
      // It was counted as who has no rights, too.
      if (backup.manifest.foreign === undefined) {
        const { compared, ...besides } = await operatingOf(context)
          .apart(context.signal, beside, ({ client }) =>
            compareData(client, part, { signal: context.signal }),
          )
          .catch(async (error: unknown) => {
            await heedFault({ backedUp }, backup, context.signal, error)
            throw error
          })
        context.note('compared', comparedFacts(compared))
        tellDiffering(context, database, besides)
      }
      const rows = part.tables.reduce((sum, table) => sum + table.rows, 0)
      const oid = await inMaintenance(context, async (client) => {
        const [there] = await lookAtDatabases(client, { names: [beside] })
        return there?.oid ?? 0
      })
      context.result({
        ...{ backup: backup.manifest.id, database, restored: beside, restoredOid: oid },
        ...{ before: null, beforeOid: null, swappedAt: null, tables: part.tables.length, rows },
      } satisfies RestoreResult)
    },
  }

  return { verify, create, fill, analyse, compare }
}

/** What is on record of a database that a dump of others owns. */
function foreignFacts({ facts }: Pick<Context, 'facts'>): { oid: number | null; isFilled: boolean } {
  const filled = facts('restore-fill')
  const oid = filled?.oid ?? facts('restore-create')?.oid
  return { oid: typeof oid === 'number' ? oid : null, isFilled: filled?.filled === true }
}

export function besideSteps(
  dependencies: RestoreDependencies,
  options: RestoreBeside,
): readonly Step<RestoreBeside>[] {
  const check: Step<RestoreBeside> = {
    ...{ id: 'restore-check', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const from = await openSource(dependencies, context.options, context.profile.name)
      const archive = await readArchiveOf(dependencies, from, context.signal)
      await inMaintenance(context, async (client) => {
        const found = await findOut(client, from.database, archive)
        const [refusal] = [
          ...judge(found, wantedOf(from, options)),
          ...(await programRefusals(dependencies, from, found.server.version)),
          ...(await foreignRefusals(client, found, from.backup.manifest.foreign, options)),
        ]
        if (refusal !== undefined) throw refusedFor(refusal)
        await context.keep({ oid: found.database?.oid ?? null })
      })
    },
  }

  const settle: Step<RestoreBeside> = {
    // Of the database beside, which goes as a whole.
    ...{ id: 'restore-settings', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const names = namesIn(context)
      await handOver(context)
      await inMaintenance(context, async (client) => {
        const settings = await readSettings(client, await original(client, names))
        const statements = [
          ...(await clearingStatements(client, names.beside)),
          ...settingStatements(names.beside, settings),
        ]
        await client.query(['BEGIN', ...statements, 'COMMIT'].join('; '))
        context.note('restore-settings-copied', {
          settings: settings.settings.reduce((sum, { values }) => sum + values.length, 0),
          grants: settings.grants?.length ?? 0,
        })
      })
    },
  }

  const { verify, create, fill, analyse, compare } = fillingSteps(dependencies, {
    from: ({ profile }) => profile.name,
    create: async (context, client, __, names) => {
      const { backup } = await openSource(dependencies, context.options, context.profile.name)
      const like = await original(client, names)
      if (backup.manifest.foreign !== undefined)
        return { create: await createForForeign(client, like, names), set: [] }
      const settings = await readSettings(client, like)
      return { create: createLike(like, names.beside), set: fillingStatements(names.beside, settings) }
    },
    args: ['--no-subscriptions'],
  })
  const before = [check, verify, create, fill, analyse, settle, compare]
  return options.swap ? [...before, ...swapSteps(dependencies)] : before
}
