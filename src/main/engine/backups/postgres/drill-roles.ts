/** The roles of a backup on a server that is thrown away: each is there, and a member of what it was a member of. */
import { type Client, DatabaseError } from 'pg'
import type { GlobalRole } from './global-roles.ts'
import { oneStatement } from './one-statement.ts'
import { sqlName } from './quote.ts'

/** What a new server has not got (a role that somebody is a member of), says so when it is needed. */
export async function makeDrillRoles(
  client: Pick<Client, 'query'>,
  roles: readonly GlobalRole[],
): Promise<void> {
  for (const statement of drillRoleStatements(roles)) {
    try {
      await client.query(oneStatement(statement))
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
    }
  }
}

/** Made anew out of what is known of them, so that nothing that a role says of itself is said. What is set for them holds for their sessions, and there are none; of power they need none. Pure. */
export function drillRoleStatements(roles: readonly GlobalRole[]): string[] {
  return [
    ...roles.map(({ name }) => `CREATE ROLE ${sqlName(name)}`),
    ...roles.flatMap(({ name, memberOf }) =>
      memberOf.map(
        ({ role, terms }) =>
          `GRANT ${sqlName(role)} TO ${sqlName(name)}${terms === '' ? '' : ` WITH ${terms}`}`,
      ),
    ),
  ]
}
