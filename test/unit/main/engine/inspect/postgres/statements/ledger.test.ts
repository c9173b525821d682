import { describe, expect, it } from 'vitest'
import type { Counters } from '../../../../../../../src/main/engine/inspect/postgres/statements/counters.ts'
import {
  EMPTY_LEDGER,
  type Ledger,
  recorded,
  windowUntil,
} from '../../../../../../../src/main/engine/inspect/postgres/statements/ledger.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 0, 1)

/** Counters in which each statement was called so often, a call taking 10 ms. */
function counters(minute: number, calls: Record<string, number>, more: Partial<Counters> = {}): Counters {
  const statements = Object.entries(calls)
    .map(([key, times]) => ({
      key,
      queryId: key,
      user: null,
      figures: [times, times * 10, times, 0, 0, 0, 0],
      maxMs: 10,
      since: null,
    }))
    .sort((a, b) => (b.figures[1] ?? 0) - (a.figures[1] ?? 0))
  const totalCalls = Object.values(calls).reduce((sum, times) => sum + times, 0)
  return {
    at: START + minute * MINUTE,
    resetAt: START - HOUR,
    totalMs: totalCalls * 10,
    totalCalls,
    statements,
    complete: true,
    countsWal: true,
    ...more,
  }
}

function ledgerOf(...looks: Counters[]): Ledger {
  return looks.reduce(recorded, EMPTY_LEDGER)
}

function callsIn(ledger: Ledger, now: Counters, minutes: number) {
  const { statements, since, restarted, totalCalls } = windowUntil(ledger, now, minutes)
  const calls = Object.fromEntries([...statements].map(([key, figures]) => [key, figures[0]]))
  return { calls, sinceMinute: (since - START) / MINUTE, restarted, totalCalls }
}

describe('the ledger of statements', () => {
  it('tells what was used within a window, from the look nearest to its beginning', () => {
    const ledger = ledgerOf(
      counters(0, { a: 100 }),
      counters(5, { a: 110 }),
      counters(10, { a: 130, b: 1 }),
      counters(15, { a: 160, b: 2 }),
    )
    const now = counters(19, { a: 200, b: 5 })
    expect(callsIn(ledger, now, 15)).toMatchObject({ calls: { a: 90, b: 5 }, sinceMinute: 5, totalCalls: 95 })
    expect(callsIn(ledger, now, 8)).toMatchObject({ calls: { a: 70, b: 4 }, sinceMinute: 10 })
    expect(callsIn(ledger, now, 1)).toMatchObject({ calls: { a: 40, b: 3 }, sinceMinute: 15 })
  })

  it('says since when it knows where the window is longer than that', () => {
    expect(callsIn(ledgerOf(counters(0, { a: 1 })), counters(2, { a: 4 }), 60)).toMatchObject({
      calls: { a: 3 },
      sinceMinute: 0,
    })
  })

  it('knows nothing before its first look', () => {
    expect(callsIn(EMPTY_LEDGER, counters(2, { a: 4 }), 60)).toMatchObject({ calls: {}, sinceMinute: 2 })
  })

  it('leaves out what was not called', () => {
    const ledger = ledgerOf(counters(0, { a: 7, b: 7 }))
    expect(callsIn(ledger, counters(5, { a: 7, b: 8 }), 15).calls).toEqual({ b: 1 })
  })

  it('counts from nothing after a reset, and keeps what it knew from before', () => {
    const ledger = ledgerOf(counters(0, { a: 100 }), counters(5, { a: 150 }))
    const now = counters(9, { a: 200 }, { resetAt: START + 7 * MINUTE })
    expect(callsIn(ledger, now, 15)).toMatchObject({ calls: { a: 250 }, sinceMinute: 0, restarted: true })
    expect(
      callsIn(recorded(ledger, now), counters(10, { a: 201 }, { resetAt: now.resetAt }), 1),
    ).toMatchObject({
      calls: { a: 1 },
      restarted: false,
    })
  })

  it('notices a reset by the counters where the server does not tell of it', () => {
    const old = { resetAt: null }
    const ledger = ledgerOf(counters(0, { a: 100, b: 50, c: 3 }, old))
    expect(callsIn(ledger, counters(5, { a: 4, b: 2 }, old), 15)).toMatchObject({
      calls: { a: 4, b: 2 },
      restarted: true,
    })
    expect(callsIn(ledger, counters(5, { a: 101, b: 50, c: 3 }, old), 15).restarted).toBe(false)
  })

  it('counts a statement from nothing that was thrown out and came back', () => {
    const ledger = ledgerOf(counters(0, { a: 100, b: 100 }))
    expect(callsIn(ledger, counters(5, { a: 105, b: 3 }), 15)).toMatchObject({
      calls: { a: 5, b: 3 },
      restarted: false,
    })
  })

  it('takes of a statement that was not listed before only what is certain', () => {
    const partial = { complete: false }
    const ledger = ledgerOf(counters(0, { a: 100, b: 20 }, partial))
    // It may have been called 20 times already without having been listed.
    expect(callsIn(ledger, counters(5, { a: 100, c: 80 }, partial), 15).calls).toEqual({ c: 60 })
    const known = counters(5, { a: 100, c: 80 }, partial)
    const [first, ...others] = known.statements
    const fresh = others.map((statement) => ({ ...statement, since: START + MINUTE }))
    expect(first && callsIn(ledger, { ...known, statements: [first, ...fresh] }, 15).calls).toEqual({ c: 80 })
  })

  it('begins anew where the server’s clock goes back: it is another server', () => {
    const ledger = ledgerOf(counters(10, { a: 100 }), counters(15, { a: 200 }), counters(5, { a: 7 }))
    expect(ledger.intervals).toEqual([])
    expect(callsIn(ledger, counters(6, { a: 8 }), 60)).toMatchObject({ calls: { a: 1 }, sinceMinute: 5 })
    expect(callsIn(ledger, counters(4, { a: 8 }), 60)).toMatchObject({ calls: {}, sinceMinute: 4 })
  })

  it('keeps minutes for an hour, hours for a day, and loses nothing in between', () => {
    let ledger = EMPTY_LEDGER
    for (let minute = 0; minute <= 48 * 60; minute += 5)
      ledger = recorded(ledger, counters(minute, { a: minute }))
    expect(ledger.intervals.length).toBeLessThanOrEqual(40)
    const now = counters(48 * 60 + 2, { a: 48 * 60 + 2 })
    expect(callsIn(ledger, now, 15)).toMatchObject({ calls: { a: 17 } })
    const day = callsIn(ledger, now, 1_440)
    expect(day.sinceMinute).toBeGreaterThan(48 * 60 - 1_440 - 61)
    expect(day.sinceMinute).toBeLessThan(48 * 60 - 1_440 + 61)
    expect(day.calls.a).toBe(now.statements[0] && 48 * 60 + 2 - day.sinceMinute)
  })

  it('keeps at most two thirds of a megabyte, whatever the server counts', () => {
    let ledger = EMPTY_LEDGER
    const of = (round: number) =>
      Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`10/${at}`, (at + 1) * (round + 1)]))
    for (let round = 0; round < 26 * 12; round += 1) ledger = recorded(ledger, counters(round * 5, of(round)))
    const bytes = ledger.intervals.reduce(
      (sum, { figures, keys }) => sum + figures.byteLength + keys.length * 8,
      0,
    )
    expect(bytes + (ledger.newest?.figures.byteLength ?? 0)).toBeLessThan(700_000)
    const texts = new Set(ledger.intervals.flatMap(({ keys }) => keys))
    expect(texts.size).toBeLessThanOrEqual(1_000)
    expect(callsIn(ledger, counters(26 * 60, of(26 * 12)), 15).totalCalls).toBe(3 * 500_500)
  })
})
