import { describe, expect, it } from 'vitest'
import { group } from '../../../../../../src/main/engine/inspect/logs/group.ts'
import { readZone, UTC } from '../../../../../../src/main/engine/inspect/logs/moments.ts'
import { parseRecord } from '../../../../../../src/main/engine/inspect/logs/parse.ts'
import type { RawLine } from '../../../../../../src/main/engine/inspect/logs/raw.ts'
import { LOG_BOUNDS } from '../../../../../../src/shared/model/logs.ts'

const NOW = Date.parse('2026-11-28T12:00:00Z')
const MOSCOW = readZone('+0300 MSK')

const raw = (text: string, position = 'p'): RawLine => ({ position, text, told: null, piece: false })
const parse = (text: string, zone = UTC) => {
  const [record] = group(text.split('\n').map((line) => raw(line))).records
  if (record === undefined) throw new Error('no record')
  return parseRecord(record, zone, NOW)
}
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

describe('the time of a line', () => {
  it.each([
    ['ISO with Z', '2026-11-28T04:01:02.123Z hello', '2026-11-28T04:01:02.123Z'],
    ['ISO with an offset', '2026-11-28T07:01:02+03:00 hello', '2026-11-28T04:01:02.000Z'],
    ['ISO with nanoseconds', '2026-11-28T04:01:02.123456789Z hello', '2026-11-28T04:01:02.123Z'],
    ['Python logging, local', '2026-11-28 07:01:02,123 - app - INFO - hello', '2026-11-28T04:01:02.123Z'],
    ['PostgreSQL in UTC', '2026-11-28 04:01:02.123 UTC [42] LOG:  hello', '2026-11-28T04:01:02.123Z'],
    [
      "PostgreSQL in the machine's zone",
      '2026-11-28 07:01:02.123 MSK [42] LOG:  hello',
      '2026-11-28T04:01:02.123Z',
    ],
    ['nginx error, local', '2026/11/28 07:01:02 [error] 12#12: *7 hello', '2026-11-28T04:01:02.000Z'],
    [
      'nginx access',
      '10.0.0.1 - - [28/Nov/2026:04:01:02 +0000] "GET / HTTP/1.1" 200 5',
      '2026-11-28T04:01:02.000Z',
    ],
    ['Redis, local', '123:M 28 Nov 2026 07:01:02.123 * hello', '2026-11-28T04:01:02.123Z'],
    ['syslog, local, without a year', 'Nov 28 07:01:02 box app[42]: hello', '2026-11-28T04:01:02.000Z'],
    ['syslog of last December', 'Dec 31 07:01:02 box app[42]: hello', '2025-12-31T04:01:02.000Z'],
    ['structlog', '{"timestamp":"2026-11-28T04:01:02.123Z","event":"x"}', '2026-11-28T04:01:02.123Z'],
    ['pino', '{"level":30,"time":1795838462123,"msg":"x"}', '2026-11-28T04:01:02.123Z'],
    ['zap', '{"level":"info","ts":1795838462.123,"msg":"x"}', '2026-11-28T04:01:02.123Z'],
    ['python-json-logger', '{"asctime":"2026-11-28 07:01:02,123","message":"x"}', '2026-11-28T04:01:02.123Z'],
    ['ECS', '{"@timestamp":"2026-11-28T04:01:02Z","message":"x"}', '2026-11-28T04:01:02.000Z'],
    ['none', 'hello', null],
    ['a number that is no time', '{"time":12.5,"msg":"x"}', null],
    ['an impossible month', '2026-13-28 04:01:02 hello', null],
  ])('%s', (_, text, expected) => {
    expect(iso(parse(text, MOSCOW).at)).toBe(expected)
  })
})

describe('what a line says', () => {
  it.each([
    [
      'structlog',
      '{"event":"placed","level":"warning","logger":"orders","order_id":7}',
      'warning',
      'orders',
      'placed',
    ],
    ['pino', '{"level":50,"time":1795838462123,"msg":"failed","name":"api"}', 'error', 'api', 'failed'],
    ['bunyan fatal', '{"level":60,"msg":"gone"}', 'critical', null, 'gone'],
    [
      'python-json-logger',
      '{"levelname":"CRITICAL","name":"app.db","message":"x"}',
      'critical',
      'app.db',
      'x',
    ],
    ['ECS', '{"log.level":"error","message":"x"}', 'error', null, 'x'],
    ['Google', '{"severity":"NOTICE","message":"x"}', 'info', null, 'x'],
    [
      'Python logging',
      '2026-11-28 04:01:02,123 - app.db - ERROR - no connection',
      'error',
      null,
      'app.db - ERROR - no connection',
    ],
    ['a level first', '2026-11-28 04:01:02 [WARN] slow', 'warning', null, 'slow'],
    ['uvicorn', 'INFO:     Started server process [42]', 'info', null, 'Started server process [42]'],
    [
      'PostgreSQL',
      '2026-11-28 04:01:02.123 UTC [42] app@shop ERROR:  deadlock detected',
      'error',
      'app@shop',
      'deadlock detected',
    ],
    [
      'PostgreSQL fatal',
      '2026-11-28 04:01:02.123 UTC [42] FATAL:  sorry, too many clients already',
      'critical',
      null,
      'sorry, too many clients already',
    ],
    ['Redis warning', '123:M 28 Nov 2026 04:01:02.123 # OOM', 'warning', 'primary', 'OOM'],
    ['Redis notice', '123:C 28 Nov 2026 04:01:02.123 * saved', 'info', 'child', 'saved'],
    ['nginx error', '2026/11/28 04:01:02 [crit] 12#12: *7 no space', 'critical', null, '12#12: *7 no space'],
    [
      'access, failed',
      '10.0.0.1 - anna [28/Nov/2026:04:01:02 +0000] "GET /a HTTP/1.1" 502 5 "-" "curl"',
      'error',
      null,
      'GET /a HTTP/1.1 → 502',
    ],
    [
      'syslog',
      'Nov 28 04:01:02 box worker[42]: ERROR: out of memory',
      'error',
      'worker',
      'ERROR: out of memory',
    ],
    [
      'logfmt',
      'time="2026-11-28T04:01:02Z" level=warning msg="a \\"b\\" c" took=3ms',
      'warning',
      null,
      'a "b" c',
    ],
    [
      "Docker's own file",
      '{"log":"{\\"level\\":\\"error\\",\\"msg\\":\\"x\\"}\\n","stream":"stderr","time":"2026-11-28T04:01:02.1Z"}',
      'error',
      null,
      'x',
    ],
    ['a word that is no level', 'the error was not there', null, null, 'the error was not there'],
    ['broken JSON', '{"level":"error","msg":', null, null, '{"level":"error","msg":'],
    ['colours', '\u001b[31mERROR\u001b[0m: red', 'error', null, 'red'],
    ['what turns the writing', 'INFO abc\u202edef\u0007', 'info', null, 'abcdef'],
  ])('%s', (_, text, level, source, message) => {
    expect(parse(text)).toMatchObject({ level, source, message })
  })

  it('takes what is known out of the fields, and one level of what is nested', () => {
    const text =
      '{"level":"info","msg":"x","req":{"method":"GET","headers":{"a":1}},"took":12,"ok":true,"none":null}'
    expect(parse(text).fields).toEqual([
      { name: 'req.method', value: 'GET' },
      { name: 'req.headers', value: '{"a":1}' },
      { name: 'took', value: '12' },
      { name: 'ok', value: 'true' },
      { name: 'none', value: 'null' },
    ])
  })

  it('bounds everything, and says so', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`f${index}`, 'v'.repeat(5_000)]),
    )
    const line = parse(JSON.stringify({ msg: 'm'.repeat(9_000), ...fields }))
    expect(line.cut).toBe(true)
    // JSON that is longer than what is read of a line is none.
    expect(line.message).toHaveLength(LOG_BOUNDS.messageLength)
    const short = parse(JSON.stringify({ msg: 'm', a: 'v'.repeat(5_000) }))
    expect(short.fields[0]?.value).toHaveLength(LOG_BOUNDS.fieldLength)
  })
})

describe('lines that belong together', () => {
  const records = (text: string) =>
    group(text.split('\n').map((line) => raw(line))).records.map((record) => record.length)

  it.each([
    [
      'a Python traceback',
      'ERROR x\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    g()\nValueError: bad\nINFO y',
      [5, 1],
    ],
    [
      'a chained one',
      'ERROR x\nTraceback (most recent call last):\n  File "a"\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b"\nasyncpg.exceptions.TooManyConnectionsError: sorry\nINFO y',
      [10, 1],
    ],
    [
      'a Java one',
      'ERROR x\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: java.io.IOException: x\n\t... 3 more\nINFO y',
      [5, 1],
    ],
    [
      'a Node one',
      'Error: no\n    at f (a.js:1:1)\n    at g (a.js:2:2)\n2026-11-28T04:01:02Z INFO y',
      [3, 1],
    ],
    [
      "a PostgreSQL error with its statement, and another backend's line",
      '2026-11-28 04:01:02.1 UTC [42] ERROR:  bad\n2026-11-28 04:01:02.1 UTC [42] DETAIL:  why\n2026-11-28 04:01:02.1 UTC [42] STATEMENT:  select\n\t1\n2026-11-28 04:01:02.1 UTC [43] STATEMENT:  alone',
      [4, 1],
    ],
    ['lines of JSON', '{"a":1}\n{"b":2}', [1, 1]],
  ])('%s', (_, text, expected) => {
    expect(records(text)).toEqual(expected)
  })

  it('leaves what belongs to something before the first', () => {
    const { loose, records: whole } = group([raw('  at f'), raw('INFO y')])
    expect([loose.length, whole.length]).toEqual([1, 1])
  })

  it('has the traceback as the detail, and its level where nothing else says one', () => {
    const line = parse('oops\nTraceback (most recent call last):\n  File "a"\nValueError: bad')
    expect(line).toMatchObject({ message: 'oops', level: 'error' })
    expect(line.detail).toMatch(/^Traceback[\s\S]*ValueError: bad$/)
  })
})
