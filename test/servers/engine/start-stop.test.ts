// Start and stop of the whole engine: clean, and within their bounds in any weather.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { openFirewalledPort } from '../../support/firewalled-port.ts'
import { listenSilently } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import type { Order } from './children/watch-and-stop.ts'
import {
  ANY_MACHINE,
  afterwards,
  type Console,
  countPostgres,
  countRedis,
  hopOf,
  newDataDirectory,
  type Site,
  sockets,
  startConsole,
  startSite,
  statuses,
  untilHealthy,
  vaultOf,
} from './engine-kit.ts'

/** What `stop` promises. */
const STOP_MS = 5_000

let site: Site
let bastion: SshServer

beforeAll(async () => {
  ;[site, bastion] = await Promise.all([startSite(), startSshd()])
  await writeFile(join(bastion.directory, 'known_hosts'), `${bastion.knownHostsLine}\n`)
})
afterAll(async () => {
  await Promise.all([site?.stop(), bastion?.stop()])
})

/** `connections`: those that are open at it, where it can tell. */
interface Port {
  readonly port: number
  connections?(): number
  close(): Promise<void>
}

/** Stops, and gives how long that took. */
async function stopping({ engine }: Console): Promise<number> {
  const asked = performance.now()
  await engine.stop()
  return performance.now() - asked
}

/** That nothing of a stopped console is left: here, and at the servers. */
async function expectNothingLeft({ clock, engine }: Console): Promise<void> {
  expect(clock.timers(), 'timers').toBe(0)
  expect(await engine.condition()).toMatchObject({ ready: false, reason: 'stopped', looks: { running: 0 } })
  await until(() => bastion.sessions() === 0, { what: 'the end of the SSH connections' })
  await until(() => site.service.connections() === 0, { what: 'the end of the HTTP connections' })
  const postgres = await countPostgres(site.postgres)
  await until(async () => (await postgres()) === 0, { what: 'the end of the PostgreSQL connections' })
  await until(async () => (await countRedis(site.redis)) === 0, { what: 'the end of the Redis connection' })
  await postgres.client.end()
  await until(() => sockets() === socketsBefore, { what: 'the end of this process’ sockets' })
}
let socketsBefore = 0

/** Stops processes without their noticing; they go on after the test. */
function freeze(pids: readonly number[]): () => void {
  const thaw = () => {
    for (const pid of pids.toReversed()) process.kill(pid, 'SIGCONT')
  }
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  return thaw
}

const ssh = () => ({ hops: [hopOf(bastion)], knownHosts: `${bastion.directory}/known_hosts` })

describe('an engine', () => {
  it('stops within its bound and leaves nothing, and starts again on the same directory', async () => {
    socketsBefore = sockets()
    const dataDirectory = newDataDirectory()
    const profiles = [
      site.profile('direct', { hosts: [{ name: 'here', over: 'local' }] }),
      site.profile('hopped', { ssh: ssh(), hosts: [{ name: 'there', over: 'ssh' }] }),
    ]
    for (const run of [1, 2]) {
      const console = await startConsole({
        dataDirectory,
        secrets: site.secrets,
        profiles: run === 1 ? profiles.map((profile) => ({ ...profile, limits: ANY_MACHINE })) : [],
      })
      await Promise.all(['direct', 'hopped'].map((name) => untilHealthy(console.engine, name, 4)))
      expect(await console.engine.condition()).toMatchObject({ ready: true, reason: null })
      expect(await stopping(console)).toBeLessThan(1_500)
      await expectNothingLeft(console)
      expect(console.logged).toEqual([])
    }
  })

  it('lets its process end by itself', async () => {
    const child = fork(join(import.meta.dirname, 'children/watch-and-stop.ts'), { execArgv: [] })
    afterwards(() => child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    const dataDirectory = newDataDirectory()
    const order: Order = {
      dataDirectory,
      vault: vaultOf(dataDirectory),
      secrets: site.secrets,
      profile: site.profile('shop'),
    }
    child.send(order)
    const [resources] = (await once(child, 'message')) as [string[]]
    // Its standard streams and the channel to here are its own; a socket, a timer or a worker would be the engine's.
    expect(resources.filter((kind) => !/^(PipeWrap|TTYWrap|FSReqCallback)$/.test(kind))).toEqual([])
    expect(await exited).toEqual([0, null])
  })

  it.each(['firewalled', 'silent'] as const)(
    'stops within its bound while everything that it watches is %s',
    async (weather) => {
      const open = async (): Promise<Port> => (weather === 'silent' ? listenSilently() : openFirewalledPort())
      const ports = await Promise.all([open(), open(), open(), open()])
      for (const port of ports) afterwards(() => port.close())
      socketsBefore = sockets()
      const [pg = 0, redis = 0, http = 0, hop = 0] = ports.map(({ port }) => port)
      const targets = (name: string) =>
        site.profile(name, {
          services: [{ name: 'api', url: `http://127.0.0.1:${http}` }],
          postgres: { url: `postgresql://postgres@127.0.0.1:${pg}/postgres`, password: 'secret:pg' },
          redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis}/0`, password: 'secret:redis' }],
        })
      const console = await startConsole({
        secrets: site.secrets,
        profiles: [
          targets('direct'),
          { ...targets('behind'), ssh: ssh() },
          { ...targets('far'), ssh: { hops: [{ ...hopOf(bastion), port: hop }, hopOf(bastion)] } },
        ],
      })
      // Each of the three has four series; all of them hang at once.
      await until(async () => (await console.engine.condition()).looks.running >= 10)
      expect(await stopping(console)).toBeLessThan(STOP_MS)
      await expectNothingLeft(console)
      for (const port of ports) await until(() => (port.connections?.() ?? 0) === 0)
    },
  )

  it('stops within its bound while its connections hang in the middle of a look', async () => {
    socketsBefore = sockets()
    const console = await startConsole({
      secrets: site.secrets,
      profiles: [site.profile('direct'), site.profile('hopped', { ssh: ssh() })],
    })
    await Promise.all(['direct', 'hopped'].map((name) => untilHealthy(console.engine, name, 3)))
    const thaw = freeze([...descendantsOf(site.postgres.pid), site.redis.pid, ...descendantsOf(bastion.pid)])
    try {
      await until(async () => (await console.engine.condition()).looks.running >= 4)
      expect(await stopping(console)).toBeLessThan(STOP_MS)
    } finally {
      thaw()
    }
    await expectNothingLeft(console)
  })

  it('may be told to stop twice, at once, before it was started, and never starts again', async () => {
    socketsBefore = sockets()
    const idle = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')], idle: true })
    expect(await idle.engine.condition()).toMatchObject({ ready: false, reason: 'not started' })
    await idle.engine.stop()
    await expect(idle.engine.start()).rejects.toThrow('stopped')
    await expectNothingLeft(idle)

    const console = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')] })
    await console.engine.start()
    // Whoever asks, and however often: it is over for all of them at the same time, and not before it is over.
    const ends = await Promise.all(
      [1, 2, 3].map(async () => {
        await console.engine.stop()
        return console.clock.timers()
      }),
    )
    expect(ends).toEqual([0, 0, 0])
    await expectNothingLeft(console)
  })

  it('says that it is not ready, and stops within its bound, while the disk holds its history up', async () => {
    const console = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')] })
    await untilHealthy(console.engine, 'shop', 3)
    const holder = new DatabaseSync(join(console.dataDirectory, 'metrics.db'))
    afterwards(() => holder.close())
    holder.exec('BEGIN IMMEDIATE')
    const condition = await until(async () => {
      const told = await console.engine.condition()
      return told.ready ? null : told
    })
    expect(condition).toMatchObject({
      reason: expect.stringContaining('history'),
    })
    expect(await stopping(console)).toBeLessThan(STOP_MS)
    expect(console.clock.timers()).toBe(0)
  })

  it('answers those who wait for changes when it stops', async () => {
    const console = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')] })
    const never = new AbortController().signal
    const { cursor } = await console.engine.changes({ topics: ['console'], cursor: null, waitMs: 0 }, never)
    const waiting = console.engine.changes({ topics: ['console'], cursor, waitMs: 25_000 }, never)
    await stopping(console)
    expect(await waiting).toMatchObject({ changes: [], reset: false })
    expect(console.clock.timers()).toBe(0)
  })

  it('refuses a directory that another console uses, and leaves that one alone', async () => {
    const first = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')] })
    await expect(startConsole({ dataDirectory: first.dataDirectory })).rejects.toMatchObject({
      code: 'occupied',
    })
    await untilHealthy(first.engine, 'shop', 3)
    expect(statuses(first.engine, 'shop')).toMatchObject({ 'pool/postgres': 'HEALTHY' })
  })
})
