/** What the tests of the engine share: whole engines on real servers, and counts of what they hold open. */
import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterEach } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import type { SshServer } from '../../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import { createEngine } from '../../../src/main/engine/create-engine.ts'
import type { Engine } from '../../../src/main/engine/engine.ts'
import type { Log } from '../../../src/main/engine/log.ts'
import { openSealedFile } from '../../../src/main/engine/vault/sealed-file.ts'
import type { Observation } from '../../../src/shared/model/observation.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { Name } from '../../../src/shared/model/profile/fields.ts'
import { until } from '../../support/until.ts'

/** The system's clock, with a count of the timers that are waiting; it may be set ahead. */
export interface CountedClock extends Clock {
  timers(): number
  /** Sets the wall clock ahead: the machine slept, or somebody set its clock. */
  leap(ms: number): void
}

export function countedClock(aheadMs = 0): CountedClock {
  const waiting = new Set<object>()
  return {
    now: () => systemClock.now() + aheadMs,
    monotonic: systemClock.monotonic,
    after(ms, task) {
      const timer = {}
      waiting.add(timer)
      const cancel = systemClock.after(ms, () => {
        waiting.delete(timer)
        task()
      })
      return () => {
        waiting.delete(timer)
        cancel()
      }
    },
    timers: () => waiting.size,
    leap(ms) {
      aheadMs += ms
    },
  }
}

export interface Console {
  readonly engine: Engine
  readonly clock: CountedClock
  readonly dataDirectory: string
  /** Warnings and errors, as JSON lines. */
  readonly logged: string[]
}

const releases: (() => unknown)[] = []

/** Released after the test, the last one first. */
export function afterwards(release: () => unknown): void {
  releases.push(release)
}

afterEach(async () => {
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release()
})

export interface ConsoleOptions {
  /** A new one where it is left out. */
  readonly dataDirectory?: string
  readonly secrets?: Readonly<Record<string, string>>
  readonly profiles?: readonly DeploymentProfileInput[]
  readonly aheadMs?: number
  /** Leaves it to the test to start it. */
  readonly idle?: boolean
}

export const BACKUP_WORKER = new URL('../../../src/main/engine/backups/worker/worker.ts', import.meta.url)
export const HISTORY_WORKER = new URL('../../../src/main/engine/metrics/worker.ts', import.meta.url)

/** A directory for a console's data, removed after the test. */
export function newDataDirectory(): string {
  const home = createTemporaryDirectory('engine')
  afterwards(() => home.remove())
  return join(home.path, 'data')
}

/** An engine that watches; stopped after the test where the test did not. */
export async function startConsole(options: ConsoleOptions = {}): Promise<Console> {
  const console = await openConsole({
    ...options,
    dataDirectory: options.dataDirectory ?? newDataDirectory(),
  })
  afterwards(() => console.engine.stop())
  return console
}

/** An engine that watches; the caller stops it. */
export async function openConsole(options: ConsoleOptions & { dataDirectory: string }): Promise<Console> {
  const { dataDirectory } = options
  const clock = countedClock(options.aheadMs)
  const logged: string[] = []
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  const vault = await openSealedFile({ ...vaultOf(dataDirectory), clock })
  for (const [name, value] of Object.entries(options.secrets ?? {})) await vault.set(name, value)
  const engine = await createEngine({
    dataDirectory,
    vault,
    historyWorker: HISTORY_WORKER,
    backupWorker: BACKUP_WORKER,
    clock,
    log: keepingLog(logged),
  })
  try {
    for (const profile of options.profiles ?? []) await engine.deployments.save(profile, null)
    if (options.idle !== true) await engine.start()
    return { engine, clock, dataDirectory, logged }
  } catch (error) {
    await engine.stop()
    throw error
  }
}

/** Where a console that is served from a data directory has its vault, and where these tests keep its key. */
export function vaultOf(dataDirectory: string): { path: string; keyFile: string } {
  return { path: join(dataDirectory, 'vault.json'), keyFile: join(dataDirectory, '..', 'vault.key') }
}

function keepingLog(lines: string[]): Log {
  const keep = (level: string) => (fields: object, message: string) => {
    const told =
      'err' in fields && fields.err instanceof Error ? { ...fields, err: fields.err.stack } : fields
    lines.push(JSON.stringify({ level, message, ...told }))
  }
  return { debug() {}, info() {}, warn: keep('warn'), error: keep('error') }
}

/** The status of each probe and target, as `probe/target`. */
export function statuses(engine: Engine, deployment: string): Record<string, string> {
  return Object.fromEntries(
    engine.live.latest(deployment).map(({ probe, target, status }) => [`${probe}/${target}`, status]),
  )
}

/** Waits until every probe of a deployment (so many of them) says that all is well. */
export async function untilHealthy(engine: Engine, deployment: string, probes: number): Promise<void> {
  await until(
    () => {
      const latest = engine.live.latest(deployment)
      return latest.length === probes && latest.every(({ status }) => status === 'HEALTHY')
    },
    { timeoutMs: 30_000, what: `health of ${deployment}: ${JSON.stringify(statuses(engine, deployment))}` },
  ).catch((error: unknown) => {
    const seen = engine.live
      .latest(deployment)
      .map(({ probe, status, reason }) => ({ probe, status, reason }))
    throw new Error(`${deployment} did not become healthy: ${JSON.stringify(seen)}`, { cause: error })
  })
}

/** The first observation of a probe, made from now on, that is as `wanted`. */
export async function untilSeen(
  engine: Engine,
  deployment: string,
  probe: Observation['probe'],
  wanted: (observation: Observation) => boolean,
  timeoutMs = 20_000,
): Promise<Observation> {
  const since = Date.now()
  let last: Observation | null = null
  return until(
    () => {
      last = engine.live.latestOf(deployment, probe)
      return last !== null && last.at >= since && wanted(last) ? last : null
    },
    { timeoutMs, what: `an observation of ${deployment}/${probe}` },
  ).catch((error: unknown) => {
    throw new Error(`${deployment}/${probe} was last seen as ${JSON.stringify(last)}`, { cause: error })
  })
}

/** An administrator's own connection, opened before anything is full, that counts the console's. */
export interface PostgresCount {
  /** The console's connections to a database; to all of them where none is named. */
  (database?: string): Promise<number>
  readonly client: Client
}

export async function countPostgres(server: PostgresServer): Promise<PostgresCount> {
  const client = await server.connect()
  afterwards(() => client.end().catch(() => {}))
  const count = async (database?: string): Promise<number> => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE application_name = 'vakhta' AND ($1::text IS NULL OR datname = $1)`,
      [database ?? null],
    )
    return rows[0]?.count ?? 0
  }
  return Object.assign(count, { client })
}

/** How many connections of the console a Redis has. */
export async function countRedis(server: RedisServer): Promise<number> {
  const client = await server.connect()
  try {
    const list = String(await client.call('CLIENT', 'LIST'))
    return list.split('\n').filter((line) => / name=vakhta /.test(line)).length
  } finally {
    client.disconnect()
  }
}

/** Limits for where the machine that runs the tests is watched: how busy and how full it is says nothing. */
export const ANY_MACHINE = Object.fromEntries(
  ['system_cpu_percent', 'system_memory_percent', 'system_disk_percent', 'system_inodes_percent'].map(
    (metric) => [metric, { warning: 1_000, critical: 1_000 }],
  ),
)

export interface Site {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  /** A service that is live and ready, and how many connections it has. */
  readonly service: { readonly port: number; connections(): number }
  readonly secrets: Record<string, string>
  /** Three probes' worth: health, pool, Redis. */
  profile(name: string, rest?: Partial<DeploymentProfileInput>): DeploymentProfileInput
  stop(): Promise<void>
}

/** One PostgreSQL, one Redis and one small service. */
export async function startSite(settings: Readonly<Record<string, string | number>> = {}): Promise<Site> {
  const [postgres, redis] = await Promise.all([startPostgres({ settings }), startRedis()])
  const open = new Set<object>()
  const server = createServer((_request, response) => response.end('{"status":"ok"}'))
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    postgres,
    redis,
    service: { port, connections: () => open.size },
    secrets: { pg: postgres.password, redis: redis.password },
    profile: (name, rest = {}) => ({
      name: Name.parse(name),
      environment: 'staging',
      services: [{ name: 'api', url: `http://127.0.0.1:${port}`, metrics: null }],
      postgres: { url: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres`, password: 'secret:pg' },
      redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}/0`, password: 'secret:redis' }],
      ...rest,
    }),
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await Promise.all([postgres.stop(), redis.stop()])
    },
  }
}

/** A hop of a profile for a test's sshd. */
export function hopOf(server: SshServer, key = `file:${server.clientKeyPath}`) {
  return { host: '127.0.0.1', port: server.port, user: server.user, key }
}

/** Sockets that this process has open: those that keep it alive. */
export function sockets(): number {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => ['TCPSocketWrap', 'TCPConnectWrap', 'ConnectWrap'].includes(kind)).length
}

/** How often a text stands in a log. */
export function timesIn(logFile: string, text: string): number {
  return readFileSync(logFile, 'utf8').split(text).length - 1
}
