/** Works in a database as a role without rights that was made for it, and is let in for one login: whatever runs there can do nothing that the role may not. */
import { openServer, type PostgresConnection } from '../../reach/postgres/connection.ts'
import { lastingSettings } from '../postgres/lasting.ts'
import { asFailure, letIn, ROLE_PASSWORD, withPassword } from './let-in.ts'
import type { RestoreJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'
import type { RestoreDependencies } from './restore.ts'

export async function asRoleLetIn<T>(
  dependencies: Pick<RestoreDependencies, 'ask' | 'clock' | 'signal'>,
  {
    postgres,
    server,
    role,
    database,
    ssh,
  }: Pick<RestoreJob, 'postgres' | 'server' | 'database' | 'ssh'> & { readonly role: string },
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const { clock, signal } = dependencies
  return overOwnWay(dependencies, ssh, async (own) => {
    const ours = withPassword(own, await letIn(dependencies, own, { postgres, server, role }))
    const connection = await openServer({ ...ours, postgres, clock }, server, signal, {
      ...{ database: database.into, as: { user: role, password: ROLE_PASSWORD } },
    })
    const cut = () => void connection.close()
    signal.addEventListener('abort', cut, { once: true })
    try {
      await connection.client.query(lastingSettings(connection.version).join('; '))
      return await work(connection)
    } catch (error) {
      signal.throwIfAborted()
      throw asFailure(error, connection)
    } finally {
      signal.removeEventListener('abort', cut)
      await connection.close()
    }
  })
}
