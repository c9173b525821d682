import { describe, expect, test } from 'vitest'
import { phasesOf } from '../../../../src/renderer/features/operations/phases.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 12, 0, second)).toISOString()
const NOW = Date.parse(at(40))

describe('the steps of an operation in its time', () => {
  test('lie one after the other, as long as each took', () => {
    expect(
      phasesOf(
        [
          { tookMs: 10_000, runningSince: null },
          { tookMs: 30_000, runningSince: null },
        ],
        NOW,
      ),
    ).toEqual([
      { tookMs: 10_000, offset: 0, width: 25 },
      { tookMs: 30_000, offset: 25, width: 75 },
    ])
  })

  test('reach to the present while they run, and are nowhere before they begin', () => {
    const [, running, pending] = phasesOf(
      [
        { tookMs: 20_000, runningSince: null },
        { tookMs: null, runningSince: at(20) },
        { tookMs: null, runningSince: null },
      ],
      NOW,
    )
    expect(running).toEqual({ tookMs: 20_000, offset: 50, width: 50 })
    expect(pending).toEqual({ tookMs: null, offset: 0, width: 0 })
  })

  test('that were gone on with count what was worked at them before, too', () => {
    expect(phasesOf([{ tookMs: 10_000, runningSince: at(35) }], NOW)).toEqual([
      { tookMs: 15_000, offset: 0, width: 100 },
    ])
  })

  test('are seen however short they are, and stay within the whole', () => {
    const [, short] = phasesOf(
      [
        { tookMs: 40_000, runningSince: null },
        { tookMs: 0, runningSince: null },
      ],
      NOW,
    )
    expect(short?.width).toBeGreaterThan(0)
    expect((short?.offset ?? 0) + (short?.width ?? 0)).toBeLessThanOrEqual(100)
  })

  test('that took no time at all fill it', () => {
    expect(phasesOf([{ tookMs: 0, runningSince: null }], NOW)).toEqual([{ tookMs: 0, offset: 0, width: 100 }])
  })

  test('a clock that went back makes nothing negative', () => {
    expect(phasesOf([{ tookMs: null, runningSince: at(45) }], NOW)[0]?.tookMs).toBe(0)
  })
})
