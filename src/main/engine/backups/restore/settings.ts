/**
 * What belongs to a database and is in no dump of it: its settings, those of roles in it, who may connect, and how many. As statements that
 * give another database the same. What is read and what is written are apart, so that the writing is tested as a table.
 */
import { escapeLiteral } from 'pg'
import { z } from 'zod'
import { sqlName } from '../postgres/quote.ts'
import { holdsWhileFilled } from '../postgres/while-filled.ts'
import type { Querying } from './databases.ts'

const Setting = z.object({
  /** `null`: of whoever connects. */
  role: z.string().nullable(),
  /** `name=value` each. */
  values: z.array(z.string()),
})
const Grant = z.object({
  /** `null`: everybody. */
  grantee: z.string().nullable(),
  privilege: z.string(),
  grantable: z.boolean(),
})
export interface DatabaseSettings {
  readonly settings: readonly z.infer<typeof Setting>[]
  /** `null`: never touched, so that PostgreSQL's own defaults hold. */
  readonly grants: readonly z.infer<typeof Grant>[] | null
  readonly owner: string
  readonly connectionLimit: number
}

export async function readSettings(
  client: Querying,
  { oid, owner, facts }: { oid: number; owner: string; facts: { datconnlimit: number } },
): Promise<DatabaseSettings> {
  const { rows: settings } = await client.query(
    `SELECT r.rolname AS role, s.setconfig AS values FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole
      WHERE s.setdatabase = $1 AND (s.setrole = 0 OR r.oid IS NOT NULL) ORDER BY r.rolname NULLS FIRST`,
    [oid],
  )
  const { rows: grants } = await client.query(
    `SELECT r.rolname AS grantee, a.privilege_type AS privilege, a.is_grantable AS grantable, d.datacl IS NULL AS untouched
       FROM pg_database d LEFT JOIN LATERAL aclexplode(d.datacl) a ON true LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE d.oid = $1 AND (a.grantee IS NULL OR a.grantee = 0 OR r.oid IS NOT NULL) ORDER BY 1 NULLS FIRST, 2`,
    [oid],
  )
  const isUntouched = grants.some(({ untouched }) => untouched === true)
  return {
    settings: z.array(Setting).parse(settings),
    grants: isUntouched ? null : z.array(Grant).parse(grants.filter(({ privilege }) => privilege !== null)),
    ...{ owner, connectionLimit: facts.datconnlimit },
  }
}

/** Statements that take from a database what was set for it and granted on it, but to its owner: whoever filled it may have done so, and what was set before may not hold any more. */
export async function clearingStatements(client: Querying, name: string): Promise<string[]> {
  const { rows: set } = await client.query<{ role: string }>(
    `SELECT r.rolname AS role FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase JOIN pg_roles r ON r.oid = s.setrole
      WHERE d.datname = $1 ORDER BY 1`,
    [name],
  )
  const { rows } = await client.query<{ grantee: string | null }>(
    `SELECT DISTINCT r.rolname AS grantee FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE d.datname = $1 AND a.grantee <> d.datdba AND (a.grantee = 0 OR r.oid IS NOT NULL) ORDER BY 1`,
    [name],
  )
  const database = sqlName(name)
  const grantees = ['PUBLIC', ...rows.flatMap(({ grantee }) => (grantee === null ? [] : [sqlName(grantee)]))]
  return [
    `ALTER DATABASE ${database} RESET ALL`,
    ...set.map(({ role }) => `ALTER ROLE ${sqlName(role)} IN DATABASE ${database} RESET ALL`),
    ...grantees.map((grantee) => `REVOKE ALL ON DATABASE ${database} FROM ${grantee} CASCADE`),
  ]
}

/** Statements that give a database, which nobody was granted anything on so far, the same. */
export function settingStatements(
  name: string,
  { settings, grants, owner, connectionLimit }: DatabaseSettings,
): string[] {
  const database = sqlName(name)
  const given =
    grants === null
      ? [
          `GRANT ALL ON DATABASE ${database} TO ${sqlName(owner)}`,
          `GRANT CONNECT, TEMPORARY ON DATABASE ${database} TO PUBLIC`,
        ]
      : [
          `REVOKE ALL ON DATABASE ${database} FROM ${sqlName(owner)}`,
          ...grants.map(({ grantee, privilege, grantable }) => {
            const to = grantee === null ? 'PUBLIC' : sqlName(grantee)
            return `GRANT ${privilege} ON DATABASE ${database} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''}`
          }),
        ]
  return [
    ...given,
    ...setting(name, settings, () => true),
    `ALTER DATABASE ${database} CONNECTION LIMIT ${connectionLimit}`,
  ]
}

/** Statements that give an empty database those of its settings that hold while it is filled. */
export function fillingStatements(name: string, { settings }: Pick<DatabaseSettings, 'settings'>): string[] {
  return setting(name, settings, holdsWhileFilled)
}

function setting(
  name: string,
  settings: DatabaseSettings['settings'],
  isWanted: (parameter: string) => boolean,
): string[] {
  const database = sqlName(name)
  return settings.flatMap(({ role, values }) =>
    values.flatMap((value) => {
      const of =
        role === null ? `ALTER DATABASE ${database}` : `ALTER ROLE ${sqlName(role)} IN DATABASE ${database}`
      const [parameter = '', ...rest] = value.split('=')
      return isWanted(parameter)
        ? [`${of} SET ${sqlName(parameter)} TO ${settingValue(parameter, rest.join('='))}`]
        : []
    }),
  )
}

/** Lists of names, each of which stands for itself (`GUC_LIST_QUOTE` in PostgreSQL's source): written as one they would be one name. */
const LISTS = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

function settingValue(parameter: string, value: string): string {
  if (!LISTS.has(parameter)) return escapeLiteral(value)
  const names = [...value.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  )
  return names.length === 0 ? `''` : names.map((name) => escapeLiteral(name)).join(', ')
}
