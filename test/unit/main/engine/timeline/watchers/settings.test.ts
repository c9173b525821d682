import { describe, expect, it } from 'vitest'
import type { Sighting } from '../../../../../../src/main/engine/timeline/draft.ts'
import { watchSchema } from '../../../../../../src/main/engine/timeline/watchers/schema.ts'
import { watchPending, watchSettings } from '../../../../../../src/main/engine/timeline/watchers/settings.ts'

const sighting: Sighting = {
  ...{ probe: 'redis', target: 'cache', of: '', at: 7, lastAt: 1, isAfterPause: false },
}
const told = (before: Record<string, string> | undefined, now: Record<string, string> | undefined) =>
  watchSettings(before, now, sighting).events.map(({ reason }) => {
    const { what: _, ...params } = reason.params
    return [reason.code, params]
  })

describe('settings', () => {
  it.each([
    ['at the first look are no event', undefined, { a: '1' }, []],
    ['that could not be read are no event', { a: '1' }, undefined, []],
    ['that are as they were are no event', { a: '1', b: '2' }, { b: '2', a: '1' }, []],
    [
      'changed: with both values',
      { a: '1' },
      { a: '2' },
      [['setting-changed', { name: 'a', before: '1', after: '2' }]],
    ],
    ['set: they were at their default', {}, { a: '2' }, [['setting-set', { name: 'a', after: '2' }]]],
    [
      'taken back: they are at their default',
      { a: '2' },
      {},
      [['setting-reset', { name: 'a', before: '2' }]],
    ],
    [
      'emptied',
      { save: '60 1' },
      { save: '' },
      [['setting-changed', { name: 'save', before: '60 1', after: "''" }]],
    ],
    [
      'that may hold secrets: without any value',
      { p: '***a1b2' },
      { p: '***ffff' },
      [['setting-masked', { name: 'p' }]],
    ],
    [
      'that may hold secrets, set at first: without its fingerprint',
      {},
      { p: '***ffff' },
      [['setting-set', { name: 'p', after: '***' }]],
    ],
  ] as const)('%s', (_, before, now, events) => {
    expect(told(before, now)).toEqual(events)
  })

  it('are told one by one up to eight, and the rest by name', () => {
    const named = (count: number, value: string) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`s${String(index).padStart(2, '0')}`, value]),
      )
    expect(told(named(8, '1'), named(8, '2'))).toHaveLength(8)
    const many = told(named(30, '1'), named(30, '2'))
    expect(many).toHaveLength(8)
    expect(many.at(-1)).toEqual([
      'settings-more',
      { count: 23, names: 's07, s08, s09, s10, s11, s12, s13, s14, s15, s16, s17, s18, …' },
    ])
  })

  it('are cut where they are long', () => {
    const { events } = watchSettings({ bind: 'x' }, { bind: 'y'.repeat(150) }, sighting)
    expect(String(events[0]?.reason.params.after)).toHaveLength(80)
  })

  it('that wait for a restart are told when they begin to', () => {
    expect(watchPending(undefined, ['a'], sighting).events).toEqual([])
    expect(watchPending(['a'], ['a', 'b'], sighting).events).toMatchObject([
      { reason: { code: 'settings-pending', params: { count: 1, names: 'b' } } },
    ])
    expect(watchPending(['a'], [], sighting)).toEqual({ events: [], known: [] })
  })
})

describe('the schema', () => {
  it.each([
    ['at the first look is no event', undefined, { alembic_version: 'a' }, []],
    ['migrated', { alembic_version: 'a' }, { alembic_version: 'b' }, ['schema-changed a b']],
    ['migrated for the first time', {}, { alembic_version: 'b' }, ['schema-first undefined b']],
    ['whose table is locked just now is no event', { alembic_version: 'a' }, {}, []],
    ['whose table could not be read is no event', { alembic_version: 'a' }, undefined, []],
  ] as const)('%s', (_, before, now, events) => {
    const { events: drafts } = watchSchema(before, now, sighting)
    expect(
      drafts.map(({ reason: { code, params } }) => `${code} ${params.before} ${params.revision}`),
    ).toEqual(events)
  })

  it('remembers the revision of a table that was locked meanwhile', () => {
    const { known } = watchSchema({ alembic_version: 'a' }, {}, sighting)
    expect(watchSchema(known, { alembic_version: 'a' }, sighting).events).toEqual([])
  })
})
