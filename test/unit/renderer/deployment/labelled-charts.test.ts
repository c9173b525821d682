import { expect, test } from 'vitest'
import type { Observation } from '#shared/model/observation.ts'
import type { RangeResult } from '#shared/model/range.ts'
import { CHARTED_METRICS } from '../../../../src/renderer/features/deployment/live/chart-groups.ts'
import { labelledSeries } from '../../../../src/renderer/features/deployment/live/labelled-charts.ts'
import { labelled } from '../../../../src/shared/catalogue/labelled.ts'
import { RangeQuery } from '../../../../src/shared/model/range.ts'

const QUEUES = {
  id: 'redis-queues',
  probe: 'redis',
  unit: 'count',
  scale: { kind: 'from-zero', atLeast: 4 },
  lines: [],
  labelled: 'queue_length',
} as const
const QUERIES = {
  ...QUEUES,
  id: 'pool-query',
  probe: 'pool',
  labelled: 'db_query_value',
  per: 'query',
} as const

const observation = (values: Observation['values']): Observation => ({
  deployment: 'shop',
  probe: 'redis',
  target: 'main',
  at: 10_000,
  status: 'HEALTHY',
  reason: { code: 'redis-healthy', params: {} },
  values,
  cost: { ms: 1, rows: 0, bytes: 0 },
})

function history(metric: string, of: Record<string, string>[], target = 'main'): RangeResult {
  const columns = (mean: number) => ({ at: [5_000], min: [mean], mean: [mean], max: [mean] })
  return {
    from: 0,
    to: 10_000,
    stepMs: 5_000,
    source: 'raw',
    series: of.map((labels, index) => ({ metric, target, labels, ...columns(index) })),
    unobserved: [],
  }
}

test('there is no chart of what was never seen', () => {
  expect(
    labelledSeries(QUEUES, { target: 'main', observation: undefined, history: null, following: true }),
  ).toEqual([])
})

test('the three largest are drawn, by their newest values, which end the lines', () => {
  const [chart, ...others] = labelledSeries(QUEUES, {
    target: 'main',
    observation: observation(
      Object.fromEntries(
        ['a', 'b', 'c', 'd'].map((queue, n) => [labelled('queue_length', { queue }), 10 * n]),
      ),
    ),
    history: history('queue_length', [{ queue: 'a' }, { queue: 'd' }]),
    following: true,
  })
  expect(others).toEqual([])
  expect(
    chart?.series.map(({ label, role, at, mean, latest }) => ({ label, role, at, mean, latest })),
  ).toEqual([
    { label: 'd', role: 'primary', at: [5_000, 10_000], mean: [1, 30], latest: 30 },
    { label: 'c', role: 'second', at: [10_000], mean: [20], latest: 20 },
    { label: 'b', role: 'third', at: [10_000], mean: [10], latest: 10 },
  ])
})

test('each query has a chart of its own, and its one value is called as the query', () => {
  const charts = labelledSeries(QUERIES, {
    target: 'postgres',
    observation: undefined,
    history: history(
      'db_query_value',
      [
        { query: 'orders', series: 'open' },
        { query: 'orders', series: 'paid' },
        { query: 'lag', series: '' },
      ],
      'postgres',
    ),
    following: false,
  })
  expect(charts.map(({ name, series }) => [name, series.map(({ label }) => label)])).toEqual([
    ['lag', ['lag']],
    ['orders', ['paid', 'open']],
  ])
})

test("another target's labels are not drawn", () => {
  const found = labelledSeries(QUEUES, {
    target: 'main',
    observation: undefined,
    history: history('queue_length', [{ queue: 'a' }], 'other'),
    following: false,
  })
  expect(found).toEqual([])
})

test('all that is charted fits into one question to the history', () => {
  const query = { deployment: 'shop', metrics: CHARTED_METRICS, from: 0, to: 1 }
  expect(RangeQuery.safeParse(query).success).toBe(true)
})
