/** What has to be right before anything is touched: read from the server in one session, and judged purely. */
import { z } from 'zod'
import type { Reason } from '#shared/model/reason.ts'
import { freeForAsker } from '../../operations/free-connections.ts'
import type { Archive } from '../postgres/archive.ts'
import { type Database, isBroken, lookAtDatabases, type Querying } from './databases.ts'

const Server = z.object({
  version: z.coerce.number(),
  versionName: z.string(),
  user: z.string(),
  superuser: z.boolean(),
  createsDatabases: z.boolean(),
  signals: z.boolean(),
  recovering: z.boolean(),
  /** The database that operations lock in, as the profile says or as `initdb` makes it. */
  maintenance: z.string(),
})
export interface Server extends z.infer<typeof Server> {
  /** Connections that whoever operates can still open. */
  readonly free: number
}

/** Asked in the database that is nobody's own. */
const SERVER = `
  SELECT current_setting('server_version_num') AS version, current_setting('server_version') AS "versionName", current_user AS user,
         r.rolsuper AS superuser, r.rolcreatedb AS "createsDatabases", pg_has_role(current_user, 'pg_signal_backend', 'member') AS signals,
         pg_is_in_recovery() AS recovering, current_database() AS maintenance
    FROM pg_roles r WHERE r.rolname = current_user`

const Held = z.object({
  slots: z.array(z.string()),
  subscriptions: z.array(z.string()),
  prepared: z.array(z.string()),
  sessions: z.array(z.object({ application: z.string(), count: z.number(), endable: z.boolean() })),
  bytes: z.coerce.number().nullable(),
  /** What security modules labelled it with: `provider: label`. */
  labels: z.array(z.string()),
  ownerIsOurs: z.boolean(),
  tablespaceIsOpen: z.boolean(),
})
export type Held = z.infer<typeof Held>

/** `$1`: oid, `$2`: name. */
const HELD = `
  SELECT ARRAY(SELECT slot_name::text FROM pg_replication_slots WHERE slot_type = 'logical' AND database = $2 ORDER BY 1) AS slots,
         ARRAY(SELECT subname::text FROM pg_subscription WHERE subdbid = $1::oid ORDER BY 1) AS subscriptions,
         ARRAY(SELECT gid FROM pg_prepared_xacts WHERE database = $2 ORDER BY 1) AS prepared,
         coalesce((SELECT json_agg(json_build_object('application', application, 'count', count, 'endable', endable)) FROM (
           SELECT coalesce(nullif(a.application_name, ''), a.backend_type, '—') AS application, count(*) AS count,
                  bool_and(me.rolsuper OR (NOT coalesce(r.rolsuper, true)
                    AND (pg_has_role(current_user, 'pg_signal_backend', 'member') OR pg_has_role(current_user, a.usesysid, 'member')))) AS endable
             FROM pg_stat_activity a LEFT JOIN pg_roles r ON r.oid = a.usesysid
            WHERE a.datid = $1::oid AND coalesce(a.backend_type, '') NOT IN ('autovacuum worker', 'parallel worker') GROUP BY 1 ORDER BY 2 DESC, 1) s), '[]') AS sessions,
         CASE WHEN has_database_privilege(d.oid, 'CONNECT') OR pg_has_role(current_user, 'pg_read_all_stats', 'member')
              THEN pg_database_size(d.oid) END AS bytes,
         ARRAY(SELECT format('%s: %s', provider, label) FROM pg_shseclabel WHERE classoid = 'pg_database'::regclass AND objoid = d.oid ORDER BY 1) AS labels,
         pg_has_role(current_user, d.datdba, 'member') AS "ownerIsOurs",
         EXISTS (SELECT FROM pg_tablespace t WHERE t.oid = d.dattablespace
                  AND (t.spcname = 'pg_default' OR has_tablespace_privilege(t.oid, 'CREATE'))) AS "tablespaceIsOpen"
    FROM pg_database d, pg_roles me WHERE d.oid = $1::oid AND me.rolname = current_user`

const Missing = z.object({
  extensions: z.array(z.string()),
  untrusted: z.array(z.string()),
  roles: z.array(z.string()),
  others: z.array(z.string()),
})
export type Missing = z.infer<typeof Missing>

/** `$1`: extensions, `$2`: roles that the backup needs. What is trusted is known from 13 on. */
const missingSql = (version: number) => `
  SELECT ARRAY(SELECT e FROM unnest($1::text[]) e WHERE NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = e)) AS extensions,
         ARRAY(SELECT DISTINCT v.name::text FROM pg_available_extension_versions v JOIN pg_available_extensions a ON a.name = v.name AND a.default_version = v.version
                WHERE v.name = ANY ($1) AND v.superuser ${version >= 130_000 ? 'AND NOT v.trusted' : ''}) AS untrusted,
         ARRAY(SELECT r FROM unnest($2::text[]) r WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r)) AS roles,
         ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY ($2) AND NOT pg_has_role(current_user, oid, 'member')) AS others`

/**
 * What `$1`, a database's oid, is set to and the role may not set another to: parameters that take a superuser, or from 15 on their own right, and what is set for a
 * role that it may not alter. What the server does not know takes them, too.
 */
const unsettableSql = (version: number) => `
  SELECT DISTINCT CASE WHEN s.setrole = 0 THEN p.parameter ELSE format('%s (%s)', p.parameter, r.rolname) END AS setting
    FROM pg_db_role_setting s CROSS JOIN LATERAL (SELECT split_part(c, '=', 1) AS parameter FROM unnest(s.setconfig) c) p
    LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_settings known ON lower(known.name) = lower(p.parameter)
    JOIN pg_roles me ON me.rolname = current_user
   WHERE s.setdatabase = $1::oid AND NOT me.rolsuper
     AND (s.setrole <> 0 AND s.setrole <> me.oid AND (r.rolsuper OR NOT me.rolcreaterole
            ${version >= 160_000 ? `OR NOT pg_has_role(current_user, s.setrole, 'MEMBER WITH ADMIN OPTION')` : ''})
          OR coalesce(known.context, 'superuser') IN ('superuser', 'superuser-backend')
            ${version >= 150_000 ? `AND NOT has_parameter_privilege(p.parameter, 'SET')` : ''})
   ORDER BY 1`

export interface Found {
  readonly server: Server
  /** The database that there is; `null`: there is none of that name. */
  readonly database: Database | null
  readonly held: Held | null
  readonly missing: Missing
  /** Settings of the database that the role may not give to another. */
  readonly unsettable: readonly string[]
}

export async function findOut(
  client: Querying,
  database: string,
  archive: Pick<Archive, 'extensions' | 'roles'>,
): Promise<Found> {
  const seen = Server.parse((await client.query(SERVER)).rows[0])
  const server = { ...seen, free: await freeForAsker(client, [database, seen.maintenance]) }
  const [there] = await lookAtDatabases(client, { names: [database] })
  const held = there === undefined ? null : await lookWhatHolds(client, there)
  const { rows } = await client.query(missingSql(server.version), [archive.extensions, archive.roles])
  const { rows: settings } = await client.query<{ setting: string }>(unsettableSql(server.version), [
    there?.oid ?? 0,
  ])
  return {
    ...{ server, database: there ?? null, held, missing: Missing.parse(rows[0]) },
    unsettable: settings.map(({ setting }) => setting),
  }
}

/** What is in a database, and in the way of its getting another name. */
export async function lookWhatHolds(
  client: Querying,
  { oid, name }: Pick<Database, 'oid' | 'name'>,
): Promise<Held> {
  return Held.parse((await client.query(HELD, [oid, name])).rows[0])
}

export interface Wanted {
  readonly database: string
  /** `server_version_num` of where the backup is from. */
  readonly from: { readonly version: number; readonly name: string }
  readonly partial: boolean
  readonly swaps: boolean
  /** Another console signed it, and nobody said that it is trusted all the same. */
  readonly isUntrusted: boolean
}

/** Databases that PostgreSQL itself, and whoever administers it, count on. */
const MAINTENANCE = new Set(['postgres', 'template0', 'template1'])

/** Why it would not be begun; empty: it would. */
export function judge(
  { server, database: there, held, missing, unsettable }: Found,
  { database, from, partial, swaps, isUntrusted }: Wanted,
): Reason[] {
  const { user } = server
  const list = (names: readonly string[]) => names.join(', ')
  const refusals: (Reason | false)[] = [
    isUntrusted && { code: 'restore-signed-by-another', params: {} },
    server.recovering && { code: 'restore-standby', params: {} },
    there === null && { code: 'restore-no-database', params: { database } },
    (MAINTENANCE.has(database) || database === server.maintenance) && {
      code: 'restore-maintenance',
      params: { database },
    },
    there !== null && isBroken(there) && { code: 'restore-database-broken', params: { database } },
    there?.facts.datistemplate === true && { code: 'restore-template', params: { database } },
    major(server.version) < major(from.version) && {
      code: 'restore-newer',
      params: { from: from.name, server: server.versionName },
    },
    partial && swaps && { code: 'restore-partial', params: {} },
    !server.superuser && !server.createsDatabases && { code: 'restore-no-createdb', params: { user } },
    !server.superuser &&
      held?.ownerIsOurs === false && {
        code: 'restore-not-owner',
        params: { user, database, owner: there?.owner ?? '' },
      },
    held?.tablespaceIsOpen === false && {
      code: 'restore-tablespace',
      params: { user, tablespace: there?.tablespace ?? '' },
    },
    unsettable.length > 0 && {
      code: 'restore-settings-not-ours',
      params: { user, database, settings: list(unsettable) },
    },
    missing.extensions.length > 0 && {
      code: 'restore-extensions-missing',
      params: { extensions: list(missing.extensions) },
    },
    !server.superuser &&
      missing.untrusted.length > 0 && {
        code: 'restore-extensions-superuser',
        params: { extensions: list(missing.untrusted), user },
      },
    missing.roles.length > 0 && { code: 'restore-roles-missing', params: { roles: list(missing.roles) } },
    !server.superuser &&
      missing.others.length > 0 && {
        code: 'restore-not-member',
        params: { user, roles: list(missing.others) },
      },
    ...(swaps && held !== null ? inTheWayOfSwapping(held, database, user) : []),
  ]
  return refusals.filter((one) => one !== false)
}

function inTheWayOfSwapping(
  { slots, subscriptions, prepared, sessions }: Held,
  database: string,
  user: string,
): (Reason | false)[] {
  const names = (all: readonly string[]) => ({ database, names: all.join(', ') })
  const others = sessions.filter(({ endable }) => !endable).map(({ application }) => application)
  return [
    slots.length > 0 && { code: 'restore-slots', params: names(slots) },
    subscriptions.length > 0 && { code: 'restore-subscriptions', params: names(subscriptions) },
    prepared.length > 0 && { code: 'restore-prepared', params: names(prepared) },
    others.length > 0 && { code: 'restore-cannot-end', params: { user, applications: others.join(', ') } },
  ]
}

function major(version: number): number {
  return Math.floor(version / 10_000)
}
