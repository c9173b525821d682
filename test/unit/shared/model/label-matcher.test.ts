import { expect, it } from 'vitest'
import { isSafePattern } from '../../../../src/shared/model/label-matcher.ts'

it.each([
  'db-.*',
  'shop|billing',
  'shop-[0-9]+',
  '(shop|billing)-eu',
  'a?b',
  '\\d+',
  'a\\.b',
  '.*x.*y.*',
  '',
])('follows %s', (pattern) => {
  expect(isSafePattern(pattern)).toBe(true)
})

it.each([
  ['the letters in either case', '(?i)shop'],
  ['a repetition of what has one', '(a+)+'],
  ['an optional group', '(shop)?'],
  ['a repetition twice', 'a**'],
  ['a lazy one', 'a.*?b'],
  ['many of them', '.*a.*b.*c.*'],
  ['a class by its name', '[[:alpha:]]+'],
  ['what was found before', '(a)\\1'],
  ['an end of its own', '^shop$'],
  ['a count', 'a{1,30}'],
  ['what is no pattern', '(shop'],
  ['a word boundary', '\\bshop'],
  ['too long a one', 'a'.repeat(501)],
])('does not follow %s', (_, pattern) => {
  expect(isSafePattern(pattern)).toBe(false)
})
