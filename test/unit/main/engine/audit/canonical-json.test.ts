import { expect, test } from 'vitest'
import { canonicalJson } from '../../../../../src/main/engine/audit/canonical-json.ts'

test.each([
  [{ b: 1, a: { d: [3, { z: 1, y: 2 }], c: null } }, '{"a":{"c":null,"d":[3,{"y":2,"z":1}]},"b":1}'],
  [{ a: undefined, b: 'я"' }, '{"b":"я\\""}'],
  [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
  [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  [[2, 1], '[2,1]'],
])('%o', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
  expect(canonicalJson(JSON.parse(text))).toBe(text)
})
