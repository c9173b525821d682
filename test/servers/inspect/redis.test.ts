/** What people ask a Redis, on real servers: its version of this machine and the others there are. */
import { createConnection, type Socket } from 'node:net'
import type { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRedisCluster } from '../../../demo/servers/redis-cluster.ts'
import { redisPrograms } from '../../../demo/servers/redis-programs.ts'
import type { RedisSlowLog } from '../../../src/shared/model/redis-server.ts'
import { answered, CACHE, eventually, inspect, inspectNewRedis, NEVER } from './redis-kit.ts'

const A_SECRET = 'ivan@example.org'

async function fill(client: Redis, count: number, commands: (index: number) => string[]): Promise<void> {
  for (let from = 0; from < count; from += 5_000) {
    const pipeline = client.pipeline()
    for (let index = from; index < Math.min(count, from + 5_000); index += 1) {
      const [command = '', ...args] = commands(index)
      pipeline.call(command, ...args)
    }
    await pipeline.exec()
  }
}

describe.each(redisPrograms())('$name', ({ server: program }) => {
  it('says how it keeps its data, what it holds and where its time goes', async () => {
    const { inspection, client } = await inspectNewRedis({ program, config: { maxmemory: '64mb' } })
    await client.set('user:1', 'x', 'EX', 1_000)
    await client.set('user:2', 'x')
    await client.call('GET', []).catch(() => {})
    await client.bgsave()
    const overview = await eventually(
      () => answered(inspection.overview(CACHE, NEVER)),
      ({ persistence }) => persistence.lastSaveSeconds !== null,
    )
    expect(overview).toMatchObject({
      missing: [],
      grant: null,
      nodes: [{ role: null }],
      server: { mode: 'standalone' },
      persistence: { loading: false, saving: false, lastSaveOk: true, appendOnly: false, lastWriteOk: null },
      replication: { role: 'primary', replicas: [], backlogBytes: null },
      keyspace: [{ database: 0, keys: 2, expiring: 1 }],
      memory: { limitBytes: 64 * 2 ** 20, policy: 'noeviction' },
      cluster: null,
      latency: [],
    })
    expect(overview.server.version).toMatch(/\d/)
    expect(overview.commands.find(({ command }) => command === 'SET')).toMatchObject({ calls: 2 })
    expect(overview.persistence.savedAt).toBeGreaterThan(Date.now() - 60_000)
  })

  it('says who is connected, and who waits', async () => {
    const { inspection, server, client } = await inspectNewRedis({ program })
    await client.client('SETNAME', 'worker')
    const waiting = await server.connect()
    onTestFinished(() => waiting.disconnect())
    await waiting.client('SETNAME', 'worker')
    waiting.blpop('queue', 0).catch(() => {})
    const { clients, groups, connected } = await eventually(
      () => answered(inspection.clients(CACHE, NEVER)),
      (answer) => answer.clients.some(({ blocked }) => blocked),
    )
    expect(connected).toBe(3)
    expect(clients[0]).toMatchObject({ name: 'worker', command: 'BLPOP', blocked: true, own: false })
    expect(clients.filter(({ own }) => own)).toHaveLength(1)
    expect(groups.name).toContainEqual(expect.objectContaining({ value: 'worker', clients: 2, blocked: 1 }))
    expect(groups.address.map(({ clients: count }) => count)).toEqual([2, 1])
  })

  it('looks at every key of a small database, and shows no more of a name than what several share', async () => {
    const { inspection, client } = await inspectNewRedis({ program })
    await fill(client, 60, (index) => ['SET', `session:${index}`, 'x'.repeat(50), 'EX', '1000'])
    await fill(client, 20, (index) => ['SET', `user:${A_SECRET}:${index}`, 'x'.repeat(5_000)])
    await client.rpush('celery', 'a', 'b')
    await client.set(A_SECRET, 'x')
    const memory = await answered(inspection.memory(CACHE, NEVER))
    expect(memory).toMatchObject({
      keys: 82,
      sampled: 82,
      whole: true,
      stopped: null,
      unreadable: 0,
      missing: [],
    })
    expect(memory.prefixes.slice(0, 2).map(({ name, sampled }) => [name, sampled])).toEqual([
      ['user:*', 20],
      ['session:*', 60],
    ])
    expect(
      memory.prefixes
        .slice(2)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(['*', 'celery'])
    expect(memory.prefixes[0]?.ofMemory).toMatchObject({ margin: 0 })
    expect(memory.prefixes[1]?.expiring).toBe(100)
    expect(memory.types.map(({ name, sampled }) => [name, sampled])).toEqual([
      ['string', 81],
      ['list', 1],
    ])
    expect(memory.biggest[0]).toMatchObject({ name: 'user:*', type: 'string', ttlMs: null })
    expect(JSON.stringify(memory)).not.toContain('ivan')
    expect(memory.parts.length).toBeGreaterThan(1)
    expect(memory.doctor).toMatch(/Sam/)

    const revealed = inspection.revealKeys(CACHE, 'user:*')
    expect(revealed).toMatchObject({ prefix: 'user:*' })
    expect(JSON.stringify(revealed)).toContain(`user:${A_SECRET}:0`)
    expect(inspection.revealKeys(CACHE, 'nobody:*')).toBe('gone')
  })

  it('keeps slow commands that the server forgot, and knows what it did not see', async () => {
    const config = { 'slowlog-log-slower-than': 0, 'slowlog-max-len': 4 }
    const { inspection, client } = await inspectNewRedis({ program, config })
    const look = (): Promise<RedisSlowLog> => answered(inspection.slowLog(CACHE, NEVER))
    await client.set(`user:${A_SECRET}`, 'x')
    const first = await eventually(look, ({ entries }) => entries.some(({ command }) => command === 'SET'))
    expect(first).toMatchObject({ slowerThanMs: 0, keeps: 4, emptied: false })
    expect(JSON.stringify(first)).not.toContain('ivan')
    const set = first.entries.find(({ command }) => command === 'SET')
    expect(set).toMatchObject({ arguments: 2, onServer: true })
    expect(set?.client).toMatch(/:\d+$/)

    await fill(client, 20, () => ['DEL', 'nothing'])
    const later = await eventually(look, ({ entries, unseen }) => unseen > 0 && entries.length > 4)
    expect(later.entries.find(({ id }) => id === set?.id)).toMatchObject({ command: 'SET', onServer: false })
    expect(later.emptied).toBe(false)
    expect(await inspection.revealCommand(CACHE, { entry: set?.id ?? 0, at: set?.at ?? 0 }, NEVER)).toBe(
      'gone',
    )

    await client.config('SET', 'slowlog-log-slower-than', '-1')
    await eventually(look, ({ slowerThanMs }) => slowerThanMs !== 0)
    await client.slowlog('RESET')
    const emptied = await eventually(look, (log) => log.emptied)
    expect(emptied.entries.length).toBeGreaterThan(4)
    expect(emptied.entries.every(({ onServer }) => !onServer)).toBe(true)
  })

  it('reveals the arguments of one command', async () => {
    const config = { 'slowlog-log-slower-than': 0 }
    const { inspection, client } = await inspectNewRedis({ program, config })
    await client.set(`user:${A_SECRET}`, 'x')
    await client.config('SET', 'slowlog-log-slower-than', '-1')
    const { entries } = await answered(inspection.slowLog(CACHE, NEVER))
    const set = entries.find(({ command }) => command === 'SET')
    expect(
      await inspection.revealCommand(CACHE, { entry: set?.id ?? -1, at: set?.at ?? 0 }, NEVER),
    ).toMatchObject({ id: set?.id, command: ['set', `user:${A_SECRET}`, 'x'] })
  })

  it('says by name what this user may not ask, and with which statement it may', async () => {
    const user = { name: 'watch', rules: ['+ping', '+info', '+select', '+dbsize'] }
    const { inspection, client } = await inspectNewRedis({ program, user })
    await fill(client, 1_500, (index) => ['SET', `session:${index}`, 'x'])
    const [overview, clients, log, memory] = await Promise.all([
      answered(inspection.overview(CACHE, NEVER)),
      answered(inspection.clients(CACHE, NEVER)),
      answered(inspection.slowLog(CACHE, NEVER)),
      answered(inspection.memory(CACHE, NEVER)),
    ])
    expect(overview.missing).toEqual([{ command: 'LATENCY LATEST', why: 'forbidden' }])
    expect(overview.grant).toBe('ACL SETUSER watch +latency|latest')
    expect(overview.keyspace).toMatchObject([{ keys: 1_500 }])
    expect(clients.grant).toBe('ACL SETUSER watch +client|list')
    expect(clients).toMatchObject({ connected: 2, clients: [] })
    expect(log.grant).toBe('ACL SETUSER watch +slowlog|get +config|get')
    expect(memory).toMatchObject({ keys: 1_500, sampled: 0, whole: false })
    expect(memory.missing).toContainEqual({ command: 'RANDOMKEY', why: 'forbidden' })

    const granted = (memory.grant ?? '').split(' ').slice(3)
    await client.call('ACL', ['SETUSER', 'watch', ...granted, '~*', '+type', '+memory|usage', '+pttl'])
    const sampled = await eventually(
      () => answered(inspection.memory(CACHE, NEVER)),
      (answer) => answer.sampled > 0,
    )
    expect(sampled.missing).toEqual([])
    expect(sampled.prefixes).toMatchObject([{ name: 'session:*', ofMemory: { percent: 100 } }])
  })
})

it('tells shares of a hundred thousand keys from a thousand of them, while others hardly notice', async () => {
  const { inspection, server, client } = await inspectNewRedis()
  await fill(client, 70_000, (index) => ['SET', `session:${index}`, 'x'.repeat(100), 'EX', '1000'])
  await fill(client, 30_000, (index) => ['SET', `page:html:${index}`, 'x'.repeat(700)])
  const application = await server.connect()
  onTestFinished(() => application.disconnect())
  const latencies = async (until: () => boolean): Promise<number[]> => {
    const taken: number[] = []
    while (!until()) {
      const startedAt = performance.now()
      await application.get('session:1')
      taken.push(performance.now() - startedAt)
    }
    return taken.toSorted((one, other) => one - other)
  }
  const before = await client.info('commandstats')
  let isDone = false
  const asked = answered(inspection.memory(CACHE, NEVER)).finally(() => {
    isDone = true
  })
  const [memory, taken] = await Promise.all([asked, latencies(() => isDone)])
  const after = await client.info('commandstats')
  const percentile = (of: number): number => taken[Math.floor((taken.length - 1) * of)] ?? 0
  console.log(
    `sampled ${memory.sampled} keys in ${memory.cost.ms} ms; another client meanwhile: median ${percentile(0.5).toFixed(2)} ms, ` +
      `p99 ${percentile(0.99).toFixed(2)} ms of ${taken.length}`,
  )
  expect(memory).toMatchObject({ keys: 100_000, whole: false })
  expect(memory.cost.ms).toBeLessThan(5_000)
  expect(memory.sampled).toBeGreaterThan(100)
  expect(memory.sampled).toBeLessThanOrEqual(1_000)
  const real: Record<string, number> = { 'session:*': 70, 'page:html:*': 30 }
  for (const { name, ofKeys } of memory.prefixes) {
    // The margin is that of 95 in 100; two and a half times as much is one in a million.
    expect(Math.abs(ofKeys.percent - (real[name] ?? 0))).toBeLessThan(ofKeys.margin * 2.5)
  }
  expect(memory.prefixes.map(({ name }) => name).toSorted()).toEqual(['page:html:*', 'session:*'])
  expect(memory.prefixes.find(({ name }) => name === 'session:*')?.expiring).toBe(100)
  expect(percentile(0.5)).toBeLessThan(20)
  expect(after).not.toMatch(/cmdstat_(keys|scan|monitor):/)
  expect(callsOf(after, 'randomkey') - callsOf(before, 'randomkey')).toBeLessThanOrEqual(1_300)
})

function callsOf(statistics: string, command: string): number {
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(statistics)?.[1] ?? 0)
}

it('lists two thousand clients and more within a second', async () => {
  const { inspection, server } = await inspectNewRedis({ config: { maxclients: 4_000 } })
  const sockets = await Promise.all(
    Array.from(
      { length: 2_200 },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = createConnection({ host: '127.0.0.1', port: server.port })
          socket.once('connect', () => resolve(socket))
          socket.once('error', reject)
        }),
    ),
  )
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  const answer = await answered(inspection.clients(CACHE, NEVER))
  console.log(`${answer.connected} clients in ${answer.cost.ms} ms, ${answer.cost.bytes} bytes`)
  expect(answer.connected).toBeGreaterThan(2_200)
  expect(answer.clients).toHaveLength(500)
  expect(answer.groups.address[0]?.clients).toBeGreaterThan(2_200)
  expect(answer.cost.ms).toBeLessThan(1_000)
})

it('asks each node of a cluster for itself, and no replica for its keys', async () => {
  const cluster = await startRedisCluster({ primaries: 3, replicas: 1 })
  onTestFinished(() => cluster.stop())
  const url = `redis://127.0.0.1:${cluster.nodes[0]?.port}`
  const inspection = await inspect(url, cluster.password, true)
  const first = await eventually(
    () => answered(inspection.overview(CACHE, NEVER)),
    ({ nodes }) => nodes.length === 6,
  )
  expect(first.cluster?.filter(({ role }) => role === 'primary').map(({ slots }) => slots)).toHaveLength(3)
  const replica = first.nodes.find(({ role }) => role === 'replica')?.name ?? ''
  const primary = first.nodes.filter(({ role }) => role === 'primary')[1]?.name ?? ''
  const asReplica = { ...CACHE, node: replica }
  expect(await answered(inspection.overview(asReplica, NEVER))).toMatchObject({
    node: replica,
    replication: { role: 'replica', linkUp: true },
  })
  expect(await inspection.memory(asReplica, NEVER)).toBe('replica')
  const node = cluster.nodes.find(({ port }) => primary.endsWith(`:${port}`))
  const client = await node?.connect()
  onTestFinished(() => client?.disconnect())
  expect(await answered(inspection.memory({ ...CACHE, node: primary }, NEVER))).toMatchObject({
    node: primary,
  })
  expect(await inspection.overview({ ...CACHE, node: '127.0.0.1:1' }, NEVER)).toBe('unknown-node')
})
