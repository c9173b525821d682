import { describe, expect, it } from 'vitest'
import { maskField, maskLiterals } from '../../../../../src/main/engine/masking/literals.ts'

describe('values in a line', () => {
  it.each([
    ['an address of mail', 'mail to anna.petrova+x@example.com failed', 'mail to ? failed'],
    ['addresses of machines', 'from 10.20.30.40 and fe80::1:2', 'from ? and ?'],
    ['a UUID', 'order 3f2504e0-4f89-11d3-9a0c-0305e82c3301 placed', 'order ? placed'],
    ['long numbers', 'customer 4711 owes 12345.67', 'customer ? owes ?'],
    [
      'counts and durations stay',
      'answered 503 in 12 ms, 8 of 8 in use',
      'answered 503 in 12 ms, 8 of 8 in use',
    ],
    [
      'numbers with a unit stay',
      'no free connection within 1000 ms, wrote 16384 bytes, customer 16384',
      'no free connection within 1000 ms, wrote 16384 bytes, customer ?',
    ],
    ['quotes', `no user 'anna' or "Anna P."`, `no user '?' or "?"`],
    [
      'names of what a database has stay',
      'column "discount" of relation "orders"',
      'column "discount" of relation "orders"',
    ],
    ['a request', 'GET /orders/42?email=a@b.c HTTP/1.1', 'GET /orders/? HTTP/1.1'],
    ['a version in a path', 'POST /api/v1/orders/x7f', 'POST /api/v1/orders/?'],
    ['pairs', 'user=anna took=12ms status=503', 'user=? took=12ms status=503'],
    ['a key of PostgreSQL', 'Key (email)=(anna@b.c) already exists.', 'Key (email)=(?) already exists.'],
    [
      'SQL',
      "execute: SELECT * FROM a WHERE b = 'x' AND c = 7",
      'execute: SELECT * FROM a WHERE b = ? AND c = ?',
    ],
    ['a phone', 'call +7 (912) 345-67-89 now', 'call ? now'],
    [
      'frames stay, what was raised does not',
      '  File "/app/a.py", line 4242, in f\nKeyError: \'anna\'',
      '  File "/app/a.py", line 4242, in f\nKeyError: \'?\'',
    ],
  ])('%s', (_, text, expected) => {
    expect(maskLiterals(text)).toBe(expected)
    expect(maskLiterals(expected)).toBe(expected)
  })
})

describe('values of fields', () => {
  it.each([
    ['status', '503', '503'],
    ['duration_ms', '1234.5', '1234.5'],
    ['method', 'GET', 'GET'],
    ['waiting', '12', '12'],
    ['customer', 'anna', '?'],
    ['customer_id', '4711', '?'],
    ['path', '/orders/42?x=1', '/orders/?'],
    ['file', '/app/a.py', '/app/a.py'],
    ['error', "no user 'anna'", "no user '?'"],
    ['ok', 'true', 'true'],
    ['app', 'something of 4 words', 'something of 4 words'],
  ])('%s %s', (name, value, expected) => {
    expect(maskField(name, value)).toBe(expected)
  })
})
