/** One suite over every transport: the same calls, answers and errors, against real servers. */

import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { ORPCError } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../demo/servers/redis.ts'
import { labelled } from '../../src/shared/catalogue/labelled.ts'
import { metricsOf } from '../../src/shared/catalogue/metrics.ts'
import { PROBE_IDS } from '../../src/shared/catalogue/probes.ts'
import { contract } from '../../src/shared/contract/contract.ts'
import { startTestConsole, TEST_VERSION, type TestConsole } from '../support/test-console.ts'
import { until } from '../support/until.ts'
import { type Client, type Connected, TRANSPORTS, type Transport } from './transports.ts'

let postgres: PostgresServer
let redis: RedisServer
let service: Server
let console_: TestConsole
const open: Connected[] = []

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  service = createServer((_request, response) => response.end('{"status":"ok"}'))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  console_ = await startTestConsole()
  await console_.engine.vault.set('shop-db', postgres.password)
  await console_.engine.vault.set('shop-redis', redis.password)
  await console_.engine.deployments.importYaml(yamlOf('shop'))
  await until(
    () => {
      const statuses = console_.engine.live.statuses('shop')
      return (
        statuses.pool?.status === 'HEALTHY' && statuses.redis?.at && statuses.health?.status === 'HEALTHY'
      )
    },
    { timeoutMs: 30_000, what: 'a first look at the pool, Redis and the service' },
  )
}, 90_000)

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
  service?.close()
  await Promise.all([postgres?.stop(), redis?.stop()])
}, 60_000)

const serviceUrl = () => `http://127.0.0.1:${(service.address() as AddressInfo).port}`

function yamlOf(name: string): string {
  return `name: ${name}
environment: staging
description: Сервис «Магазин»
services:
  - name: api
    url: ${serviceUrl()}
    metrics: null
postgres:
  url: postgresql://${postgres.user}@127.0.0.1:${postgres.port}/postgres
  password: secret:shop-db
redis:
  - name: cache
    url: redis://127.0.0.1:${redis.port}/0
    password: secret:shop-redis
`
}

async function failure(
  call: Promise<unknown>,
): Promise<{ code: string; status: number; defined: boolean; data: unknown }> {
  const error = await call.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ORPCError)) throw error
  const { code, status, defined, data } = error
  return { code, status, defined, data }
}

describe.each(TRANSPORTS)('over $name', (transport: Transport) => {
  let client: Client
  let reader: Client
  let russian: Client
  const suffix = transport.name.toLowerCase().replaceAll(' ', '-')

  async function connect(
    ...options: Parameters<Transport['connect']> extends [unknown, ...infer Rest] ? Rest : never
  ) {
    const connected = await transport.connect(console_, ...options)
    open.push(connected)
    return connected.client
  }

  beforeAll(async () => {
    client = await connect('ADMIN')
    reader = await connect('READONLY')
    russian = await connect('ADMIN', 'ru')
  })

  describe('deployments', () => {
    it('are listed with their status and its reason in words', async () => {
      const { items, nextCursor } = await client.deployments.list()
      expect(nextCursor).toBe(null)
      const shop = items.find(({ name }) => name === 'shop')
      expect(shop).toMatchObject({ environment: 'staging', description: 'Сервис «Магазин»', paused: false })
      expect(shop?.reason.text).toMatch(/\w/)
      expect(shop?.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    })

    it('are told whole: path, all statuses, costs, and a profile without secrets', async () => {
      const shop = await client.deployments.get({ name: 'shop' })
      expect(Object.keys(shop.statuses).sort()).toEqual(PROBE_IDS.toSorted())
      expect(shop.statuses.pool.status).toBe('HEALTHY')
      expect(shop.statuses.host).toMatchObject({
        status: 'UNOBSERVED',
        reason: { code: 'nothing-watched' },
        at: null,
      })
      expect(shop.connection.hops.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['postgres', 'redis', 'http']),
      )
      expect(shop.costs.find(({ probe }) => probe === 'pool')?.rows).toBeGreaterThan(0)
      expect(shop.profile.postgres?.password).toBe('secret:shop-db')
      // A busy machine may make Redis slow to answer: there are causes exactly where something is not well.
      const isUnwell = Object.values(shop.statuses).some(
        ({ status }) => status !== 'HEALTHY' && status !== 'UNOBSERVED',
      )
      expect(shop.causes.length > 0, JSON.stringify(shop.causes)).toBe(isUnwell)
    })

    it('speak the language that is asked for', async () => {
      const english = await client.deployments.get({ name: 'shop' })
      const inRussian = await russian.deployments.get({ name: 'shop' })
      expect(inRussian.statuses.host.reason.text).toBe('Ничего такого не объявлено')
      expect(english.statuses.host.reason.text).toBe('Nothing of this kind is declared')
    })

    it('are proposed from what is pasted, in words, and without the secrets in it', async () => {
      const text = 'DATABASE_URL=postgresql://app:hunter2@db.example.com/orders\nBROKEN="'
      const proposed = await russian.deployments.propose({ text })
      expect(proposed.profile?.postgres?.url).toBe('postgresql://app@db.example.com/orders')
      expect(proposed.secrets).toEqual([{ name: 'orders-postgres', found: true }])
      expect(proposed.draft?.until).toMatch(/Z$/)
      const quote = proposed.notes.find(({ code }) => code === 'env-quote')
      expect(quote).toMatchObject({ line: 2, text: expect.stringContaining('кавычка') })
      expect(JSON.stringify(proposed)).not.toContain('hunter2')
      expect(await failure(reader.deployments.propose({ text }))).toMatchObject({ code: 'FORBIDDEN' })
    })

    it('have forecasts, or the reason why nothing is foretold', async () => {
      const { items, nextCursor } = await client.forecasts.list({ name: 'shop' })
      expect(nextCursor).toBe(null)
      const size = items.find(({ metric }) => metric === 'db_size_bytes')
      expect(size).toMatchObject({ target: expect.any(String), at: null, why: expect.any(String) })
      expect(size?.text).toMatch(/\w{3}/)
      expect((await failure(client.forecasts.list({ name: 'nowhere' }))).code).toBe('NOT_FOUND')
    })

    it('are imported, exported, altered, paused, retried and removed', async () => {
      const name = `made-${suffix}`
      expect(await client.deployments.import({ yaml: yamlOf(name) })).toEqual({ imported: [name] })
      const { yaml } = await client.deployments.export({ name })
      expect(await client.deployments.validate({ yaml })).toMatchObject({ profiles: [{ name }], issues: [] })
      expect(await client.deployments.pause({ name, paused: true })).toEqual({ name, paused: true })
      expect(await client.deployments.get({ name })).toMatchObject({
        paused: true,
        connection: { status: 'DISCONNECTED', hops: [] },
      })
      expect(await client.deployments.retry({ name })).toEqual({ name })
      const { profile } = await client.deployments.get({ name })
      const renamed = `${name}-2`
      expect(
        await client.deployments.save({ profile: { ...profile, name: renamed }, replaces: name }),
      ).toEqual({
        name: renamed,
      })
      expect((await failure(client.deployments.get({ name }))).code).toBe('NOT_FOUND')
      expect(await client.deployments.remove({ name: renamed })).toEqual({ name: renamed })
      expect(await failure(client.deployments.remove({ name: renamed }))).toEqual({
        code: 'NOT_FOUND',
        status: 404,
        defined: true,
        data: { what: 'deployment', name: renamed },
      })
    })

    it('are refused with path, line and what was expected, and none of them is imported', async () => {
      const yaml = `${yamlOf(`half-${suffix}`)}---\nname: broken\nenvironment: stagin\nservise: []\n`
      const { code, status, defined, data } = await failure(client.deployments.import({ yaml }))
      expect({ code, status, defined }).toEqual({ code: 'UNPROCESSABLE', status: 422, defined: true })
      const { issues } = data as { issues: { path: string; line: number; message: string }[] }
      expect(issues.map(({ path }) => path)).toEqual(expect.arrayContaining(['environment', 'servise']))
      expect(issues.find(({ path }) => path === 'environment')?.line).toBe(17)
      expect(issues.find(({ path }) => path === 'environment')?.message).toContain('staging')
      const { items } = await client.deployments.list()
      expect(items.some(({ name }) => name.startsWith('half'))).toBe(false)
    })

    it('are refused under a name that is taken', async () => {
      const { code, data } = await failure(client.deployments.import({ yaml: yamlOf('shop') }))
      expect(code).toBe('UNPROCESSABLE')
      expect(data).toMatchObject({ issues: [{ path: 'name', code: 'duplicate' }] })
    })

    if (transport.whole)
      it('are tested step by step, over a stream that ends with the outcome', async () => {
        const { profile } = await client.deployments.get({ name: 'shop' })
        const stream = await client.deployments.test({ profile })
        const steps: string[] = []
        let outcome: unknown
        for (;;) {
          const event = await stream.next()
          if (event.done === true) {
            outcome = event.value
            break
          }
          steps.push(`${event.value.step} ${event.value.status}`)
        }
        expect(outcome).toEqual({ ok: true })
        expect(steps).toContain('tcp ok')
        expect(steps).toContain('authentication ok')
      })

    if (transport.whole)
      it('are not tested where the profile is bad', async () => {
        const { code, data } = await failure(client.deployments.test({ profile: { name: 'x' } }))
        expect(code).toBe('UNPROCESSABLE')
        expect(data).toMatchObject({
          issues: expect.arrayContaining([expect.objectContaining({ path: 'environment' })]),
        })
      })
  })

  describe('channels', () => {
    it('come, are tried, and go, with what the other side answered', async () => {
      const name = `hook-${transport.name.toLowerCase().replaceAll(/[^a-z]/g, '')}`
      await console_.engine.vault.set(`${name}-url`, `${serviceUrl()}/hooks/planted-hook-token`)
      const channel = { kind: 'webhook', name, url: `secret:${name}-url`, language: 'ru' } as const
      expect(await client.channels.save({ channel })).toEqual({ name })
      const { items } = await client.channels.list()
      expect(items.find((item) => item.channel.name === name)).toMatchObject({
        channel: { ...channel, enabled: true, everything: true, timeZone: null },
        ...{ waiting: 0, latest: null, deliveredAt: null },
      })
      expect(await client.channels.unheard()).toEqual({ unheard: null })
      const { answer, sent } = await client.channels.test({ channel })
      expect(answer).toMatchObject({ status: 'delivered', code: 200, text: '{"status":"ok"}', failure: null })
      expect(sent.title).toBe('Проверка · канал работает')
      const refused = await client.channels.test({ channel: { ...channel, url: 'http://127.0.0.1:9/' } })
      expect(refused.answer).toMatchObject({ status: 'retry', failure: { code: 'tcp-refused' } })
      expect(refused.answer.failure?.text).not.toBe('')
      expect((await client.secrets.list()).items.find((item) => item.name === `${name}-url`)?.usedBy).toEqual(
        [name],
      )
      expect((await failure(client.channels.save({ channel }))).code).toBe('WRONG_STATE')
      expect((await failure(client.channels.save({ channel, replaces: 'no-such' }))).code).toBe('NOT_FOUND')
      const bad = await failure(client.channels.save({ channel: { ...channel, url: 'ftp://x' } }))
      expect(bad).toMatchObject({ code: 'BAD_REQUEST', data: { issues: [{ path: 'channel.url' }] } })
      expect(await client.channels.configure({ baseUrl: 'https://vakhta.example.com' })).toEqual({
        baseUrl: 'https://vakhta.example.com',
        consoleName: null,
        publicUrl: null,
      })
      expect(await client.channels.settings()).toMatchObject({ baseUrl: 'https://vakhta.example.com' })
      expect(await client.channels.deliveries({ notification: 'none' })).toEqual({
        items: [],
        nextCursor: null,
      })
      expect(await client.channels.remove({ name })).toEqual({ name })
      expect(await client.channels.unheard()).toMatchObject({
        unheard: {
          why: 'no-channel',
          channels: [],
          text: 'Critical alerts reach nobody: there is no channel.',
        },
      })
      expect((await failure(client.channels.remove({ name }))).code).toBe('NOT_FOUND')
    })

    if (transport.whole)
      it('of the desktop are delivered once a page says that it showed it', async () => {
        const topics = ['desktop']
        const { cursor } = await client.live.changes({ topics, cursor: null })
        const tested = client.channels.test({ channel: { kind: 'desktop', name: 'desk' } })
        const { changes } = await client.live.changes({ topics, cursor })
        await client.channels.save({ channel: { kind: 'desktop', name: 'desk' } })
        await client.live.changes({ topics: ['desktop', 'desktop-allowed'], cursor: null })
        expect(await client.channels.unheard()).toEqual({ unheard: null })
        await client.channels.remove({ name: 'desk' })
        const [shown] = changes.flatMap((change) => (change.kind === 'desktop' ? [change] : []))
        const noted = { id: shown?.id ?? '', outcome: 'shown' as const }
        expect(await client.channels.noted(noted)).toEqual({ isAwaited: true })
        expect((await tested).answer).toMatchObject({ status: 'delivered', failure: null })
        expect(await client.channels.noted(noted)).toEqual({ isAwaited: false })
      })
  })

  describe('heartbeats', () => {
    it('come, are heard at once, and go', async () => {
      const name = `beat-${suffix}`
      const heartbeat = { kind: 'url', name, url: `${serviceUrl()}/ping`, everySeconds: 30 } as const
      expect(await client.heartbeats.test({ heartbeat })).toMatchObject({ status: 'delivered', code: 200 })
      expect(await client.heartbeats.save({ heartbeat })).toEqual({ name })
      // The deployment is watched, so it beats.
      const beating = await until(async () => {
        const { items } = await client.heartbeats.list()
        return items.find((item) => item.heartbeat.name === name && item.state === 'beating')
      })
      expect(beating).toMatchObject({ heartbeat: { ...heartbeat, enabled: true, method: 'POST' } })
      expect((await failure(client.heartbeats.save({ heartbeat }))).code).toBe('WRONG_STATE')
      expect(await client.heartbeats.remove({ name })).toEqual({ name })
      expect((await failure(client.heartbeats.remove({ name }))).code).toBe('NOT_FOUND')
    })
  })

  describe('secrets and hosts', () => {
    it('take values in, and give names and users out', async () => {
      const name = `secret-${suffix}`
      expect(await client.secrets.set({ name, value: 'correct horse' })).toEqual({ name })
      const { items } = await client.secrets.list()
      expect(items.find((item) => item.name === name)?.usedBy).toEqual([])
      expect(items.find((item) => item.name === 'shop-db')?.usedBy).toContain('shop')
      expect(JSON.stringify(items)).not.toContain('correct horse')
      expect(await client.secrets.remove({ name })).toEqual({ name })
      expect((await failure(client.secrets.remove({ name }))).data).toEqual({ what: 'secret', name })
    })

    it('keep a secret that a profile refers to', async () => {
      const { code, status, data } = await failure(client.secrets.remove({ name: 'shop-db' }))
      expect({ code, status }).toEqual({ code: 'WRONG_STATE', status: 409 })
      expect(data).toEqual({ reason: expect.stringContaining('shop') })
    })

    it('accept a host key by its fingerprint, and forget it', async () => {
      const host = `${suffix}.example:22`
      const fingerprint = `SHA256:${'A'.repeat(43)}`
      expect(await client.hosts.accept({ host, fingerprint })).toEqual({ host, fingerprint })
      const { items } = await client.hosts.list()
      expect(items).toContainEqual(expect.objectContaining({ host, fingerprint, state: 'accepted' }))
      const other = `SHA256:${'B'.repeat(43)}`
      expect((await failure(client.hosts.remove({ host, fingerprint: other }))).code).toBe('NOT_FOUND')
      expect(await client.hosts.remove({ host })).toEqual({ host })
      expect((await failure(client.hosts.remove({ host }))).code).toBe('NOT_FOUND')
    })
  })

  describe('monitoring', () => {
    it('tells the pool’s status and all its metrics', async () => {
      const status = await client.pool.status({ deployment: 'shop' })
      expect(status).toMatchObject({ deployment: 'shop', status: 'HEALTHY' })
      const { metrics, at } = await client.pool.metrics({ deployment: 'shop' })
      const names = Object.keys(metrics)
      const single = names.filter((name) => !name.includes('{'))
      expect(single.sort()).toEqual(metricsOf('pool').toSorted())
      expect(names).toEqual(
        expect.arrayContaining(
          ['cpu', 'io', 'lock', 'lwlock'].map((wait) => labelled('db_backends_active', { wait })),
        ),
      )
      expect(metrics.db_up).toBe(1)
      expect(metrics.db_size_bytes).toBeGreaterThan(1_000_000)
      expect(Date.parse(at ?? '')).toBeGreaterThan(Date.now() - 60_000)
    })

    it('sums the pool’s metrics up over a window', async () => {
      await console_.engine.history.flush()
      const { metrics, from, to } = await client.pool.statistics({ deployment: 'shop', minutes: 5 })
      expect(Date.parse(to) - Date.parse(from)).toBe(300_000)
      expect(metrics.db_up).toEqual({ min: 1, mean: 1, max: 1, last: 1 })
    })

    it('tells Redis’ status, metrics, INFO and slow log', async () => {
      const target = 'cache'
      expect(await client.redis.status({ deployment: 'shop' })).toMatchObject({ target })
      const { metrics } = await client.redis.metrics({ deployment: 'shop', target })
      expect(metrics.redis_connected).toBe(1)
      expect(metrics.redis_latency_ms).toBeGreaterThan(0)
      const { info } = await client.redis.info({ deployment: 'shop' })
      expect(JSON.stringify(info)).toContain('redis_version')
      expect(await client.redis.slowLog({ deployment: 'shop' })).toMatchObject({ target, nextCursor: null })
      expect((await failure(client.redis.status({ deployment: 'shop', target: 'none' }))).data).toEqual({
        what: 'redis',
        name: 'none',
      })
    })

    it('tells every probe’s status, all metrics and an overview', async () => {
      const health = await client.system.health({ deployment: 'shop' })
      expect(health.statuses.health.status).toBe('HEALTHY')
      const { items } = await client.metrics.all({})
      expect(items.find(({ probe }) => probe === 'health')?.metrics.health_live).toBe(1)
      const overview = await client.dashboard.overview({})
      expect(overview.deployments).toBe(overview.items.length)
      expect(Object.values(overview.byStatus).reduce((sum, count) => sum + count, 0)).toBe(
        overview.deployments,
      )
      expect(overview.byEnvironment.staging).toBeGreaterThan(0)
    })

    it('wants the deployment named as soon as there are two', async () => {
      expect(await client.pool.status({})).toMatchObject({ deployment: 'shop' })
      const name = `other-${suffix}`
      await client.deployments.import({ yaml: yamlOf(name) })
      try {
        for (const call of [
          client.pool.status,
          client.pool.slowQueries,
          client.redis.info,
          client.system.health,
        ]) {
          expect(await failure(call({}))).toEqual({
            code: 'BAD_REQUEST',
            status: 400,
            defined: true,
            data: { issues: [{ path: 'deployment', message: `expected one of: ${name}, shop` }] },
          })
        }
        const { items } = await client.metrics.all({ deployment: 'shop' })
        expect(new Set(items.map(({ deployment }) => deployment))).toEqual(new Set(['shop']))
      } finally {
        await client.deployments.remove({ name })
      }
    })
  })

  describe('history', () => {
    it('gives a range that is reduced to its width', async () => {
      await console_.engine.history.flush()
      const to = Date.now() + 1000
      const metrics = ['db_up', 'redis_connected']
      const range = await client.history.range({
        deployment: 'shop',
        metrics,
        from: to - 600_000,
        to,
        points: 50,
      })
      expect(range.series.map(({ metric }) => metric).sort()).toEqual(metrics)
      for (const { at, mean } of range.series) {
        expect(at.length).toBeGreaterThan(0)
        expect(at.length).toBeLessThanOrEqual(50)
        expect(mean).toHaveLength(at.length)
      }
    })

    it('refuses a range that ends before it begins', async () => {
      const { code, data } = await failure(
        client.history.range({ deployment: 'shop', metrics: ['db_up'], from: 2, to: 1 }),
      )
      expect(code).toBe('BAD_REQUEST')
      expect(data).toMatchObject({ issues: [{ path: 'from' }] })
    })

    if (transport.whole)
      it('gives the statuses of a stretch', async () => {
        await console_.engine.history.flush()
        const to = Date.now() + 1000
        const { spans } = await client.history.statuses({ deployment: 'shop', from: to - 600_000, to })
        expect(spans.some(({ probe, status }) => probe === 'pool' && status === 'HEALTHY')).toBe(true)
      })
  })

  describe('the database', () => {
    const QUESTIONS = ['activity', 'connections', 'replication', 'vacuum', 'tables'] as const

    it('answers every question to whoever may read, and says what that cost', async () => {
      for (const question of QUESTIONS) {
        const { at, cost } = await reader.database[question]({ name: 'shop' })
        expect(Math.abs(at - Date.now()), question).toBeLessThan(60_000)
        expect(cost.rows, question).toBeGreaterThan(0)
      }
      const top = await reader.database.statements({ name: 'shop', minutes: 15 })
      expect(top).toMatchObject({ missing: 'not-loaded', minutes: 15, statements: [] })
      expect((await reader.database.statements({ name: 'shop', minutes: null })).minutes).toBe(null)
    })

    it('refuses a window and an order that there are not', async () => {
      const order = 'weight' as 'total'
      const refused = await failure(client.database.statements({ name: 'shop', minutes: 0, order }))
      expect(refused).toMatchObject({ code: 'BAD_REQUEST', status: 400, defined: true })
      const { issues } = refused.data as { issues: { path: string }[] }
      expect(issues.map(({ path }) => path).sort()).toEqual(['minutes', 'order'])
    })

    it('reveals the literals of a statement to an operator alone, on record without them', async () => {
      const forgotten = await postgres.connect()
      try {
        const { rows } = await forgotten.query<{ pid: number }>('select pg_backend_pid() as pid')
        await forgotten.query('begin')
        await forgotten.query("select 'Ivan Petrov' as customer")
        const wanted = await until(async () => {
          const { backends } = await client.database.activity({ name: 'shop' })
          return backends.find(({ pid, state }) => pid === rows[0]?.pid && state === 'idle in transaction')
        })
        expect(wanted.statement).toBe('select ? as customer')
        const statement = {
          name: 'shop',
          pid: wanted.pid,
          startedAt: wanted.startedAt ?? 0,
          statementStartedAt: wanted.statementStartedAt ?? 0,
        }
        expect((await failure(reader.database.reveal(statement))).code).toBe('FORBIDDEN')
        const revealed = await client.database.reveal(statement)
        expect(revealed).toMatchObject({ pid: wanted.pid, statement: "select 'Ivan Petrov' as customer" })
        const records = await console_.engine.audit.list({ limit: 2 })
        expect(records).toMatchObject([
          { action: 'database.reveal', target: 'shop', outcome: 'succeeded', detail: { pid: wanted.pid } },
          { action: 'database.reveal', target: 'shop', outcome: 'asked', detail: { pid: wanted.pid } },
        ])
        expect(JSON.stringify([records, console_.logged])).not.toContain('Ivan Petrov')
        await forgotten.query('rollback')
        expect(await failure(client.database.reveal(statement))).toMatchObject({
          code: 'NOT_FOUND',
          status: 404,
          defined: true,
          data: { what: 'statement' },
        })
      } finally {
        await forgotten.end()
      }
    })

    it('says why nothing can be asked: no PostgreSQL, paused, or out of reach', async () => {
      const name = `asked-${suffix}`
      const hosts = [{ name: 'here', over: 'local' }]
      const profile = { name, environment: 'development', hosts }
      const postgresOf = (port: number) => ({ url: `postgresql://postgres@127.0.0.1:${port}/postgres` })
      await client.deployments.save({ profile, replaces: null })
      try {
        expect(await failure(client.database.activity({ name }))).toMatchObject({
          code: 'NOT_FOUND',
          data: { what: 'postgres' },
        })
        await client.deployments.save({ profile: { ...profile, postgres: postgresOf(1) }, replaces: name })
        const unreached = await until(async () => {
          const found = await failure(client.database.activity({ name }))
          return found.code === 'TARGET_FAILED' && found
        })
        expect(unreached).toMatchObject({
          status: 502,
          defined: true,
          data: { failure: { code: 'tcp-refused', text: expect.stringContaining('127.0.0.1') } },
        })
        await client.deployments.pause({ name, paused: true })
        expect(await failure(client.database.activity({ name }))).toMatchObject({
          code: 'WRONG_STATE',
          status: 409,
          data: { reason: 'paused' },
        })
      } finally {
        await client.deployments.remove({ name })
      }
    })
  })

  describe('a Redis', () => {
    it('answers every question, reveals names only on record, and says what there is not', async () => {
      const [{ name: target = '' } = {}] =
        console_.engine.deployments.list().find(({ profile }) => profile.name === 'shop')?.profile.redis ?? []
      const shop = { name: 'shop', target }
      const writer = await redis.connect()
      try {
        for (const index of [1, 2, 3]) await writer.set(`session:ivan-${index}`, 'x')
        for (const question of ['overview', 'slowLog', 'clients'] as const) {
          expect(await reader.redisServer[question](shop)).toMatchObject({ missing: [], grant: null })
        }
        const memory = await until(async () => {
          const { prefixes } = await reader.redisServer.memory(shop)
          return prefixes.some(({ name }) => name === 'session:*') && prefixes
        })
        expect(JSON.stringify(memory)).not.toContain('ivan')
        const prefix = 'session:*'
        expect((await failure(reader.redisServer.revealKeys({ ...shop, prefix }))).code).toBe('FORBIDDEN')
        const { keys } = await client.redisServer.revealKeys({ ...shop, prefix })
        expect(keys.map(({ key }) => key)).toContain('session:ivan-1')
        const records = await console_.engine.audit.list({ limit: 2 })
        expect(records).toMatchObject([
          { action: 'redisServer.revealKeys', target: 'shop', outcome: 'succeeded', detail: { prefix } },
          { action: 'redisServer.revealKeys', target: 'shop', outcome: 'asked', detail: { prefix } },
        ])
        expect(JSON.stringify([records, console_.logged])).not.toContain('ivan-1')
      } finally {
        await writer.del('session:ivan-1', 'session:ivan-2', 'session:ivan-3')
        writer.disconnect()
      }
      const gone = { ...shop, entry: 999_999, at: 0 }
      expect(await failure(client.redisServer.revealCommand(gone))).toMatchObject({
        code: 'NOT_FOUND',
        data: { what: 'entry' },
      })
      expect(await failure(reader.redisServer.overview({ ...shop, node: 'nowhere:1' }))).toMatchObject({
        code: 'NOT_FOUND',
        data: { what: 'node' },
      })
      expect(await failure(reader.redisServer.overview({ name: 'shop', target: 'none' }))).toMatchObject({
        code: 'NOT_FOUND',
        data: { what: 'redis' },
      })
    })
  })

  describe('logs', () => {
    it('are read by everybody without values, with values only on record, and without secrets', async () => {
      const name = `logged-${transport.name.replaceAll(/\W+/g, '-').toLowerCase()}`
      const file = join(console_.dataDirectory, `${name}.log`)
      const password = `hidden-${name}`
      const inVault = `in-the-vault-of-${name}`
      await client.secrets.set({ name, value: inVault })
      await writeFile(
        file,
        `{"timestamp":"2026-11-28T04:01:02Z","level":"error","event":"no order for 'anna'","password":"${password}","note":"${inVault}"}\n`,
      )
      const logs = [{ name: 'app', over: 'local', file }]
      const hosts = [{ name: 'here', over: 'local' }]
      const profile = { name, environment: 'development', hosts, logs }
      await client.deployments.save({ profile, replaces: null })
      try {
        const app = { name, source: 'app' }
        const read = await until(() => reader.logs.read(app).catch(() => null))
        expect(read).toMatchObject({ source: 'app', stopped: 'end', revealed: false, gap: false })
        expect(read.lines).toMatchObject([{ level: 'error', message: "no order for '?'" }])
        expect((await failure(reader.logs.reveal(app))).code).toBe('FORBIDDEN')
        expect(await failure(client.logs.read({ ...app, revealed: true }))).toMatchObject({
          code: 'WRONG_STATE',
          data: { reason: 'hidden' },
        })
        await client.logs.reveal(app)
        const records = await console_.engine.audit.list({ limit: 2 })
        expect(records).toMatchObject([
          { action: 'logs.reveal', target: name, outcome: 'succeeded' },
          { action: 'logs.reveal', target: name, outcome: 'asked', detail: { source: 'app' } },
        ])
        const revealed = await client.logs.read({ ...app, revealed: true, search: 'anna', level: 'error' })
        expect(revealed.lines.map(({ message }) => message)).toEqual(["no order for 'anna'"])
        for (const secret of [password, inVault])
          expect(JSON.stringify([read, revealed, records, console_.logged])).not.toContain(secret)
        expect(await failure(reader.logs.read({ ...app, source: 'none' }))).toMatchObject({
          code: 'NOT_FOUND',
          data: { what: 'log' },
        })
        expect((await failure(reader.logs.read({ ...app, cursor: 'elsewhere' }))).data).toMatchObject({
          issues: [{ path: 'cursor' }],
        })
      } finally {
        await client.deployments.remove({ name })
        await client.secrets.remove({ name })
      }
    })
  })

  describe('timeline', () => {
    it('tells what was edited, newest first and page by page', async () => {
      // Each transport has a name of its own: what happened to a deployment outlives it.
      const name = `edited-${transport.name.replaceAll(/\W+/g, '-').toLowerCase()}`
      const hosts = [{ name: 'here', over: 'local' }]
      const profile = { name, environment: 'development', hosts }
      await client.deployments.save({ profile, replaces: null })
      try {
        await client.deployments.save({ profile: { ...profile, description: 'Mine' }, replaces: name })
        await client.deployments.pause({ name, paused: true })
        const all = await client.timeline.list({ name })
        expect(all.items.map(({ kind, reason }) => [kind, reason.code, reason.text])).toEqual([
          ['profile', 'profile-paused', 'watching paused'],
          ['profile', 'profile-edited', 'profile edited: description'],
          ['profile', 'profile-added', 'added to the console'],
        ])
        expect(all.nextCursor).toBeNull()
        const first = await client.timeline.list({ name, limit: 2 })
        const second = await client.timeline.list({ name, limit: 2, cursor: first.nextCursor ?? '' })
        expect([...first.items, ...second.items]).toEqual(all.items)
        expect(second.nextCursor).toBeNull()
        expect((await client.timeline.list({ name, kinds: ['deploy'] })).items).toEqual([])
      } finally {
        await client.deployments.remove({ name })
      }
    })

    it('refuses a range that ends before it begins, kinds that there are not, and a cursor of another make', async () => {
      const refused = async (input: object) =>
        (await failure(client.timeline.list({ name: 'shop', ...input }))).data
      expect(await refused({ from: 2, to: 1 })).toMatchObject({ issues: [{ path: 'from' }] })
      expect(await refused({ kinds: ['weather'] })).toMatchObject({ issues: [{ path: 'kinds[0]' }] })
      expect(await refused({ cursor: 'next' })).toMatchObject({ issues: [{ path: 'cursor' }] })
    })
  })

  if (transport.whole)
    describe('live', () => {
      it('gives the fleet’s rows and a deployment’s observations', async () => {
        const { rows } = await client.live.fleet()
        expect(rows.find(({ name }) => name === 'shop')?.heartbeat.length).toBeGreaterThan(0)
        const shop = await client.live.deployment({ name: 'shop' })
        expect(shop.observations.some(({ probe }) => probe === 'redis')).toBe(true)
        expect(shop.connection.hops.length).toBeGreaterThan(0)
      })

      it('tells what changed since a cursor, and resumes from it', async () => {
        const topics = ['fleet']
        const { cursor, changes, reset } = await client.live.changes({ topics, cursor: null, waitMs: 0 })
        expect({ changes, reset }).toEqual({ changes: [], reset: false })
        const name = `watched-${suffix}`
        await client.deployments.import({ yaml: yamlOf(name) })
        const told = await until(
          async () => {
            // The same cursor again and again: nothing is lost to a client whose answer got lost.
            const answer = await client.live.changes({ topics, cursor, waitMs: 1000 })
            return (
              answer.changes.some((change) => change.kind === 'fleet-row' && change.name === name) && answer
            )
          },
          { what: 'the new row' },
        )
        await client.deployments.remove({ name })
        const removed = await until(
          async () => {
            const answer = await client.live.changes({ topics, cursor: told.cursor, waitMs: 1000 })
            return answer.changes.find((change) => change.kind === 'fleet-row-removed')
          },
          { what: 'the removed row' },
        )
        expect(removed).toMatchObject({ name })
      })

      it('starts over with a cursor of another run', async () => {
        const cursor = '00000000-0000-4000-8000-000000000000:12'
        const answer = await client.live.changes({ topics: ['fleet'], cursor, waitMs: 0 })
        expect(answer).toMatchObject({ reset: true, changes: [] })
        expect(answer.cursor).not.toBe(cursor)
      })

      it('ends a wait when the client gives it up', async () => {
        const { cursor } = await client.live.changes({ topics: ['console'], cursor: null, waitMs: 0 })
        const given = new AbortController()
        const waiting = client.live.changes(
          { topics: ['console'], cursor, waitMs: 25_000 },
          { signal: given.signal },
        )
        given.abort()
        await expect(waiting).rejects.toThrow()
        expect(await client.session.get()).toMatchObject({ version: TEST_VERSION })
      })
    })

  if (transport.whole)
    describe('session', () => {
      it('tells who asks, of which console', async () => {
        const session = await reader.session.get()
        expect(session.actor).toEqual({ name: 'readonly', role: 'READONLY' })
        expect(session).toMatchObject({ version: TEST_VERSION, dataDirectory: console_.dataDirectory })
      })

      it('keeps what each prefers', async () => {
        await client.session.prefer({ theme: 'light' })
        const fleet = {
          text: '',
          status: null,
          environment: null,
          tag: null,
          sort: 'badness',
          group: 'none',
        } as const
        const alerts = { text: '', severity: null, deployment: null, state: null }
        expect(await client.session.prefer({ language: 'ru' })).toEqual({
          theme: 'light',
          language: 'ru',
          fleet,
          alerts,
        })
        const narrowed = { ...fleet, text: 'shop', status: 'attention', group: 'environment' } as const
        await client.session.prefer({ fleet: narrowed })
        expect((await client.session.get()).preferences).toEqual({
          theme: 'light',
          language: 'ru',
          fleet: narrowed,
          alerts,
        })
        expect((await reader.session.get()).preferences).toEqual({
          theme: 'dark',
          language: 'system',
          fleet,
          alerts,
        })
        await client.session.prefer({ theme: 'dark', language: 'system', fleet })
      })
    })

  describe('refusals', () => {
    it('say by path what is wrong with an input', async () => {
      expect(await failure(client.deployments.get({ name: 'Not A Name' }))).toEqual({
        code: 'BAD_REQUEST',
        status: 400,
        defined: true,
        data: { issues: [{ path: 'name', message: expect.stringContaining('a') }] },
      })
      const { data } = await failure(client.secrets.set({ name: 'a b', value: '' }))
      expect((data as { issues: { path: string }[] }).issues.map(({ path }) => path).sort()).toEqual([
        'name',
        'value',
      ])
    })

    it('keep roles from what they may not do, and record it', async () => {
      const refused = await failure(reader.deployments.remove({ name: 'shop' }))
      expect(refused).toEqual({
        code: 'FORBIDDEN',
        status: 403,
        defined: true,
        data: { reason: expect.stringContaining('ADMIN') },
      })
      const [record] = await console_.engine.audit.list({ limit: 1 })
      expect(record).toMatchObject({
        actor: { id: 'token:readonly', role: 'READONLY' },
        action: 'deployments.remove',
        target: 'shop',
        outcome: 'refused',
      })
      expect((await reader.deployments.get({ name: 'shop' })).name).toBe('shop')
    })

    it('come before the input is even looked at', async () => {
      expect((await failure(reader.secrets.set({ name: 'a b', value: '' }))).code).toBe('FORBIDDEN')
    })

    it('mask what nobody expected, and log it with its cause', async () => {
      const { history } = console_.engine
      const range = history.range
      Object.assign(history, { range: () => Promise.reject(new Error('the secret inside')) })
      try {
        const query = { deployment: 'shop', metrics: ['db_up'], from: 1, to: 2 }
        const error = await failure(client.history.range(query))
        expect(error).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', status: 500, defined: false })
        expect(JSON.stringify(error)).not.toContain('the secret inside')
        expect(console_.logged.at(-1)).toContain('the secret inside')
        expect(console_.logged.at(-1)).toContain('history.range')
      } finally {
        Object.assign(history, { range })
      }
    })
  })

  it('records what is asked and how it ended, and never a secret’s value', async () => {
    const name = `audited-${suffix}`
    await client.secrets.set({ name, value: 'not for the audit' })
    const records = await console_.engine.audit.list({ limit: 2 })
    expect(records.map(({ action, target, outcome }) => ({ action, target, outcome }))).toEqual([
      { action: 'secrets.set', target: name, outcome: 'succeeded' },
      { action: 'secrets.set', target: name, outcome: 'asked' },
    ])
    expect(JSON.stringify(records)).not.toContain('not for the audit')
    await failure(client.deployments.pause({ name: 'nobody', paused: true }))
    const [failed] = await console_.engine.audit.list({ limit: 1 })
    expect(failed).toMatchObject({ outcome: 'failed', detail: { error: 'NOT_FOUND' } })
    await client.secrets.remove({ name })
    expect(await console_.engine.audit.verify()).toMatchObject({ ok: true, firstBad: null })
  })
})

// Apart and afterwards: a slow statement keeps the pool's status at a warning for a while.
describe('statements that run for too long', () => {
  let slow: Awaited<ReturnType<PostgresServer['connect']>>
  let running: Promise<unknown>

  beforeAll(async () => {
    slow = await postgres.connect()
    running = slow.query("SELECT pg_sleep(60), 'literal of mine'").catch(() => null)
    await until(() => console_.engine.live.latestOf('shop', 'pool')?.evidence?.statements?.length, {
      timeoutMs: 20_000,
      what: 'a look at the slow statement',
    })
  })
  afterAll(async () => {
    const other = await postgres.connect()
    await other.query(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    )
    await Promise.all([running, other.end()])
    await slow.end()
  })

  it.each(TRANSPORTS)('are listed over $name, with literals masked', async (transport) => {
    const { client, close } = await transport.connect(console_, 'READONLY')
    const { items, at, deployment } = await client.pool.slowQueries({})
    close()
    expect({ deployment, statement: items[0]?.statement }).toEqual({
      deployment: 'shop',
      statement: expect.stringContaining('pg_sleep'),
    })
    expect(items[0]?.durationMs).toBeGreaterThanOrEqual(1000)
    expect(at).not.toBe(null)
    expect(JSON.stringify(items)).not.toContain('literal of mine')
  })
})

it('leaves no procedure of the contract unnamed here: its list is as this suite knows it', () => {
  const names = Object.entries(contract).flatMap(([domain, procedures]) =>
    Object.keys(procedures).map((name) => `${domain}.${name}`),
  )
  expect(names).toMatchInlineSnapshot(`
    [
      "session.get",
      "session.prefer",
      "deployments.list",
      "deployments.get",
      "deployments.save",
      "deployments.remove",
      "deployments.pause",
      "deployments.retry",
      "deployments.propose",
      "deployments.validate",
      "deployments.import",
      "deployments.export",
      "deployments.test",
      "secrets.list",
      "secrets.set",
      "secrets.remove",
      "hosts.list",
      "hosts.accept",
      "hosts.remove",
      "channels.list",
      "channels.save",
      "channels.remove",
      "channels.test",
      "channels.unheard",
      "channels.deliveries",
      "channels.noted",
      "channels.attend",
      "channels.settings",
      "channels.configure",
      "heartbeats.list",
      "heartbeats.save",
      "heartbeats.remove",
      "heartbeats.test",
      "questions.list",
      "questions.answer",
      "questions.dismiss",
      "alerts.rules",
      "alerts.settings",
      "alerts.configure",
      "alerts.configureRule",
      "alerts.saveRule",
      "alerts.removeRule",
      "alerts.rehearse",
      "alerts.propose",
      "alerts.active",
      "alerts.history",
      "alerts.statistics",
      "alerts.trace",
      "alerts.acknowledgeAll",
      "alerts.silenceAll",
      "alerts.resolveAll",
      "alerts.acknowledge",
      "alerts.silence",
      "alerts.resolve",
      "alerts.live",
      "alerts.about",
      "silences.list",
      "silences.create",
      "silences.end",
      "silences.preview",
      "windows.list",
      "windows.save",
      "windows.remove",
      "windows.preview",
      "handover.get",
      "handover.notes",
      "handover.addNote",
      "handover.removeNote",
      "rota.list",
      "rota.save",
      "rota.remove",
      "rota.shifts",
      "rota.people",
      "rota.savePerson",
      "rota.removePerson",
      "rota.override",
      "rota.removeOverride",
      "escalation.list",
      "escalation.save",
      "escalation.remove",
      "live.fleet",
      "live.deployment",
      "live.changes",
      "history.range",
      "history.statuses",
      "forecasts.list",
      "database.activity",
      "database.statements",
      "database.connections",
      "database.replication",
      "database.vacuum",
      "database.tables",
      "database.reveal",
      "redisServer.overview",
      "redisServer.slowLog",
      "redisServer.clients",
      "redisServer.memory",
      "redisServer.revealCommand",
      "redisServer.revealKeys",
      "logs.read",
      "logs.reveal",
      "timeline.list",
      "operations.list",
      "operations.get",
      "operations.preview",
      "operations.start",
      "operations.previewAct",
      "operations.cancel",
      "operations.pause",
      "operations.resume",
      "operations.undo",
      "operations.settings",
      "operations.configure",
      "backups.list",
      "backups.tables",
      "backups.summary",
      "backups.recoveryKey",
      "backups.recoveryKeys",
      "backups.makeRecoveryKey",
      "backups.proveRecoveryKey",
      "backups.rescan",
      "backups.remove",
      "pool.status",
      "pool.metrics",
      "pool.statistics",
      "pool.slowQueries",
      "redis.status",
      "redis.metrics",
      "redis.info",
      "redis.slowLog",
      "system.health",
      "metrics.all",
      "dashboard.overview",
    ]
  `)
})
