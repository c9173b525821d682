import { describe, expect, it } from 'vitest'
import { rehearse } from '../../../../../../src/main/engine/alerts/rehearsal/rehearse.ts'
import { LABELLED } from '../../../../../../src/shared/catalogue/labelled.ts'
import { METRICS } from '../../../../../../src/shared/catalogue/metrics.ts'
import type { RuleId } from '../../../../../../src/shared/catalogue/rules.ts'
import { LANGUAGES } from '../../../../../../src/shared/locales/languages.ts'
import { alertText, createTranslator } from '../../../../../../src/shared/locales/translate.ts'
import { type AlertRule, BUILT_IN_RULES, builtInRule } from '../../../../../../src/shared/model/alert-rule.ts'
import type { Observation } from '../../../../../../src/shared/model/observation.ts'
import type { RangeQuery, RangeResult } from '../../../../../../src/shared/model/range.ts'
import { REHEARSAL_DOUBTS, REHEARSAL_GAPS } from '../../../../../../src/shared/model/rehearsal.ts'

const NOW = Date.UTC(2026, 0, 8)
const SHOP = { name: 'shop', tags: [], limits: {} }
const LOOK_MS = 5_000

type Value = (at: number) => number | null
type Series = Pick<RangeResult['series'][number], 'metric' | 'target' | 'labels'> & { readonly value: Value }

/** A history of some series, a look each five seconds; of all else it has nothing. */
function historyOf(
  series: readonly Series[],
  source: RangeResult['source'] = 'raw',
  gaps: RangeResult['unobserved'] = [],
) {
  const asked = new Set<string>()
  const range = async ({ from, to, metrics }: RangeQuery): Promise<RangeResult> => {
    for (const name of metrics) asked.add(name)
    const at = Array.from({ length: (to - from) / LOOK_MS }, (_, index) => from + index * LOOK_MS)
    const found = series
      .filter(({ metric }) => metrics.includes(metric))
      .map(({ value, ...rest }) => {
        const seen = at.filter((one) => !gaps.some((gap) => gap.from <= one && one < gap.to))
        const mean = seen.map(value)
        return { ...rest, at: seen, min: mean, mean, max: mean }
      })
    const unobserved = gaps
      .map((gap) => ({ ...gap, from: Math.max(gap.from, from), to: Math.min(gap.to, to) }))
      .filter((gap) => gap.from < gap.to)
    return { from, to, stepMs: LOOK_MS, source, series: found, unobserved }
  }
  return { range, asked }
}

async function rehearsed(
  rule: AlertRule,
  series: readonly Series[],
  rest: Partial<Parameters<typeof rehearse>[0]> = {},
) {
  const { range } = historyOf(series)
  const answer = await rehearse({ rule, profile: SHOP, range, latest: [], now: NOW, ...rest })
  if (!answer.known) throw new Error(`nothing is known: ${answer.why}`)
  return answer.rehearsal
}

/** Each day at noon it is bad for ten minutes. */
function atNoon(bad: number, good: number): Value {
  return (at) => {
    const minute = (at / 60_000) % 1_440
    return minute >= 720 && minute < 730 ? bad : good
  }
}

describe('a rehearsal', () => {
  it('tells how often a rule would have fired within a week, and from when to when, look by look', async () => {
    const pool = { metric: 'db_pool_utilization', target: 'postgres', value: atNoon(97, 40) }
    const told = await rehearsed(builtInRule('db-pool-utilization-high'), [pool])
    // From the second look on, to the third that is well.
    expect(told).toMatchObject({ fired: 7, seconds: 7 * 605, looks: 7 * 17_280, doubts: [] })
    const noon = Date.UTC(2026, 0, 1, 12)
    expect(told.stretches).toHaveLength(7)
    expect(told.stretches[0]).toEqual({
      ...{ from: noon + LOOK_MS, to: noon + 610_000, target: 'postgres', labels: {}, severity: 'CRITICAL' },
    })
  })

  it('ends what still fires with the last look', async () => {
    const pool = {
      metric: 'db_pool_utilization',
      target: 'postgres',
      value: (at: number) => (at >= NOW - 60_000 ? 99 : 1),
    }
    const told = await rehearsed(builtInRule('db-pool-utilization-high'), [pool])
    expect(told.stretches).toMatchObject([{ from: NOW - 55_000, to: NOW - LOOK_MS }])
  })

  it('reads a rule over several probes at each of them', async () => {
    const database = { metric: 'db_replication_lag_seconds', target: 'postgres', value: atNoon(90, 0) }
    const redis = { metric: 'redis_replication_lag_seconds', target: 'cache', value: atNoon(0, 120) }
    const told = await rehearsed(builtInRule('replication-lag-high'), [database, redis])
    expect(new Set(told.stretches.map(({ target }) => target))).toEqual(new Set(['postgres', 'cache']))
    expect(told.fired).toBe(7 + 8)
  })

  it('goes by the limit of the profile, as the watch does', async () => {
    const pool = { metric: 'db_pool_utilization', target: 'postgres', value: atNoon(97, 40) }
    const profile = { ...SHOP, limits: { db_pool_utilization: { warning: 97, critical: 98 } } }
    expect((await rehearsed(builtInRule('db-pool-utilization-high'), [pool], { profile })).fired).toBe(0)
  })

  it('is of a rule whether that is in force or not', async () => {
    const pool = { metric: 'db_pool_utilization', target: 'postgres', value: atNoon(97, 40) }
    const scope = { deployments: ['billing'], tags: null }
    const rule = { ...builtInRule('db-pool-utilization-high'), enabled: false, scope }
    expect((await rehearsed(rule, [pool])).fired).toBe(7)
  })

  describe('of a rule over time, to be drawn', () => {
    const queue = (name: string, perSecond: number): Series => ({
      ...{ metric: 'queue_length', target: 'cache', labels: { queue: name } },
      value: (at) => (at < NOW - 6 * 3_600_000 ? null : ((at - NOW) / 1_000) * perSecond + 10_000_000),
    })
    const rule = (
      condition: AlertRule['condition'],
      direction: AlertRule['direction'] = 'above',
    ): AlertRule => ({
      ...{ ...builtInRule('system-cpu-high'), id: 'own-1', isBuiltIn: false, title: 'Queues', condition },
      ...{ direction, levels: [{ severity: 'WARNING', threshold: 3, clear: 3 }] },
    })
    const rate = { kind: 'rate' as const, metric: 'queue_length', windowSeconds: 60 }
    const queues = [1, 4, 2, 5, 3].map((perSecond) => queue(`q${perSecond}`, perSecond))
    /** Nobody looked before the last hours. */
    const lately = (series: readonly Series[]) => ({
      draw: null,
      range: historyOf(series, 'raw', [
        { ...{ probe: 'redis', target: 'cache' }, from: NOW - 7 * 86_400_000, to: NOW - 6 * 3_600_000 },
      ]).range,
    })

    it('has the rate of each thing, the worst of them, and says how many it leaves out', async () => {
      const { drawing } = await rehearsed(rule(rate), [], lately(queues))
      expect(drawing?.lines.map(({ labels, mean }) => [labels?.queue, mean.at(-1)])).toEqual([
        ...[
          ['q5', 5],
          ['q4', 4],
          ['q3', 3],
        ],
      ])
      expect(drawing?.left).toBe(2)
      const [line] = drawing?.lines ?? []
      expect(line?.at.length).toBeLessThanOrEqual(601)
      expect(line?.at.length).toBeGreaterThan(150)
      const below = await rehearsed(rule(rate, 'below'), [], lately(queues))
      expect(below.drawing?.lines.map(({ labels }) => labels?.queue)).toEqual(['q1', 'q2', 'q3'])
    })

    it('has each look of what is looked at closer, with what came before it', async () => {
      const draw = { from: NOW - 60_000, to: NOW }
      const { drawing } = await rehearsed(rule(rate), [queue('celery', 2)], { draw })
      const [line] = drawing?.lines ?? []
      expect(drawing?.stepMs).toBe(LOOK_MS)
      expect(line?.at).toEqual(Array.from({ length: 12 }, (_, index) => draw.from + index * LOOK_MS))
      expect(new Set(line?.mean)).toEqual(new Set([2]))
    })

    it('shows a peak of one look in a week, and how long something was missing', async () => {
      const jump = Date.UTC(2026, 0, 3, 12)
      const one: Series = {
        ...{ metric: 'queue_length', target: 'cache', labels: { queue: 'celery' } },
        value: (at) => (at < jump ? 0 : 600),
      }
      const { drawing } = await rehearsed(rule(rate), [one], { draw: null })
      expect(Math.max(...(drawing?.lines[0]?.max ?? []).map((value) => value ?? 0))).toBe(10)
      const gone: Series = { ...one, value: (at) => (at >= jump && at < jump + 600_000 ? null : 1) }
      const absence = { kind: 'absence' as const, metric: 'queue_length' }
      const missing = await rehearsed(rule(absence), [gone], { draw: null })
      const most = missing.drawing?.lines.map(({ labels, max }) => [
        ...[labels?.queue, Math.max(...max.map((value) => value ?? 0))],
      ])
      expect(most).toContainEqual(['celery', 600])
    })

    it('is nothing of a rule on a value, or where nobody asked', async () => {
      const pool = { metric: 'db_pool_utilization', target: 'postgres', value: atNoon(97, 40) }
      const value = await rehearsed(builtInRule('db-pool-utilization-high'), [pool], { draw: null })
      expect(value.drawing).toBeNull()
      expect((await rehearsed(rule(rate), [])).drawing).toBeNull()
    })
  })

  describe('where nobody looked', () => {
    const NOON = Date.UTC(2026, 0, 3, 12)
    const of = { probe: 'pool' as const, target: 'postgres' }
    /** It is bad in those moments of one day alone. */
    const bad = (is: (at: number) => boolean) => ({
      ...{ metric: 'db_pool_utilization', target: 'postgres' },
      value: (at: number) => (is(at) ? 97 : 40),
    })
    const told = (pool: Series, gaps: RangeResult['unobserved']) =>
      rehearsed(builtInRule('db-pool-utilization-high'), [], { range: historyOf([pool], 'raw', gaps).range })

    it('does not add up looks before and after to those that fire', async () => {
      // One look before and one after: two in a row, if nobody had slept in between.
      const gap = { ...of, from: NOON + LOOK_MS, to: NOON + 3_600_000 }
      const pool = bad((at) => at === NOON || at === gap.to)
      expect((await told(pool, [gap])).fired).toBe(0)
      expect(
        (
          await told(
            bad((at) => at === NOON || at === NOON + LOOK_MS),
            [],
          )
        ).fired,
      ).toBe(1)
    })

    it('nor to those that clear: what fired fires on over it', async () => {
      // It fires; two looks are well before nobody looks, and one after.
      const gap = { ...of, from: NOON + 60_000, to: NOON + 3_600_000 }
      const pool = bad((at) => (at >= NOON && at < NOON + 50_000) || at >= gap.to + LOOK_MS)
      const { fired, stretches } = await told(pool, [gap])
      expect([fired, stretches.length]).toEqual([1, 1])
      expect(stretches[0]?.from).toBe(NOON + LOOK_MS)
      expect(stretches[0]?.to).toBe(NOW - LOOK_MS)
    })

    it('says how long that was, once for all targets, also over days', async () => {
      const days = { ...of, from: NOON, to: NOON + 40 * 3_600_000 }
      const replica = { ...days, target: 'replica', from: NOON + 3_600_000, to: days.to + 3_600_000 }
      const answer = await told(
        bad(() => false),
        [days, replica, { ...days, probe: 'redis', to: NOW }],
      )
      expect(answer.unobservedSeconds).toBe(41 * 3_600)
      expect(answer.fired).toBe(0)
    })
  })

  it('says where only means are kept', async () => {
    const pool = { metric: 'db_pool_utilization', target: 'postgres', value: atNoon(97, 40) }
    const { range } = historyOf([pool], 'minute')
    const rule = builtInRule('db-pool-utilization-high')
    expect((await rehearsed(rule, [], { range })).doubts).toEqual(['coarse'])
  })

  it.each<[RuleId, readonly Series[], number]>([
    [
      'db-slow-queries',
      [{ metric: 'db_longest_statement_seconds', target: 'postgres', value: atNoon(4, 0) }],
      7,
    ],
    ['redis-memory-high', [{ metric: 'redis_memory_usage', target: 'cache', value: atNoon(95, 10) }], 7],
    [
      'redis-hit-rate-low',
      [
        { metric: 'redis_keyspace_hits_total', target: 'cache', value: (at) => at / 10 },
        { metric: 'redis_keyspace_misses_total', target: 'cache', value: (at) => at / 10 },
        { metric: 'redis_hit_rate', target: 'cache', value: atNoon(50, 99) },
      ],
      7,
    ],
    [
      'http-requests-slow',
      [
        {
          metric: 'http_path_duration_ms',
          target: 'api',
          labels: { path: '/orders' },
          value: atNoon(9_000, 20),
        },
      ],
      7,
    ],
    [
      'redis-persistence-failing',
      [{ metric: 'redis_last_save_ok', target: 'cache', value: atNoon(0, 1) }],
      7,
    ],
  ])('of %s reads what the history keeps of it', async (id, series, fired) => {
    expect((await rehearsed(builtInRule(id), series)).fired).toBe(fired)
  })

  it('takes a Redis that evicts for one that evicted, and says so', async () => {
    const latest: Observation = {
      ...{ deployment: 'shop', probe: 'redis', target: 'cache', at: NOW, status: 'HEALTHY', values: {} },
      reason: { code: 'redis-ok', params: {} },
      cost: { ms: 1, rows: 0, bytes: 0 },
      evidence: { redisInfo: { memory: { maxmemory: '1000', maxmemory_policy: 'allkeys-lru' } } },
    }
    const full = { metric: 'redis_memory_usage', target: 'cache', value: () => 99 }
    const evicting = { metric: 'redis_evictions_per_second', target: 'cache', value: atNoon(12, 0) }
    const told = await rehearsed(builtInRule('redis-memory-high'), [full, evicting], { latest: [latest] })
    expect(told).toMatchObject({ fired: 7, doubts: ['policy-of-now'] })
  })

  it.each<[RuleId, string]>([
    ['deployment-unreachable', 'reads-the-way'],
    ['host-key-changed', 'reads-the-way'],
    ['alerts-active-high', 'reads-alerts'],
    ['backup-stale', 'reads-backups'],
    ['drill-failed', 'reads-backups'],
  ])('of %s says that nothing is known: %s', async (id, why) => {
    const { range } = historyOf([])
    const options = { rule: builtInRule(id), profile: SHOP, range, latest: [], now: NOW }
    expect(await rehearse(options)).toEqual({ known: false, why })
  })

  it('asks the history for nothing but metrics that there are', async () => {
    const { range, asked } = historyOf([])
    for (const rule of BUILT_IN_RULES) await rehearse({ rule, profile: SHOP, range, latest: [], now: NOW })
    expect([...asked].filter((name) => !(name in METRICS) && !(name in LABELLED))).toEqual([])
    expect(asked.size).toBeGreaterThan(20)
  })
})

it.each(LANGUAGES)('every gap and doubt has its words in %s', (language) => {
  const translator = createTranslator(language)
  for (const code of [...REHEARSAL_GAPS, ...REHEARSAL_DOUBTS]) {
    expect(alertText(translator, { code: `rehearsal-${code}`, params: {} })).not.toMatch(/rehearsal-/)
  }
})
