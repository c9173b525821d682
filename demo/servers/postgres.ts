/** A real PostgreSQL on a free loopback port, in a directory of its own, for the demo and for tests. */
import { randomBytes } from 'node:crypto'
import { chmod, chown, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { unprivilegedOwner } from './owner.ts'
import { copyCluster, createCluster } from './postgres-cluster.ts'
import { postgresDirectories, requireProgram } from './programs.ts'
import { onFreePort, type ServerProcess, startServerProcess, untilItAnswers } from './server-process.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

export interface PostgresOptions {
  /** The major version wanted; the newest that is installed otherwise. */
  readonly version?: number
  /** Lines of `postgresql.conf`: `{ max_connections: 20 }`. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** No other has its system identifier, as is so of servers that people make. */
  readonly isOneOfItsKind?: boolean
  /** A streaming copy of this one, which runs; its superuser is the same. */
  readonly standbyOf?: Pick<PostgresServer, 'port' | 'password'>
  /** Where its files go, where that is not a temporary directory: a small disk. It is not removed. */
  readonly home?: string
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
  /** Puts rules before those of `pg_hba.conf`, in place of those that were put there earlier. */
  admit(rules: string): Promise<void>
  /** Turns TLS on, or its certificate over (PEM); `authority` is whose client certificates it takes. */
  encrypt(identity: { key: string; certificate: string; authority?: string }): Promise<void>
  /** Ends recovery: a standby becomes a primary. */
  promote(): Promise<void>
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
  const home =
    options.home === undefined
      ? createTemporaryDirectory('postgres', owner)
      : { path: options.home, remove: async () => {} }
  const directory = join(home.path, 'data')
  const logFile = join(home.path, 'postgres.log')
  const { standbyOf } = options
  const password = standbyOf?.password ?? randomBytes(18).toString('base64url')
  await (standbyOf === undefined
    ? createCluster({ postgres, directory, owner, isOneOfItsKind: options.isOneOfItsKind ?? false })
    : copyCluster({ postgres, directory, owner, from: { ...standbyOf, user: 'postgres' } }))

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
        // Trusted on the socket, which only its owner can reach; over TCP the password is asked for. A standby has it.
        if (standbyOf === undefined) await client.query(`ALTER ROLE postgres PASSWORD '${password}'`)
      } finally {
        await client.end()
      }
    })
    return server
  }

  try {
    const configuration = join(directory, 'postgresql.auto.conf')
    // A copy's own holds where it streams from; of two settings the later counts.
    const lines = standbyOf === undefined ? [] : [await readFile(configuration, 'utf8')]
    lines.push(...Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`))
    await writeFile(configuration, lines.join(''))
    const started = await onFreePort(freePort, async (port) => ({ port, server: await launch(port) }))
    const { port } = started
    let current = started.server
    const hba = join(directory, 'pg_hba.conf')
    let rulesBefore: string | null = null
    const write = async (name: string, text: string) => {
      const path = join(directory, name)
      await writeFile(path, text, { mode: 0o600 })
      await chmod(path, 0o600)
      if (owner !== undefined) await chown(path, owner.uid, owner.gid)
    }
    const onSocket = async (work: (client: Client) => Promise<unknown>) => {
      const client = new Client({ host: home.path, port, user: 'postgres', database: 'postgres' })
      client.on('error', () => {})
      await client.connect()
      try {
        await work(client)
      } finally {
        await client.end()
      }
    }
    /** Done when the server has read its files again: it says so in its log, and then in this setting. */
    const reload = async () => {
      await onSocket(async (client) => {
        const loadedAt = async () =>
          (await client.query<{ at: string }>('SELECT pg_conf_load_time()::text AS at')).rows[0]?.at
        const before = await loadedAt()
        await client.query('SELECT pg_reload_conf()')
        for (let look = 0; look < 500 && (await loadedAt()) === before; look += 1) {
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      })
    }
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
      async admit(rules) {
        rulesBefore ??= await readFile(hba, 'utf8')
        await write('pg_hba.conf', `${rules}\n${rulesBefore}`)
        await reload()
      },
      async encrypt({ key, certificate, authority }) {
        await write('server.key', key)
        await write('server.crt', certificate)
        if (authority !== undefined) await write('root.crt', authority)
        const ca = authority === undefined ? '' : "ssl_ca_file = 'root.crt'\n"
        await write('postgresql.auto.conf', `${lines.join('')}ssl = on\n${ca}`)
        await reload()
      },
      async promote() {
        await onSocket((client) => client.query('SELECT pg_promote()'))
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
