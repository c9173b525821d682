import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import {
  type ConnectionCounter,
  createConnectionCounter,
  moreThan,
} from '../../support/connection-counter.ts'
import { listenAndHangUp } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

let redis: RedisServer
let open: RedisServer
let bastion: SshServer
let kit: Kit
let counter: ConnectionCounter

beforeAll(async () => {
  counter = createConnectionCounter()
  ;[redis, open, bastion] = await Promise.all([startRedis(), startRedis({ password: null }), startSshd()])
})
afterAll(async () => {
  await Promise.all([redis?.stop(), open?.stop(), bastion?.stop()])
})
afterAll(() => counter.stop())
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('redis', redis.password)
  await kit.know(bastion)
})

const watched = (
  server: { port: number } = redis,
  part: { user?: string; path?: string; password?: string | null } = {},
) => ({
  redis: [
    {
      name: 'cache',
      url: `redis://${part.user === undefined ? '' : `${part.user}@`}127.0.0.1:${server.port}${part.path ?? ''}`,
      ...(part.password === null ? {} : { password: part.password ?? 'secret:redis' }),
    },
  ],
})
const ping = (profile: Parameters<Kit['reach']>[0]) =>
  kit.reach(profile).redis('cache').command('PING', [], soon())

/** Connections to the server that are ours. */
async function clients(server: RedisServer): Promise<number> {
  const client = await server.connect()
  try {
    const list = String(await client.call('CLIENT', ['LIST']))
    return list.split('\n').filter((line) => line.includes(' name=vakhta ')).length
  } finally {
    client.disconnect()
  }
}

describe('a login that is refused', () => {
  it('sends a wrong password once, and waits for a person', async () => {
    kit.secrets.set('redis', 'wrong')
    const reach = kit.reach(watched())
    const session = reach.redis('cache')
    const failure = await failureOf(session.command('PING', [], soon()))
    expect(failure).toMatchObject({
      step: 'authentication',
      code: 'redis-password-wrong',
      recovery: 'person',
      on: 'target',
    })
    await failureOf(session.command('PING', [], soon()))
    expect(reach.connection().status).toBe('REFUSED')
    const client = await redis.connect()
    expect(/errorstat_WRONGPASS:count=(\d+)/.exec(await client.info('errorstats'))?.[1]).toBe('1')
    client.disconnect()
    kit.secrets.set('redis', redis.password)
    reach.retry()
    expect(await session.command('PING', [], soon())).toBe('PONG')
  })

  it('tells a missing password, a needless one, an unknown user and a missing database apart', async () => {
    expect(await failureOf(ping(watched(redis, { password: null })))).toMatchObject({
      code: 'redis-password-needed',
      recovery: 'person',
    })
    expect(await failureOf(ping(watched(open)))).toMatchObject({
      code: 'redis-password-not-expected',
      recovery: 'person',
    })
    expect(await failureOf(ping(watched(redis, { user: 'nobody' })))).toMatchObject({
      code: 'redis-password-wrong',
    })
    expect(await failureOf(ping(watched(redis, { path: '/99' })))).toMatchObject({
      code: 'redis-database-missing',
      recovery: 'person',
    })
    expect(await ping(watched(redis, { user: 'default', path: '/3' }))).toBe('PONG')
  })

  it('tells a command that the user may not run, without dropping the connection', async () => {
    const admin = await redis.connect()
    await admin.call('ACL', ['SETUSER', 'watch', 'on', '>right', '+ping', '+info', '+client'])
    admin.disconnect()
    kit.secrets.set('watch', 'right')
    const session = kit.reach(watched(redis, { user: 'watch', password: 'secret:watch' })).redis('cache')
    expect(await failureOf(session.command('SLOWLOG', ['GET', 10], soon()))).toMatchObject({
      step: 'privilege',
      code: 'redis-command-denied',
      params: { command: 'SLOWLOG' },
    })
    expect(await session.command('PING', [], soon())).toBe('PONG')
  })

  it('tells what is no Redis, and a Redis that is full', async () => {
    const rude = await listenAndHangUp()
    try {
      expect(await failureOf(ping(watched(rude)))).toMatchObject({
        step: 'protocol',
        code: 'redis-closed-early',
      })
    } finally {
      await rude.close()
    }
    const small = await startRedis({ password: null, config: { maxclients: 1 } })
    try {
      const first = kit.reach(watched(small, { password: null })).redis('cache')
      await until(() => first.command('PING', [], soon()))
      expect(await failureOf(ping(watched(small, { password: null })))).toMatchObject({
        code: 'redis-too-many-clients',
      })
    } finally {
      await small.stop()
    }
  })
})

describe('a session', () => {
  beforeEach(() => counter.watch(redis.port))
  afterEach(async () => {
    const counted = await counter.taken()
    expect(moreThan(1, counted)).toEqual([])
  })

  it('holds one connection for all that is asked at once', async () => {
    const session = kit.reach(watched()).redis('cache')
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => session.command('ECHO', [n], soon())),
    )
    expect(answers).toEqual(Array.from({ length: 50 }, (_, n) => String(n)))
    expect(await clients(redis)).toBe(1)
  })

  it('stands while Redis does nothing but a script, and serves the moment that it is over', async () => {
    const busy = await startRedis({ password: null, config: { 'busy-reply-threshold': 20 } })
    const [runner, killer] = await Promise.all([busy.connect(), busy.connect()])
    try {
      const script = runner.call('EVAL', ['while true do end', 0]).catch(() => 'killed')
      await until(() =>
        killer.call('PING').then(
          () => false,
          (error: Error) => error.message.startsWith('BUSY'),
        ),
      )
      const reach = kit.reach(watched(busy, { password: null }))
      const session = reach.redis('cache')
      expect(await failureOf(session.command('PING', [], soon()))).toMatchObject({ code: 'redis-busy' })
      expect(reach.connection().status).toBe('CONNECTED')
      await killer.call('SCRIPT', ['KILL'])
      expect(await script).toBe('killed')
      expect(await session.command('PING', [], soon())).toBe('PONG')
    } finally {
      runner.disconnect()
      killer.disconnect()
      await busy.stop()
    }
  })

  it('drops a connection on which a command hangs, and comes back', async () => {
    const reach = kit.reach(watched())
    const session = reach.redis('cache')
    await session.command('PING', [], soon())
    expect(await failureOf(session.command('BLPOP', ['nothing', 0], soon(300)))).toMatchObject({
      code: 'redis-answer-missing',
    })
    await until(() => reach.connection().status === 'CONNECTED')
    expect(await session.command('PING', [], soon())).toBe('PONG')
    expect(await clients(redis)).toBe(1)
  })

  it.each([
    { way: 'directly', hops: 0 },
    { way: 'through SSH', hops: 1 },
  ])('$way comes back by itself after a restart of Redis', async ({ hops }) => {
    const reach = kit.reach({ ...watched(), ...(hops === 0 ? {} : { ssh: { hops: [hopOf(bastion)] } }) })
    const session = reach.redis('cache')
    expect(await session.command('PING', [], soon())).toBe('PONG')
    await redis.halt()
    await until(() => reach.connection().hops.at(-1)?.status !== 'CONNECTED')
    expect(await failureOf(session.command('PING', [], soon()))).toMatchObject({ on: 'target' })
    await redis.restart()
    await until(() => reach.connection().status === 'CONNECTED', { timeoutMs: 15_000 })
    expect(await session.command('PING', [], soon())).toBe('PONG')
    expect(await clients(redis)).toBe(1)
    await reach.close()
    await until(async () => (await clients(redis)) === 0)
  })
})
