// Targets whose names lead elsewhere after a while, or nowhere: the next connection goes where they lead by then, nobody
// holds more than it may on the way, and nothing stays open at where they led before.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { freePort } from '../../../../demo/servers/free-port.ts'
import type { DeploymentProfileInput } from '../../../../src/shared/model/profile/deployment.ts'
import { Name } from '../../../../src/shared/model/profile/fields.ts'
import { until } from '../../../support/until.ts'
import type { Told, WatchOrder } from '../children/watch-and-tell.ts'
import { afterwards, newDataDirectory, startSite, vaultOf } from '../engine-kit.ts'
import { countHeld, TARGETS } from './held.ts'

type Target = (typeof TARGETS)[number]

/** What is watched by name, the probe that looks at it, and what that says while the name leads nowhere. */
const NAMED = {
  service: { host: 'api.vakhta.test', probe: 'health', nowhere: 'DOWN host-unknown' },
  postgres: { host: 'db.vakhta.test', probe: 'pool', nowhere: 'CRITICAL host-unknown' },
  redis: { host: 'cache.vakhta.test', probe: 'redis', nowhere: 'DISCONNECTED host-unknown' },
} as const
/** Two addresses of this machine; the tests' own clients come from a third. */
const FIRST = '127.0.0.1'
const SECOND = '127.0.0.3'
const STEADY = 'steady'
const cannotMount = whyNoMounts()

/** One address of a name: passes connections on to a server, until it falls silent. */
async function openAt(address: string, port: number, to: number) {
  const standing = new Set<Socket>()
  const place = { taken: 0, isSilent: false }
  const listener = createServer((client) => {
    place.taken += 1
    standing.add(client)
    client.on('error', () => {}).once('close', () => standing.delete(client))
    if (place.isSilent) {
      client.resume()
      return
    }
    const server = connect({ host: '127.0.0.1', port: to })
    server.on('error', () => client.destroy()).once('close', () => client.destroy())
    client.once('close', () => server.destroy())
    client.on('data', (said) => place.isSilent || server.write(said))
    server.on('data', (said) => place.isSilent || client.write(said))
  })
  await new Promise<void>((resolve) => listener.listen(port, address, resolve))
  const hangUp = () => {
    for (const client of standing) client.destroy()
  }
  afterwards(() => {
    hangUp()
    listener.close()
  })
  return Object.assign(place, { hangUp, standing: () => standing.size })
}

/** A console in a mount namespace whose hosts file alone says where names lead. */
async function watchThere(order: WatchOrder, files: { hosts: string; switches: string }) {
  const script = fileURLToPath(new URL('../children/watch-and-tell.ts', import.meta.url))
  const mounts = 'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/nsswitch.conf && exec "$3" "$4"'
  const child = spawn(
    'unshare',
    ['--mount', 'sh', '-c', mounts, 'sh', files.hosts, files.switches, process.execPath, script],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  const exited = once(child, 'exit')
  afterwards(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const ask = async (question: object): Promise<Told> => {
    const answer = once(child, 'message', { signal: AbortSignal.timeout(10_000) })
    child.send(question)
    return (await answer)[0] as Told
  }
  await ask(order)
  return { told: () => ask({}), stop: () => ask({ stop: true }) }
}

it.skipIf(cannotMount !== null)(
  `follows names to their new addresses, also when the old ones fall silent, and says when they lead nowhere${cannotMount === null ? '' : ` (skipped: ${cannotMount})`}`,
  async () => {
    const site = await startSite()
    afterwards(() => site.stop())
    const ports = { postgres: await freePort(), redis: await freePort(), service: await freePort() }
    const openAll = async (address: string) => {
      const open = (target: Target) => openAt(address, ports[target], site[target].port)
      return { postgres: await open('postgres'), redis: await open('redis'), service: await open('service') }
    }
    const first = await openAll(FIRST)
    const second = await openAll(SECOND)
    type Place = typeof first
    const each = (place: Place, act: (one: Place[Target]) => void) => {
      for (const target of TARGETS) act(place[target])
    }
    const dataDirectory = newDataDirectory()
    mkdirSync(dirname(dataDirectory), { recursive: true })
    const files = {
      hosts: join(dirname(dataDirectory), 'hosts'),
      switches: join(dirname(dataDirectory), 'nsswitch.conf'),
    }
    // Written in place: a file that takes its place would not be the one that is mounted.
    const leadTo = (address: string | null) =>
      writeFileSync(
        files.hosts,
        [
          `127.0.0.1 localhost ${STEADY}.vakhta.test`,
          ...TARGETS.flatMap((target) => (address === null ? [] : [`${address} ${NAMED[target].host}`])),
          '',
        ].join('\n'),
      )
    leadTo(FIRST)
    writeFileSync(files.switches, 'passwd: files\ngroup: files\nhosts: files\n')
    const profile: DeploymentProfileInput = {
      name: Name.parse('shop'),
      environment: 'staging',
      services: [
        { name: 'api', url: `http://${NAMED.service.host}:${ports.service}`, metrics: null },
        // While this one is well the console knows that it is not its own network that is gone.
        { name: STEADY, url: `http://${STEADY}.vakhta.test:${site.service.port}`, metrics: null },
      ],
      postgres: {
        url: `postgresql://postgres@${NAMED.postgres.host}:${ports.postgres}/postgres`,
        password: 'secret:pg',
      },
      redis: [
        { name: 'cache', url: `redis://${NAMED.redis.host}:${ports.redis}/0`, password: 'secret:redis' },
      ],
      limits: { redis_latency_ms: { warning: 3_000 } },
    }
    const { told, stop } = await watchThere(
      {
        dataDirectory,
        vault: vaultOf(dataDirectory),
        secrets: site.secrets,
        profiles: [profile],
        hostKeys: [],
      },
      files,
    )
    const last = ({ observed }: Told, target: Target) =>
      observed
        .filter((one) => one.probe === NAMED[target].probe && one.target !== STEADY)
        .toSorted((a, b) => a.at - b.at)
        .at(-1)
    const said = async () => {
      const now = await told()
      return TARGETS.map((target) => {
        const seen = last(now, target)
        return `${seen?.status} ${seen?.reason.code}`
      })
    }
    /** Every target was dialled there, and is well since. */
    const untilHealthyAt = async (place: Place) => {
      const before = TARGETS.map((target) => place[target].taken)
      const since = Date.now()
      await until(
        async () => {
          const now = await told()
          return TARGETS.every((target, at) => {
            const seen = last(now, target)
            return place[target].taken > (before[at] ?? 0) && seen?.status === 'HEALTHY' && seen.at >= since
          })
        },
        { timeoutMs: 45_000, everyMs: 100, what: 'health at the other address' },
      ).catch(async (error: unknown) => {
        throw new Error((await said()).join('; '), { cause: error })
      })
    }
    const held = countHeld()
    for (const target of TARGETS) held.watch('shop', target, ports[target], 'anybody')
    await until(async () => (await said()).every((one) => one.startsWith('HEALTHY')), {
      timeoutMs: 30_000,
      everyMs: 100,
    })
    each(second, ({ taken }) => expect(taken).toBe(0))

    // The old addresses take connections still, and say nothing any more.
    leadTo(SECOND)
    each(first, (one) => {
      one.isSilent = true
    })
    await untilHealthyAt(second)
    await until(() => TARGETS.every((target) => first[target].standing() === 0))

    leadTo(null)
    each(second, ({ hangUp }) => hangUp())
    await until(
      async () => (await said()).every((one, at) => one === NAMED[TARGETS[at] ?? 'service'].nowhere),
      {
        timeoutMs: 30_000,
        everyMs: 100,
      },
    ).catch(async (error: unknown) => {
      throw new Error((await said()).join('; '), { cause: error })
    })
    leadTo(FIRST)
    each(first, (one) => {
      one.isSilent = false
    })
    await untilHealthyAt(first)
    expect(await held.excess()).toEqual([])

    expect((await stop()).sockets).toBe(0)
    await until(() =>
      [first, second].every((place) => TARGETS.every((target) => place[target].standing() === 0)),
    )
  },
  150_000,
)

function whyNoMounts(): string | null {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'pipe' })
    return null
  } catch {
    return 'no mount namespace can be made here'
  }
}
