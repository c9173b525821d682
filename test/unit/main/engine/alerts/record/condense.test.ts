import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAlertStore } from '../../../../../../src/main/engine/alerts/record/alert-store.ts'
import { condensed, MOST_ENTRIES } from '../../../../../../src/main/engine/alerts/record/condense.ts'
import { silentLog } from '../../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../../src/main/engine/store/store.ts'
import { TraceEntry } from '../../../../../../src/shared/model/alert-trace.ts'

const entry = (at: number, step: TraceEntry['step'], rest: Partial<TraceEntry> = {}): TraceEntry => ({
  ...{ at, step, because: null, value: null, threshold: null, severity: null, looks: null, until: null },
  ...{ by: null, notification: null, escalation: null, times: 1, last: null, earlier: [] },
  ...rest,
})

/** It comes and goes, a turn every 30 s, and is told of every fifth time. */
function flapping(turns: number, from = 0): TraceEntry[] {
  return Array.from({ length: turns }, (_, turn) => {
    const at = from + turn * 30_000
    const told = entry(at + 1, 'told', {
      because: 'came-back',
      notification: { id: `n${at}`, kind: 'firing' },
    })
    return [
      entry(at, 'reopened', { value: turn }),
      ...(turn % 5 === 0 ? [told] : []),
      entry(at + 15_000, 'ended', { because: 'cleared' }),
    ]
  }).flat()
}

const times = (entries: readonly TraceEntry[]) => entries.reduce((sum, one) => sum + one.times, 0)

describe('a trace', () => {
  it('within its bound is left as it is', () => {
    const short = flapping(MOST_ENTRIES).slice(0, MOST_ENTRIES)
    expect(condensed(short)).toEqual(short)
  })

  it('of three days keeps its beginning and its end, and counts what is between', () => {
    const long = flapping(8_640)
    const kept = condensed(long)
    expect(kept.length).toBeLessThanOrEqual(MOST_ENTRIES)
    expect(times(kept)).toBe(long.length)
    expect(kept.slice(0, 50)).toEqual(long.slice(0, 50))
    expect(kept.slice(-250)).toEqual(long.slice(-250))
    const between = kept.slice(50, -250)
    expect(between.map(({ step, because }) => [step, because]).sort()).toEqual([
      ['ended', 'cleared'],
      ['reopened', null],
      ['told', 'came-back'],
    ])
    for (const one of between) {
      expect(one.times).toBeGreaterThan(1_000)
      expect(one.at).toBeLessThan(one.last ?? 0)
    }
    // As the newest was: its deliveries are on record for the longest.
    const told = between.find(({ step }) => step === 'told')
    expect(told?.notification?.id).toBe(`n${(told?.last ?? 0) - 1}`)
    // And of a few before it.
    const fifth = 5 * 30_000
    const before = [1, 2, 3, 4].map((back) => `n${(told?.last ?? 0) - 1 - back * fifth}`)
    expect(told?.earlier).toEqual(before)
  })

  it('keeps apart whom an alert went on to', () => {
    const called = (at: number, step: number) =>
      entry(at, 'escalated', {
        ...{
          because: 'not-acknowledged',
          by: `person ${step}`,
          notification: { id: `n${at}`, kind: 'escalated' },
        },
        escalation: { policy: 'nights', step, of: 3, afterMinutes: 5, to: [`person ${step}`], louder: false },
      })
    const all = Array.from({ length: 1_000 }, (_, index) => called(index, (index % 3) + 1))
    const between = condensed(all).slice(50, -250)
    expect(between.map(({ by, times: often }) => [by, often]).sort()).toEqual([
      ['person 1', 233],
      ['person 2', 233],
      ['person 3', 234],
    ])
  })

  it('stays within its bound however often it is condensed as it grows, and loses nothing that is counted', () => {
    let kept: TraceEntry[] = []
    let all = 0
    for (let hour = 0; hour < 72; hour += 1) {
      const fresh = flapping(120, hour * 3_600_000)
      all += fresh.length
      kept = condensed([...kept, ...fresh])
      expect(kept.length).toBeLessThanOrEqual(MOST_ENTRIES)
    }
    expect(times(kept)).toBe(all)
    expect(kept.map(({ at }) => at)[0]).toBe(0)
  })

  it('keeps what people did, each between what came before and after it', () => {
    const deeds = [
      entry(1_000_000, 'acknowledged', { by: 'anna' }),
      entry(2_000_000, 'acknowledged', { by: 'boris' }),
      entry(3_000_000, 'ended', { because: 'by-hand', by: 'boris' }),
    ]
    const all = [...flapping(1_000), ...deeds].sort((a, b) => a.at - b.at)
    const kept = condensed(all)
    expect(kept).toEqual(expect.arrayContaining(deeds))
    const acknowledged = kept.findIndex(({ by }) => by === 'anna')
    expect(kept.slice(0, acknowledged).every(({ last, at }) => (last ?? at) <= 1_000_000)).toBe(true)
    expect(kept.slice(acknowledged).every(({ at }) => at >= 1_000_000)).toBe(true)
  })

  it('in which more was done than fits has its bound all the same', () => {
    const all = Array.from({ length: 3_000 }, (_, index) => [
      entry(index * 10, 'reopened'),
      entry(index * 10 + 1, 'acknowledged', { by: `person ${index % 7}` }),
    ]).flat()
    const kept = condensed(all)
    expect(kept.length).toBeLessThanOrEqual(MOST_ENTRIES)
    expect(times(kept)).toBe(all.length)
  })
})

it('an entry of before stands for one', () => {
  const { times: _times, last: _last, ...before } = entry(1, 'fires')
  expect(TraceEntry.parse(before)).toMatchObject({ times: 1, last: null, earlier: [] })
})

describe('on record', () => {
  let directory: string
  let store: Store
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vakhta-traces-'))
    store = openStore({ dataDirectory: directory, log: silentLog })
  })
  afterEach(async () => {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const EMPTY = { alerts: new Map(), incidents: new Map(), silences: new Map(), begun: new Map() }

  it('a long trace is brought within its bound, others stay, and a newer version’s is left alone', async () => {
    const records = createAlertStore({ store })
    const traced = (alert: string, entries: readonly TraceEntry[]) =>
      entries.map((one) => ({ ...one, alert }))
    await records.write({
      ...{ ...EMPTY, notifications: [] },
      trace: [
        ...traced('long', flapping(400)),
        ...traced('short', flapping(20)),
        ...traced('newer', flapping(400)),
      ],
    })
    await store.write((database) =>
      database
        .prepare("INSERT INTO alert_trace (alert, at, entry) VALUES ('newer', 0, ?)")
        .run(JSON.stringify({ ...entry(0, 'fires'), step: 'of-tomorrow' })),
    )
    expect((await records.overlong()).sort()).toEqual(['long', 'newer'])
    for (const alert of await records.overlong()) await records.condense(alert)
    expect(await records.overlong()).toEqual(['newer'])
    const kept = await records.trace('long', 5_000)
    expect(kept).toEqual(condensed(flapping(400)))
    expect(await records.trace('short', 5_000)).toEqual(flapping(20))
    expect((await records.trace('newer', 5_000)).length).toBe(flapping(400).length)
  })
})
