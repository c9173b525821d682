import { describe, expect, it } from 'vitest'
import { uiShell as en } from '../../../src/shared/locales/en/ui-shell.ts'
import { duration, quantityText, type Words } from '../../../src/shared/locales/quantity.ts'
import { uiShell as ru } from '../../../src/shared/locales/ru/ui-shell.ts'

const english: Words = (key) => en[key]
const russian: Words = (key) => ru[key]
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ')

describe('a quantity', () => {
  it.each([
    [95.4, 'percent', '95 %', '95 %'],
    [3.25, 'percent', '3.3 %', '3,3 %'],
    [1536, 'bytes', '1.5 KiB', '1,5 КиБ'],
    [512, 'bytes', '512 B', '512 Б'],
    [3 * 1024 ** 4, 'bytes', '3 TiB', '3 ТиБ'],
    [12_345, 'connections', '12,345', '12 345'],
    [0.456, 'ratio', '0.46', '0,46'],
    [543, 'seconds', '9 min 3 s', '9 мин 3 с'],
    [4.04, 'milliseconds', '4 ms', '4 мс'],
    [90_000, 'milliseconds', '1 min 30 s', '1 мин 30 с'],
    [2.5, 'per-minute', '2.5 /min', '2,5 /мин'],
  ] as const)('of %d %s is "%s" in English and "%s" in Russian', (value, unit, inEnglish, inRussian) => {
    expect(plain(quantityText('en', english, value, unit))).toBe(inEnglish)
    expect(plain(quantityText('ru', russian, value, unit))).toBe(inRussian)
  })

  it('that is not known is a dash, never a zero', () => {
    expect(quantityText('en', english, null, 'percent')).toBe('–')
    expect(quantityText('en', english, Number.NaN, 'bytes')).toBe('–')
  })
})

describe('a length of time', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_723_000, '1 h 2 min'],
    [90_000_000, '1 d 1 h'],
  ])('of %d ms is "%s"', (ms, words) => {
    expect(plain(duration('en', english, ms))).toBe(words)
  })

  it('leaves seconds out from a minute on where it should not move each second', () => {
    expect(plain(duration('en', english, 75_000, true))).toBe('1 min')
    expect(plain(duration('en', english, 45_000, true))).toBe('45 s')
  })
})
