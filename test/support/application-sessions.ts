/** Sessions of an application at a real PostgreSQL that operations work on, and the roles with which they do. */
import { Client } from 'pg'
import type { PostgresServer } from '../../demo/servers/postgres.ts'

/** Who watches, who operates, and whose sessions they are; the password of each is `pw`. */
export const OPERATING_ROLES_SQL = `
  create role watcher login password 'pw' in role pg_monitor;
  create role operator login password 'pw' in role pg_monitor, pg_signal_backend;
  create role app login password 'pw'`

export type ApplicationSession = Client & { readonly pid: number }

export function createApplicationSessions(server: () => PostgresServer) {
  const sessions: Client[] = []

  return {
    /** @param name its `application_name` */
    async open(name = ''): Promise<ApplicationSession> {
      const client = new Client({
        ...{ host: '127.0.0.1', port: server().port, database: 'postgres' },
        ...{ user: 'app', password: 'pw', application_name: name },
      })
      // It may be ended by what is tested.
      client.on('error', () => {})
      await client.connect()
      sessions.push(client)
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      return Object.assign(client, { pid: rows[0]?.pid ?? 0 })
    },
    async isThere(pid: number): Promise<boolean> {
      return (await server().query(`select pid from pg_stat_activity where pid = ${pid}`)).length > 0
    },
    /** Ends all of them. */
    async end(): Promise<void> {
      await Promise.all(sessions.splice(0).map((session) => session.end().catch(() => {})))
    },
  }
}
