import { describe, expect, it } from 'vitest'
import { linesTable, lineText } from '../../../../../src/renderer/features/deployment/logs/line-text.ts'
import { logFor, logPlaceOf } from '../../../../../src/renderer/features/deployment/logs/place.ts'
import { places } from '../../../../../src/renderer/places.ts'

const SOURCES = [
  { name: 'api', over: 'ssh', journal: 'api.service' },
  { name: 'store', over: 'ssh', file: '/var/log/postgresql/main.log' },
]

describe('the place of a log in the address', () => {
  it.each([
    [null, { source: 'api', at: null }],
    ['store', { source: 'store', at: null }],
    ['store@1795838462123', { source: 'store', at: 1_795_838_462_123 }],
    ['@1795838462123', { source: 'api', at: 1_795_838_462_123 }],
    ['unknown@soon', { source: 'api', at: null }],
  ])('%s', (part, expected) => {
    expect(logPlaceOf(part, SOURCES)).toEqual(expected)
  })

  it('is what links lead to', () => {
    const path = places.logs('shop', 'store', 1_795_838_462_123.4)
    expect(logPlaceOf(path.split('/').at(-1) ?? '', SOURCES)).toEqual({
      source: 'store',
      at: 1_795_838_462_123,
    })
    expect(logPlaceOf('api', [])).toBeNull()
  })
})

describe('the log that speaks of something', () => {
  it.each([
    [{ probe: 'health', target: 'api' }, 'api'],
    [{ probe: 'pool', target: 'postgres' }, 'store'],
    [{ probe: 'redis', target: 'cache' }, 'api'],
    [{ probe: null, target: null }, 'api'],
  ])('%j', (subject, expected) => {
    expect(logFor(SOURCES, subject)).toBe(expected)
  })
})

describe('lines, taken elsewhere', () => {
  const line = {
    id: '1',
    at: Date.parse('2026-11-28T04:01:02.123Z'),
    level: 'error' as const,
    source: 'api',
    message: 'no',
    detail: 'Traceback\n  f',
    fields: [
      { name: 'status', value: '503' },
      { name: 'why', value: 'not "now"' },
    ],
    cut: false,
  }

  it('are text', () => {
    expect(lineText(line)).toBe(
      '2026-11-28T04:01:02.123Z ERROR api no status=503 why="not \\"now\\""\nTraceback\n  f',
    )
  })

  it('are a table', () => {
    expect(linesTable([line]).rows).toEqual([
      [new Date(line.at), 'error', 'api', 'no', 'Traceback\n  f', '{"status":"503","why":"not \\"now\\""}'],
    ])
  })
})
