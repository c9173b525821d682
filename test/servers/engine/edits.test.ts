// Deployments come, change and go while they are watched: watching follows, and nothing of what went stays open.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../../src/shared/model/change.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { until } from '../../support/until.ts'
import {
  type Console,
  countPostgres,
  countRedis,
  type PostgresCount,
  type Site,
  startConsole,
  startSite,
  statuses,
  untilHealthy,
  untilSeen,
} from './engine-kit.ts'

let site: Site
let console: Console
let postgres: PostgresCount

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.stop())
beforeEach(async () => {
  console = await startConsole({ secrets: site.secrets })
  postgres = await countPostgres(site.postgres)
})

/** Waits until the console has so many deployments' worth of connections, and not one more. */
async function untilConnected(deployments: number): Promise<void> {
  await until(async () => (await postgres()) === deployments, {
    what: `${deployments} PostgreSQL connections`,
  })
  await until(async () => (await countRedis(site.redis)) === deployments, {
    what: `${deployments} Redis connections`,
  })
}

/** Looks as often as it can how many PostgreSQL connections there are, while `work` goes on. */
async function mostConnections(work: () => Promise<void>): Promise<number> {
  let most = 0
  let going = true
  const counting = (async () => {
    while (going) most = Math.max(most, await postgres())
  })()
  await work()
  going = false
  await counting
  return most
}

/** The backends of the console's connections to PostgreSQL, and the ids of those to Redis. */
async function sessions(): Promise<unknown[]> {
  const { rows } = await postgres.client.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'vakhta' ORDER BY pid",
  )
  const client = await site.redis.connect()
  try {
    const list = String(await client.call('CLIENT', 'LIST')).split('\n')
    const ids = list.filter((line) => / name=vakhta /.test(line)).map((line) => line.split(' ', 1)[0])
    return [...rows.map(({ pid }) => pid), ...ids]
  } finally {
    client.disconnect()
  }
}

const { signal } = new AbortController()

/** Everything that was told on topics since a cursor. */
async function toldSince(cursor: string, topics: string[]): Promise<{ changes: Change[]; cursor: string }> {
  return console.engine.changes({ topics, cursor, waitMs: 0 }, signal)
}
async function cursorNow(): Promise<string> {
  return (await console.engine.changes({ topics: ['fleet'], cursor: null, waitMs: 0 }, signal)).cursor
}

describe('a deployment', () => {
  it('is watched from the moment that it is added', async () => {
    const cursor = await cursorNow()
    await console.engine.deployments.save(site.profile('shop'), null)
    expect(console.engine.fleetRow('shop')).toMatchObject({ status: 'UNOBSERVED', paused: false })
    await untilHealthy(console.engine, 'shop', 3)
    await untilConnected(1)
    const { changes } = await toldSince(cursor, ['fleet'])
    const kinds = changes.map(({ kind }) => kind).filter((kind) => kind !== 'fleet-now')
    expect(kinds.toSorted()).toEqual(['deployment-edited', 'fleet-row'])
  })

  it('is watched as it was altered: what is new is looked at, what is gone is forgotten and closed', async () => {
    const { engine } = console
    await engine.deployments.save(site.profile('shop'), null)
    await untilHealthy(engine, 'shop', 3)
    const most = await mostConnections(async () => {
      await engine.deployments.save(
        site.profile('shop', { redis: [], description: 'without its cache' }),
        'shop',
      )
      await until(async () => (await countRedis(site.redis)) === 0)
      await untilSeen(engine, 'shop', 'pool', ({ status }) => status === 'HEALTHY')
    })
    expect(most).toBe(1)
    expect(Object.keys(statuses(engine, 'shop')).toSorted()).toEqual(['health/api', 'pool/postgres'])
    expect(engine.fleetRow('shop')?.description).toBe('without its cache')
    await engine.deployments.save(site.profile('shop'), 'shop')
    await untilHealthy(engine, 'shop', 3)
    await untilConnected(1)
  })

  it('keeps its connections through an edit of anything but the way to it, and is judged by what was edited', async () => {
    const { engine } = console
    await engine.deployments.save(site.profile('shop'), null)
    await untilHealthy(engine, 'shop', 3)
    const before = await sessions()
    const ways: string[] = []
    const edit = async (rest: Partial<DeploymentProfileInput>) => {
      await engine.deployments.save(site.profile('shop', rest), 'shop')
      ways.push(engine.connection('shop').status)
    }
    // No server has so many to spare.
    const limits = { db_pool_available: { critical: 1_000_000 } }
    await edit({ description: 'the shop', tags: ['web'], readOnly: true, limits })
    await untilSeen(engine, 'shop', 'pool', ({ status }) => status === 'CRITICAL')
    // What is asked over them may be something else, too.
    const { postgres: way, redis } = site.profile('shop')
    const queries = [{ name: 'answer', sql: 'select 4242424 as answer' }]
    await edit({ limits, postgres: { ...way, url: way?.url ?? '', queries }, redis })
    await untilSeen(engine, 'shop', 'pool', ({ values }) => JSON.stringify(values).includes('4242424'))
    await edit({})
    await untilSeen(engine, 'shop', 'pool', ({ status }) => status === 'HEALTHY')
    expect(await sessions()).toEqual(before)
    expect(ways).toEqual(['CONNECTED', 'CONNECTED', 'CONNECTED'])
    expect(console.logged).toEqual([])
  })

  it('is reached with a secret that was put right under its old name, once it is saved again', async () => {
    const { engine } = console
    await engine.vault.set('pg', 'not it')
    await engine.deployments.save(site.profile('shop'), null)
    await until(() => engine.connection('shop').status === 'REFUSED', { what: 'a password that is refused' })
    await engine.vault.set('pg', site.secrets.pg ?? '')
    await engine.deployments.save(site.profile('shop'), 'shop')
    await untilHealthy(engine, 'shop', 3)
    await untilConnected(1)
  })

  it('is left alone while it is paused, which is said once for each probe, and watched again when it is resumed', async () => {
    const { engine } = console
    await engine.deployments.save(site.profile('shop'), null)
    await untilHealthy(engine, 'shop', 3)
    const pausedAt = Date.now()
    await engine.deployments.setPaused('shop', true)
    await engine.deployments.setPaused('shop', true)
    await untilConnected(0)
    await until(() => site.service.connections() === 0)
    expect(engine.fleetRow('shop')).toMatchObject({
      paused: true,
      status: 'UNOBSERVED',
      reason: { code: 'paused' },
      connection: 'DISCONNECTED',
    })
    for (const probe of ['pool', 'redis', 'health'] as const) {
      const target = { pool: 'postgres', redis: 'cache', health: 'api' }[probe]
      const since = engine.live.ring('shop', probe, target).filter(({ at }) => at >= pausedAt)
      expect(since.map(({ status, reason }) => [status, reason.code])).toEqual([['UNOBSERVED', 'paused']])
    }
    // An edit of a paused deployment is kept, and does not wake it.
    await engine.deployments.save(site.profile('shop', { description: 'asleep' }), 'shop')
    await until(() => engine.fleetRow('shop')?.description === 'asleep')
    expect(await postgres()).toBe(0)
    await engine.deployments.setPaused('shop', false)
    await untilHealthy(engine, 'shop', 3)
    await untilConnected(1)
  })

  it('takes another name in place of its own, without ever holding more connections', async () => {
    const { engine } = console
    await engine.deployments.save(site.profile('shop'), null)
    await untilHealthy(engine, 'shop', 3)
    const cursor = await cursorNow()
    const most = await mostConnections(async () => {
      await engine.deployments.save(site.profile('store'), 'shop')
      await untilHealthy(engine, 'store', 3)
      await untilConnected(1)
    })
    expect(most).toBe(1)
    expect(engine.deployments.list().map(({ profile }) => profile.name)).toEqual(['store'])
    expect(engine.fleetRow('shop')).toBeNull()
    expect(engine.live.latest('shop')).toEqual([])
    const { changes } = await toldSince(cursor, ['fleet'])
    expect(changes).toContainEqual({ kind: 'fleet-row-removed', name: 'shop' })
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'fleet-row', name: 'store' }))
  })

  it('is gone with its connections when it is removed in the middle of a look', async () => {
    const { engine } = console
    const names = ['one', 'two', 'three']
    for (const name of names) await engine.deployments.save(site.profile(name), null)
    for (const name of names) {
      // Each at another moment of its first looks.
      await until(async () => (await engine.condition()).looks.total > names.indexOf(name) * 2)
      expect(await engine.deployments.remove(name)).toBe(true)
    }
    await untilConnected(0)
    await until(() => site.service.connections() === 0)
    await until(async () => (await engine.condition()).looks.running === 0)
    for (const name of names) {
      expect(engine.live.latest(name)).toEqual([])
      expect(engine.connection(name)).toEqual({ status: 'DISCONNECTED', hops: [] })
    }
    expect(await engine.deployments.remove('one')).toBe(false)
    expect(console.logged).toEqual([])
  })
})

describe('edits that race', () => {
  it('of the same new name: one wins, the other is refused', async () => {
    const { deployments } = console.engine
    const outcomes = await Promise.allSettled([
      deployments.save(site.profile('shop', { description: 'first' }), null),
      deployments.save(site.profile('shop', { description: 'second' }), null),
      deployments.importYaml(console.engine.exportYaml(parsed('shop', 'third'))),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(deployments.get('shop')?.profile.description).toBe('first')
  })

  it('of one deployment: none undoes another', async () => {
    const { engine } = console
    await engine.deployments.save(site.profile('shop'), null)
    await Promise.all([
      engine.deployments.save(site.profile('shop', { description: 'altered' }), 'shop'),
      engine.deployments.setPaused('shop', true),
    ])
    expect(engine.deployments.get('shop')).toMatchObject({
      paused: true,
      profile: { description: 'altered' },
    })
    await Promise.all([engine.deployments.remove('shop'), engine.deployments.setPaused('shop', false)])
    expect(engine.deployments.get('shop')).toBeNull()
  })

  it('of many, many times over, end as the last one said and leave nothing open', async () => {
    const { engine } = console
    await engine.deployments.save(site.profile('shop'), null)
    await Promise.all(
      Array.from({ length: 30 }, async (_, turn) => {
        await engine.deployments.save(site.profile('shop', { description: `turn ${turn}` }), 'shop')
        await engine.deployments.setPaused('shop', turn % 2 === 0)
      }),
    )
    await engine.deployments.setPaused('shop', false)
    await engine.deployments.save(site.profile('shop', { description: 'the last' }), 'shop')
    await untilHealthy(engine, 'shop', 3)
    await untilConnected(1)
    expect(engine.fleetRow('shop')?.description).toBe('the last')
    await engine.deployments.remove('shop')
    await untilConnected(0)
    await engine.stop()
    expect(console.clock.timers()).toBe(0)
    expect(console.logged.filter((line) => line.includes('"error"'))).toEqual([])
  })
})

function parsed(name: string, description: string) {
  const { profiles } = console.engine.validate(
    `name: ${name}\nenvironment: staging\ndescription: ${description}\nservices: [{ name: api, url: http://127.0.0.1:1 }]\n`,
  )
  const [profile] = profiles
  if (profile === undefined) throw new Error('the profile of this test is none')
  return profile
}
