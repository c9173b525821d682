/** What has to be right before what is in a database is replaced: read in a few sessions, and judged purely. */
import { z } from 'zod'
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreInPlace } from '#shared/model/restore.ts'
import type { Subject } from '../../../operations/kind.ts'
import { reasonWhy } from '../../kinds/words.ts'
import type { Archive } from '../../postgres/archive.ts'
import { type Thing, thingsIn } from '../../postgres/emptying.ts'
import { wantedOf } from '../beside.ts'
import type { Querying } from '../databases.ts'
import type { RestoreDependencies } from '../kind.ts'
import { inMaintenance, operatingOf } from '../operating.ts'
import { type Found, findOut, judge } from '../preflight.ts'
import { programRefusals } from '../programs.ts'
import { readArchiveOf, type Source } from '../source.ts'

const Locks = z.object({ needed: z.coerce.number(), most: z.coerce.number() })

/** So many tables of extensions are looked at. */
const MOST_LOOKED_AT = 1_000
/** So many are named. */
const NAMED = 10

/** Everything that is dropped and made is locked until the end; large objects are, too. */
const LOCKS = `
  SELECT 2 * ((SELECT count(*) FROM pg_class WHERE oid >= 16384) + (SELECT count(*) FROM pg_largeobject_metadata)) AS needed,
         current_setting('max_locks_per_transaction')::bigint * (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint) AS most`

/** No dump has their rows, and dropping their extension drops them. Those that an extension says are to be dumped are. */
const OF_EXTENSIONS = `
  SELECT format('%I.%I', n.nspname, c.relname) AS name, has_table_privilege(c.oid, 'SELECT') AS readable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
   WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_extension e WHERE c.oid = ANY (e.extconfig)) ORDER BY 1 LIMIT ${MOST_LOOKED_AT}`
const OfExtensions = z.array(z.object({ name: z.string(), readable: z.boolean() }))

/** No backup of it can be made by us. */
const HIDDEN = `
  SELECT format('%s.%s', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384 AND row_security_active(c.oid)
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 1 LIMIT ${NAMED}`
const Hidden = z.array(z.object({ name: z.string() }))

export interface FoundInPlace {
  readonly found: Found
  readonly things: readonly Thing[]
  readonly locks: z.infer<typeof Locks>
  /** Tables of extensions with rows that no dump has. */
  readonly undumped: readonly string[]
  /** Tables of which policies hide rows from us. */
  readonly hidden: readonly string[]
}

/** Of a second database, which is not made. */
const OF_A_SECOND: ReadonlySet<string> = new Set([
  'restore-no-createdb',
  'restore-not-owner',
  'restore-tablespace',
  'restore-settings-not-ours',
])

/** Why it would not be begun; empty: it would. */
export function judgeInPlace(
  { found, things, locks, undumped, hidden }: FoundInPlace,
  source: Source,
  options: RestoreInPlace,
): Reason[] {
  const { user } = found.server
  const { database } = source
  const wanted = wantedOf(source, { ...options, mode: 'side-by-side', swap: true })
  const foreign = things.filter(({ owned }) => !owned).map(({ what }) => what)
  const encoding = found.database?.encoding ?? 'UTF8'
  const own: (Reason | false)[] = [
    foreign.length > 0 && {
      code: 'restore-in-place-not-owner',
      params: { user, things: foreign.slice(0, NAMED).join(', ') },
    },
    undumped.length > 0 && {
      code: 'restore-in-place-undumped',
      params: { database, tables: undumped.slice(0, NAMED).join(', ') },
    },
    hidden.length > 0 && {
      code: 'restore-in-place-hidden',
      params: { user, database, tables: hidden.join(', ') },
    },
    encoding !== 'UTF8' &&
      encoding !== 'SQL_ASCII' && {
        code: 'restore-in-place-encoding',
        params: { database, encoding },
      },
    locks.needed > locks.most && { code: 'restore-in-place-locks', params: locks },
  ]
  return [
    ...judge(found, wanted).filter(({ code }) => !OF_A_SECOND.has(code)),
    ...own.filter((one) => one !== false),
  ]
}

/** Looks, and judges. */
export async function refusalsInPlace(
  dependencies: RestoreDependencies,
  subject: Pick<Subject<RestoreInPlace>, 'options' | 'profile' | 'reach' | 'signal'>,
  source: Source,
): Promise<{ refusals: Reason[]; found: Found; archive: Archive }> {
  const { options, profile, signal } = subject
  const { database } = source
  const archive = await readArchiveOf(dependencies, source, signal)
  const found = await inMaintenance(subject, (client) => findOut(client, database, archive))
  const { backups: wanted, name } = profile
  const making: Reason[] = []
  if (wanted === undefined) making.push({ code: 'restore-in-place-no-place', params: { name } })
  const major = Math.floor(found.server.version / 10_000)
  const tool = await reasonWhy(() => dependencies.making.tools.fitting('pg_dump', major))
  if (tool !== null) making.push(tool)
  else making.push(...(await programRefusals(dependencies, source, found.server.version)))
  const inside = await (found.database === null
    ? { things: [], locks: { needed: 0, most: 0 }, undumped: [], hidden: [] }
    : operatingOf(subject).apart(signal, database, async ({ client }) => lookInside(client)))
  return { found, archive, refusals: [...making, ...judgeInPlace({ found, ...inside }, source, options)] }
}

async function lookInside(client: Parameters<typeof thingsIn>[0] & Querying) {
  const { rows } = await client.query(LOCKS)
  return {
    things: await thingsIn(client),
    locks: Locks.parse(rows[0]),
    undumped: await lookForUndumped(client),
    hidden: Hidden.parse((await client.query(HIDDEN)).rows).map(({ name }) => name),
  }
}

async function lookForUndumped(client: Querying): Promise<string[]> {
  const undumped: string[] = []
  for (const { name, readable } of OfExtensions.parse((await client.query(OF_EXTENSIONS)).rows)) {
    // What cannot be read may have rows.
    if (!readable || (await client.query(`SELECT FROM ${name} LIMIT 1`)).rows.length > 0) undumped.push(name)
  }
  return undumped
}
