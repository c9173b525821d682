import { expect, it } from 'vitest'
import { placeOf } from '../../../../../src/renderer/features/deployment/database/sections.ts'

it.each([
  [null, 'activity', null],
  ['statements', 'statements', null],
  ['activity:42', 'activity', 42],
  ['activity:0', 'activity', null],
  ['activity:4x', 'activity', null],
  ['statements:42', 'statements', null],
  ['nonsense', 'activity', null],
] as const)('the address database/%s is the section %s and the backend %s', (part, section, pid) => {
  expect(placeOf(part)).toEqual({ section, pid })
})
