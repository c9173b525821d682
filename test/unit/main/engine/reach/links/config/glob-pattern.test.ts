import { expect, it } from 'vitest'
import { matchesGlob } from '../../../../../../../src/main/engine/reach/links/config/glob-pattern.ts'

it.each([
  ['*.conf', 'a.conf', true],
  ['*.conf', 'a.conf.bak', false],
  ['*', '.hidden', false],
  ['.*', '.hidden', true],
  ['?', 'a', true],
  ['?', '', false],
  ['[a-c]x', 'bx', true],
  ['[a-c]x', 'dx', false],
  ['[!a-c]x', 'dx', true],
  ['[^a-c]x', 'ax', false],
  ['[]x]', ']', true],
  ['[a-]', '-', true],
  ['[a', '[a', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['*a*b*', 'xaxxbx', true],
  ['{a,b}', 'a', false],
] as const)('the pattern %j takes the name %j: %j', (pattern, name, matches) => {
  expect(matchesGlob(name, pattern)).toBe(matches)
})
