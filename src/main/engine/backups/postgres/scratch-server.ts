/**
 * A PostgreSQL of our own for a drill: on this machine, in a temporary directory, reached over a socket that only we can open. It runs as the user that we are,
 * or as nobody where that is root, so its superuser must run nothing of a backup. It goes with whoever started it, however that ends.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, chown } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import { makeTemporary, removeTemporary } from '../temporary.ts'
import type { Tools } from './tools.ts'

export interface ScratchServer {
  /** What libpq takes for its host. */
  readonly host: string
  readonly port: number
  /** Its superuser: a name that no role of a backup has, which would else take its rights away. */
  readonly user: string
  /** As it says itself: `15.14`. */
  readonly version: string
  /** @param user its superuser, where it is left out */
  connect(database: string, user?: string): Promise<Client>
  /** Nothing of it is left when it resolves. */
  stop(): Promise<void>
}

const PORT = 5432
const STARTS_WITHIN_MS = 30_000
/** On SIGQUIT, and then on SIGKILL. */
const STOPS_WITHIN_MS = 5_000
const LOOK_EVERY_MS = 50
const KEPT_CHARACTERS = 4_000
const PID_FILE = 'data/postmaster.pid'

/** Nothing here is worth a disk's flush: it is thrown away. */
const SETTINGS = [
  'listen_addresses=',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  // It follows no other server, whatever is made in it.
  'max_logical_replication_workers=0',
  'max_wal_size=2GB',
  'maintenance_work_mem=128MB',
  // As many as may restore at once, and those who look.
  'max_connections=45',
  'superuser_reserved_connections=0',
]

/**
 * Its standard input is held open by us: where that ends, we did, and so does the server with its directory.
 * PostgreSQL ends at once on SIGQUIT; what it leaves in its directory does not matter. A SIGTERM to all of them ends one that is
 * just being made; the shell outlives it, to clear up.
 */
const GUARDED = `directory=$1 initdb=$2 postgres=$3 user=$4; shift 4
trap : TERM; trap 'cd /; rm -rf "$directory"' EXIT
"$initdb" -D "$directory/data" -U "$user" --auth=trust --encoding=UTF8 --locale=C --no-sync </dev/null >/dev/null || exit 1
"$postgres" -D "$directory/data" "$@" </dev/null & server=$!
read -r _; kill -QUIT "$server"; wait "$server"`

/** @throws BackupError `tool-missing`, `tool-too-old`, `scratch-failed` */
export async function startScratchServer(
  { tools, signal }: { readonly tools: Tools; readonly signal: AbortSignal },
  major: number,
): Promise<ScratchServer> {
  if (process.platform === 'win32') throw new BackupError('scratch-failed', { words: 'not on Windows yet' })
  const initdb = await tools.fitting('initdb', major)
  const postgres = await tools.fitting('postgres', major)
  const owner = process.getuid?.() === 0 ? unprivileged() : null
  const user = `vakhta_${randomBytes(8).toString('hex')}`
  const directory = await makeTemporary('drill').catch((error: unknown) => {
    throw new BackupError('scratch-failed', { words: errorWords(error) }, error)
  })
  const run = { cwd: directory, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' }, ...(owner ?? {}) }
  let guarded: ChildProcess | null = null
  let said = ''
  try {
    await chmod(directory, 0o700)
    if (owner !== null) await chown(directory, owner.uid, owner.gid)
    const settings = [...SETTINGS, `unix_socket_directories=${directory}`].flatMap((setting) => [
      '-c',
      setting,
    ])
    const command = [
      '-c',
      GUARDED,
      'sh',
      directory,
      initdb.path,
      postgres.path,
      user,
      '-p',
      String(PORT),
      ...settings,
    ]
    const started = spawn('/bin/sh', command, { ...run, stdio: ['pipe', 'ignore', 'pipe'], detached: true })
    guarded = started
    started.stdin.on('error', () => {})
    started.on('error', (error) => {
      said = errorWords(error)
    })
    started.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString('utf8')}`.slice(-KEPT_CHARACTERS)
    })
    const isEnded = () =>
      started.exitCode !== null || (/FATAL/.test(said) && !existsSync(join(directory, PID_FILE)))
    await untilItAnswers({ directory, user }, isEnded, () => said, signal)
  } catch (error) {
    await end(guarded, directory, { isStarting: true })
    if (error instanceof BackupError || signal.aborted) throw error
    throw new BackupError('scratch-failed', { words: errorWords(error) }, error)
  }
  const server = guarded
  return {
    ...{ host: directory, port: PORT, user, version: postgres.version },
    connect: (database, as = user) => connect(directory, database, as, { isOurs: as === user }),
    stop: () => end(server, directory, { isStarting: false }),
  }
}

async function end(
  guarded: ChildProcess | null,
  directory: string,
  { isStarting }: { readonly isStarting: boolean },
): Promise<void> {
  if (guarded !== null) {
    if (guarded.exitCode === null && guarded.signalCode === null) {
      const closed = once(guarded, 'close')
      guarded.stdin?.end()
      if (isStarting && guarded.pid !== undefined) process.kill(-guarded.pid, 'SIGTERM')
      await closed
    }
    // Who was killed has not ended the server that it guarded.
    if (guarded.signalCode !== null && guarded.pid !== undefined) await endGroup(guarded.pid)
  }
  await removeTemporary(directory)
}

/** Where nobody asks for those that have ended, as in a container without an init, they are there for ever: they are left. */
export async function endGroup(
  pid: number,
  {
    signalled = signalGroup,
    withinMs = STOPS_WITHIN_MS,
  }: { signalled?: (pid: number, signal: NodeJS.Signals) => boolean; withinMs?: number } = {},
): Promise<void> {
  for (const signal of ['SIGQUIT', 'SIGKILL'] as const) {
    const until = performance.now() + withinMs
    while (performance.now() < until) {
      if (!signalled(pid, signal)) return
      await pause(LOOK_EVERY_MS)
    }
  }
}

/** @returns whether any of them is there still */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}

async function connect(
  directory: string,
  database: string,
  user: string,
  { isOurs }: { readonly isOurs: boolean },
): Promise<Client> {
  const client = new Client({
    ...{ host: directory, port: PORT, user, database },
    // Before any word of ours, whatever the database, or a role for itself, was set to.
    options: ['standard_conforming_strings=on', ...(isOurs ? ['search_path=pg_catalog'] : [])]
      .map((setting) => `-c ${setting}`)
      .join(' '),
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function untilItAnswers(
  { directory, user }: { readonly directory: string; readonly user: string },
  isEnded: () => boolean,
  said: () => string,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + STARTS_WITHIN_MS
  for (;;) {
    signal.throwIfAborted()
    try {
      await (await connect(directory, 'postgres', user, { isOurs: true })).end()
      return
    } catch (error) {
      if (isEnded() || performance.now() > deadline) {
        throw new BackupError(
          'scratch-failed',
          { words: errorWords(/FATAL.*/.exec(said())?.[0] ?? (said() || error)) },
          error,
        )
      }
      await pause(LOOK_EVERY_MS)
    }
  }
}

/** PostgreSQL refuses to run as root: whoever has no rights here runs it then, and `postgres`, whom a cluster of this machine may belong to, only where there is nobody else. */
function unprivileged(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const fields = ['nobody', 'postgres'].map((name) => users.find((user) => user[0] === name)).find(Boolean)
  if (fields === undefined) throw new BackupError('scratch-failed', { words: 'root, and no user "nobody"' })
  return { uid: Number(fields[2]), gid: Number(fields[3]) }
}
