/** What has to be right on a server before a database comes to it that it has not got: read in one session, and judged purely. */
import { z } from 'zod'
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreElsewhere } from '#shared/model/restore.ts'
import type { Whole } from '../../worker/whole.ts'
import { wantedOf } from '../beside.ts'
import { lookAtDatabases, type Querying } from '../databases.ts'
import { type Found, findOut, judge } from '../preflight.ts'
import type { Source } from '../source.ts'
import { planRoles, type RolePlan } from './plan.ts'

export interface FoundElsewhere {
  readonly found: Found
  readonly plan: RolePlan
  readonly isTaken: boolean
  readonly createsRoles: boolean
}

const Roles = z.array(z.object({ name: z.string(), creates: z.boolean(), isUs: z.boolean() }))

export async function rolesThere(client: Querying): Promise<z.infer<typeof Roles>> {
  const { rows } = await client.query(
    'SELECT rolname AS name, rolsuper OR rolcreaterole AS creates, rolname = current_user AS "isUs" FROM pg_roles',
  )
  return Roles.parse(rows)
}

export async function findOutElsewhere(client: Querying, as: string, whole: Whole): Promise<FoundElsewhere> {
  const [taken] = await lookAtDatabases(client, { names: [as] })
  const found = await findOut(client, as, whole.archive)
  const there = await rolesThere(client)
  return {
    // What is there under that name is not what is restored over.
    found: { ...found, database: null, held: null },
    plan: planRoles(whole, new Set(there.map(({ name }) => name))),
    isTaken: taken !== undefined,
    createsRoles: there.some(({ isUs, creates }) => isUs && creates),
  }
}

/** Told otherwise here: that there is no such database is what is wanted, and roles may be made. */
const OTHERWISE: ReadonlySet<string> = new Set(['restore-no-database', 'restore-roles-missing'])

/** Why it would not be begun; empty: it would. */
export function judgeElsewhere(
  { found, plan: { make, unknown }, isTaken, createsRoles }: FoundElsewhere,
  source: Source,
  options: RestoreElsewhere,
): Reason[] {
  const { as = source.database } = options
  const { user } = found.server
  const wanted = { ...wantedOf(source, { ...options, mode: 'side-by-side', swap: false }), database: as }
  const own: (Reason | false)[] = [
    isTaken && { code: 'restore-exists', params: { database: as } },
    unknown.length > 0 && { code: 'restore-roles-unknown', params: { roles: unknown.join(', ') } },
    make.length > 0 &&
      !createsRoles && {
        code: 'restore-no-createrole',
        params: { user, roles: make.map(({ name }) => name).join(', ') },
      },
  ]
  return [
    ...judge(found, wanted).filter(({ code }) => !OTHERWISE.has(code)),
    ...own.filter((one) => one !== false),
  ]
}
