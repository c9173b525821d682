/** One running demo deployment: its database, its Redis, its service process, its traffic, and the way to it. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Archive } from './archive.ts'
import { type Front, startFront } from './front.ts'
import type { DeploymentName } from './profiles.ts'
import { type DemoQueue, startQueue } from './queue.ts'
import { createDatabaseFor, type DatabaseRoles } from './schema.ts'
import { freePort } from './servers/free-port.ts'
import type { PostgresServer } from './servers/postgres.ts'
import { type RedisServer, startRedis } from './servers/redis.ts'
import { onFreePort, ServerDidNotStart, startServerProcess } from './servers/server-process.ts'
import { mountSmallDisk, type SmallDisk, whyNoSmallDisk } from './servers/small-disk.ts'
import { type SshServer, startSshd } from './servers/sshd.ts'
import {
  type FromService,
  type ServiceFault,
  type ServiceSettings,
  type ToService,
  VERSIONS,
} from './service/settings.ts'
import { startTraffic, type Traffic } from './traffic.ts'
import { type DemoWays, startWays } from './ways.ts'

/** Connections that a demo service opens at most. */
export const POOL_SIZE = 8

/** Room for two snapshots of all that Redis may hold: one takes the place of the other when it is whole. */
const DISK_BYTES = 48 << 20

export interface DemoDeployment {
  readonly name: DeploymentName
  /** The service itself, with no weather before it. */
  readonly serviceUrl: string
  /** Where the service logs, JSON a line. */
  readonly logFile: string
  readonly postgres: PostgresServer
  readonly roles: DatabaseRoles
  /** Where that server archives its WAL. */
  readonly archive: Archive
  readonly redis: RedisServer
  /** What that Redis saves to; `null` where no small disk can be had. */
  readonly disk: SmallDisk | null
  /** Celery's, in that Redis; `null`: it has none. */
  readonly queue: DemoQueue | null
  /** TLS before the service; `null`: it is reached without. */
  readonly front: Front | null
  /** The bastion first; empty where the deployment is reached directly. */
  readonly chain: readonly SshServer[]
  /** How the console gets to it; its users and the service itself have ways of their own. */
  readonly ways: DemoWays
  readonly traffic: Traffic
  /** Deploys a release of the service: the running process ends, another begins on the same port. */
  deploy(version: string): Promise<void>
  /** Has the service itself begin or end a fault. */
  tellService(fault: ServiceFault, on: boolean): Promise<void>
  stop(): Promise<void>
}

export async function startDeployment(options: {
  readonly name: DeploymentName
  readonly hops: number
  readonly postgres: PostgresServer
  readonly archive: Archive
  /** Whether the console reaches the service over TLS. */
  readonly encrypted: boolean
  /** Whether tasks are queued in its Redis. */
  readonly queued: boolean
  /** Where the service's log is kept. */
  readonly logDirectory: string
  readonly peakPerSecond: number
}): Promise<DemoDeployment> {
  const { name, hops, postgres, archive, logDirectory, peakPerSecond } = options
  const roles: DatabaseRoles = {
    application: { user: name, password: newPassword() },
    owner: { user: `${name}_owner`, password: newPassword() },
  }
  const disk = whyNoSmallDisk() === null ? mountSmallDisk(DISK_BYTES) : null
  const [redis, chain] = await Promise.all([
    startRedis({
      ...(disk === null ? {} : { dataDirectory: disk.directory }),
      config: {
        maxmemory: '16mb',
        'maxmemory-policy': 'allkeys-lru',
        save: '300 1',
        'slowlog-log-slower-than': 10_000,
      },
    }),
    Promise.all(Array.from({ length: hops }, () => startSshd())),
    createDatabaseFor(postgres, name, roles),
  ])
  const logFile = join(logDirectory, `${name}.log`)
  const release = (version: string, on: number) =>
    startService(logFile, {
      name,
      version,
      port: on,
      poolSize: POOL_SIZE,
      postgres: { port: postgres.port, database: name, ...roles.application },
      redis: { port: redis.port, password: redis.password },
    })
  const started = await onFreePort(freePort, async (candidate) => ({
    port: candidate,
    service: await release(VERSIONS.good, candidate),
  }))
  const { port } = started
  let { service } = started
  const serviceUrl = `http://127.0.0.1:${port}`
  const front = options.encrypted ? await startFront(port) : null
  const ways = await startWays({
    service: front?.port ?? port,
    postgres: postgres.port,
    redis: redis.port,
    chain,
  })
  const queue = options.queued ? startQueue(redis) : null
  const traffic = startTraffic({ url: serviceUrl, peakPerSecond })
  return {
    name,
    serviceUrl,
    logFile,
    postgres,
    archive,
    roles,
    redis,
    disk,
    queue,
    front,
    chain,
    ways,
    traffic,
    async deploy(version) {
      await service.stop()
      service = await release(version, port)
    },
    tellService: (fault, on) => service.ask({ kind: 'fault', fault, on }),
    async stop() {
      traffic.stop()
      await queue?.stop()
      await ways.stop()
      await front?.stop()
      await service.stop()
      await Promise.all([redis.stop(), ...chain.map((sshd) => sshd.stop())])
      disk?.release()
    },
  }
}

/** Starts the service's process and waits until it serves. */
async function startService(logFile: string, settings: ServiceSettings) {
  const { name } = settings
  const service = startServerProcess({
    name: `the service of ${name}`,
    command: process.execPath,
    args: ['--max-old-space-size=96', join(import.meta.dirname, 'service/main.ts')],
    logFile,
    stopSignal: 'TERM',
    env: { PATH: process.env.PATH, TZ: process.env.TZ, NODE_ENV: 'production' },
    ipc: true,
  })
  // One question at a time: answers come in order and carry no number.
  let last: Promise<unknown> = Promise.resolve()
  const ask = (message: ToService): Promise<void> => {
    const answer = last.then(async () => {
      service.child.send(message)
      const waiting = new AbortController()
      const first = await Promise.race([
        once(service.child, 'message', { signal: waiting.signal }).then(([heard]) => heard as FromService),
        service.ended.then((how): FromService => ({ kind: 'failed', message: `it ended by ${how}` })),
      ])
      waiting.abort()
      if (first.kind === 'failed') {
        throw new ServerDidNotStart(`the service of ${name}: ${first.message} (its log: ${logFile})`)
      }
    })
    last = answer.catch(() => {})
    return answer
  }
  try {
    await ask({ kind: 'start', settings })
  } catch (error) {
    await service.kill()
    throw error
  }
  return { ask, stop: () => service.stop() }
}

export function newPassword(): string {
  return randomBytes(18).toString('base64url')
}
