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

async function dropRoles(context: Context): Promise<void> {
  const { marker } = namesIn(context)
  await inMaintenance(context, async (client) => {
    const kept: string[] = []
    for (const { name } of await madeRoles(client, marker)) {
      try {
        await client.query(`DROP ROLE ${sqlName(name)}`)
      } catch (error) {
        if (!isInUse(error)) throw error
        kept.push(name)
        // It is somebody else's, too, by now.
        await client.query(`COMMENT ON ROLE ${sqlName(name)} IS NULL`)
      }
    }
    if (kept.length > 0) context.note('restore-roles-kept', { roles: kept.join(', ') })
  })
}

/** `dependent_objects_still_exist`: something in another database is its own, or was granted to it. */
export function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '2BP01'
}
