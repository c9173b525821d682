/**
 * A drill on a server that somebody chose, as steps: each database of the backup is made there under a name of its own, restored as a role without rights,
 * compared, and dropped before the next one; then the roles go. Whatever ends it earlier, what was made is found by its mark and dropped.
 */
import { escapeLiteral } from 'pg'
import { addUp, type Compared } from '#shared/model/compared.ts'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { OperationFailed, type Step, type StepContext } from '../../operations/kind.ts'
import { comparedFacts } from '../compared.ts'
import { failedDrill, passedDrill, provenFacts } from '../kinds/drill-outcome.ts'
import { placeOf } from '../kinds/kit.ts'
import { inWords } from '../kinds/words.ts'
import { makeDrillDatabase } from '../postgres/drill-database.ts'
import { sqlName } from '../postgres/quote.ts'
import { settingsIn } from '../postgres/session-settings.ts'
import { commentOn, lookAtDatabases, type Querying } from '../restore/databases.ts'
import { inMaintenance, operatingOf, refusedFor } from '../restore/operating.ts'
import { staging, stagingOfOne } from '../restore/staging.ts'
import { clearScratch, dropScratch, lookForScratch } from './clear.ts'
import { installThere } from './extensions.ts'
import { scratchNames } from './marks.ts'
import { type FoundThere, findOutThere, untrustedOf } from './preflight.ts'
import { type ReadBackup, readBackup, type ScratchDependencies } from './reading.ts'
import { refusalsThere } from './refusals.ts'

export interface ThereOptions {
  /** The deployment that the backup is of. */
  readonly from: string
  readonly backup?: string | undefined
  readonly another?: boolean | undefined
  readonly key?: SecretReference | undefined
}
type Context = StepContext<ThereOptions>

export const THERE = 'drill-there'

export function scratchSteps(dependencies: ScratchDependencies): readonly Step<ThereOptions>[] {
  const { backedUp, runJob, clock, isOver } = dependencies

  /** @returns what it drops is told in the operation's log */
  async function clear(context: Context): Promise<void> {
    const { databases, kept } = await inMaintenance(context, (client, version) =>
      clearScratch(client, version, context.id),
    )
    if (databases.length > 0) context.note('drill-there-dropped', { databases: databases.join(', ') })
    if (kept.length > 0) context.note('restore-roles-kept', { roles: kept.join(', ') })
  }

  /** What drills of this console left that are over: their server was away when they were. */
  async function clearOrphans(context: Context, client: Querying, version: number): Promise<void> {
    for (const { operation, databases } of await lookForScratch(client)) {
      if (operation === context.id) continue
      const names = databases.map(({ name }) => name).join(', ')
      if (await isOver(operation)) {
        await clearScratch(client, version, operation)
        context.note('drill-there-orphan-dropped', { databases: names, operation })
      } else context.note('drill-there-of-others', { databases: names, operation })
    }
  }

  async function makeRoles(client: Querying, id: string, { roles, server }: FoundThere): Promise<void> {
    const { role, marker } = scratchNames(id)
    const rights = 'NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
    const marked = (name: string) => `COMMENT ON ROLE ${sqlName(name)} IS ${escapeLiteral(marker)}`
    await client.query(
      [
        'BEGIN',
        `CREATE ROLE ${sqlName(role)} ${rights} INHERIT CONNECTION LIMIT 2`,
        marked(role),
        // Who is no superuser could not end its sessions otherwise.
        ...(server.superuser ? [] : [`GRANT ${sqlName(role)} TO CURRENT_USER`]),
        // Named by policies: nobody is ever one of these.
        ...roles.flatMap((name) => [`CREATE ROLE ${sqlName(name)} ${rights} NOINHERIT`, marked(name)]),
        'COMMIT',
      ].join('; '),
    )
  }

  /** Belongs to who operates, so that what is restored can neither unmark it nor set anything for whoever enters it. @returns its oid, and the schemas that are made in it */
  async function makeDatabase(
    context: Context,
    name: string,
    { whole }: ReadBackup['databases'][number],
    untrusted: readonly string[],
  ): Promise<{ readonly oid: number; readonly schemas: readonly string[] }> {
    const { role, marker } = scratchNames(context.id)
    const oid = await inMaintenance(context, async (client, version) => {
      const locale = await makeDrillDatabase(client, name, whole.database.create, version)
      if (locale !== null) context.note('drill-there-without-locale', { locale })
      await client.query(commentOn(name, marker))
      await client.query(`REVOKE ALL ON DATABASE ${sqlName(name)} FROM PUBLIC`)
      await client.query(`GRANT CREATE, CONNECT, TEMPORARY ON DATABASE ${sqlName(name)} TO ${sqlName(role)}`)
      const [made] = await lookAtDatabases(client, { names: [name] })
      if (made === undefined) throw new OperationFailed('restore-foreign', { database: name })
      return made.oid
    })
    const schemas = await operatingOf(context).apart(context.signal, name, async ({ client, version }) => {
      const { rows } = await client.query<{ superuser: boolean }>(
        'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
      )
      // Before 15 everybody may make things in it, and it is the superuser's.
      if (version >= 150_000 || rows[0]?.superuser === true)
        await client.query(`GRANT ALL ON SCHEMA public TO ${sqlName(role)}`)
      // Those that they need have to be where they were, too.
      return installThere(client, untrusted.length === 0 ? [] : whole.extensions, role)
    })
    return { oid, schemas }
  }

  async function restore(
    context: Context,
    { backup, identity, databases }: ReadBackup,
    { missing }: FoundThere,
  ): Promise<{ readonly recoveryMs: number; readonly compared: Compared }> {
    const { id, signal, profile } = context
    const { postgres, ssh } = profile
    if (postgres === undefined) throw new OperationFailed('no-postgres', { name: profile.name })
    const { manifest } = backup
    const names = scratchNames(id)
    const server = await inMaintenance(context, async (_, version, { server: { host, port } }) => ({
      ...{ host, port, major: Math.floor(version / 10_000) },
    }))
    const totalBytes = databases.reduce((sum, { part }) => sum + part.bytes, 0)
    const compared: Compared[] = []
    let [recoveryMs, bytesBefore] = [0, 0]
    for (const [index, database] of databases.entries()) {
      const into = names.database(index)
      const beganAt = clock.monotonic()
      const untrusted = untrustedOf(missing.slice(index, index + 1))
      const { oid, schemas } = await makeDatabase(context, into, database, untrusted)
      recoveryMs += Math.round(clock.monotonic() - beganAt)
      const job = {
        kind: 'scratch' as const,
        ...{ manifest, store: placeOf(backup), identity },
        ...{ database: { from: database.name, into }, schemas },
        settings: settingsIn(database.whole.database),
        ...{ postgres, ssh: ssh ?? null, server, role: names.role, name: `vakhta drill ${id}` },
        ...staging(stagingOfOne({ making: dependencies }, profile, { backup, part: database.part })),
      }
      const before = bytesBefore
      const onProgress = (bytes: number) => context.progress({ bytes: before + bytes, totalBytes })
      const restored = await runJob(job, { signal, onProgress })
      recoveryMs += restored.recoveryMs
      compared.push(restored.compared)
      bytesBefore += database.part.bytes
      await inMaintenance(context, (client, version) => dropScratch(client, version, { oid, operation: id }))
    }
    return { recoveryMs, compared: addUp(compared) }
  }

  const there: Step<ThereOptions> = {
    // What is the deployment's own stays as it is, and what is made for it goes.
    ...{ id: THERE, nature: 'restartable', changes: false },
    async run(context) {
      const { options, profile, signal } = context
      const { from } = options
      await inWords(async () => {
        const read = await readBackup(dependencies, options, signal)
        const { backup, databases } = read
        try {
          await clear(context)
          await inMaintenance(context, (client, version) => clearOrphans(context, client, version))
          const found = await findOutThere(context, databases)
          const [refusal] = await refusalsThere(dependencies, context, read, found)
          if (refusal !== undefined) throw refusedFor(refusal)
          await inMaintenance(context, (client) => makeRoles(client, context.id, found))
          const { recoveryMs, compared } = await restore(context, read, found)
          context.note('compared', comparedFacts(compared))
          await passedDrill(dependencies, context, backup, { recoveryMs, on: profile.name })
          context.result({
            ...provenFacts(backup, { recoveryMs }),
            ...{ on: profile.name, version: found.server.versionName },
          })
        } catch (error) {
          throw await failedDrill(dependencies, context, backup, { error, on: profile.name })
        } finally {
          await backedUp.refresh(from)
        }
      })
    },
    async inspect(context) {
      const outcome = await backedUp.marks.drill(context.id)
      if (outcome !== null && outcome.problem === null) {
        const backup = await backedUp.catalogue.get(outcome.backup)
        if (backup !== null) context.result({ ...provenFacts(backup, outcome), on: context.profile.name })
        return 'done'
      }
      return (await isAnythingLeft(context)) ? 'partial' : 'not-done'
    },
    undo: clear,
  }

  const drop: Step<ThereOptions> = {
    ...{ id: 'drill-drop', nature: 'restartable', changes: false, pointOfNoReturn: true },
    run: clear,
    inspect: async (context) => ((await isAnythingLeft(context)) ? 'not-done' : 'done'),
  }
  return [there, drop]
}

async function isAnythingLeft(context: Context): Promise<boolean> {
  const scratch = await inMaintenance(context, lookForScratch)
  return scratch.some(({ operation }) => operation === context.id)
}
