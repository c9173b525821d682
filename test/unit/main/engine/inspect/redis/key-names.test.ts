import { expect, it } from 'vitest'
import { shownNames } from '../../../../../../src/main/engine/inspect/redis/key-names.ts'

/** As many keys as count as several, made of a pattern with a number in it. */
const several = (pattern: (index: number) => string, count = 5): string[] =>
  Array.from({ length: count }, (_, index) => pattern(index))
const uuid = (index: number) => `0b7e4d1c-aaaa-4bbb-8ccc-00000000000${index}`

it.each([
  ['a kind and a number', several((index) => `session:${index}`), ['session:*']],
  [
    'other separators',
    [...several((index) => `page/${index}`), ...several((index) => `job.${index}`)],
    ['page/*', 'job.*'],
  ],
  ['two kinds', several((index) => `user:profile:${index}`), ['user:profile:*']],
  ['Django’s version in front', several((index) => `:1:views:${index}`), [':1:views:*']],
  ['a hash tag', several((index) => `{cart}:${index}`), ['{cart}:*']],
  [
    'a token without a separator',
    several((index) => `celery-task-meta-${uuid(index)}`),
    ['celery-task-meta-*'],
  ],
  [
    'people in the second part',
    several((index) => `user:${['ivan', 'olga', 'petr', 'anna', 'oleg'][index]}:cart`),
    ['user:*'],
  ],
  ['an address in front', several((index) => `ivan@example.org:${index}`), ['*']],
  ['a telephone number in front', several((index) => `t79161234567:${index}`), ['*']],
  ['a token in front', several((index) => `${uuid(1)}:${index}`), ['*']],
  ['a name that nobody shares', ['ivan.petrov', 'olga.ivanova'], ['*']],
  ['no name at all', ['\u0000\u0001', '', '   ', '::::'], ['*']],
])('of keys with %s shows no more than what several share', (_, keys, names) => {
  expect([...new Set(shownNames(keys))]).toEqual(names)
})

it('shows the second part only where a good part of the keys have it', () => {
  const keys = [...several((index) => `user:${index}`, 100), ...several(() => 'user:ivan:cart', 4)]
  expect(new Set(shownNames(keys))).toEqual(new Set(['user:*']))
  const many = [...keys, ...several((index) => `user:cart:${index}`, 30)]
  expect(new Set(shownNames(many))).toEqual(new Set(['user:*', 'user:cart:*']))
})

it('shows what the profile names as it is', () => {
  expect(shownNames(['celery', 'other'], new Set(['celery']))).toEqual(['celery', '*'])
})
