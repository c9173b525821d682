import { describe, expect, it } from 'vitest'
import { momentToType, typedIso, typedMoment } from '../../../../src/renderer/components/typed-moment.ts'

/** In the zone of whoever types. */
const local = (...parts: [number, number, number, number, number, number?]) => {
  const [year, month, day, hours, minutes, seconds = 0] = parts
  return new Date(year, month - 1, day, hours, minutes, seconds).getTime()
}
const NOW = local(2026, 11, 28, 12, 0)

describe('a moment that is typed', () => {
  it.each([
    ['11:05', local(2026, 11, 28, 11, 5)],
    ['3:05:30', local(2026, 11, 28, 3, 5, 30)],
    ['23:50', local(2026, 11, 27, 23, 50)],
    ['12:00:40', local(2026, 11, 28, 12, 0, 40)],
    ['2026-11-28 03:05', local(2026, 11, 28, 3, 5)],
    ['2026-11-28T03:05:07', local(2026, 11, 28, 3, 5, 7)],
    ['2026-12-24, 18:00', local(2026, 12, 24, 18, 0)],
    ['28.11. 03:05', local(2026, 11, 28, 3, 5)],
    ['1.2.2025 3:05', local(2025, 2, 1, 3, 5)],
    ['24.12 18:00', local(2025, 12, 24, 18, 0)],
    ['-15m', NOW - 900_000],
    ['−2 h', NOW - 7_200_000],
    ['-3d', NOW - 259_200_000],
    ['2026-11-28T03:05:00Z', Date.UTC(2026, 10, 28, 3, 5)],
    ['2026-11-28T03:05:00.250+02:00', Date.UTC(2026, 10, 28, 1, 5, 0, 250)],
    ['1764300000', 1_764_300_000_000],
    ['1764300000123', 1_764_300_000_123],
    [' 11:05 ', local(2026, 11, 28, 11, 5)],
  ])('%s', (text, at) => expect(typedMoment(text, NOW, 'past')).toBe(at))

  it.each([
    '',
    'soon',
    '25:00',
    '11:60',
    '2026-02-31 10:00',
    '31.4. 10:00',
    '11/28 10:00',
    '28.11.',
    '-15',
    '15m',
  ])('is not "%s"', (text) => expect(typedMoment(text, NOW, 'past')).toBeNull())

  it.each([
    ['13:00', local(2026, 11, 28, 13, 0)],
    ['11:05', local(2026, 11, 29, 11, 5)],
    ['1.3. 06:00', local(2027, 3, 1, 6, 0)],
    ['24.12 18:00', local(2026, 12, 24, 18, 0)],
    ['+2h', NOW + 7_200_000],
    ['2026-11-28 11:05', local(2026, 11, 28, 11, 5)],
  ])('that is to come: %s', (text, at) => expect(typedMoment(text, NOW, 'future')).toBe(at))

  it('is told as programs want it, and what is none as it stands', () => {
    expect(typedIso('+1h', Date.UTC(2026, 10, 28, 12), 'future')).toBe('2026-11-28T13:00:00.000Z')
    expect(typedIso('soon', NOW, 'future')).toBe('soon')
  })

  it('is shown in a form that can be typed again', () => {
    expect(typedMoment(momentToType(NOW), NOW, 'past')).toBe(NOW)
    expect(momentToType(local(2026, 1, 2, 3, 4, 5))).toBe('2026-01-02 03:04:05')
    expect(momentToType(local(2026, 1, 2, 3, 4))).toBe('2026-01-02 03:04')
  })
})
