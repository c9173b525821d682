/**
 * Restoring a dump that others made: it runs as a role that has no rights and owns nothing but the database that is made for it. What it made is handed over to
 * whom the database in use belongs to, and the role goes.
 */
import { escapeLiteral } from 'pg'
import { z } from 'zod'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed, type StepContext } from '../../operations/kind.ts'
import type { Manifest } from '../manifest.ts'
import { sqlName } from '../postgres/quote.ts'
import { createLike, type Database, lookAtDatabases, type Querying } from './databases.ts'
import type { Names } from './names.ts'
import { inMaintenance, namesIn, operatingOf } from './operating.ts'
import type { Found } from './preflight.ts'

type Context = StepContext<{ readonly database?: string | undefined }>

/** What of a role reaches beyond its databases: who gets things of such a role's making would get that, too. */
const POWERFUL = `
  SELECT ARRAY(SELECT p.rolname::text FROM pg_roles p WHERE pg_has_role($1, p.oid, 'member')
    AND (p.rolsuper OR p.rolcreaterole OR p.rolreplication OR p.rolbypassrls
      OR p.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_read_all_data', 'pg_write_all_data',
                       'pg_maintain', 'pg_signal_backend', 'pg_create_subscription')) ORDER BY 1) AS powers,
    (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) AS "createsRoles"`
const Rights = z.object({ powers: z.array(z.string()), createsRoles: z.boolean() })

/** Why a dump that others made would not be restored, besides what holds for any. */
export async function foreignRefusals(
  client: Querying,
  { server, database, missing }: Found,
  foreign: Manifest['foreign'],
  { another }: { readonly another: boolean },
): Promise<Reason[]> {
  if (foreign === undefined) return []
  const owner = database?.owner ?? server.user
  const { powers, createsRoles } = Rights.parse((await client.query(POWERFUL, [owner])).rows[0])
  const untrusted = missing.untrusted.filter((name) => name !== 'plpgsql')
  const refusals: (Reason | false)[] = [
    !another && { code: 'restore-foreign-unconfirmed', params: { file: foreign.file } },
    powers.length > 0 && {
      code: 'restore-foreign-owner',
      params: { database: database?.name ?? '', owner, powers: powers.join(', ') },
    },
    !createsRoles && { code: 'restore-foreign-no-roles', params: { user: server.user } },
    server.superuser &&
      untrusted.length > 0 && {
        code: 'restore-foreign-extensions',
        params: { extensions: untrusted.join(', ') },
      },
  ]
  return refusals.filter((one) => one !== false)
}

/** What has to be known before it is confirmed. */
export function foreignWarnings({ foreign }: Manifest, owner: string, { beside }: Names): Reason[] {
  if (foreign === undefined) return []
  const { file, owners } = foreign
  const others = owners.filter((name) => name !== owner)
  return [
    { code: 'restore-foreign-runs', params: { file, beside } },
    { code: 'restore-foreign-hands-over', params: { owner, owners: others.join(', ') || '—' } },
  ]
}

type Marked = Pick<Names, 'marker'>

/** Named after the operation, as its marker is. */
export function roleOf({ marker }: Marked): string {
  return `vakhta_restore_${marker.slice(marker.lastIndexOf(' ') + 1).slice(0, 8)}`
}

/** Whether the role is there and carries the marker. */
export async function isForeignRoleThere(client: Querying, names: Marked): Promise<boolean> {
  const { rows } = await client.query<{ comment: string | null }>(
    `SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = $1`,
    [roleOf(names)],
  )
  const [found] = rows
  if (found === undefined) return false
  if (found.comment !== names.marker)
    throw new OperationFailed('restore-foreign', { database: roleOf(names) })
  return true
}

/** It inherits what the owner of a database has, and is a member of nothing else. */
export function makingRole(names: Marked): string[] {
  const role = sqlName(roleOf(names))
  const rights = 'NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOREPLICATION NOBYPASSRLS'
  return [
    `CREATE ROLE ${role} ${rights} CONNECTION LIMIT 1`,
    `COMMENT ON ROLE ${role} IS ${escapeLiteral(names.marker)}`,
    // Who is no superuser could give it nothing otherwise, and take nothing back.
    `GRANT ${role} TO CURRENT_USER`,
  ]
}

/** Makes the role, where it is not there, and says how its database is made: like the one in use, but its own. */
export async function createForForeign(client: Querying, like: Database, names: Names): Promise<string> {
  const role = roleOf(names)
  if (!(await isForeignRoleThere(client, names)))
    await client.query(['BEGIN', ...makingRole(names), 'COMMIT'].join('; '))
  return createLike({ ...like, owner: role }, names.beside)
}

/** Before 15 the schema `public` is the superuser's, and what a dump says of it would be refused. */
export async function openPublic(context: Context): Promise<void> {
  const names = namesIn(context)
  await operatingOf(context).apart(context.signal, names.beside, async ({ client, version }) => {
    if (version >= 150_000) return
    const { rows } = await client.query<{ superuser: boolean }>(
      'SELECT rolsuper AS superuser FROM pg_roles WHERE rolname = current_user',
    )
    if (rows[0]?.superuser === true)
      await client.query(`ALTER SCHEMA public OWNER TO ${sqlName(roleOf(names))}`)
  })
}

/** Gives what the role owns to whom the database in use belongs to, and drops it. Nothing of what it made runs meanwhile. */
export async function handOver(context: Context): Promise<void> {
  const names = namesIn(context)
  const owner = await inMaintenance(context, async (client) => {
    const [there] = await lookAtDatabases(client, { names: [names.database] })
    if (there === undefined) throw new OperationFailed('restore-no-database', { database: names.database })
    // It was handed over already.
    if (!(await isForeignRoleThere(client, names))) return null
    const { powers } = Rights.parse((await client.query(POWERFUL, [there.owner])).rows[0])
    if (powers.length > 0) {
      // It belongs to somebody else by now.
      const params = { database: names.database, owner: there.owner, powers: powers.join(', ') }
      throw new OperationFailed('restore-foreign-owner', params)
    }
    // What the dump set for whoever enters its database would hold for us, too: it goes before we enter, and nobody can set it again.
    await client.query(`ALTER ROLE ${sqlName(roleOf(names))} NOLOGIN PASSWORD NULL`)
    await client.query(`ALTER DATABASE ${sqlName(names.beside)} RESET ALL`)
    return there.owner
  })
  if (owner === null) return
  const role = sqlName(roleOf(names))
  await operatingOf(context).apart(context.signal, names.beside, ({ client }) =>
    client.query(
      ['BEGIN', `REASSIGN OWNED BY ${role} TO ${sqlName(owner)}`, `DROP OWNED BY ${role}`, 'COMMIT'].join(
        '; ',
      ),
    ),
  )
  await inMaintenance(context, (client) => dropForeignRole(client, names))
  context.note('restore-foreign-handed-over', { owner })
}

/** Where there is one of ours. */
export async function dropForeignRole(client: Querying, names: Marked): Promise<void> {
  if (await isForeignRoleThere(client, names)) await client.query(`DROP ROLE ${sqlName(roleOf(names))}`)
}
