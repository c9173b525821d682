/**
 * Restores a database that was dumped here into the server of a drill. That server runs on this machine, and what is in a dump is of whoever may make things in
 * that database: so it is run as a role without rights, and the superuser only says what names things.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, DatabaseError } from 'pg'
import type { Compared } from '#shared/model/compared.ts'
import { errorWords } from '../reach/failed.ts'
import { BackupError } from './backup-error.ts'
import { listedWithout } from './listed.ts'
import type { Manifest, Part } from './manifest.ts'
import type { VerifyDependencies } from './plain.ts'
import { readEntries, readSchema, schemasLeftOut } from './postgres/archive.ts'
import { compareCounts } from './postgres/compare.ts'
import { databaseEntriesOf } from './postgres/database-entries.ts'
import { makeDrillDatabase } from './postgres/drill-database.ts'
import { type DrillPlan, type DrillTerms, drillPlan } from './postgres/drill-plan.ts'
import { extensionsThen } from './postgres/extensions-then.ts'
import { feed } from './postgres/feed.ts'
import { oneStatement } from './postgres/one-statement.ts'
import { connectionValue, sqlName } from './postgres/quote.ts'
import type { ScratchServer } from './postgres/scratch-server.ts'
import { isPartial } from './postgres/selection.ts'
import { setInSession, settingsIn, trySettings } from './postgres/session-settings.ts'
import type { Table } from './postgres/snapshot.ts'
import { installThere } from './scratch/extensions.ts'
import { withContents, withRows } from './staging/given.ts'
import type { Staging } from './staging/stage.ts'

export interface OwnDrill extends VerifyDependencies {
  readonly monotonic: () => number
  readonly staging: Staging
  readonly manifest: Manifest
  readonly server: ScratchServer
  readonly major: number
  /** Works in a session of the drill's server: its superuser's, unless a role is named. */
  readonly within: <T>(database: string, work: (client: Client) => Promise<T>, user?: string) => Promise<T>
}

export interface RestoredOwn {
  /** The locale of the database that is not there; `null`: it is. */
  readonly localeMissing: string | null
  /** What was not tried, since it takes rights. */
  readonly without: readonly string[]
  readonly compared: Compared
  /** Until it can be used, without what the comparison took. */
  readonly tookMs: number
}

/** Runs what is in the backup. It sees all rows, whatever policies say; that lets it do nothing. */
export async function makeOwnRole({ server, within }: Pick<OwnDrill, 'server' | 'within'>): Promise<string> {
  const role = `${server.user}_runs`
  const rights = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS'
  await within('postgres', (client) => client.query(`CREATE ROLE ${sqlName(role)} ${rights}`))
  return role
}

/** @throws BackupError that says what could not be restored, or what differs */
export async function restoreOwn(
  of: OwnDrill,
  part: Part,
  { database, role }: { readonly database: string; readonly role: string },
): Promise<RestoredOwn> {
  const { manifest, tools, server, signal, major, monotonic, within } = of
  const startedAt = monotonic()
  const tool = await tools.fitting('pg_restore', major)
  // Read as far as its list of contents goes.
  const unheard = { ...of, onBytes() {} }
  const isOfParts = isPartial(manifest.selection)
  const sections = isOfParts ? ['--section=pre-data', '--section=data'] : []
  const preData = isOfParts ? ['--section=pre-data'] : []
  const entries = await withContents(unheard, manifest, part, (given) =>
    readEntries(given, tool, ['--create', ...preData]),
  )
  const then = databaseEntriesOf(entries)
  const version = Number.parseInt(server.version, 10) * 10_000
  const localeMissing = await within('postgres', (client) =>
    makeDrillDatabase(client, database, then.create, version),
  )
  await within('postgres', (client) =>
    client.query(`GRANT CREATE, TEMPORARY ON DATABASE ${sqlName(database)} TO ${sqlName(role)}`),
  )
  // Nothing of the backup is there so far.
  const settings = await within(database, (client) => trySettings(client, settingsIn(then)), role)
  const made = await within(database, async (client) => {
    await client.query(`GRANT ALL ON SCHEMA public TO ${sqlName(role)}`)
    const schemas = await inWords(part, () => installThere(client, extensionsThen(entries), role))
    await grantWrappers(client, role)
    return schemas
  })
  // Who made an extension has loaded its library, and has settings that nobody else has.
  const terms = await within(database, readTerms)
  const hasRoles = manifest.parts.some(({ content }) => content === 'globals')
  const plan = drillPlan(entries, { ...terms, schemas: ['public', ...made], hasRoles })
  if (plan.impossible !== null)
    throw new BackupError('drill-needs-rights', { file: part.file, ...plan.impossible })
  // Chosen tables come without the schemas that they are in, and with foreign keys to tables that were not chosen.
  const schemas = isOfParts ? schemasLeftOut(entries) : []
  await within(
    database,
    async (client) => {
      for (const schema of schemas) await client.query(`CREATE SCHEMA IF NOT EXISTS ${sqlName(schema)}`)
    },
    role,
  )
  try {
    await sayBefore(of, part, plan, { database, role })
    const listed = await withContents(unheard, manifest, part, (given) =>
      readSchema(given, tool, ['--list', '--verbose']),
    )
    const file = join(server.host, `${database}.contents`)
    await writeFile(file, listedWithout(listed, plan.not).join('\n'))
    const args = argsOf(server, { database, role, file, sections })
    await withRows(of, manifest, part, of.staging, (given) =>
      feed(given, tool, args, { name: 'vakhta drill', settings, signal }),
    )
  } catch (error) {
    throw localeMissing === null ? error : withoutLocale(error, localeMissing)
  }
  const { compared, comparingMs } = await within(
    database,
    async (client) => {
      await setInSession(client, settings)
      await client.query('SET search_path = pg_catalog')
      await client.query('ANALYZE')
      const beganAt = monotonic()
      const found = await compareCounts(client, part, { signal, left: plan.left })
      return { compared: found, comparingMs: monotonic() - beganAt }
    },
    role,
  )
  await within(database, (client) => inWords(part, () => say(client, plan.after)))
  return {
    ...{ localeMissing, without: plan.without, compared },
    tookMs: Math.round(monotonic() - startedAt - comparingMs),
  }
}

function argsOf(
  { host, port }: ScratchServer,
  {
    database,
    role,
    file,
    sections,
  }: {
    readonly database: string
    readonly role: string
    readonly file: string
    readonly sections: readonly string[]
  },
): string[] {
  const target = Object.entries({ host, port: String(port), user: role, dbname: database })
    .map(([key, value]) => `${key}=${connectionValue(value)}`)
    .join(' ')
  return [
    '--exit-on-error',
    // Their places are of the server that it was made of: on that very machine they are in use.
    '--no-tablespaces',
    // Said at the end.
    ...['--no-owner', '--no-privileges'],
    ...sections,
    `--use-list=${file}`,
    '--no-password',
    `--dbname=${target}`,
  ]
}

/** Wrappers of extensions are the superuser's; what they reach they check themselves. */
async function grantWrappers(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT fdwname AS name FROM pg_foreign_data_wrapper')
  for (const { name } of rows)
    await client.query(`GRANT USAGE ON FOREIGN DATA WRAPPER ${sqlName(name)} TO ${sqlName(role)}`)
}

/** Of what libraries bring only what they have brought is known, and nobody but a superuser may set what is not. Those by name are not listed. */
const SETTINGS = `SELECT lower(name) AS name FROM pg_settings WHERE context = 'user'
  UNION VALUES ('role'), ('seed'), ('session_authorization')`
const EXTENDED = `SELECT n.nspname AS schema, c.relname AS name FROM pg_depend d JOIN pg_class c ON c.oid = d.objid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind IN ('r', 'p')`

async function readTerms(client: Client): Promise<Pick<DrillTerms, 'languages' | 'settings' | 'extended'>> {
  const languages = await client.query<{ name: string }>(
    'SELECT lanname AS name FROM pg_language WHERE lanpltrusted',
  )
  const settings = await client.query<{ name: string }>(SETTINGS)
  const extended = await client.query<Table>(EXTENDED)
  const names = ({ rows }: { rows: { name: string }[] }) => new Set(rows.map(({ name }) => name))
  return { languages: names(languages), settings: names(settings), extended: extended.rows }
}

async function sayBefore(
  { within }: OwnDrill,
  part: Part,
  { before }: DrillPlan,
  { database, role }: { readonly database: string; readonly role: string },
): Promise<void> {
  if (before.length === 0) return
  await within(database, (ours) =>
    within(
      database,
      (client) =>
        inWords(part, async () => {
          await say(client, [
            `SET search_path = ''`,
            'SET check_function_bodies = off',
            'SET xmloption = content',
          ])
          for (const { by, statements } of before) {
            await say(by === 'role' ? client : ours, statements)
            if (by === 'superuser') await grantWrappers(ours, role)
          }
        }),
      role,
    ),
  )
}

/** Each by itself: no second one is taken in the text of another. */
async function say(client: Client, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(oneStatement(statement))
}

/** What the server refuses of the dump is told as the dump's. */
async function inWords<T>({ file }: Part, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new BackupError('restore-failed', { file, program: 'PostgreSQL', words: errorWords(error) }, error)
  }
}

/** It may be why; whoever tells it decides. */
function withoutLocale(error: unknown, locale: string): unknown {
  if (!(error instanceof BackupError) || error.failure.code !== 'restore-failed') return error
  const { file = '?', program = '?', words = '' } = error.failure.params
  return new BackupError('restore-failed', { file, program, words, locale }, error)
}
