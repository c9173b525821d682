/**
 * Watches real servers through the real engine for days of a driven clock, with faults on the way, and measures what
 * stays behind: heap, handles, timers, connections. Time goes on as soon as nothing is under way.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { startPostgres } from '../../demo/servers/postgres.ts'
import { startRedis } from '../../demo/servers/redis.ts'
import { startSshd } from '../../demo/servers/sshd.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { startWeather } from '../../demo/servers/weather.ts'
import { createEngine } from '../../src/main/engine/create-engine.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { openSealedFile } from '../../src/main/engine/vault/sealed-file.ts'
import { createDrivenClock } from './driven-clock.ts'
import { seriesOf } from './series.ts'
import { until } from './until.ts'

/** How far time goes at once while looks may be under way; below what any of them may take. */
const STEP_MS = 1_000
const HOUR_MS = 3_600_000
/** After a fault it is looked closely for so long. */
const CLOSELY_MS = 150_000
/** What waits for longer than this waits for time to pass, not for an answer. */
const STUCK_MS = 250
/** By then everything is warm, and the rings of what was seen last are full. */
const WARM_HOURS = 1
/** Rounds to be compared: fewer say nothing. */
const LEAST_SAMPLES = 6
const DESCRIPTORS = '/proc/self/fd'
const NAMES = ['direct', 'tunnelled'] as const

export interface SoakSample {
  readonly hour: number
  readonly heapMiB: number
  /** Sockets, pipes, processes and timers that this process has, as Node counts them. */
  readonly handles: number
  /** Files and sockets, also those that keep nothing alive; 0 where the system has no `/proc`. */
  readonly descriptors: number
  /** Timers of the engine's own. */
  readonly timers: number
  readonly postgres: number
  readonly redis: number
  readonly ssh: number
}

export interface Soak {
  readonly looks: number
  /** Of driven clock. */
  readonly hours: number
  readonly faults: number
  readonly seconds: number
  /** After each round, when everything was well again after its fault; the first ones are left out. */
  readonly samples: readonly SoakSample[]
  /** The most connections to PostgreSQL at once, faults included. */
  readonly mostPostgres: number
  /** Node's warnings, as of too many listeners on something. */
  readonly warnings: readonly string[]
}

/**
 * @param everyHours how much time passes between two faults
 * @param seconds after which no further round begins, however many are left
 * @param plant called each round; for a test of this test, which leaves something behind there
 */
export async function soak({
  hours,
  everyHours = 1,
  seconds = Number.POSITIVE_INFINITY,
  plant = () => {},
}: {
  readonly hours: number
  readonly everyHours?: number
  readonly seconds?: number
  readonly plant?: () => void
}): Promise<Soak> {
  const releases: (() => unknown)[] = []
  const warnings: string[] = []
  const onWarning = (warning: Error): void => {
    if (warning.name !== 'ExperimentalWarning') warnings.push(`${warning.name}: ${warning.message}`)
  }
  process.on('warning', onWarning)
  releases.push(() => process.off('warning', onWarning))
  try {
    const home = createTemporaryDirectory('soak')
    releases.push(() => home.remove())
    const [postgres, redis, bastion, service] = await Promise.all([
      startPostgres(),
      startRedis(),
      startSshd(),
      startService(),
    ])
    releases.push(() => Promise.all([postgres.stop(), redis.stop(), bastion.stop(), service.stop()]))
    const weathers = await Promise.all(
      [postgres.port, redis.port, service.port, bastion.port].map((port) =>
        startWeather({ to: { host: '127.0.0.1', port } }),
      ),
    )
    releases.push(() => Promise.all(weathers.map((weather) => weather.stop())))
    const [postgresPort, redisPort, servicePort, sshPort] = weathers.map(({ port }) => port)

    const clock = createDrivenClock(Date.now())
    const dataDirectory = join(home.path, 'data')
    mkdirSync(dataDirectory, { mode: 0o700 })
    const vault = await openSealedFile({
      path: join(dataDirectory, 'vault.json'),
      keyFile: join(home.path, 'vault.key'),
      clock,
    })
    await vault.set('pg', postgres.password)
    await vault.set('redis', redis.password)
    const engine = await createEngine({
      dataDirectory,
      vault,
      historyWorker: new URL('../../src/main/engine/metrics/worker.ts', import.meta.url),
      backupWorker: new URL('../../src/main/engine/backups/worker/worker.ts', import.meta.url),
      clock,
      log: silentLog,
    })
    releases.push(async () => {
      const stopped = engine.stop()
      // What its end waits for, at most, is time.
      await Promise.race([stopped, passTime(clock)])
      await stopped
    })
    for (const name of NAMES) {
      const isDirect = name === 'direct'
      const at = (weathered: number | undefined, own: number) =>
        `127.0.0.1:${isDirect ? (weathered ?? own) : own}`
      await engine.deployments.save(
        {
          name,
          environment: 'staging',
          services: [{ name: 'api', url: `http://${at(servicePort, service.port)}` }],
          postgres: {
            url: `postgresql://postgres@${at(postgresPort, postgres.port)}/postgres`,
            password: 'secret:pg',
          },
          redis: [{ name: 'cache', url: `redis://${at(redisPort, redis.port)}/0`, password: 'secret:redis' }],
          hosts: [isDirect ? { name: 'here', over: 'local' } : { name: 'server', over: 'ssh' }],
          ...(isDirect
            ? {}
            : {
                ssh: {
                  hops: [
                    {
                      host: '127.0.0.1',
                      port: sshPort ?? bastion.port,
                      user: bastion.user,
                      key: `file:${bastion.clientKeyPath}`,
                    },
                  ],
                },
              }),
        },
        null,
      )
    }
    await engine.hostKeys.accept(`127.0.0.1:${sshPort}`, bastion.hostFingerprint)
    await engine.start()

    const counter = await postgres.connect()
    counter.on('error', () => {})
    let counting = counter
    releases.push(() => counting.end().catch(() => {}))
    const countPostgres = async (): Promise<number> => {
      const { rows } = await counting.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'vakhta'",
      )
      return rows[0]?.n ?? 0
    }
    const countRedis = async (): Promise<number> => {
      const client = await redis.connect()
      try {
        return String(await client.call('CLIENT', 'LIST'))
          .split('\n')
          .filter((line) => / name=vakhta /.test(line)).length
      } finally {
        client.disconnect()
      }
    }

    /** Until no look is under way, or it is time that they wait for. */
    async function quiet(): Promise<void> {
      const deadline = performance.now() + STUCK_MS
      while ((await engine.condition()).looks.running > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    async function pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; ) {
        const step = Math.min(left, Math.max(STEP_MS, clock.nextIn() ?? STEP_MS))
        await clock.advance(step)
        await quiet()
        left -= step
      }
    }
    const isWell = (): boolean =>
      NAMES.every(
        (name) =>
          engine.connection(name).hops.every(({ status }) => status === 'CONNECTED') &&
          engine.live.latest(name).length === seriesOf(engine, name) &&
          engine.live
            .latest(name)
            .every(({ values }) => Object.values(values).some((value) => value !== null)),
      )

    const faults: (() => Promise<unknown> | unknown)[] = [
      () => weathers.forEach((weather) => void weather.cut()),
      () => bastion.restart(),
      () => redis.restart(),
      () => weathers.forEach((weather) => void weather.abandon()),
      async () => {
        await counting.end()
        await postgres.restart()
        counting = await postgres.connect()
      },
      () => bastion.cut(),
    ]
    const collect = collector()
    const samples: SoakSample[] = []
    const began = performance.now()
    const isTimeLeft = (): boolean =>
      samples.length < LEAST_SAMPLES || performance.now() - began < seconds * 1_000
    const restMs = (everyHours * HOUR_MS - CLOSELY_MS) / 2
    let mostPostgres = 0
    let hour = 0
    for (let round = 1; hour < hours && isTimeLeft(); round += 1) {
      hour = round * everyHours
      await pass(restMs)
      await faults[round % faults.length]?.()
      for (let passed = 0; passed < CLOSELY_MS; passed += 5_000) {
        await pass(5_000)
        mostPostgres = Math.max(mostPostgres, await countPostgres())
      }
      await pass(restMs)
      plant()
      await until(
        async () => {
          await pass(STEP_MS)
          return isWell()
        },
        { timeoutMs: 20_000, everyMs: 1, what: `everything well after the fault of hour ${hour}` },
      )
      if (hour <= WARM_HOURS) continue
      collect()
      samples.push({
        hour,
        heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
        handles: process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate').length,
        descriptors: existsSync(DESCRIPTORS) ? readdirSync(DESCRIPTORS).length : 0,
        timers: clock.waiting(),
        postgres: await countPostgres(),
        redis: await countRedis(),
        ssh: bastion.sessions(),
      })
    }
    const { looks } = await engine.condition()
    return {
      looks: looks.total,
      hours: hour,
      faults: Math.round(hour / everyHours),
      seconds: (performance.now() - began) / 1_000,
      samples,
      mostPostgres,
      warnings,
    }
  } finally {
    for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release()
  }
}

/** What is wrong with how a soak went; nothing where it stayed flat. */
export function leaksOf({ samples, mostPostgres, warnings }: Soak): string[] {
  const third = Math.floor(samples.length / 3)
  const [early, late] = [samples.slice(0, third), samples.slice(-third)]
  const least = (of: readonly SoakSample[], what: keyof SoakSample): number =>
    Math.min(...of.map((sample) => sample[what]))
  const found: string[] = []
  // The least of several: what is alive only for a moment is in some samples and not in others.
  const grown = least(late, 'heapMiB') - least(early, 'heapMiB')
  const allowed = 1 + least(early, 'heapMiB') * 0.02
  if (grown > allowed) found.push(`heap: ${grown.toFixed(1)} MiB more, ${allowed.toFixed(1)} allowed`)
  for (const what of ['handles', 'descriptors', 'timers'] as const) {
    const more = least(late, what) - least(early, what)
    if (more > 1) found.push(`${what}: ${more} more`)
  }
  for (const { hour, postgres, redis, ssh } of samples) {
    // Nobody asks anything: the second connection to PostgreSQL is not there.
    if (postgres !== NAMES.length || redis !== NAMES.length || ssh !== 1) {
      found.push(`hour ${hour}: ${postgres} connections to PostgreSQL, ${redis} to Redis, ${ssh} to sshd`)
    }
  }
  if (mostPostgres > 2 * NAMES.length) found.push(`${mostPostgres} connections to PostgreSQL at once`)
  return [...found, ...warnings]
}

/** A line for people. */
export function soakLine({ looks, hours, faults, seconds, samples }: Soak): string {
  const range = (what: keyof SoakSample, digits = 0): string => {
    const values = samples.map((sample) => sample[what])
    return `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`
  }
  return (
    `${hours} h of driven clock, ${faults} faults, ${looks} looks in ${seconds.toFixed(0)} s: ` +
    `heap ${range('heapMiB', 1)} MiB, handles ${range('handles')}, descriptors ${range('descriptors')}, timers ${range('timers')}, ` +
    `connections: PostgreSQL ${range('postgres')}, Redis ${range('redis')}, SSH ${range('ssh')}`
  )
}

async function passTime(clock: ReturnType<typeof createDrivenClock>): Promise<void> {
  for (let round = 0; round < 20; round += 1) await clock.advance(500)
}

/** Collects garbage now, in whatever process this is. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('this Node lets nobody collect garbage')
  return () => {
    collect()
    collect()
  }
}

/** A service that is live and ready, with metrics that move. */
async function startService(): Promise<{ port: number; stop: () => Promise<void> }> {
  let requests = 0
  const server: Server = createServer((request, response) => {
    requests += 1
    if (request.url === '/metrics') response.end(`http_requests_total{status="200"} ${requests}\n`)
    else response.setHeader('content-type', 'application/json').end('{"status":"ok"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
