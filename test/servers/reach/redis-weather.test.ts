import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RedisOptions, type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { startWeather } from '../../../demo/servers/weather.ts'
import { redis } from '../../../src/main/engine/probes/redis/index.ts'
import {
  type ConnectionCounter,
  createConnectionCounter,
  moreThan,
} from '../../support/connection-counter.ts'
import { listenWith } from '../../support/ports.ts'
import { oursAt } from '../../support/redis-clients.ts'
import { until } from '../../support/until.ts'
import { type Watcher, watch } from '../probes/probe-kit.ts'
import { createKit, failureOf, type Kit, soon } from './reach-kit.ts'

let kit: Kit
let counter: ConnectionCounter
/** How many reaches watch the same server in a test: each holds one connection. */
let reaches = 1
const closers: (() => unknown)[] = []

beforeAll(() => {
  counter = createConnectionCounter()
})
afterAll(() => counter.stop())
beforeEach(async () => {
  kit = await createKit()
  reaches = 1
})
afterEach(async () => {
  // Whatever befell the server: never two connections of a reach to it, not for a moment.
  const counted = await counter.taken()
  expect(moreThan(reaches, counted)).toEqual([])
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options)
  closers.push(() => server.stop())
  return server
}

async function open(server: RedisServer) {
  const client = await server.connect()
  closers.push(() => client.disconnect())
  return client
}

type Part = Record<string, unknown>
const profileOf = (server: { port: number }, part: Part = {}) => ({
  redis: [{ name: 'cache', url: `redis://127.0.0.1:${server.port}`, password: 'secret:redis', ...part }],
})

/** Looks again and again at a server, with its own password. */
function watching(server: { port: number; password?: string }, part: Part = {}) {
  const { password = '' } = server
  kit.secrets.set('redis', password)
  counter.watch(server.port)
  const profile = profileOf(server, password === '' ? { password: undefined, ...part } : part)
  const reach = kit.reach(profile)
  return { reach, session: reach.redis('cache'), watcher: watch(redis, kit.profile(profile), reach) }
}

const lookUntil = (watcher: Watcher, code: string, timeoutMs = 20_000) =>
  until(
    async () => {
      const look = await watcher.look()
      return look.reason.code === code && look
    },
    { timeoutMs, what: code },
  )

describe('a Redis that serves nobody', () => {
  it('loads its data: how far it is, and well the moment that it is done', async () => {
    const server = await start({ config: { 'enable-debug-command': 'yes', save: '3600 1' } })
    const client = await open(server)
    const { watcher, reach } = watching(server)
    await lookUntil(watcher, 'redis-healthy')
    await client.call('DEBUG', ['POPULATE', 1_500])
    // A millisecond for each key: long enough to be seen.
    await client.config('SET', 'key-load-delay', 1_000)
    await client.config('SET', 'loading-process-events-interval-bytes', 1_024)
    const loaded = client.call('DEBUG', ['RELOAD'])
    const loading = await lookUntil(watcher, 'redis-loading-progress')
    expect(loading.status).toBe('DISCONNECTED')
    expect(loading.values).toMatchObject({ redis_connected: 0, redis_latency_ms: null })
    expect(loading.values.redis_memory_used_bytes).toBeGreaterThan(0)
    expect(reach.connection().status).toBe('CONNECTED')
    await loaded
    expect((await lookUntil(watcher, 'redis-healthy')).values.redis_keys_total).toBe(1_500)
    expect(await oursAt(server)).toBe(1)
  }, 40_000)

  it('runs a script that does not end', async () => {
    const server = await start({ config: { 'busy-reply-threshold': 20 } })
    const [runner, killer] = [await open(server), await open(server)]
    const { watcher, reach } = watching(server)
    await lookUntil(watcher, 'redis-healthy')
    const script = runner.call('EVAL', ['while true do end', 0]).catch(() => 'killed')
    const busy = await lookUntil(watcher, 'redis-busy')
    expect(busy).toMatchObject({ status: 'DISCONNECTED', values: { redis_connected: 0 } })
    expect(reach.connection().status).toBe('CONNECTED')
    await killer.call('SCRIPT', ['KILL'])
    expect(await script).toBe('killed')
    await lookUntil(watcher, 'redis-healthy')
  })

  it('hangs: the connection is given up, one is made anew, and there are never two', async () => {
    const server = await start()
    const { watcher } = watching(server)
    await lookUntil(watcher, 'redis-healthy')
    server.freeze()
    const hung = await lookUntil(watcher, 'redis-answer-missing')
    expect(hung).toMatchObject({ status: 'DISCONNECTED', values: { redis_connected: 0 } })
    server.thaw()
    await lookUntil(watcher, 'redis-healthy')
    await until(async () => (await oursAt(server)) === 1)
  }, 40_000)

  it('pauses its clients: a short pause is only slow, a long one is none that answers', async () => {
    const server = await start()
    const client = await open(server)
    const { watcher } = watching(server, {})
    await lookUntil(watcher, 'redis-healthy')
    await client.call('CLIENT', ['PAUSE', 400, 'ALL'])
    const slow = await watcher.look()
    expect(slow).toMatchObject({ status: 'WARNING', reason: { code: 'redis-latency-high' } })
    await lookUntil(watcher, 'redis-healthy')
    await client.call('CLIENT', ['PAUSE', 5_000, 'ALL'])
    await lookUntil(watcher, 'redis-answer-missing')
    await lookUntil(watcher, 'redis-healthy')
    expect(await oursAt(server)).toBe(1)
  }, 40_000)

  it('is a replica that lost its primary and serves nothing stale', async () => {
    const primary = await start()
    const replica = await start({
      password: primary.password,
      config: {
        masterauth: primary.password,
        replicaof: `127.0.0.1 ${primary.port}`,
        'replica-serve-stale-data': 'no',
        'repl-diskless-sync-delay': 0,
      },
    })
    const { watcher, reach } = watching(replica)
    const following = await lookUntil(watcher, 'redis-healthy-replica')
    expect(following.reason.params.primary).toBe(`127.0.0.1:${primary.port}`)
    expect(following.values.redis_replication_lag_seconds).toBeLessThan(15)
    await primary.halt()
    const lost = await lookUntil(watcher, 'redis-primary-down')
    expect(lost).toMatchObject({ status: 'DISCONNECTED', values: { redis_connected: 0 } })
    expect(lost.evidence?.facts).toMatchObject({ role: 'replica' })
    expect(reach.connection().status).toBe('CONNECTED')
    await primary.restart()
    await lookUntil(watcher, 'redis-healthy-replica')
  }, 40_000)
})

describe('a Redis that serves, but not all that it should', () => {
  it('cannot save, so that it refuses writes', async () => {
    const server = await start({ config: { save: '3600 1' } })
    const client = await open(server)
    const { watcher } = watching(server)
    await lookUntil(watcher, 'redis-healthy')
    const inTheWay = join(server.directory, 'dump.rdb')
    await mkdir(inTheWay)
    await client.bgsave()
    const failing = await lookUntil(watcher, 'redis-writes-refused')
    expect(failing).toMatchObject({
      status: 'CRITICAL',
      values: { redis_connected: 1, redis_last_save_ok: 0 },
    })
    await expect(client.set('a', 'b')).rejects.toThrow(/MISCONF/)
    // Whoever begins to watch it now gets in as well.
    const second = await createKit()
    reaches = 2
    second.secrets.set('redis', server.password)
    const late = second.reach(profileOf(server))
    await until(() => late.connection().status === 'CONNECTED')
    await late.close()
    await rmdir(inTheWay)
    await client.bgsave()
    await lookUntil(watcher, 'redis-healthy')
  })

  it('has no memory left, and nothing may be evicted', async () => {
    const server = await start({ config: { maxmemory: '4mb', 'maxmemory-policy': 'noeviction' } })
    const client = await open(server)
    const { watcher } = watching(server)
    await watcher.look()
    const chunk = 'x'.repeat(100_000)
    let key = 0
    await until(() =>
      client.set(`key${key++}`, chunk).then(
        () => false,
        (error: Error) => error.message.startsWith('OOM'),
      ),
    )
    const full = await until(async () => {
      await client.set('more', chunk).catch(() => {})
      const look = await watcher.look()
      return look.reason.code === 'redis-out-of-memory' && look
    })
    expect(full).toMatchObject({ status: 'CRITICAL', values: { redis_connected: 1 } })
    await client.flushall()
    await until(async () => (await watcher.look()).reason.code !== 'redis-out-of-memory')
  })

  it('has no connection left: who is in stays in, who is not is told so and gets in when there is room', async () => {
    const server = await start({ config: { maxclients: 10 } })
    const { watcher } = watching(server)
    await lookUntil(watcher, 'redis-healthy')
    const others = []
    for (;;) {
      const client = await server.connect().catch(() => null)
      if (client === null) break
      others.push(client)
    }
    const full = await lookUntil(watcher, 'redis-clients-full')
    expect(full).toMatchObject({ status: 'CRITICAL', reason: { params: { most: 10 } } })
    const second = await createKit()
    reaches = 2
    second.secrets.set('redis', server.password)
    const late = second.reach(profileOf(server))
    const failure = await failureOf(late.redis('cache').command('PING', [], soon()))
    expect(failure).toMatchObject({ code: 'redis-too-many-clients', recovery: 'by-itself' })
    for (const client of others) client.disconnect()
    await until(() => late.redis('cache').command('PING', [], soon()))
    await lookUntil(watcher, 'redis-healthy')
    await late.close()
  })
})

describe('the network between', () => {
  it('is cut, falls silent and forgets connections: it is made anew each time, and there are never two', async () => {
    const server = await start()
    const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
    closers.push(() => weather.stop())
    counter.watch(server.port)
    const { watcher } = watching({ port: weather.port, password: server.password })
    await lookUntil(watcher, 'redis-healthy')
    expect(weather.cut()).toBe(1)
    await lookUntil(watcher, 'redis-healthy')
    weather.blackhole()
    expect((await lookUntil(watcher, 'redis-answer-missing')).values.redis_connected).toBe(0)
    await weather.fair()
    await lookUntil(watcher, 'redis-healthy')
    expect(weather.abandon()).toBe(1)
    await watcher.look()
    await lookUntil(watcher, 'redis-healthy')
    await until(async () => (await oursAt(server)) === 1)
  }, 60_000)
})

describe('our connection and who we are', () => {
  it('is made anew after it was killed', async () => {
    const server = await start()
    const client = await open(server)
    const { watcher } = watching(server)
    for (let round = 0; round < 2; round += 1) {
      await lookUntil(watcher, 'redis-healthy')
      expect(await client.call('CLIENT', ['KILL', 'TYPE', 'normal'])).toBe(1)
    }
    await lookUntil(watcher, 'redis-healthy')
    expect(await oursAt(server)).toBe(1)
  })

  it('stays while the password changes; at the next login that is refused once, and waits for a person', async () => {
    const server = await start()
    const client = await open(server)
    const { watcher, reach } = watching(server)
    await lookUntil(watcher, 'redis-healthy')
    await client.config('SET', 'requirepass', 'another')
    expect((await watcher.look()).status).toBe('HEALTHY')
    await client.call('CLIENT', ['KILL', 'TYPE', 'normal'])
    const refused = await lookUntil(watcher, 'redis-password-wrong')
    expect(refused).toMatchObject({ status: 'DISCONNECTED', values: { redis_connected: null } })
    for (let look = 0; look < 5; look += 1) await watcher.look()
    expect(/errorstat_WRONGPASS:count=(\d+)/.exec(await client.info('errorstats'))?.[1]).toBe('1')
    expect(reach.connection().status).toBe('REFUSED')
    kit.secrets.set('redis', 'another')
    reach.retry()
    await lookUntil(watcher, 'redis-healthy')
    await client.config('SET', 'requirepass', server.password)
  })
})

describe('commands that are missing', () => {
  it('are told by name, with the statement that allows them, and it does', async () => {
    const server = await start()
    const admin = await open(server)
    await admin.call('ACL', ['SETUSER', 'watch', 'on', '>right', '+auth'])
    kit.secrets.set('watch', 'right')
    const { watcher } = watching(server, {
      url: `redis://watch@127.0.0.1:${server.port}`,
      password: 'secret:watch',
    })
    const blind = await watcher.look()
    expect(blind).toMatchObject({ status: 'WARNING', reason: { code: 'redis-info-forbidden' } })
    const { forbidden, grant } = blind.evidence?.facts ?? {}
    expect(forbidden).toBe('PING, INFO, SLOWLOG, CONFIG')
    expect(grant).toBe('ACL SETUSER watch +ping +info +slowlog|get +config|get')
    const [command = '', ...rules] = String(grant).split(' ')
    await admin.call(command, rules)
    const seeing = await lookUntil(watcher, 'redis-healthy')
    // The setting is asked for again after a while.
    expect(seeing.evidence?.facts?.forbidden).toBeUndefined()
    await expect(admin.call('ACL', ['DRYRUN', 'watch', 'CONFIG', 'SET', 'save', ''])).resolves.toMatch(
      /no permissions/,
    )
  })

  it('are told apart from those that were renamed away', async () => {
    const server = await start({
      config: { 'rename-command INFO': '""', 'rename-command SLOWLOG': '""', 'rename-command CONFIG': 'CFG' },
    })
    const { watcher } = watching(server)
    const blind = await watcher.look()
    expect(blind).toMatchObject({ status: 'WARNING', reason: { code: 'redis-info-renamed' } })
    expect(blind.values).toMatchObject({ redis_connected: 1, redis_memory_used_bytes: null })
    expect(blind.values.redis_latency_ms).toBeGreaterThan(0)
    expect(blind.evidence?.facts).toEqual({ renamed: 'INFO, SLOWLOG, CONFIG' })
  })
})

describe('rubbish for an answer', () => {
  const MIB = 2 ** 20

  async function rubbish(answer: (said: string) => string | Buffer) {
    const port = await listenWith(answer)
    closers.push(() => port.close())
    return port
  }

  it.each([
    { what: 'HTML', answer: 'HTTP/1.1 400 Bad Request\r\n\r\n<html>', code: 'redis-not-spoken' },
    { what: 'an absurd length', answer: '$99999999999\r\n', code: 'redis-answer-too-big' },
    { what: 'room for a billion items', answer: '*1000000000\r\n', code: 'redis-answer-too-big' },
    {
      what: 'lists that nest without end',
      answer: '*1\r\n'.repeat(200_000),
      code: 'redis-answer-too-big',
    },
    { what: 'a line without end', answer: '+'.padEnd(MIB, 'x'), code: 'redis-answer-too-big' },
    { what: 'answers that nobody asked for', answer: '+PONG\r\n'.repeat(10), code: 'redis-not-spoken' },
  ])('is $what: the connection is dropped, and no memory with it', async ({ answer, code }) => {
    const port = await rubbish(() => answer)
    const { watcher, session } = watching(port)
    const before = process.memoryUsage()
    expect(await failureOf(session.command('PING', [], soon()))).toMatchObject({ code, on: 'target' })
    const after = process.memoryUsage()
    expect(after.rss - before.rss).toBeLessThan(100 * MIB)
    expect((await watcher.look()).status).toBe('DISCONNECTED')
    await until(() => port.connections() === 0)
  })

  it('is a body that never ends: it is cut at its bound', async () => {
    const port = await rubbish((said) =>
      /INFO/i.test(said) ? `*60000\r\n${`$1000\r\n${'x'.repeat(1_000)}\r\n`.repeat(9_000)}` : answers(said),
    )
    const { watcher } = watching(port)
    expect((await watcher.look()).reason.code).toBe('redis-answer-too-big')
  })

  it('is INFO that is no UTF-8 and holds no figures: nothing is known, and nothing breaks', async () => {
    const port = await rubbish((said) =>
      /INFO/i.test(said)
        ? bulk(Buffer.from('# Memory\r\nused_memory:\xff\xfelots\r\n', 'latin1'))
        : answers(said),
    )
    const { watcher } = watching(port)
    const look = await watcher.look()
    expect(look.status).toBe('HEALTHY')
    expect(look.values).toMatchObject({ redis_connected: 1, redis_memory_used_bytes: null })
  })

  function bulk(body: Buffer): Buffer {
    return Buffer.concat([Buffer.from(`$${body.length}\r\n`), body, Buffer.from('\r\n*0\r\n')])
  }

  /** What a Redis would say to what else is asked; to several commands in one piece, too. */
  function answers(said: string): string {
    return [...said.matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)]
      .map(([, command]) => (/SLOWLOG|CONFIG/i.test(command ?? '') ? '*0\r\n' : '+OK\r\n'))
      .join('')
  }
})
