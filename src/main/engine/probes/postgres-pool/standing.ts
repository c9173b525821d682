/**
 * What lasts of a PostgreSQL server: its run, its role, its settings, and the revision of the schema. Read every half minute;
 * values that may hold secrets never leave the server.
 */
import { z } from 'zod'
import type { Standing } from '../../standing.ts'

export const STANDING_EVERY_MS = 30_000
/** Where it is refused or takes too long, it is asked ever more rarely, down to this. */
export const STANDING_AT_LEAST_EVERY_MS = 600_000

/** How each tool that migrates schemas keeps what it applied last. Read by their primary keys. */
const REVISION_OF = {
  alembic_version: `string_agg(version_num::text, ', ' order by version_num) from %s`,
  django_migrations: `last.app || '.' || last.name from (select app, name from %s order by id desc limit 1) last`,
  schema_migrations: `max(version)::text from %s`,
  flyway_schema_history: `last.version::text from (select version from %s where success and version is not null order by installed_rank desc limit 1) last`,
  _prisma_migrations: `last.migration_name::text from (select migration_name from %s where finished_at is not null order by finished_at desc limit 1) last`,
  knex_migrations: `last.name::text from (select name from %s order by id desc limit 1) last`,
} as const
const TABLES = Object.keys(REVISION_OF) as (keyof typeof REVISION_OF)[]
/** The same tool may keep one in each of several schemas. */
const MOST_TABLES = 8

/** Extensions whose settings are switches and numbers. Any other name with a dot is an application's own, and may be a secret. */
const KNOWN_PREFIXES = ['auto_explain', 'cron', 'pg_stat_statements', 'pgaudit', 'plpgsql', 'timescaledb']

const masked = (name: string, value: string) => `
  case when ${name} ~ '(conninfo|_command$|passphrase|secret|token|credential|password(?!_encryption))'
      or (${name} like '%.%' and split_part(${name}, '.', 1) not in (${KNOWN_PREFIXES.map((one) => `'${one}'`).join(', ')}))
    then case when ${value} = '' then '' else '***' || left(md5(${value}), 4) end
    else left(${value}, 200) end`

/**
 * `reset_val` is what holds for new sessions: what Vakhta sets in its own does not show. What a client asks for as it
 * connects does, so that is left out. A table that somebody has locked exclusively is left out too: nothing waits for a lock.
 */
export const STANDING_SQL = `
select
  extract(epoch from pg_postmaster_start_time())::float8 * 1000 as started_at,
  (select extract(epoch from min(backend_start))::float8 * 1000 from pg_stat_activity
    where backend_type = 'checkpointer') as inner_started_at,
  pg_is_in_recovery() as standby,
  split_part(current_setting('server_version'), ' ', 1) as version,
  host(inet_server_addr()) || ':' || inet_server_port() as server,
  (select coalesce(json_agg(json_build_array(name, ${masked('name', 'reset_val')}, unit)), '[]') from (
    select name, reset_val, unit from pg_settings
    where reset_val is distinct from boot_val and source <> 'client' and context <> 'internal'
      and name not in ('application_name', 'client_encoding', 'search_path', 'in_hot_standby')
    order by name limit 400) changed) as settings,
  (select coalesce(json_agg(json_build_array(name || place, ${masked('name', 'value')}, null)), '[]') from (
    select split_part(setting, '=', 1) as name, substr(setting, strpos(setting, '=') + 1) as value,
      case when setrole = 0 then '' else ' (role ' || coalesce(pg_get_userbyid(setrole)::text, '?') || ')' end
        || case when setdatabase = 0 then '' else ' (database ' || current_database() || ')' end as place
    from pg_db_role_setting, unnest(setconfig) as setting
    where setdatabase in (0, (select oid from pg_database where datname = current_database()))
    order by 1, 3 limit 200) declared) as declared,
  (select coalesce(json_agg(name order by name), '[]') from pg_settings where pending_restart) as pending,
  (select coalesce(json_agg(json_build_array(relname, nspname, format('%I.%I', nspname, relname))), '[]') from (
    select c.relname, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relname in (${TABLES.map((one) => `'${one}'`).join(', ')}) and c.relkind in ('r', 'p')
      and n.nspname !~ '^pg_' and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
      and not exists (select from pg_locks l where l.relation = c.oid and l.mode = 'AccessExclusiveLock')
    order by n.nspname, c.relname limit ${MOST_TABLES}) readable) as tables`

/** JSON columns arrive parsed or as text, as the driver is set. */
function json<T extends z.ZodType>(schema: T) {
  return z.preprocess((value): unknown => (typeof value === 'string' ? JSON.parse(value) : value), schema)
}

const Setting = z.tuple([z.string(), z.string().nullable(), z.string().nullable()])
export const ServerStanding = z.object({
  started_at: z.number(),
  /** `null`: this role may not see it. */
  inner_started_at: z.number().nullable(),
  standby: z.boolean(),
  version: z.string(),
  /** `null`: through a socket. */
  server: z.string().nullable(),
  settings: json(z.array(Setting)),
  declared: json(z.array(Setting)),
  pending: json(z.array(z.string())),
  /** Name, schema, and how it is written in a statement. */
  tables: json(z.array(z.tuple([z.enum(TABLES), z.string(), z.string()]))),
})
export type ServerStanding = z.infer<typeof ServerStanding>

/** One statement for the revisions in all tables; `null` where there is none. */
export function revisionsSql({ tables }: ServerStanding): string | null {
  if (tables.length === 0) return null
  const parts = tables.map(([name, schema, table]) => {
    const place = `'${placeOf(name, schema).replaceAll("'", "''")}'`
    return `select ${place} as place, (select ${REVISION_OF[name].replace('%s', table)}) as revision`
  })
  return parts.join(' union all ')
}

export const Revisions = z.array(z.object({ place: z.string(), revision: z.string().max(200).nullable() }))

function placeOf(name: string, schema: string): string {
  return schema === 'public' ? name : `${schema}.${name}`
}

/**
 * @param isOneOfSeveral another server may answer the next time: then what is one server's own is kept by its address
 * @param revisions `null`: they could not be read
 */
export function standingsOf(
  seen: ServerStanding,
  isOneOfSeveral: boolean,
  revisions: z.infer<typeof Revisions> | null,
): Standing[] {
  const server = seen.server ?? 'socket'
  const ofServer: Omit<Standing, 'of'> = {
    version: seen.version,
    run: { id: String(seen.started_at), startedAt: seen.started_at },
    ...(seen.inner_started_at !== null && {
      innerRun: { id: String(seen.inner_started_at), startedAt: seen.inner_started_at },
    }),
    role: seen.standby ? 'replica' : 'primary',
    settings: Object.fromEntries(
      [...seen.settings, ...seen.declared].map(([name, value, unit]) => [name, settingText(value, unit)]),
    ),
    pending: seen.pending,
  }
  const ofData: Omit<Standing, 'of'> =
    revisions === null
      ? {}
      : {
          revisions: Object.fromEntries(
            revisions.flatMap(({ place, revision }) => (revision === null ? [] : [[place, revision]])),
          ),
        }
  return isOneOfSeveral
    ? [
        { of: '', server, ...ofData },
        { of: server, ...ofServer },
      ]
    : [{ of: '', ...ofServer, ...ofData }]
}

const BYTES = { B: 1, kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 }
const MILLISECONDS = { us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** A value as `SHOW` writes it: in the largest unit that leaves it whole. */
export function settingText(value: string | null, unit: string | null): string {
  const [, factor = '', name = ''] = /^(\d*)(\D+)$/.exec(unit ?? '') ?? []
  const units: Readonly<Record<string, number>> = Object.hasOwn(BYTES, name) ? BYTES : MILLISECONDS
  const size = Number(value) * Number(factor === '' ? 1 : factor) * (units[name] ?? Number.NaN)
  if (value === null || !Number.isFinite(size) || size <= 0) return value ?? ''
  const [largest = name, of = 1] =
    Object.entries(units).findLast(([, one]) => Number.isInteger(size / one)) ?? []
  return `${size / of}${largest}`
}
