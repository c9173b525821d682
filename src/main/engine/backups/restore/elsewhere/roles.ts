/**
 * Makes the roles that what is restored is given to, and takes those back that own nothing else. They carry the operation's marker as their comment until
 * the database has its name.
 */
import { z } from 'zod'
import type { RestoreElsewhere } from '#shared/model/restore.ts'
import type { Step, StepContext } from '../../../operations/kind.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Querying } from '../databases.ts'
import { eachOnItsOwn } from '../each.ts'
import { inMaintenance, namesIn } from '../operating.ts'
import { furnishingStatements, makingStatements } from './plan.ts'
import { findOutElsewhere } from './preflight.ts'
import type { Read } from './steps.ts'

type Context = StepContext<RestoreElsewhere>

const Made = z.array(z.object({ oid: z.coerce.number(), name: z.string() }))

/** Those that carry the marker. */
export async function madeRoles(client: Querying, marker: string): Promise<z.infer<typeof Made>> {
  const { rows } = await client.query(
    `SELECT oid, rolname AS name FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = $1 ORDER BY rolname`,
    [marker],
  )
  return Made.parse(rows)
}

export function rolesStep(read: Read): Step<RestoreElsewhere> {
  return {
    ...{ id: 'restore-roles', nature: 'restartable', changes: true },
    inspect(context) {
      const { marker } = namesIn(context)
      // All of them or none: they are made in one transaction.
      return inMaintenance(context, async (client) =>
        (await madeRoles(client, marker)).length > 0 ? 'done' : 'not-done',
      )
    },
    async run(context) {
      const { whole } = await read(context)
      const { marker, database } = namesIn(context)
      await inMaintenance(context, async (client) => {
        const { plan, found } = await findOutElsewhere(client, database, whole)
        const isSuperuser = found.server.superuser
        if (plan.make.length === 0) return
        await client.query(['BEGIN', ...makingStatements(plan.make, { marker, isSuperuser })].join('; '))
        const refused = await eachOnItsOwn(client, furnishingStatements(plan.make))
        await client.query('COMMIT')
        for (const statement of refused) context.note('restore-statement-refused', { statement })
        const names = plan.make.map(({ name }) => name)
        context.note('restore-roles-made', { roles: names.join(', ') })
        if (plan.leftOut.length > 0) context.note('restore-roles-left', { rights: plan.leftOut.join(', ') })
        if (!isSuperuser)
          context.note('restore-roles-joined', { user: found.server.user, roles: names.join(', ') })
      })
    },
    undo: dropRoles,
  }
}

/** All that nobody needs, in one transaction; the others are somebody else's, too, by now, and lose the marker. */
async function dropRoles(context: Context): Promise<void> {
  const { marker } = namesIn(context)
  await inMaintenance(context, async (client) => {
    const made = (await madeRoles(client, marker)).map(({ name }) => name)
    if (made.length === 0) return
    await client.query('BEGIN')
    const memberships = await membershipsOf(client, made)
    let kept = withMembers(await usedOf(client, made), memberships)
    for (;;) {
      await client.query('SAVEPOINT dropped')
      const inUse = await dropEach(
        client,
        made.filter((name) => !kept.has(name)),
      )
      if (inUse.length === 0) break
      await client.query('ROLLBACK TO dropped')
      kept = withMembers([...kept, ...inUse], memberships)
    }
    for (const name of kept) await client.query(`COMMENT ON ROLE ${sqlName(name)} IS NULL`)
    await client.query('COMMIT')
    if (kept.size > 0) context.note('restore-roles-kept', { roles: [...kept].join(', ') })
  })
}

/** @returns those that something in another database belongs to, or is granted to */
async function dropEach(client: Querying, names: readonly string[]): Promise<string[]> {
  const inUse: string[] = []
  for (const name of names) {
    await client.query('SAVEPOINT each')
    try {
      await client.query(`DROP ROLE ${sqlName(name)}`)
    } catch (error) {
      if (!isInUse(error)) throw error
      await client.query('ROLLBACK TO each')
      inUse.push(name)
    }
  }
  return inUse
}

/** Who is logged in, or was given a password, which none of them is made with. Whether one has any, is for a superuser to see. */
async function usedOf(client: Querying, names: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT rolname AS name FROM pg_roles r WHERE rolname = ANY ($1) AND EXISTS (SELECT FROM pg_stat_activity WHERE usesysid = r.oid)`,
    [names],
  )
  const { rows: may } = await client.query<{ sees: boolean }>(
    `SELECT has_table_privilege('pg_authid', 'SELECT') AS sees`,
  )
  const { rows: given } =
    may[0]?.sees === true
      ? await client.query<{ name: string }>(
          'SELECT rolname AS name FROM pg_authid WHERE rolname = ANY ($1) AND rolpassword IS NOT NULL',
          [names],
        )
      : { rows: [] }
  return [...rows, ...given].map(({ name }) => name)
}

interface Membership {
  readonly member: string
  readonly of: string
}

async function membershipsOf(client: Querying, names: readonly string[]): Promise<Membership[]> {
  const { rows } = await client.query<Membership & Record<string, unknown>>(
    `SELECT m.rolname AS member, r.rolname AS of FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid
      WHERE m.rolname = ANY ($1)`,
    [names],
  )
  return rows
}

/** With those who use what one of ours that stays has, as its members. Pure. */
function withMembers(kept: readonly string[], memberships: readonly Membership[]): Set<string> {
  const all = new Set(kept)
  for (let before = -1; before < all.size; ) {
    before = all.size
    for (const { member, of } of memberships) if (all.has(of)) all.add(member)
  }
  return all
}

/** `dependent_objects_still_exist`: something in another database is its own, or was granted to it. */
export function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '2BP01'
}
