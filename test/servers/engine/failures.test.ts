// What goes wrong on the way to a deployment, told apart in words of both languages, and mended by itself where that is right.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { LANGUAGES } from '../../../src/shared/locales/languages.ts'
import { createTranslator, failureText, reasonText } from '../../../src/shared/locales/translate.ts'
import type { ConnectionHop } from '../../../src/shared/model/connection.ts'
import type { Failure } from '../../../src/shared/model/failure.ts'
import type { Observation } from '../../../src/shared/model/observation.ts'
import { openFirewalledPort } from '../../support/firewalled-port.ts'
import { closedPort } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import {
  afterwards,
  type Console,
  countPostgres,
  countRedis,
  hopOf,
  type Site,
  startConsole,
  startSite,
  statuses,
  timesIn,
  untilHealthy,
  untilSeen,
} from './engine-kit.ts'

let site: Site
let bastion: SshServer

beforeAll(async () => {
  ;[site, bastion] = await Promise.all([startSite(), startSshd()])
})
afterAll(async () => {
  await Promise.all([site?.stop(), bastion?.stop()])
})

const PROBES = [
  ['pool', 'postgres'],
  ['redis', 'redis'],
  ['health', 'http'],
] as const

/** That a reason or failure has a text in each language, another in each, with nothing left to fill in. */
function expectWords({ reason }: Pick<Observation, 'reason'>, failure: Failure | null): void {
  const texts = LANGUAGES.map((language) => reasonText(createTranslator(language), reason))
  if (failure !== null) {
    texts.push(...LANGUAGES.map((language) => failureText(createTranslator(language), failure)))
  }
  for (const text of texts) {
    expect(text).not.toBe(reason.code)
    expect(text).not.toMatch(/\{\{|undefined|\bnull\b/)
  }
  expect(new Set(texts.slice(0, LANGUAGES.length)).size).toBe(LANGUAGES.length)
}

function hop({ engine }: Console, name: string, kind: ConnectionHop['kind'], index = 0): ConnectionHop {
  const found = engine.connection(name).hops.filter((each) => each.kind === kind)[index]
  if (found === undefined) throw new Error(`${name} has no such ${kind}`)
  return found
}

/** What a healthy console holds open at the site: that and no more, and nothing at all once it has stopped. */
async function expectNoLeak(console: Console, deployments = 1): Promise<void> {
  const postgres = await countPostgres(site.postgres)
  await until(async () => (await postgres()) === deployments, {
    what: `${2 * deployments} PostgreSQL connections`,
  })
  await until(async () => (await countRedis(site.redis)) === deployments, {
    what: `${deployments} Redis connections`,
  })
  await console.engine.stop()
  await until(async () => (await postgres()) === 0, { what: 'no PostgreSQL connection' })
  await until(async () => (await countRedis(site.redis)) === 0, { what: 'no Redis connection' })
  await until(() => bastion.sessions() === 0, { what: 'no SSH connection' })
  expect(console.clock.timers()).toBe(0)
  await postgres.client.end()
}

/** Waits for so many further looks of a probe. */
async function looks(
  { engine }: Console,
  name: string,
  probe: Observation['probe'],
  times: number,
): Promise<void> {
  for (let look = 0; look < times; look += 1) await untilSeen(engine, name, probe, () => true)
}

describe('credentials that are refused', () => {
  it('are sent once, and again only when somebody asks for it or puts them right', async () => {
    await site.postgres.query(`CREATE ROLE watcher LOGIN PASSWORD 'r1ght'; GRANT pg_monitor TO watcher`)
    const url = `postgresql://watcher@127.0.0.1:${site.postgres.port}/postgres`
    const console = await startConsole({
      secrets: { pg: 'wr0ng', redis: 'wr0ng' },
      profiles: [site.profile('shop', { postgres: { url, password: 'secret:pg' } })],
    })
    const { engine } = console
    const attempts = async () => ({
      postgres: timesIn(site.postgres.logFile, 'password authentication failed for user "watcher"'),
      redis: await refusedByRedis(site.redis),
    })
    const pool = await untilSeen(
      engine,
      'shop',
      'pool',
      ({ reason }) => reason.code === 'postgres-password-wrong',
    )
    const redis = await untilSeen(
      engine,
      'shop',
      'redis',
      ({ reason }) => reason.code === 'redis-password-wrong',
    )
    // Neither is down: they answer, and what they say is that we may not.
    expect(pool).toMatchObject({ status: 'UNKNOWN', values: { db_up: null } })
    expect(redis.values.redis_connected).not.toBe(0)
    expectWords(pool, hop(console, 'shop', 'postgres').error)
    expectWords(redis, hop(console, 'shop', 'redis').error)
    expect(hop(console, 'shop', 'postgres')).toMatchObject({
      status: 'REFUSED',
      error: { recovery: 'person' },
    })
    expect(JSON.stringify([pool, redis, engine.connection('shop')])).not.toContain('wr0ng')
    await looks(console, 'shop', 'pool', 2)
    expect(await attempts()).toEqual({ postgres: 1, redis: 1 })
    expect(engine.connection('shop').status).toBe('REFUSED')

    engine.retry('shop')
    await until(async () => (await attempts()).postgres === 2 && (await attempts()).redis === 2)
    await until(() => engine.connection('shop').status === 'REFUSED')
    await looks(console, 'shop', 'pool', 1)
    expect(await attempts()).toEqual({ postgres: 2, redis: 2 })

    await engine.vault.set('pg', 'r1ght')
    await engine.vault.set('redis', site.redis.password)
    engine.retry('shop')
    await untilHealthy(engine, 'shop', 3)
    expect(await attempts()).toEqual({ postgres: 2, redis: 2 })
    await expectNoLeak(console)
  }, 60_000)
})

describe('what cannot be reached', () => {
  it('is told apart: a closed port, a silent firewall, a name that nobody knows', async () => {
    const closed = await closedPort()
    const firewall = await openFirewalledPort()
    afterwards(() => firewall.close())
    const at = (host: string, port: number) => ({
      services: [{ name: 'api', url: `http://${host}:${port}`, metrics: null }],
      postgres: { url: `postgresql://postgres@${host}:${port}/postgres`, password: 'secret:pg' },
      redis: [{ name: 'cache', url: `redis://${host}:${port}/0`, password: 'secret:redis' }],
    })
    const console = await startConsole({
      secrets: site.secrets,
      profiles: [
        site.profile('well'),
        site.profile('closed', at('127.0.0.1', closed)),
        site.profile('firewalled', at('127.0.0.1', firewall.port)),
        site.profile('nameless', at('nowhere.invalid', 5432)),
      ],
    })
    const told: Record<string, readonly string[]> = {
      closed: ['tcp-refused'],
      firewalled: ['tcp-silent'],
      // Without a name server in reach the question stays open instead of being answered with "no".
      nameless: ['host-unknown', 'resolver-silent'],
    }
    const seeing = Object.entries(told).flatMap(([name, codes]) =>
      PROBES.map(async ([probe, kind]) => {
        const is = ({ reason }: Observation) => codes.includes(reason.code)
        const seen = await untilSeen(console.engine, name, probe, is, 25_000)
        expect(['CRITICAL', 'DISCONNECTED', 'DOWN', 'UNKNOWN']).toContain(seen.status)
        expectWords(seen, hop(console, name, kind).error)
      }),
    )
    await Promise.all(seeing)
    for (const name of Object.keys(told)) {
      expect(console.engine.connection(name).status).not.toBe('CONNECTED')
    }
    // What is well is watched as if nothing were.
    expect(statuses(console.engine, 'well')).toEqual({
      'health/api': 'HEALTHY',
      'pool/postgres': 'HEALTHY',
      'redis/cache': 'HEALTHY',
    })
    await expectNoLeak(console)
  }, 60_000)

  it('comes up by itself when the port opens', async () => {
    const redis: RedisServer = await startRedis({ password: null })
    afterwards(() => redis.stop())
    await redis.halt()
    const console = await startConsole({
      profiles: [
        {
          name: 'shop',
          environment: 'staging',
          redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}` }],
        },
      ],
    })
    const down = await untilSeen(
      console.engine,
      'shop',
      'redis',
      ({ reason }) => reason.code === 'tcp-refused',
    )
    expect(down).toMatchObject({ status: 'DISCONNECTED', values: { redis_connected: 0 } })
    await redis.restart()
    await untilHealthy(console.engine, 'shop', 1)
    expect(await countRedis(redis)).toBe(1)
  })
})

describe('a host key', () => {
  it('that is unknown has to be accepted, and one that changed again; until then nothing passes', async () => {
    const console = await startConsole({
      secrets: site.secrets,
      profiles: [site.profile('shop', { ssh: { hops: [hopOf(bastion)] } })],
    })
    const { engine } = console
    const refused = async (code: string) => {
      const seen = await untilSeen(engine, 'shop', 'pool', ({ reason }) => reason.code === code)
      // The way is at fault; nothing is said of what is behind it.
      expect(seen).toMatchObject({ status: 'UNKNOWN', values: { db_up: null } })
      expect(engine.connection('shop').status).toBe('REFUSED')
      expect(hop(console, 'shop', 'ssh')).toMatchObject({
        status: 'REFUSED',
        error: { code, recovery: 'person' },
      })
      expectWords(seen, hop(console, 'shop', 'ssh').error)
    }
    const host = `127.0.0.1:${bastion.port}`
    await refused('host-key-unknown')
    const known = bastion.hostFingerprint
    expect(await engine.hostKeys.list()).toMatchObject([{ host, fingerprint: known, state: 'offered' }])
    await engine.hostKeys.accept(host, known)
    await untilHealthy(engine, 'shop', 3)

    await bastion.restart({ newHostKey: true })
    await refused('host-key-changed')
    const knocked = timesIn(bastion.logFile, 'Connection closed by')
    await looks(console, 'shop', 'pool', 1)
    engine.retry('shop')
    await refused('host-key-changed')
    // Asking again is no acceptance; and without being asked nobody knocked.
    expect(timesIn(bastion.logFile, 'Connection closed by')).toBeLessThanOrEqual(knocked + 1)
    expect(timesIn(bastion.logFile, 'Accepted publickey')).toBe(1)
    await engine.hostKeys.accept(host, bastion.hostFingerprint)
    await untilHealthy(engine, 'shop', 3)
    await expectNoLeak(console)
  }, 60_000)
})

describe('what comes back', () => {
  it('is taken up again by itself: PostgreSQL and Redis restarted, and killed', async () => {
    const console = await startConsole({ secrets: site.secrets, profiles: [site.profile('shop')] })
    const { engine } = console
    await untilHealthy(engine, 'shop', 3)
    for (const end of ['halt', 'kill'] as const) {
      await Promise.all([site.postgres[end](), site.redis[end]()])
      const [pool, redis] = await Promise.all(
        (['pool', 'redis'] as const).map((probe) => untilSeen(engine, 'shop', probe, isNotHealthy)),
      )
      if (pool === undefined || redis === undefined) throw new Error('neither was seen')
      expect(pool).toMatchObject({ status: 'CRITICAL', values: { db_up: 0 } })
      expect(redis).toMatchObject({ status: 'DISCONNECTED', values: { redis_connected: 0 } })
      expectWords(pool, hop(console, 'shop', 'postgres').error)
      expectWords(redis, hop(console, 'shop', 'redis').error)
      await Promise.all([site.postgres.restart(), site.redis.restart()])
      await untilHealthy(engine, 'shop', 3)
    }
    await expectNoLeak(console)
  }, 60_000)

  it('is taken up again by itself: a tunnel that was cut, with its bastion gone for a while', async () => {
    const console = await startConsole({
      secrets: site.secrets,
      profiles: [
        site.profile('one', { ssh: { hops: [hopOf(bastion)] } }),
        site.profile('two', { ssh: { hops: [hopOf(bastion)] } }),
      ],
    })
    const { engine } = console
    await engine.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
    const names = ['one', 'two']
    await Promise.all(names.map((name) => untilHealthy(engine, name, 3)))
    expect(bastion.sessions()).toBe(1)

    // Cut while the server stays: a moment, and it is back.
    await bastion.cut()
    await until(() => bastion.sessions() === 1)
    await Promise.all(names.map((name) => untilHealthy(engine, name, 3)))

    await bastion.kill()
    // Nothing is down that only cannot be seen. (What Redis is not connected to is called DISCONNECTED, with nothing known.)
    const unseen = { pool: 'UNKNOWN', redis: 'DISCONNECTED', health: 'UNKNOWN' }
    const seeing = names.flatMap((name) =>
      PROBES.map(async ([probe]) => {
        const seen = await untilSeen(engine, name, probe, isNotHealthy)
        expect(seen.status).toBe(unseen[probe])
        expect(new Set(Object.values(seen.values))).toEqual(new Set([null]))
        expect(seen.reason.params.hop).toBe(`${bastion.user}@127.0.0.1:${bastion.port}`)
        expectWords(seen, hop(console, name, 'ssh').error)
      }),
    )
    await Promise.all(seeing)
    for (const name of names) expect(engine.connection(name).status).not.toBe('CONNECTED')
    await bastion.restart()
    await Promise.all(names.map((name) => untilHealthy(engine, name, 3)))
    expect(bastion.sessions()).toBe(1)
    await expectNoLeak(console, 2)
  }, 60_000)
})

const isNotHealthy = ({ status }: Observation) => status !== 'HEALTHY'

/** How many logins Redis refused, as its own log of them counts. */
async function refusedByRedis(server: RedisServer): Promise<number> {
  const client = await server.connect()
  try {
    const entries = (await client.call('ACL', 'LOG')) as (string | number)[][]
    return entries
      .filter((entry) => entry[entry.indexOf('reason') + 1] === 'auth')
      .reduce((sum, entry) => sum + Number(entry[entry.indexOf('count') + 1]), 0)
  } finally {
    client.disconnect()
  }
}
