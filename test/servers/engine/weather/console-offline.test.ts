// A console whose own network goes: nothing outside is said to be down, and a person is told once.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startPostgres } from '../../../../demo/servers/postgres.ts'
import { startRedis } from '../../../../demo/servers/redis.ts'
import { startSshd } from '../../../../demo/servers/sshd.ts'
import { countBackends } from '../../../support/backend-counter.ts'
import { moreThan } from '../../../support/connection-counter.ts'
import {
  cannotSeparate,
  createNetworkNamespace,
  type NetworkNamespace,
} from '../../../support/network-namespace.ts'
import { until } from '../../../support/until.ts'
import type { Told, WatchOrder } from '../children/watch-and-tell.ts'
import { afterwards, countPostgres, hopOf, newDataDirectory, vaultOf } from '../engine-kit.ts'
import { countHeld, MOST, TARGETS } from './held.ts'

const SERIES = 6

/** Servers on all addresses, and who watches them directly and through a bastion. */
async function startOrder({ here, subnet }: NetworkNamespace) {
  const [postgres, redis, bastion] = await Promise.all([
    startPostgres({ settings: { listen_addresses: "'0.0.0.0'" } }),
    startRedis({ config: { bind: '0.0.0.0' } }),
    startSshd({ config: { ListenAddress: '0.0.0.0' } }),
  ])
  for (const server of [postgres, redis, bastion]) afterwards(() => server.stop())
  await postgres.admit(`host all all ${subnet} trust`)
  const service = createServer((_request, response) => response.end('{"status":"ok"}'))
  await new Promise<void>((resolve) => service.listen(0, '0.0.0.0', resolve))
  afterwards(() => {
    service.closeAllConnections()
    service.close()
  })
  const { port } = service.address() as AddressInfo
  const profileAt = (name: string, address: string) => ({
    name,
    environment: 'staging',
    services: [{ name: 'api', url: `http://${address}:${port}`, metrics: null }],
    postgres: { url: `postgresql://postgres@${address}:${postgres.port}/postgres`, password: 'secret:pg' },
    redis: [{ name: 'cache', url: `redis://${address}:${redis.port}/0`, password: 'secret:redis' }],
    limits: { redis_latency_ms: { warning: 3_000 } },
  })
  const dataDirectory = newDataDirectory()
  const ports = { postgres: postgres.port, redis: redis.port, service: port }
  const backends = countBackends(postgres.directory, 'postgres')
  await backends.begun
  afterwards(() => backends.stop())
  const order: WatchOrder = {
    dataDirectory,
    vault: vaultOf(dataDirectory),
    secrets: { pg: postgres.password, redis: redis.password },
    profiles: [
      profileAt('direct', here),
      {
        ...profileAt('tunnelled', '127.0.0.1'),
        ssh: { hops: [{ ...hopOf(bastion), host: here }] },
      },
    ] as WatchOrder['profiles'],
    hostKeys: [{ host: `${here}:${bastion.port}`, fingerprint: bastion.hostFingerprint }],
    // The other's are dialled by the bastion.
    count: Object.values(ports),
  }
  return { order, ports, backends, connections: await countPostgres(postgres) }
}

async function watchInside(network: NetworkNamespace, order: WatchOrder) {
  const script = fileURLToPath(new URL('../children/watch-and-tell.ts', import.meta.url))
  const child = network.spawn(script, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(child, 'exit')
  afterwards(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const ask = async (question: object, withinMs = 10_000): Promise<Told> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(withinMs) })
    child.send(question)
    return (await answer)[0] as Told
  }
  // A process that begins, with everything that it loads.
  await ask(order, 60_000)
  return { told: () => ask({}), stop: () => ask({ stop: true }) }
}

/** The latest status of each series, as often as there are series. */
function latest({ observed }: Told): string[] {
  const newest = new Map(observed.map((one) => [`${one.deployment} ${one.probe}`, one.status]))
  return [...newest.values()]
}

const words = ({ observed }: Told, since: number) =>
  observed
    .filter(({ at, status }) => at > since && status !== 'HEALTHY')
    .map(({ deployment, probe, status, reason }) => `${deployment} ${probe} ${status} ${reason.code}`)

it.skipIf(cannotSeparate !== null).each([
  ['for a moment', 1],
  ['until everything has been tried many times in vain', 2],
])(
  `calls nothing down while its own network is gone, %s, and says so once${cannotSeparate === null ? '' : ` (skipped: ${cannotSeparate})`}`,
  async (_howLong, rounds) => {
    const network = createNetworkNamespace(78)
    afterwards(network.remove)
    const { order, ports, backends, connections } = await startOrder(network)
    const { told, stop } = await watchInside(network, order)
    const all = async (status: string) => {
      const statuses = latest(await told())
      return statuses.length === SERIES && statuses.every((one) => one === status)
    }
    const untilAll = (status: string, timeoutMs: number) =>
      until(() => all(status), { timeoutMs, everyMs: 200 }).catch(async (error: unknown) => {
        throw new Error(`not all ${status}: ${words(await told(), 0).join('; ')}`, { cause: error })
      })
    await untilAll('HEALTHY', 30_000)
    const since = Date.now()
    const held = countHeld()
    for (const target of TARGETS) held.watch('tunnelled', target, ports[target], 'tunnels')

    network.unplug()
    await untilAll('UNOBSERVED', 30_000)
    // Goes on being tried, in vain; nothing more is said of it.
    const tired = Date.now() + (rounds - 1) * 10_000
    await until(() => Date.now() > tired, { timeoutMs: 60_000 })
    expect(await all('UNOBSERVED')).toBe(true)
    network.plugIn()
    await untilAll('HEALTHY', 100_000)

    const said = words(await told(), since)
    expect(said.filter((one) => !one.endsWith(' UNOBSERVED console-offline'))).toEqual([])
    expect(said).toHaveLength(SERIES)
    const { notices } = await told()
    expect(notices.map(({ reason }) => reason.code)).toEqual(['console-offline', 'console-online'])
    expect(await held.excess()).toEqual([])
    await until(async () => (await connections()) === order.profiles.length)
    // At the server, also those that it does not know to be gone; and who counts here is there too.
    expect(backends.most()).toBeLessThanOrEqual(2 * order.profiles.length + 1)

    const { counted, sockets } = await stop()
    expect(counted.map(({ port }) => port)).toEqual(Object.values(ports))
    for (const target of TARGETS) {
      const here = counted.filter(({ port }) => port === ports[target])
      expect(moreThan(MOST[target], here), target).toEqual([])
    }
    expect(sockets).toBe(0)
    await until(async () => (await connections()) === 0)
  },
  180_000,
)
