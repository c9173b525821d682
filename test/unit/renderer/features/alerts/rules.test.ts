import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import {
  definitionOf,
  draftOf,
  type Rule,
  settingsOf,
} from '../../../../../src/renderer/features/alerts/rules/draft.ts'
import { faultsIn } from '../../../../../src/renderer/features/alerts/rules/faults.ts'
import {
  nearBy,
  observedWindow,
  rehearsalContent,
} from '../../../../../src/renderer/features/alerts/rules/rehearsal-content.ts'
import { ruleItem, rulePlaceOf } from '../../../../../src/renderer/features/alerts/rules/rule-place.ts'
import { metricsFor, unitOfDraft } from '../../../../../src/renderer/features/alerts/rules/unit.ts'
import { BUILT_IN_RULES, type builtInRule, OwnAlertRule } from '../../../../../src/shared/model/alert-rule.ts'
import type { RangeResult } from '../../../../../src/shared/model/range.ts'

const asListed = (rule: ReturnType<typeof builtInRule>): Rule => ({
  ...rule,
  name: rule.id,
  inert: null,
  drawn: [],
})

describe('the metrics to choose from', () => {
  const among = (names: readonly string[]) =>
    ['queue_length', 'redis_keys_total', 'http_path_duration_ms'].filter((name) => names.includes(name))

  it('have labels only where values are watched', () => {
    const all = ['queue_length', 'redis_keys_total', 'http_path_duration_ms']
    expect(among(metricsFor({ kind: 'metrics', metrics: [] }))).toEqual(all)
    for (const kind of ['rate', 'absence', 'forecast'] as const)
      expect(among(metricsFor({ kind, metrics: ['queue_length'] }))).toEqual(all)
  })

  it('stand beside those of the same looks that are chosen', () => {
    expect(among(metricsFor({ kind: 'metrics', metrics: ['queue_length'] }))).toEqual([
      ...['queue_length', 'http_path_duration_ms'],
    ])
    // What is chosen stays to be seen, and to be taken away.
    const both = ['queue_length', 'redis_keys_total']
    expect(among(metricsFor({ kind: 'metrics', metrics: both }))).toEqual([...both, 'http_path_duration_ms'])
  })
})

describe('a rule in its form', () => {
  it.each(BUILT_IN_RULES)('of the catalogue, $id, comes out of it as it went in', (rule) => {
    const { id, title, unit, isBuiltIn, condition, direction, ...settings } = rule
    const draft = draftOf(rule)
    expect(settingsOf(draft)).toEqual(settings)
    expect(definitionOf(draft, asListed(rule))).toEqual({ ...settings, title: id, condition, direction })
    expect(unitOfDraft(draft, rule)).toBe(unit)
    expect([title, isBuiltIn]).toEqual([null, true])
  })

  it.each([
    { kind: 'metrics' as const, metrics: ['db_pool_utilization', 'redis_memory_usage'] },
    { kind: 'rate' as const, metric: 'redis_evicted_keys_total', windowSeconds: 60 },
    { kind: 'absence' as const, metric: 'db_pool_size' },
    { kind: 'forecast' as const, metric: 'system_disk_percent', windowSeconds: 3_600, limit: 100 },
  ])('of one’s own, on $kind, too', (condition) => {
    const own = OwnAlertRule.parse({
      ...{
        title: 'Mine',
        condition,
        direction: 'below',
        levels: [{ severity: 'INFO', threshold: 3, clear: 4 }],
      },
      scope: { deployments: ['shop'], tags: ['web'] },
      ...{ channels: ['duty'], checklist: 'https://wiki.example.com/pool' },
    })
    const rule = { ...own, id: 'own-1', isBuiltIn: false, unit: 'count' }
    expect(definitionOf(draftOf(rule), null)).toEqual(own)
  })

  it('without a clear line of its own is over where it began; what is empty is no number', () => {
    const draft = draftOf(null)
    draft.levels = [{ severity: 'WARNING', threshold: 90, clear: '' }]
    draft.fireAfter = ''
    expect(settingsOf(draft)).toMatchObject({ levels: [{ threshold: 90, clear: 90 }], fireAfter: Number.NaN })
  })
})

describe('what the console refused', () => {
  const refusal = (code: string, issues: { path: string; message: string }[]) =>
    new ORPCError(code, { message: 'refused', data: { issues } })

  it.each([
    ['levels[0].clear', 'levels.0.clear'],
    ['definition.levels[1].threshold', 'levels.1.threshold'],
    ['settings.fireAfter', 'fireAfter'],
    ['condition.metrics[2]', 'metrics'],
    ['condition.windowSeconds', 'windowSeconds'],
    ['scope', 'deployments'],
    ['scope.deployments[3]', 'deployments'],
    ['scope.tags[0]', 'tags'],
    ['channels[0]', 'channels'],
    ['title', 'title'],
  ])('%s stands at the field %s', (path, field) => {
    const faults = faultsIn(refusal('UNPROCESSABLE', [{ path, message: 'bad' }]), draftOf(null))
    expect(faults).toEqual({ fields: { [field]: 'bad' }, elsewhere: [] })
  })

  it('and has no field stands below the form; another failure is none of the form’s', () => {
    const draft = draftOf(null)
    const faults = faultsIn(refusal('BAD_REQUEST', [{ path: 'condition.kind', message: 'bad' }]), draft)
    expect(faults).toEqual({ fields: {}, elsewhere: ['bad'] })
    expect(faultsIn(new Error('no network'), draft)).toBeNull()
    expect(faultsIn(refusal('FORBIDDEN', []), draft)).toBeNull()
  })
})

it.each([
  [null, null],
  ['new', { id: null, proposedFor: null }],
  ['tls-expiring', { id: 'tls-expiring', proposedFor: null }],
  ['tls-expiring@shop', { id: 'tls-expiring', proposedFor: 'shop' }],
])('%s in an address means %j', (item, place) => {
  expect(rulePlaceOf(item)).toEqual(place)
  if (place !== null) expect(ruleItem(place.id, place.proposedFor)).toBe(item)
})

describe('the chart of a rehearsal', () => {
  const window = { from: 0, to: 604_800_000 }
  const series = (target: string, value: number) => ({
    ...{ metric: 'db_pool_utilization', target, at: [window.to - 10_000, window.to] },
    ...{ min: [value, value], mean: [value, value], max: [value, value] },
  })
  const range: RangeResult = {
    ...{ ...window, stepMs: 10_000, source: 'raw', unobserved: [] },
    series: [series('a', 1), series('b', 9), series('c', 5), series('d', 7)],
  }
  const lines = {
    direction: 'above' as const,
    levels: [{ severity: 'CRITICAL' as const, threshold: 90, clear: 85 }],
  }

  it('draws the worst, the lines, when it would have fired, and hatches what nobody saw', () => {
    const firing = [{ from: 1, to: 2 }]
    const { content, left } = rehearsalContent({ range, window, firing, lines })
    expect(content.series.map(({ label }) => label.split(' ')[0])).toEqual(['b', 'd', 'c'])
    expect(left).toBe(1)
    expect(content.limits.map(({ value, severity }) => [value, severity])).toEqual([
      [90, 'critical'],
      [85, 'good'],
    ])
    expect(content.firing).toBe(firing)
    expect(content.stretches).toEqual([{ from: 0, to: window.to - 10_000 }])
  })

  it('draws no line over what the lines are not of, nor one that is not typed yet', () => {
    expect(rehearsalContent({ range, window, firing: [], lines: null }).content.limits).toEqual([])
    const untyped = {
      ...lines,
      levels: [{ severity: 'INFO' as const, threshold: Number.NaN, clear: Number.NaN }],
    }
    expect(rehearsalContent({ range, window, firing: [], lines: untyped }).content.limits).toEqual([])
  })

  it('leaves out moments so far away that the lines would vanish', () => {
    expect(nearBy([series('a', 5), series('b', 50)], 10).map(({ mean }) => mean)).toEqual([
      [5, 5],
      [null, null],
    ])
  })

  it('shows what a console has seen that has not watched for long', () => {
    expect(observedWindow(range.series, window)).toEqual({ from: window.to - 11_000, to: window.to })
    expect(observedWindow([], window)).toEqual(window)
  })
})
