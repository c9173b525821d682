import { expect, it } from 'vitest'
import { factLines, progressText } from '../../../src/shared/locales/operation-words.ts'
import { createTranslator } from '../../../src/shared/locales/translate.ts'
import { NO_PROGRESS } from '../../../src/shared/model/operation.ts'

const known = {
  databases: [
    { name: 'shop', bytes: 1.5 * 2 ** 30 },
    { name: 'billing', bytes: null },
  ],
  connections: { needed: 2, free: 90 },
  services: ['api', 'worker'],
  lastTookMs: 65_000,
  refusals: [],
}
const nothing = {
  ...{ databases: [], services: [], lastTookMs: null, refusals: [] },
  connections: { needed: 0, free: null },
}
const lines = (language: 'en' | 'ru', preview: Parameters<typeof factLines>[1]) =>
  factLines(createTranslator(language), preview).map((line) => line.replaceAll('\u00a0', ' '))

it('tells what a preview knows, and nothing of what it does not', () => {
  expect(lines('en', known)).toEqual([
    'Databases: shop (1.5 GiB), billing.',
    'Connections to PostgreSQL besides those that watch: 2; free: 90.',
    'Services that notice: api, worker.',
    'It took 1 min 5 s the last time.',
  ])
  expect(lines('ru', known)[0]).toBe('Базы: shop (1,5 ГиБ), billing.')
  expect(lines('en', nothing)).toEqual([])
  const refused = lines('en', { ...known, connections: { needed: 2, free: null }, refusals: ['no room'] })
  expect(refused.slice(1)).toEqual([
    'Connections to PostgreSQL besides those that watch: 2.',
    'Services that notice: api, worker.',
  ])
})

it.each([
  [{}, null],
  [{ bytes: 3 * 2 ** 20 }, '3 MiB'],
  [{ bytes: 3 * 2 ** 20, totalBytes: 2 ** 30, rate: 2 ** 20 }, '3 MiB of 1 GiB · 1 MiB/s'],
  [{ bytes: 0, totalBytes: 2 ** 30, secondsLeft: 45 }, '0 B of 1 GiB · 45 s left'],
])('tells how far a step is: %j', (progress, words) => {
  const told = progressText(createTranslator('en'), { ...NO_PROGRESS, ...progress })
  expect(told?.replaceAll('\u00a0', ' ') ?? null).toBe(words)
})
