import { describe, expect, it } from 'vitest'
import { congestedBytesPerSecond, handshakeMs, lateness } from '../../../../demo/servers/packet-loss.ts'

/** Draws that lose a packet (`x`) or let it through (`.`), in order; the last one goes on. */
function fate(pattern: string): () => number {
  let draw = 0
  return () => (pattern[Math.min(draw++, pattern.length - 1)] === 'x' ? 0 : 0.99)
}

const BAD = { loss: 0.5, roundTripMs: 300 }

describe('how late bytes are whose packets were lost', () => {
  it.each([
    ['nothing lost', 10, '.', 0],
    ['one alone is sent again when time is up', 10, 'x.', 500],
    ['the second wait is twice the first', 10, 'xx.', 1_500],
    ['one in the middle is missed by those behind it', 5 * 1_448, '.x...', 300],
    ['one that is lost again has to wait', 5 * 1_448, '.xx...', 800],
    ['the last of many has nobody behind it', 5 * 1_448, '....x.', 500],
    ['several lost at once are late together', 8 * 1_448, 'x.x......', 300],
  ])('%s', (_name, bytes, pattern, expected) => {
    expect(lateness(bytes, BAD, fate(pattern))).toBe(expected)
  })

  it('is nothing without loss, whatever is drawn', () => {
    expect(lateness(1_000_000, { loss: 0, roundTripMs: 300 }, () => 0)).toBe(0)
  })
})

describe('a handshake', () => {
  it.each([
    ['.', 300],
    ['x.', 1_300],
    ['xx.', 3_300],
  ])('with fate %s takes %i ms', (pattern, expected) => {
    expect(handshakeMs(BAD, fate(pattern))).toBe(expected)
  })
})

it('slows each connection down to what congestion control leaves of it', () => {
  expect(congestedBytesPerSecond({ loss: 0, roundTripMs: 300 })).toBe(Number.POSITIVE_INFINITY)
  // 1.22 × 1448 bytes in 0.3 s, over the root of 5 %.
  expect(congestedBytesPerSecond({ loss: 0.05, roundTripMs: 300 })).toBeCloseTo(26_334, -2)
})
