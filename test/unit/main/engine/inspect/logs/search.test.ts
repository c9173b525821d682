import { expect, it } from 'vitest'
import { readSearch } from '../../../../../../src/main/engine/inspect/logs/search.ts'
import type { LogLine } from '../../../../../../src/shared/model/logs.ts'

const LINE: LogLine = {
  id: '1',
  at: 1,
  level: 'error',
  source: 'orders.api',
  message: 'No free connection within 1000 ms',
  detail: 'PoolTimeout: gave up at http://db:5432',
  fields: [
    { name: 'status', value: '503' },
    { name: 'req.path', value: '/orders' },
  ],
  cut: false,
}

it.each([
  ['', true],
  ['connection', true],
  ['CONNECTION free', true],
  ['connection missing', false],
  ['"no free connection"', true],
  ['"free no"', false],
  ['-pooltimeout', false],
  ['-nothing connection', true],
  ['status:503', true],
  ['status:500', false],
  ['-status:500', true],
  ['req.path:orders', true],
  ['level:error', true],
  ['level:info', false],
  ['source:orders', true],
  ['http://db:5432', true],
  ['PoolTimeout: gave', true],
  ['"unclosed', false],
  ['status=503', true],
  ['-', false],
])('searching for %j: %s', (search, expected) => {
  expect(readSearch(search).matches(LINE)).toBe(expected)
})

it('looks at what was written only where that cannot hide a match', () => {
  const written = '{"status":503,"msg":"No free connection"}'
  expect(readSearch('free connection').mayMatch(written)).toBe(true)
  expect(readSearch('missing').mayMatch(written)).toBe(false)
  for (const search of ['status:503', 'status=503', 'ünlike', 'a/b', 'level:error', '-missing']) {
    expect(readSearch(search).mayMatch(written)).toBe(true)
  }
})
