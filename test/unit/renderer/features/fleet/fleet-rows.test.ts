import { describe, expect, it } from 'vitest'
import { rowAfterKey } from '../../../../../src/renderer/components/table/useActiveRow.ts'
import { toneOfValue } from '../../../../../src/renderer/features/fleet/fleet-metrics.ts'
import {
  byBadness,
  filterRows,
  inGroups,
  inOrder,
  keyOf,
  NO_FILTER,
  tagsOf,
} from '../../../../../src/renderer/features/fleet/fleet-rows.ts'
import { fleetRow } from '../../support/fleet-row.ts'

const shop = fleetRow({ name: 'shop', status: 'CRITICAL', environment: 'production' })
const auth = fleetRow({ name: 'auth', status: 'CRITICAL' })
const media = fleetRow({ name: 'media', status: 'DOWN' })
const crm = fleetRow({ name: 'crm', description: 'Customers' })
const paused = fleetRow({ name: 'old', status: 'UNOBSERVED', paused: true })
const rows = [crm, shop, media, paused, auth]
const names = (some: { name: string }[]) => some.map(({ name }) => name)
const noWords = () => ''

describe('the order of the fleet', () => {
  it('is the worst first, by name between equals', () => {
    expect(names([...rows].sort(byBadness))).toEqual(['media', 'auth', 'shop', 'old', 'crm'])
  })
})

describe('another order of the fleet', () => {
  const withPool = (name: string, value: number | null) => {
    const row = fleetRow({ name })
    return {
      ...row,
      sparklines: row.sparklines.map((one) =>
        one.metric === 'db_pool_utilization' ? { ...one, value } : one,
      ),
    }
  }

  it('by name goes by nothing else', () => {
    expect(names([...rows].sort(inOrder('name')))).toEqual(['auth', 'crm', 'media', 'old', 'shop'])
  })

  it('by a metric has the largest first, and what is not known last, never as 0', () => {
    const some = [withPool('unknown', null), withPool('idle', 0), withPool('full', 100), withPool('half', 50)]
    expect(names(some.sort(inOrder('db_pool_utilization')))).toEqual(['full', 'half', 'idle', 'unknown'])
  })
})

describe('the groups of the fleet', () => {
  it('are one of all rows where none were asked for', () => {
    expect(inGroups(rows, 'none')).toEqual([{ of: null, rows }])
  })

  it('keep the order of their rows, and leave out environments without any', () => {
    const development = fleetRow({ name: 'toy', environment: 'development' })
    const staging = fleetRow({ name: 'stage', environment: 'staging' })
    const groups = inGroups(
      [development, staging, shop, fleetRow({ name: 'b', environment: 'staging' })],
      'environment',
    )
    expect(groups.map((group) => [keyOf(group), names([...group.rows])])).toEqual([
      ['production', ['shop']],
      ['staging', ['stage', 'b']],
      ['development', ['toy']],
    ])
    expect(inGroups([development], 'environment')).toHaveLength(1)
  })

  it('are those of the first tag, in the order of the alphabet, those without any last', () => {
    const tagged = (name: string, ...tags: string[]) => fleetRow({ name, tags })
    const all = [tagged('a'), tagged('b', 'payments', 'eu'), tagged('c', 'eu'), tagged('d', 'payments')]
    expect(tagsOf(all)).toEqual(['eu', 'payments'])
    expect(inGroups(all, 'tag').map((group) => [keyOf(group), names([...group.rows])])).toEqual([
      ['tag eu', ['c']],
      ['tag payments', ['b', 'd']],
      ['tag ', ['a']],
    ])
  })
})

describe('the filter of the fleet', () => {
  it('finds by name, description and the words of the reason', () => {
    expect(names(filterRows(rows, { ...NO_FILTER, text: ' SHO ' }, noWords))).toEqual(['shop'])
    expect(names(filterRows(rows, { ...NO_FILTER, text: 'custom' }, noWords))).toEqual(['crm'])
    const words = ({ name }: { name: string }) => (name === 'media' ? 'connection refused' : '')
    expect(names(filterRows(rows, { ...NO_FILTER, text: 'refused' }, words))).toEqual(['media'])
  })

  it('leaves what is healthy or paused out of what needs attention', () => {
    expect(names(filterRows(rows, { ...NO_FILTER, status: 'attention' }, noWords))).toEqual([
      'shop',
      'media',
      'auth',
    ])
  })

  it('lets through what has a tag, whichever of its tags that is, and finds tags as words', () => {
    const tagged = [
      fleetRow({ name: 'a', tags: ['payments', 'eu'] }),
      fleetRow({ name: 'b', tags: ['europe'] }),
    ]
    expect(names(filterRows(tagged, { ...NO_FILTER, tag: 'eu' }, noWords))).toEqual(['a'])
    expect(names(filterRows(tagged, { ...NO_FILTER, text: 'EUR' }, noWords))).toEqual(['b'])
  })

  it('combines status and environment', () => {
    const filter = { ...NO_FILTER, status: 'CRITICAL', environment: 'production' } as const
    expect(names(filterRows(rows, filter, noWords))).toEqual(['shop'])
  })
})

describe('a value of a row', () => {
  const spark = { metric: 'db_pool_utilization', points: [] } as const
  it.each([
    [91, 90, 'bad'],
    [90, 90, undefined],
    [null, 90, undefined],
    [500, null, undefined],
  ])('%s with the limit %s has the tone %s', (value, limit, tone) => {
    expect(toneOfValue({ ...spark, points: [], value, limit })).toBe(tone)
  })

  it('is a warning where the metric has no critical limit', () => {
    expect(toneOfValue({ metric: 'system_cpu_percent', points: [], value: 99, limit: 80 })).toBe('warning')
  })
})

describe('the keys of the list', () => {
  it.each([
    ['ArrowDown', -1, 0],
    ['ArrowUp', -1, 29],
    ['ArrowDown', 29, 29],
    ['ArrowUp', 0, 0],
    ['PageDown', 3, 13],
    ['Home', 20, 0],
    ['End', 2, 29],
    ['x', 2, null],
  ])('%s from row %i leads to %s', (key, from, to) => {
    expect(rowAfterKey(key, from, 30)).toBe(to)
  })

  it('lead nowhere in an empty list', () => {
    expect(rowAfterKey('ArrowDown', -1, 0)).toBeNull()
  })
})
