/** A real PostgreSQL on a free loopback port, in a directory of its own, for the demo and for tests. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { unprivilegedOwner } from './owner.ts'
import { createCluster } from './postgres-cluster.ts'
import { postgresDirectories, requireProgram } from './programs.ts'
import { onFreePort, type ServerProcess, startServerProcess, untilItAnswers } from './server-process.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

export interface PostgresOptions {
  /** The major version wanted; the newest that is installed otherwise. */
  readonly version?: number
  /** Lines of `postgresql.conf`: `{ max_connections: 20 }`. */
  readonly settings?: Readonly<Record<string, string | number>>
}

export interface PostgresServer {
  readonly port: number
  /** The superuser, `postgres`. */
  readonly user: string
  readonly password: string
  /** `postgresql://postgres:PASSWORD@127.0.0.1:PORT/postgres` */
  readonly url: string
  /** The cluster's data directory. */
  readonly directory: string
  readonly logFile: string
  /** Of the postmaster that runs now. */
  readonly pid: number
  running(): boolean
  /** A connection as the superuser to a database; the caller ends it. */
  connect(database?: string): Promise<Client>
  /** Runs statements as the superuser and gives the last one's rows. */
  query(text: string, options?: { database?: string; values?: unknown[] }): Promise<Record<string, unknown>[]>
  /** Starts it again on the same port, stopping it first where it runs. */
  restart(): Promise<void>
  /** SIGKILL to the postmaster; its backends follow. `restart()` brings it back. */
  kill(): Promise<void>
  /** Stops it without removing anything; `restart()` brings it back. */
  halt(): Promise<void>
  /** Stops it for good and removes its directory. */
  stop(): Promise<void>
}

/** Starts one; it goes with this process. Durability is off: nothing here is worth a disk's flush. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const owner = unprivilegedOwner()
  const programs = postgresDirectories(options.version)
  const postgres = requireProgram('postgres', programs)
  const home = createTemporaryDirectory('postgres', owner)
  const directory = join(home.path, 'data')
  const logFile = join(home.path, 'postgres.log')
  const password = randomBytes(18).toString('base64url')
  await createCluster({ postgres, directory, owner })

  const settings = {
    listen_addresses: "'127.0.0.1'",
    unix_socket_directories: `'${home.path}'`,
    password_encryption: "'scram-sha-256'",
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: "'16MB'",
    max_connections: 50,
    timezone: "'UTC'",
    log_line_prefix: "'%m [%p] %q%u@%d %a '",
    ...options.settings,
  }

  const launch = async (port: number): Promise<ServerProcess> => {
    const server = startServerProcess({
      name: 'PostgreSQL',
      command: postgres,
      args: ['-D', directory, '-p', String(port)],
      logFile,
      // "Fast" shutdown: sessions are ended rather than waited for.
      stopSignal: 'INT',
      cwd: directory,
      owner,
    })
    await untilItAnswers(server, { name: 'PostgreSQL', logFile }, async () => {
      const client = new Client({ host: home.path, port, user: 'postgres', database: 'postgres' })
      client.on('error', () => {})
      await client.connect()
      try {
        // Trusted on the socket, which only its owner can reach; over TCP the password is asked for.
        await client.query(`ALTER ROLE postgres PASSWORD '${password}'`)
      } finally {
        await client.end()
      }
    })
    return server
  }

  try {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
    await writeFile(join(directory, 'postgresql.auto.conf'), lines.join(''))
    const started = await onFreePort(freePort, async (port) => ({ port, server: await launch(port) }))
    const { port } = started
    let current = started.server
    const connect = async (database = 'postgres') => {
      const client = new Client({ host: '127.0.0.1', port, user: 'postgres', password, database })
      client.on('error', () => {})
      await client.connect()
      return client
    }
    return {
      port,
      user: 'postgres',
      password,
      url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
      directory,
      logFile,
      get pid() {
        return current.pid
      },
      running: () => current.running(),
      connect,
      async query(text, { database, values } = {}) {
        const client = await connect(database)
        try {
          const result: unknown = await client.query(text, values)
          const last = Array.isArray(result) ? result.at(-1) : result
          return (last as { rows: Record<string, unknown>[] }).rows
        } finally {
          await client.end()
        }
      },
      async restart() {
        await current.stop()
        current = await launch(port)
      },
      kill: () => current.kill(),
      halt: () => current.stop(),
      async stop() {
        await current.stop()
        await home.remove()
      },
    }
  } catch (error) {
    await home.remove()
    throw error
  }
}
