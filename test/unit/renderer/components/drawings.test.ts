import { describe, expect, it } from 'vitest'
import { heartbeatSummary, heartPaths } from '../../../../src/renderer/components/heartbeat.ts'
import { absolute, relative, stretchText, universal } from '../../../../src/renderer/components/moment.ts'
import { sparkline } from '../../../../src/renderer/components/sparkline.ts'

describe('a sparkline', () => {
  it('breaks where nothing is known instead of falling to zero', () => {
    const { line } = sparkline([10, 10, null, 10, 10], null, 40, 20)
    expect(line).toBe('M0 2.6L10 2.6M30 2.6L40 2.6')
  })

  it('shows a point that stands alone', () => {
    expect(sparkline([null, 5, null], null, 20, 20).line).toBe('M5 2.6h10')
  })

  it('has no end where the newest value is not known', () => {
    expect(sparkline([1, 2, null], null, 20, 20).end).toBeNull()
    expect(sparkline([1, 2], null, 20, 20).end).toEqual({ x: 20, y: 2.6 })
  })

  it('keeps the limit in the picture, so that calm looks calm', () => {
    const calm = sparkline([2, 2], 100, 20, 20)
    expect(calm.limitY).toBe(2.6)
    expect(calm.end?.y).toBeGreaterThan(18)
  })

  it('grows beyond the limit with the values', () => {
    const over = sparkline([50, 200], 100, 20, 20)
    expect(over.limitY).toBeGreaterThan(over.end?.y ?? Number.NaN)
  })

  it('draws zeros at the bottom and nothing of a series that is not known at all', () => {
    expect(sparkline([0, 0], null, 20, 20).line).toBe('M0 19L20 19')
    expect(sparkline([null, null], null, 20, 20)).toEqual({ line: '', limitY: null, end: null })
  })
})

describe('a heartbeat bar', () => {
  it('draws what is worse taller, and hatches what was not observed', () => {
    const paths = heartPaths(['HEALTHY', 'WARNING', 'DOWN', 'UNOBSERVED'])
    expect(paths.good).toBe('M0 16v-10h3v10z')
    expect(paths.warning).toBe('M4 16v-13h3v13z')
    expect(paths.bad).toBe('M8 16v-16h3v16z')
    expect(paths.unobserved).toContain('M12 16')
    expect(paths.unknown).toBe('')
  })

  it('is summed up with the worst first', () => {
    expect(heartbeatSummary(['HEALTHY', 'DOWN', 'HEALTHY', 'UNOBSERVED'])).toEqual([
      { status: 'DOWN', count: 1 },
      { status: 'UNOBSERVED', count: 1 },
      { status: 'HEALTHY', count: 2 },
    ])
  })
})

describe('a moment', () => {
  const now = new Date(2026, 10, 21, 12, 0, 0).getTime()

  it.each([
    [2_000, 'en', 'now'],
    [40_000, 'en', '40 sec. ago'],
    [61_000, 'ru', '1 мин. назад'],
    [2 * 3_600_000, 'ru', '2 ч назад'],
    [26 * 3_600_000, 'en', 'yesterday'],
  ])('%d ms ago in %s is "%s"', (ago, language, words) => {
    expect(relative(language, now - ago, now).replaceAll('\u00a0', ' ')).toBe(words)
  })

  it('names its day only when that is not today', () => {
    expect(absolute('ru', now - 60_000, now)).toBe('11:59:00')
    expect(absolute('ru', now - 86_400_000, now)).toContain('20')
  })

  it('can be compared with logs in UTC', () => {
    expect(universal(Date.UTC(2026, 10, 21, 3, 4, 5))).toBe('2026-11-21 03:04:05 UTC')
  })

  it('says a stretch with its day once, and in UTC, too', () => {
    const from = Date.UTC(2026, 10, 21, 9)
    expect(stretchText('ru', { from, to: from + 900_000 })).toMatch(/\(2026-11-21 09:00:00 – 09:15:00 UTC\)$/)
    expect(stretchText('en', { from, to: from + 900_000 }).match(/2026/g)).toHaveLength(2)
    expect(stretchText('en', { from, to: from + 86_400_000 })).toContain(
      '(2026-11-21 09:00:00 – 2026-11-22 09:00:00 UTC)',
    )
  })
})
