import { describe, expect, it } from 'vitest'
import { createReplyCheck, REPLY_BOUNDS } from '../../../../../../src/main/engine/reach/redis/reply-guard.ts'

/** What the check says of a text that comes in pieces of a size. */
function faultOf(text: string | Buffer, size = Number.POSITIVE_INFINITY) {
  const bytes = Buffer.from(text)
  const check = createReplyCheck()
  for (let at = 0; at < bytes.length; at += Math.min(size, bytes.length)) {
    const fault = check(bytes.subarray(at, at + size))
    if (fault !== null) return fault.kind
  }
  return null
}

const nested = (depth: number) => `${'*1\r\n'.repeat(depth)}:1\r\n`

describe('a stream of replies', () => {
  it.each([
    ['a status', '+OK\r\n'],
    ['an error', '-ERR unknown command\r\n'],
    ['numbers', ':0\r\n:-1\r\n:9223372036854775807\r\n'],
    ['bulk strings, binary and empty ones', '$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n'],
    ['lists within lists', '*2\r\n*3\r\n:1\r\n$1\r\nx\r\n*0\r\n*-1\r\n+OK\r\n'],
    ['as deep as is allowed', nested(REPLY_BOUNDS.depth)],
    ['many replies, each within bounds', '$100000\r\n'.concat('x'.repeat(100_000), '\r\n').repeat(200)],
  ])('is let through: %s', (_, text) => {
    expect(faultOf(text)).toBeNull()
    if (text.length < 1_000) for (const size of [1, 2, 3, 7]) expect(faultOf(text, size)).toBeNull()
  })

  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'not-spoken'],
    ['a greeting of another protocol', '220 mail.example.com ESMTP\r\n', 'not-spoken'],
    ['zeros', Buffer.alloc(100), 'not-spoken'],
    ['RESP3, which was not asked for', '%1\r\n+a\r\n+b\r\n', 'not-spoken'],
    ['a length that is none', '$abc\r\n', 'not-spoken'],
    ['a length without digits', '$\r\n', 'not-spoken'],
    ['a length below none', '*-7\r\n', 'not-spoken'],
    ['a number that is none', ':1e9\r\n', 'not-spoken'],
    ['an alert of TLS', Buffer.from([21, 3, 3, 0, 2, 2, 40]), 'tls'],
    ['a handshake of TLS', Buffer.from([22, 3, 1, 0, 200]), 'tls'],
    ['an absurd length', '$99999999999\r\n', 'too-much'],
    ['a length beyond what a number holds', '$9999999999999999999\r\n', 'too-much'],
    ['room for more items than there can be', '*30000000\r\n', 'too-much'],
    ['lists that nest without end', nested(100_000), 'too-much'],
    ['a line without end', `+${'x'.repeat(20_000)}`, 'too-much'],
    [
      'a list that goes on and on',
      '*60000\r\n'.concat('$1000\r\n'.concat('x'.repeat(1_000), '\r\n').repeat(9_000)),
      'too-much',
    ],
  ])('is cut: %s', (_, text, kind) => {
    expect(faultOf(text)).toBe(kind)
    if (text.length < 1_000) expect(faultOf(text, 1)).toBe(kind)
  })

  it('is judged at the length, before any of it has come', () => {
    const check = createReplyCheck()
    expect(check(Buffer.from(`$${REPLY_BOUNDS.replyBytes + 1}\r\n`))?.kind).toBe('too-much')
  })
})
