import { describe, expect, it } from 'vitest'
import type { Sighting } from '../../../../../../src/main/engine/timeline/draft.ts'
import { type KnownRun, watchRun } from '../../../../../../src/main/engine/timeline/watchers/run.ts'

const NOW = Date.UTC(2026, 0, 1)
const MINUTE = 60_000

const sighting = (rest: Partial<Sighting> = {}): Sighting => ({
  ...{ probe: 'pool', target: 'postgres', of: '', at: NOW, lastAt: NOW - 5_000, isAfterPause: false },
  ...rest,
})
const run = (startedAt: number | null) => ({ id: String(startedAt), startedAt })
const known = (startedAt: number | null, rest: Partial<KnownRun> = {}): KnownRun => ({
  ...{ ...run(startedAt), seenAt: NOW - 60 * MINUTE, isOneOfSeveral: false },
  ...rest,
})

describe('a restart', () => {
  it('is none at the first look, nor where the run is the same, nor where it is not known', () => {
    expect(watchRun(undefined, run(NOW), 'restarted', sighting()).events).toEqual([])
    expect(watchRun(known(5), run(5), 'restarted', sighting()).events).toEqual([])
    expect(watchRun(known(5), undefined, 'restarted', sighting())).toEqual({ events: [], known: known(5) })
  })

  it.each([
    ['happened when the run began', NOW - 3_000, NOW - 3_000],
    ['happened when it was seen, where the server’s clock is ahead', NOW + 20 * MINUTE, NOW],
    ['is not in the future, where the clock is a little ahead', NOW + 2_000, NOW],
    ['counts though the server’s clock was set back', NOW - 90 * MINUTE, NOW - 90 * MINUTE],
    ['happened when it was seen, where nobody tells when it began', null, NOW],
  ])('%s', (_, startedAt, at) => {
    const { events, known: after } = watchRun(
      known(NOW - 30 * MINUTE),
      { id: 'other', startedAt },
      'restarted',
      sighting(),
    )
    expect(events).toMatchObject([{ kind: 'restart', at, reason: { code: 'restarted' } }])
    expect(after?.id).toBe('other')
  })

  it('while nobody looked says so only where its time is not known', () => {
    const after = sighting({ isAfterPause: true })
    const told = (startedAt: number | null) =>
      watchRun(known(1), { id: 'other', startedAt }, 'restarted', after).events[0]?.reason.params.afterPause
    expect(told(NOW - MINUTE)).toBeUndefined()
    expect(told(null)).toBe(1)
  })
})

describe('processes of a service', () => {
  const traffic = (rest: Partial<Sighting> = {}) => sighting({ probe: 'traffic', target: 'api', ...rest })

  it('one that began after the last look is a restart', () => {
    const { events } = watchRun(known(NOW - 60 * MINUTE), run(NOW - 2_000), 'restarted', traffic())
    expect(events).toHaveLength(1)
  })

  it.each([
    ['that was there when another one answered', NOW - 20 * MINUTE],
    ['that is older than the one that is known', NOW - 90 * MINUTE],
    ['that was started together with the one that is known', NOW - 60 * MINUTE + 1_000],
  ])('one %s is none', (_, startedAt) => {
    expect(watchRun(known(NOW - 60 * MINUTE), run(startedAt), 'restarted', traffic()).events).toEqual([])
  })

  it('of several, another new one is only one of them', () => {
    const first = watchRun(known(NOW - 60 * MINUTE), run(NOW - 20 * MINUTE), 'restarted', traffic())
    expect(first.known?.isOneOfSeveral).toBe(true)
    expect(watchRun(first.known, run(NOW - 1_000), 'restarted', traffic()).events).toEqual([])
  })

  it('one that was there before the console stopped is none at its next start', () => {
    const before = known(NOW - 60 * MINUTE, { seenAt: NOW - 10 * MINUTE })
    const restored = traffic({ lastAt: null, isAfterPause: true })
    expect(watchRun(before, run(NOW - 30 * MINUTE), 'restarted', restored).events).toEqual([])
    expect(watchRun(before, run(NOW - 2 * MINUTE), 'restarted', restored).events).toHaveLength(1)
  })
})
