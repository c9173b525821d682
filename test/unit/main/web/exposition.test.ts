import { expect, it } from 'vitest'
import { type ConsoleState, exposition } from '../../../../src/main/web/exposition.ts'
import { LABELLED, labelled } from '../../../../src/shared/catalogue/labelled.ts'
import { METRICS } from '../../../../src/shared/catalogue/metrics.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import { parseExposition } from '../../../support/exposition-parser.ts'

const state: ConsoleState = {
  isHeard: false,
  alerts: [{ deployment: 'shop', active: 3, worst: 'CRITICAL', total: 41 }],
  condition: {
    ready: true,
    reason: null,
    startedAt: 1_000,
    looks: { total: 5, unhealthy: 2, running: 1 },
    history: { waiting: 3, dropped: 4, failing: false, rows: 6, bytes: 7 },
  },
  version: '1.2.3',
  deployments: 1,
  sockets: 2,
  memory: { rss: 100, heapUsed: 50 },
  cpuMicroseconds: 2_500_000,
}

function observation(over: Partial<Observation>): Observation {
  return {
    deployment: 'shop',
    probe: 'pool',
    target: 'postgres',
    at: 1_700_000_000_000,
    status: 'HEALTHY',
    reason: { code: 'paused', params: {} },
    values: {},
    cost: { ms: 1, rows: 1, bytes: 1 },
    ...over,
  }
}

it('gives every metric of the catalogue with its help and kind, labelled by deployment and target', () => {
  const values = Object.fromEntries(Object.keys(METRICS).map((name, index) => [name, index + 0.5]))
  const families = parseExposition(exposition([observation({ values })], state))
  for (const [name, { help, kind }] of Object.entries(METRICS)) {
    expect(families.get(name)).toEqual({
      help,
      type: kind,
      samples: [{ labels: { deployment: 'shop', target: 'postgres' }, value: values[name] }],
    })
  }
})

it('counts alerts, those that fire and all that there were', () => {
  const families = parseExposition(exposition([], state))
  const of = (value: number) => [{ labels: { deployment: 'shop' }, value }]
  expect(families.get('active_alerts_count')).toMatchObject({ type: 'gauge', samples: of(3) })
  expect(families.get('total_alerts_count')).toMatchObject({ type: 'counter', samples: of(41) })
})

it('gives values with labels under their own labels too, escaped as the format wants it', () => {
  const name = 'say "hi"\\'
  const values = {
    [labelled('queue_length', { queue: name })]: 3,
    'queue_length{queue="b"}': null,
    'odd{': 1,
  }
  const text = exposition([observation({ probe: 'redis', target: 'main', values })], state)
  expect(parseExposition(text).get('queue_length')).toEqual({
    help: LABELLED.queue_length.help,
    type: 'gauge',
    samples: [{ labels: { deployment: 'shop', target: 'main', queue: name }, value: 3 }],
  })
})

it('leaves out what is not known, and keeps a zero', () => {
  const families = parseExposition(
    exposition([observation({ values: { db_pool_size: null, db_pool_waiting: 0 } })], state),
  )
  expect(families.has('db_pool_size')).toBe(false)
  expect(families.get('db_pool_waiting')?.samples).toEqual([
    { labels: { deployment: 'shop', target: 'postgres' }, value: 0 },
  ])
})

it('groups the samples of all deployments under one family', () => {
  const values = { db_pool_size: 1 }
  const families = parseExposition(
    exposition([observation({ values }), observation({ values, deployment: 'billing' })], state),
  )
  expect(families.get('db_pool_size')?.samples.map(({ labels }) => labels.deployment)).toEqual([
    'shop',
    'billing',
  ])
})

it('escapes what a label or a number cannot hold as it is', () => {
  const target = 'a"b\\c\nd'
  const values = { db_pool_size: Number.POSITIVE_INFINITY, db_pool_waiting: 1e21 }
  const families = parseExposition(exposition([observation({ target, values })], state))
  expect(families.get('db_pool_size')?.samples).toEqual([
    { labels: { deployment: 'shop', target }, value: Number.POSITIVE_INFINITY },
  ])
  expect(families.get('db_pool_waiting')?.samples[0]?.value).toBe(1e21)
})

it('tells how the console itself does', () => {
  const families = parseExposition(exposition([observation({})], state))
  const value = (name: string) => families.get(name)?.samples[0]?.value
  expect(value('vakhta_looks_total')).toBe(5)
  expect(value('vakhta_history_dropped_total')).toBe(4)
  expect(value('vakhta_ready')).toBe(1)
  expect(value('vakhta_alerts_heard')).toBe(0)
  expect(value('process_cpu_seconds_total')).toBe(2.5)
  expect(families.get('vakhta_build_info')?.samples).toEqual([{ labels: { version: '1.2.3' }, value: 1 }])
  expect(families.get('vakhta_last_look_timestamp_seconds')?.samples[0]).toEqual({
    labels: { deployment: 'shop', probe: 'pool', target: 'postgres' },
    value: 1_700_000_000,
  })
})
