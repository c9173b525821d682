import { describe, expect, it } from 'vitest'
import {
  createScriptLines,
  isTransactionOfItsOwn,
  isWholeStatement,
} from '../../../../../../src/main/engine/backups/postgres/script.ts'
import { aboutRoom, logOf, type Room, wayOf } from '../../../../../../src/main/engine/backups/restore/room.ts'

describe('the way of a restore in place', () => {
  const room = (free: number | null, makesDatabases = true): Room => ({
    ...{ needed: 100, certain: 40, besides: { log: 10, safety: 5 }, free, makesDatabases },
  })
  it.each([
    ['is beside where a copy may stay', room(130), 'enough'],
    ['is one transaction where a copy has room for a while only', room(129), 'none'],
    ['is one transaction where none may be made', room(1_000, false), 'none'],
    ['is one transaction where that has room', room(125.1), 'none'],
    ['is none where not even that has room, with its log and the safety backup', room(124.9), 'too-small'],
    ['is asked for where nobody knows', room(null), 'unknown'],
  ] as const)('%s', (_, asked, way) => {
    expect(wayOf(asked)).toBe(way)
  })
})

it('room for a database beside is refused only where there cannot be enough', () => {
  const MEBIBYTE = 1_048_576
  const about = (free: number | null) =>
    aboutRoom({
      ...{ needed: 100 * MEBIBYTE, certain: 40 * MEBIBYTE, besides: { log: 10 * MEBIBYTE, safety: 0 } },
      free: free === null ? null : free * MEBIBYTE,
    })
  const params = { needed: 121, free: 200 }
  expect(about(200)).toEqual({ warnings: [{ code: 'restore-room', params }], refusals: [] })
  expect(about(119).warnings).toEqual([{ code: 'restore-room-tight', params: { ...params, free: 119 } }])
  expect(about(39)).toEqual({
    warnings: [],
    refusals: [{ code: 'restore-no-room', params: { ...params, free: 39, least: 40 } }],
  })
  expect(about(null)).toMatchObject({ warnings: [{ code: 'restore-room-unseen' }], refusals: [] })
  // The log of a small database is not larger than that.
  const small = {
    needed: MEBIBYTE,
    certain: MEBIBYTE,
    besides: { log: logOf(2_048 * MEBIBYTE, MEBIBYTE), safety: 0 },
  }
  expect(aboutRoom({ ...small, free: 3 * MEBIBYTE }).warnings).toEqual([
    { code: 'restore-room', params: { needed: 3, free: 3 } },
  ])
})

describe('a script of pg_restore', () => {
  const taken = (version: number, ...lines: string[]) => {
    const script = createScriptLines(version)
    return { said: lines.flatMap((line) => script.take(line) ?? []), encoding: script.encoding() }
  }

  it('is said to the server without what only psql understands', () => {
    const lines = ['\\restrict a1', `SET client_encoding = 'UTF8';`, 'SELECT 1;', '\\unrestrict a1']
    expect(taken(150_000, ...lines)).toEqual({
      said: [`SET client_encoding = 'UTF8';`, 'SELECT 1;'],
      encoding: 'UTF8',
    })
  })

  it('keeps lines of a function that look like that', () => {
    const lines = ['\\restrict a1', '\\restrict b2', '\\unrestrict b2', '\\unrestrict a1']
    expect(taken(150_000, ...lines).said).toEqual(['\\restrict b2', '\\unrestrict b2'])
  })

  it('sets nothing that the server does not know', () => {
    const line = 'SET transaction_timeout = 0;'
    expect(taken(160_004, line).said).toEqual([])
    expect(taken(170_000, line).said).toEqual([line])
  })

  it('makes the schema that is there already no second time', () => {
    const entry = ['--', '-- Name: public; Type: SCHEMA; Schema: -; Owner: o', '--', '']
    const script = [...entry, 'CREATE SCHEMA public;', 'CREATE SCHEMA public2;']
    expect(taken(150_000, ...script).said).toEqual([...entry, 'CREATE SCHEMA public2;'])
  })

  it.each(['CREATE SCHEMA public;', 'SET transaction_timeout = 0;', '\\restrict a1'])(
    'keeps the line of a function that is %s',
    (line) => {
      const script = [
        'SELECT 1;',
        '-- Name: f(); Type: FUNCTION; Schema: public; Owner: o',
        'AS $$',
        line,
        '$$;',
      ]
      expect(taken(150_000, ...script).said).toEqual(script)
    },
  )

  it.each([
    [`SELECT pg_catalog.lowrite(0, '\\x00');`, true],
    [`SELECT pg_catalog.setval('public.a', 1, true);`, true],
    [`COMMENT ON LARGE OBJECT 1 IS 'half;`, false],
    ['CREATE TABLE a (', false],
  ])('is said up to a line that ends a statement: %s', (line, isWhole) => {
    expect(isWholeStatement(line)).toBe(isWhole)
  })

  it('has no transactions of its own', () => {
    expect(['BEGIN;', 'COMMIT;', 'BEGIN'].map(isTransactionOfItsOwn)).toEqual([true, true, false])
  })
})
