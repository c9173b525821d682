import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { exposition } from '../../../src/main/engine/probes/exposition/index.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { type Exporter, startExporter } from '../../support/exporter.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'
import { serve, type TestService, watch } from './probe-kit.ts'

type Keep = NonNullable<DeploymentProfileInput['expositions']>[number]['keep']

async function watching(url: string, keep: Keep) {
  const kit = await createKit()
  const input = { expositions: [{ name: 'told', url, keep }] }
  return watch(exposition, kit.profile(input), kit.reach(input))
}

describe('what a real exporter exposes', () => {
  let postgres: PostgresServer
  let exporter: Exporter
  beforeAll(async () => {
    postgres = await startPostgres()
    for (const name of ['one', 'two', 'three']) await postgres.query(`create database ${name}`)
    exporter = await startExporter(
      'prometheus-postgres-exporter',
      (address) => [`--web.listen-address=${address}`],
      { DATA_SOURCE_NAME: `${postgres.url}?sslmode=disable` },
    )
  })
  afterAll(async () => {
    await exporter?.stop()
    await postgres?.stop()
  })

  it('is kept by labels, bounded, counters as rates', async () => {
    const watcher = await watching(exporter.url, [
      { metric: 'pg_database_size_bytes', by: ['datname'], most: 3 },
      { metric: 'pg_stat_database_xact_commit', where: { datname: 'one' } },
      { metric: 'pg_settings_max_connections' },
      { metric: 'pg_nowhere' },
    ])
    const first = await watcher.look()
    expect(first.status).toBe('HEALTHY')
    const commits = 'exposition_value{metric="pg_stat_database_xact_commit",series=""}'
    expect(first.values[commits]).toBeUndefined()
    const read = await exporter.read()
    const settings = 'exposition_value{metric="pg_settings_max_connections",series=""}'
    expect(first.values[settings]).toBe(read('pg_settings_max_connections'))
    const sizes = Object.entries(first.values).filter(([name]) => name.includes('pg_database_size_bytes'))
    expect(sizes).toHaveLength(4)
    const told = sizes.reduce((sum, [, value]) => sum + (value ?? 0), 0)
    // Six significant digits of each.
    expect(Math.abs(told / (read('pg_database_size_bytes') ?? 1) - 1)).toBeLessThan(1e-4)
    expect(first.values['exposition_value{metric="pg_database_size_bytes",series="other"}']).toBeGreaterThan(
      0,
    )
    expect(first.evidence?.facts).toMatchObject({
      absent: 'pg_nowhere',
      summed: expect.stringMatching(/^pg_database_size_bytes: \d+$/),
    })
    for (let n = 0; n < 20; n++) await postgres.query('select 1', { database: 'one' })
    const seen = await until(async () => {
      const look = await watcher.look()
      return (look.values[commits] ?? 0) > 0 && look
    })
    expect(seen.cost.rows).toBeGreaterThan(100)
  })

  it('turns the status by its bounds, and says of which series', async () => {
    const watcher = await watching(exporter.url, [
      { metric: 'pg_database_size_bytes', by: ['datname'], above: { warning: 1_000, critical: 1e12 } },
      { metric: 'pg_up', below: { critical: 2 } },
    ])
    expect(await watcher.look()).toMatchObject({
      status: 'CRITICAL',
      reason: { code: 'exposition-below', params: { metric: 'pg_up', value: 1, limit: 2 } },
    })
    const sizes = await watching(exporter.url, [
      { metric: 'pg_database_size_bytes', by: ['datname'], most: 1, above: { warning: 1_000 } },
    ])
    expect(await sizes.look()).toMatchObject({
      status: 'WARNING',
      reason: {
        code: 'exposition-above',
        params: { metric: expect.stringMatching(/^pg_database_size_bytes \(.+\)$/), limit: 1_000 },
      },
    })
  })
})

describe('what others expose', () => {
  let served: TestService
  let answer: { status?: number; headers?: Record<string, string>; body: string | Buffer }
  beforeAll(async () => {
    served = await serve((_request, response) => {
      response.writeHead(answer.status ?? 200, { 'content-type': 'text/plain', ...answer.headers })
      response.end(answer.body)
    })
  })
  afterAll(() => served.close())

  const OPEN_METRICS = `# TYPE jobs counter\njobs_total{queue="mail"} 40 # {trace="a"} 1\n# TYPE depth gauge\ndepth 3\n# EOF\n`

  it('is read as OpenMetrics, and compressed', async () => {
    const headers = {
      'content-type': 'application/openmetrics-text; version=1.0.0; charset=utf-8',
      'content-encoding': 'gzip',
    }
    answer = { headers, body: gzipSync(OPEN_METRICS) }
    const watcher = await watching(`${served.url}/metrics`, [
      { metric: 'jobs_total', by: ['queue'], as: 'value' },
      { metric: 'depth' },
    ])
    const seen = await watcher.look()
    expect(seen.values).toEqual({
      'exposition_value{metric="jobs_total",series="mail"}': 40,
      'exposition_value{metric="depth",series=""}': 3,
    })
    expect(seen.cost.bytes).toBeLessThan(1_000)
  })

  it('has no leaping rate after a restart, and one again afterwards', async () => {
    const watcher = await watching(`${served.url}/metrics`, [{ metric: 'jobs_total' }])
    const rateAt = async (total: number) => {
      answer = { body: `# TYPE jobs_total counter\njobs_total ${total}\n` }
      const { status, reason, values } = await watcher.look()
      return { status, code: reason.code, rate: values['exposition_value{metric="jobs_total",series=""}'] }
    }
    expect(await rateAt(1_000)).toEqual({ status: 'UNKNOWN', code: 'traffic-first-look', rate: undefined })
    expect((await rateAt(1_010)).rate).toBeGreaterThan(0)
    expect((await rateAt(5)).rate).toBeUndefined()
    expect((await rateAt(15)).rate).toBeGreaterThan(0)
  })

  it.each([
    ['something else', { body: '<html></html>' }, 'traffic-not-metrics'],
    ['other metrics', { body: 'other 1\n' }, 'exposition-nothing-kept'],
    ['that credentials are wanted', { status: 403, body: '' }, 'traffic-refused'],
    [
      'that it is asked too often',
      { status: 429, headers: { 'retry-after': '30' }, body: '' },
      'traffic-limited',
    ],
    ['more than is read', { body: `a{b="${'x'.repeat(9_000)}"} 1\n`.repeat(1_000) }, 'traffic-too-long'],
  ])('is UNKNOWN where it says %s', async (_, said, code) => {
    answer = said
    const watcher = await watching(`${served.url}/metrics`, [{ metric: 'depth' }])
    const seen = await watcher.look()
    expect(seen).toMatchObject({ status: 'UNKNOWN', reason: { code } })
    expect(seen.values).toEqual({})
  })
})
