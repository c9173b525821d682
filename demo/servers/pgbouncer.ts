/** A real PgBouncer in front of a PostgreSQL, on a free loopback port, in a directory of its own. */
import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePort } from './free-port.ts'
import { unprivilegedOwner } from './owner.ts'
import { requireProgram } from './programs.ts'
import { onFreePort, type ServerProcess, startServerProcess, untilItAnswers } from './server-process.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

export interface PgBouncerOptions {
  /** Port of the PostgreSQL behind it, on 127.0.0.1. */
  readonly postgresPort: number
  readonly poolMode: 'session' | 'transaction' | 'statement'
  /** Who may log in, here and there: name → password. */
  readonly users: Readonly<Record<string, string>>
  /** Further lines of the section `[pgbouncer]`. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** Logs in at PostgreSQL as this user, whoever comes: all clients then share its pool. */
  readonly forcedUser?: string
}

export interface PgBouncer {
  readonly port: number
  readonly logFile: string
  readonly pid: number
  /** Runs a command of its console (`SHOW POOLS`, `PAUSE`) and gives the rows. */
  command(text: string): Promise<Record<string, unknown>[]>
  restart(): Promise<void>
  halt(): Promise<void>
  stop(): Promise<void>
}

const ADMIN = { user: 'console', password: 'console' } as const

/** Starts one; it goes with this process. */
export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  // Like PostgreSQL it refuses to run as root.
  const owner = unprivilegedOwner()
  const pgbouncer = requireProgram('pgbouncer')
  const home = createTemporaryDirectory('pgbouncer', owner)
  const logFile = join(home.path, 'pgbouncer.log')
  const write = (name: string, text: string): string => {
    const path = join(home.path, name)
    writeFileSync(path, text, { mode: 0o600 })
    if (owner !== undefined) chownSync(path, owner.uid, owner.gid)
    return path
  }
  const users = { ...options.users, [ADMIN.user]: ADMIN.password }
  const authFile = write(
    'users',
    Object.entries(users)
      .map(([name, password]) => `"${name}" "${password}"\n`)
      .join(''),
  )
  const forced = options.forcedUser === undefined ? '' : ` user=${options.forcedUser}`

  const launch = async (port: number): Promise<ServerProcess> => {
    const settings = {
      listen_addr: '127.0.0.1',
      listen_port: port,
      unix_socket_dir: '',
      auth_type: 'scram-sha-256',
      auth_file: authFile,
      admin_users: ADMIN.user,
      pool_mode: options.poolMode,
      default_pool_size: 5,
      server_login_retry: 1,
      ...options.settings,
    }
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
    const config = write(
      'pgbouncer.ini',
      `[databases]\n* = host=127.0.0.1 port=${options.postgresPort}${forced}\n[pgbouncer]\n${lines.join('')}`,
    )
    const server = startServerProcess({
      name: 'PgBouncer',
      command: pgbouncer,
      args: [config],
      logFile,
      // "Fast" shutdown; on SIGINT it would wait for its clients.
      stopSignal: 'TERM',
      cwd: home.path,
      owner,
    })
    await untilItAnswers(server, { name: 'PgBouncer', logFile }, async () => {
      await command(port, 'SHOW VERSION')
    })
    return server
  }

  try {
    const started = await onFreePort(freePort, async (port) => ({ port, server: await launch(port) }))
    const { port } = started
    let current = started.server
    return {
      port,
      logFile,
      get pid() {
        return current.pid
      },
      command: (text) => command(port, text),
      async restart() {
        await current.stop()
        current = await launch(port)
      },
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

async function command(port: number, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ host: '127.0.0.1', port, database: 'pgbouncer', ...ADMIN })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}
