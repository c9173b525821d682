import { expect, it } from 'vitest'
import { renewAfter } from '../../../../../../src/main/engine/reach/http/token-source.ts'

it.each([
  [null, 0, Number.POSITIVE_INFINITY],
  [1_800_000, 0, 1_740_000],
  [1_800_000, 1, 1_710_000],
  [10_000, 0, 8_000],
  [10_000, 1, 7_000],
])(
  'a token of %s ms is renewed early, and not by everybody at once (%i): after %i ms',
  (life, random, after) => {
    expect(renewAfter(life, () => random)).toBe(after)
  },
)
