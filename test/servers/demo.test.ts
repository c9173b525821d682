// The demo itself: each fault has its effect, measured at the service, the database or the port, and ends.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { type Demo, startDemo } from '../../demo/start.ts'
import { dashboard, metrics, pool, redis, system } from '../../src/shared/contract/monitoring.ts'
import { cannotMount } from '../crash/small-disk.ts'
import { until } from '../support/until.ts'

/** For the names of tests that want a small disk. */
const ROOM = cannotMount === null ? '' : ` (refused here: ${cannotMount})`
const state = mkdtempSync(join(tmpdir(), 'vakhta-demo-test-'))
const dataDirectory = join(state, 'data')
let demo: Demo

beforeAll(async () => {
  process.env.XDG_STATE_HOME = join(state, 'state')
  demo = await startDemo({ dataDirectory, peakPerSecond: 60 })
})
afterAll(async () => {
  await demo?.stop()
  rmSync(state, { recursive: true, force: true })
})

interface Ready {
  status: number
  dependencies: Record<string, string>
}
async function ready(name: 'shop' | 'billing' | 'ledger'): Promise<Ready> {
  const response = await fetch(`${demo.deployment(name).serviceUrl}/ready`)
  const { dependencies } = (await response.json()) as Ready
  return { status: response.status, dependencies }
}
const backends = async (role: string, condition: string) => {
  const rows = await demo
    .deployment('shop')
    .postgres.query(
      `SELECT pid, application_name FROM pg_stat_activity WHERE usename = '${role}' AND ${condition}`,
    )
  return rows.length
}
const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** `demo/fault.ts` as a person runs it. */
function faultCommand(...args: string[]): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../demo/fault.ts'), ...args])
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })))
}

describe('a demo without faults', () => {
  it('is ready, and names its dependencies', async () => {
    for (const name of ['shop', 'billing', 'ledger'] as const) {
      expect(await ready(name)).toMatchObject({ status: 200, dependencies: { database: 'ok', redis: 'ok' } })
    }
  })

  it('gives profiles that the console takes, which refer to secrets and hold none', () => {
    for (const profile of demo.profiles) expect(DeploymentProfile.safeParse(profile).error).toBeUndefined()
    expect(demo.profiles.map(({ ssh }) => ssh?.hops.length ?? 0)).toEqual([0, 1, 2])
    const text = JSON.stringify(demo.profiles)
    for (const [name, value] of Object.entries(demo.secrets)) {
      expect(text).toContain(`secret:${name}`)
      expect(text).not.toContain(value)
    }
  })

  it('lets the watch role see what others run, and change nothing', async () => {
    const { postgres } = demo.deployment('shop')
    const client = new Client({
      host: '127.0.0.1',
      port: postgres.port,
      user: 'vakhta',
      password: demo.secrets['demo-postgres-watch'],
      database: 'shop',
    })
    await client.connect()
    try {
      const { rows } = await client.query(
        `SELECT query FROM pg_stat_activity WHERE usename = 'shop' AND query NOT LIKE '<%'`,
      )
      expect(rows.length).toBeGreaterThan(0)
      await expect(client.query('SELECT * FROM orders')).rejects.toThrow('permission denied')
    } finally {
      await client.end()
    }
  })

  it('serves traffic without errors, mostly from its cache', async () => {
    const { traffic, serviceUrl, redis: server } = demo.deployment('shop')
    await until(() => traffic.counts().sent > 60)
    expect(traffic.counts().failed).toBe(0)
    const text = await (await fetch(`${serviceUrl}/metrics`)).text()
    expect(text).toMatch(/^http_requests_total\{method="GET",path="\/orders\/:id",status="200"\} \d+$/m)
    expect(text).toMatch(
      /^http_request_duration_seconds_bucket\{method="GET",path="\/orders",le="\+Inf"\} \d+$/m,
    )
    expect(text).not.toContain('path="/ready"')
    const client = await server.connect()
    // A cache is empty at first, and fills with what is asked for.
    await until(async () => {
      const info = await client.info('stats')
      const count = (name: string) => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1])
      return count('keyspace_hits') / (count('keyspace_hits') + count('keyspace_misses')) > 0.7
    })
    client.disconnect()
  })

  it("answers the monitoring endpoints in the contract's shapes", async () => {
    const answers = {
      'pool/status': pool.status,
      'pool/metrics': pool.metrics,
      'pool/statistics': pool.statistics,
      'pool/slow-queries': pool.slowQueries,
      'redis/status': redis.status,
      'redis/metrics': redis.metrics,
      'redis/info': redis.info,
      'redis/slow-log': redis.slowLog,
      'system/health': system.health,
      'metrics/all': metrics.all,
      'dashboard/overview': dashboard.overview,
    }
    for (const [path, procedure] of Object.entries(answers)) {
      const response = await fetch(`${demo.deployment('shop').serviceUrl}/api/v1/monitoring/${path}`)
      expect(response.status, path).toBe(200)
      const schema = procedure['~orpc'].outputSchema
      const result = await schema?.['~standard'].validate(await response.json())
      expect(result, path).not.toHaveProperty('issues')
    }
  })
})

describe('a fault', () => {
  it('pool-exhausted: the service holds every connection idle in transaction, and is not ready', async () => {
    await demo.fault('pool-exhausted', true, 'shop')
    expect(await backends('shop', "state = 'idle in transaction'")).toBe(8)
    const answer = await ready('shop')
    expect(answer.status).toBe(503)
    expect(answer.dependencies.database).toMatch(/no free connection/)
    expect((await ready('billing')).status).toBe(200)
    await demo.fault('pool-exhausted', false, 'shop')
    expect(await backends('shop', "state = 'idle in transaction'")).toBe(0)
    await until(async () => (await ready('shop')).status === 200)
  })

  it("pool-exhausted comes back after the database's restart, and still ends", async () => {
    await demo.fault('pool-exhausted', true, 'shop')
    await demo.deployment('shop').postgres.restart()
    await until(async () => (await backends('shop', "state = 'idle in transaction'")) === 8)
    await demo.fault('pool-exhausted', false, 'shop')
    await until(async () => (await ready('shop')).status === 200)
  })

  it('lock: the queries of the service wait for a session that holds ACCESS EXCLUSIVE', async () => {
    await demo.fault('lock', true, 'shop')
    const { postgres } = demo.deployment('shop')
    const rows = await postgres.query(
      `SELECT DISTINCT blocker.application_name AS blocker FROM pg_stat_activity AS waiting
         JOIN pg_stat_activity AS blocker ON blocker.pid = ANY (pg_blocking_pids(waiting.pid))
        WHERE waiting.usename = 'shop'`,
    )
    expect(rows).toContainEqual({ blocker: 'nightly-migration' })
    await demo.fault('lock', false, 'shop')
    expect(await backends('shop', "wait_event_type = 'Lock'")).toBe(0)
    await until(async () => (await ready('shop')).status === 200)
  })

  it('slow-query: statements of the service run over 1000 ms', async () => {
    const slow = () => backends('shop', "state = 'active' AND now() - query_start > interval '1 second'")
    await demo.fault('slow-query', true, 'shop')
    expect(await slow()).toBeGreaterThan(0)
    expect((await ready('shop')).status).toBe(200)
    await demo.fault('slow-query', false, 'shop')
    expect(await slow()).toBe(0)
  })

  it('redis-down: nothing listens, the service says so and serves on', async () => {
    const { redis: server, serviceUrl } = demo.deployment('shop')
    await demo.fault('redis-down', true, 'shop')
    expect(await isOpen(server.port)).toBe(false)
    expect(await ready('shop')).toMatchObject({
      status: 503,
      dependencies: { database: 'ok', redis: 'not connected' },
    })
    expect((await fetch(`${serviceUrl}/orders/1`)).status).toBe(200)
    await demo.fault('redis-down', false, 'shop')
    expect(await ready('shop')).toMatchObject({ status: 200, dependencies: { redis: 'ok' } })
  })

  it('not-ready: ready answers 503 and names what fails, while live answers 200', async () => {
    await demo.fault('not-ready', true, 'shop')
    const answer = await ready('shop')
    expect(answer).toMatchObject({ status: 503, dependencies: { database: 'ok', redis: 'ok' } })
    expect(answer.dependencies.schema).toBe('at revision 41, 42 is needed')
    expect((await fetch(`${demo.deployment('shop').serviceUrl}/health`)).status).toBe(200)
    await demo.fault('not-ready', false, 'shop')
    expect((await ready('shop')).status).toBe(200)
  })

  it('tunnel-cut: sessions end, the port is closed, and the service knows nothing of it', async () => {
    const [bastion] = demo.deployment('billing').chain
    const session = connect({ host: '127.0.0.1', port: bastion?.port ?? 0 })
    const ended = new Promise((resolve) => session.once('close', resolve))
    session.on('error', () => {}).resume()
    await until(() => bastion?.sessions() === 1)
    await demo.fault('tunnel-cut', true, 'billing')
    await ended
    expect(await isOpen(bastion?.port ?? 0)).toBe(false)
    expect((await ready('billing')).status).toBe(200)
    expect(await Promise.all(demo.deployment('ledger').chain.map(({ port }) => isOpen(port)))).toEqual([
      true,
      true,
    ])
    await demo.fault('tunnel-cut', false, 'billing')
    expect(await isOpen(bastion?.port ?? 0)).toBe(true)
  })

  it('idle-in-transaction: one transaction has changed an order and is forgotten, and the service works on', async () => {
    const forgotten = "state = 'idle in transaction' AND backend_xid IS NOT NULL"
    await demo.fault('idle-in-transaction', true, 'ledger')
    expect(await backends('ledger', forgotten)).toBe(1)
    expect((await ready('ledger')).status).toBe(200)
    // Both at once: what is left of the pool is held too, and each ends by itself.
    await demo.fault('pool-exhausted', true, 'ledger')
    expect((await ready('ledger')).status).toBe(503)
    await demo.fault('pool-exhausted', false, 'ledger')
    expect(await backends('ledger', forgotten)).toBe(1)
    await demo.fault('idle-in-transaction', false, 'ledger')
    expect(await backends('ledger', "state = 'idle in transaction'")).toBe(0)
    await demo.fault('pool-exhausted', true, 'ledger')
    await expect(demo.fault('idle-in-transaction', true, 'ledger')).rejects.toThrow('end that fault first')
    await demo.fault('pool-exhausted', false, 'ledger')
  })

  it('redis-memory: Redis is nearly full and may evict nothing, until it is freed', async () => {
    const { redis: server } = demo.deployment('billing')
    const client = await server.connect()
    const usage = async () => {
      const info = await client.info('memory')
      const figure = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1])
      return figure('used_memory') / figure('maxmemory')
    }
    const policy = async () => (await client.config('GET', 'maxmemory-policy')) as string[]
    await demo.fault('redis-memory', true, 'billing')
    await demo.fault('redis-memory', true, 'billing')
    expect(await usage()).toBeGreaterThan(0.85)
    expect(await policy()).toContain('noeviction')
    // It goes on serving: there is room for what it writes.
    expect(await client.set('last', 'words')).toBe('OK')
    await demo.fault('redis-memory', false, 'billing')
    expect(await usage()).toBeLessThan(0.5)
    expect(await policy()).toContain('allkeys-lru')
    client.disconnect()
    await demo.fault('redis-down', true, 'billing')
    await expect(demo.fault('redis-memory', true, 'billing')).rejects.toThrow('redis-down')
    await demo.fault('redis-down', false, 'billing')
  })

  it('errors: orders answer 500 as the service itself counts, over a hundred a minute', async () => {
    const { serviceUrl } = demo.deployment('billing')
    const counted = async () => {
      const text = await (await fetch(`${serviceUrl}/metrics`)).text()
      const lines = text.matchAll(/^http_requests_total\{.*status="500"\} (\d+)$/gm)
      return [...lines].reduce((sum, [, count]) => sum + Number(count), 0)
    }
    await demo.fault('errors', true, 'billing')
    const [began, before] = [performance.now(), await counted()]
    await until(async () => (await counted()) >= before + 20)
    expect(((await counted()) - before) / ((performance.now() - began) / 60_000)).toBeGreaterThan(100)
    expect((await ready('billing')).status).toBe(200)
    expect((await fetch(`${serviceUrl}/reports`)).status).toBe(200)
    await demo.fault('errors', false, 'billing')
    expect((await fetch(`${serviceUrl}/orders/1`)).status).toBe(200)
  })

  it('slow-http: requests take over 5 s, while the service is live and ready', async () => {
    const { serviceUrl } = demo.deployment('billing')
    await demo.fault('slow-http', true, 'billing')
    expect((await ready('billing')).status).toBe(200)
    await demo.fault('slow-http', false, 'billing')
    const began = performance.now()
    expect((await fetch(`${serviceUrl}/orders/1`)).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(await (await fetch(`${serviceUrl}/metrics`)).text()).toMatch(
      /^http_request_duration_seconds_bucket\{.*le="10"\} [1-9]/m,
    )
  })

  it('host-key-changed: the last hop shows another key, and the first one again afterwards', async () => {
    const last = demo.deployment('ledger').chain.at(-1)
    const first = last?.hostFingerprint
    await demo.fault('host-key-changed', true, 'ledger')
    expect(last?.hostFingerprint).not.toBe(first)
    // A second time there is nothing to change, and the first key is not forgotten.
    await demo.fault('host-key-changed', true, 'ledger')
    await demo.fault('host-key-changed', false, 'ledger')
    expect(last?.hostFingerprint).toBe(first)
    await expect(demo.fault('host-key-changed', true, 'shop')).rejects.toThrow('billing and ledger have one')
  })

  it('queue-stuck: what is queued waits behind a task that hangs, and is worked off again', async () => {
    const { queue, redis } = demo.deployment('billing')
    await demo.fault('queue-stuck', true, 'billing')
    const client = await redis.connect()
    try {
      const [message] = await client.lrange('invoices', -1, -1)
      if (message !== undefined)
        expect(JSON.parse(message)).toMatchObject({ headers: { task: 'invoices.send' } })
      const before = (await queue?.length()) ?? 0
      await until(async () => ((await queue?.length()) ?? 0) > before, { timeoutMs: 20_000 })
      expect(await client.hlen('unacked')).toBeLessThanOrEqual(1)
    } finally {
      client.disconnect()
    }
    await demo.fault('queue-stuck', false, 'billing')
    await expect(demo.fault('queue-stuck', true, 'shop')).rejects.toThrow('billing has one')
  })

  it(`disk-full: Redis cannot save, and can again${ROOM}`, async () => {
    const lastSave = async () => {
      const client = await demo.deployment('billing').redis.connect()
      try {
        return /rdb_last_bgsave_status:(\w+)/.exec(await client.info('persistence'))?.[1]
      } finally {
        client.disconnect()
      }
    }
    if (cannotMount !== null) {
      await expect(demo.fault('disk-full', true, 'billing')).rejects.toThrow(cannotMount)
      return
    }
    await demo.fault('disk-full', true, 'billing')
    expect(await lastSave()).toBe('err')
    await demo.fault('disk-full', false, 'billing')
    expect(await lastSave()).toBe('ok')
  })

  it(`archive-failing, archive-full: WAL is not archived, and then it is${ROOM}`, async () => {
    const { archive, postgres } = demo.deployment('shop')
    const files = () => readdirSync(archive.directory).filter((name) => /^[0-9A-F]{24}$/.test(name)).length
    const before = files()
    for (const fault of ['archive-failing', 'archive-full'] as const) {
      if (fault === 'archive-full' && cannotMount !== null) {
        await expect(demo.fault(fault, true, 'shop')).rejects.toThrow(cannotMount)
        continue
      }
      await demo.fault(fault, true, 'shop')
      const [row] = await postgres.query('SELECT failed_count::int AS failures FROM pg_stat_archiver')
      expect(row?.failures).toBeGreaterThan(0)
      const other = fault === 'archive-full' ? 'archive-failing' : 'archive-full'
      await expect(demo.fault(other, true, 'shop')).rejects.toThrow('end that fault first')
      await demo.fault(fault, false, 'shop')
    }
    await until(() => files() > before)
  })

  it('certificate-expiring, certificate-expired: the front shows such a certificate, and a good one again', async () => {
    const { front } = demo.deployment('ledger')
    const verdict = () =>
      new Promise<string>((resolve) => {
        const options = { host: '127.0.0.1', port: front?.port ?? 0, ca: front?.authority ?? '' }
        const socket = connectTls(options, () => {
          const days = (Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / 86_400_000
          socket.destroy()
          resolve(`${Math.round(days)} days`)
        })
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
      })
    expect(await verdict()).toBe('89 days')
    await demo.fault('certificate-expiring', true, 'ledger')
    expect(await verdict()).toBe('5 days')
    await demo.fault('certificate-expired', true, 'ledger')
    expect(await verdict()).toBe('CERT_HAS_EXPIRED')
    await demo.fault('certificate-expired', false, 'ledger')
    expect(await verdict()).toBe('89 days')
    await demo.fault('certificate-expiring', false, 'ledger')
    await expect(demo.fault('certificate-expired', true, 'shop')).rejects.toThrow('no TLS')
  })

  it('latency: 300 ms into one deployment, and no more into the others', async () => {
    await demo.fault('latency', true, 'shop')
    const words = () => demo.deployment('shop').ways.firstWords()
    expect(await words()).toHaveLength(3)
    expect(Math.min(...(await words()))).toBeGreaterThanOrEqual(300)
    expect(Math.max(...(await demo.deployment('billing').ways.firstWords()))).toBeLessThan(300)
    await demo.fault('latency', false, 'shop')
    expect(Math.max(...(await words()))).toBeLessThan(300)
  })

  it('packet-loss: some words come late, and none is missing', async () => {
    await demo.fault('packet-loss', true, 'billing')
    // No more at once than sshd lets in without a login (MaxStartups), while the relay holds what is late.
    let latest = 0
    for (let round = 0; round < 8 && latest < 200; round += 1) {
      const { ways } = demo.deployment('billing')
      const words = (await Promise.all(Array.from({ length: 8 }, () => ways.firstWords()))).flat()
      expect(words).toHaveLength(8)
      latest = Math.max(latest, ...words)
    }
    expect(latest).toBeGreaterThanOrEqual(200)
    await demo.fault('packet-loss', false, 'billing')
    await demo.fault('tunnel-cut', true, 'billing')
    await expect(demo.fault('packet-loss', true, 'billing')).rejects.toThrow('tunnel-cut')
    await demo.fault('tunnel-cut', false, 'billing')
  })

  it('may be asked for twice, and is listed while it lasts', async () => {
    await demo.fault('not-ready', true, 'ledger')
    await demo.fault('not-ready', true, 'ledger')
    expect(demo.faults()).toEqual([{ fault: 'not-ready', deployment: 'ledger' }])
    await demo.fault('not-ready', false, 'ledger')
    await demo.fault('not-ready', false, 'ledger')
    expect(demo.faults()).toEqual([])
  })
})

describe('npm run demo:fault', () => {
  it('causes a fault of the demo last started, and ends it in that of a directory', async () => {
    expect(await faultCommand('not-ready')).toMatchObject({ code: 0, text: expect.stringContaining('--off') })
    expect((await ready('shop')).status).toBe(503)
    expect(await faultCommand('not-ready', '--off', '--data', dataDirectory)).toMatchObject({ code: 0 })
    expect((await ready('shop')).status).toBe(200)
  })

  it('refuses to cut a tunnel where there is none', async () => {
    const { code, text } = await faultCommand('tunnel-cut', '--deployment', 'shop')
    expect(code).toBe(65)
    expect(text).toContain('shop is reached directly')
  })

  it.each([
    [['explode'], 'pool-exhausted'],
    [[], 'pool-exhausted'],
    [['lock', '--deployment', 'nowhere'], 'shop, billing, ledger'],
    [['lock', '--of'], '--of'],
  ])('answers %j with the usage', async (args, named) => {
    const { code, text } = await faultCommand(...args)
    expect(code).toBe(64)
    expect(text).toContain(named)
  })

  it('says so when no demo runs there', async () => {
    const { code, text } = await faultCommand('lock', '--data', join(state, 'nothing'))
    expect(code).toBe(69)
    expect(text).toContain('npm run demo')
  })
})

describe('how the demo is found', () => {
  it('is written for its owner alone', () => {
    expect(statSync(join(dataDirectory, 'demo.json')).mode & 0o777).toBe(0o600)
    expect(statSync(demo.directory).mode & 0o777).toBe(0o700)
    const text = readFileSync(join(dataDirectory, 'demo.json'), 'utf8')
    for (const value of Object.values(demo.secrets)) expect(text).not.toContain(value)
  })

  it('refuses a second demo on one data directory', async () => {
    await expect(startDemo({ dataDirectory })).rejects.toThrow('already')
    expect(existsSync(join(dataDirectory, 'demo.json'))).toBe(true)
  })
})
