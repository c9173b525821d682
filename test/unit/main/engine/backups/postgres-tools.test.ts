import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainExit, explainReading } from '../../../../../src/main/engine/backups/postgres/explain.ts'
import {
  connectionValue,
  passwordFileField,
  sqlName,
} from '../../../../../src/main/engine/backups/postgres/quote.ts'
import { selectionOptions } from '../../../../../src/main/engine/backups/postgres/selection.ts'
import {
  chooseTool,
  createTools,
  readVersion,
  type Tool,
} from '../../../../../src/main/engine/backups/postgres/tools.ts'

const tool = (major: number): Tool => ({
  program: 'pg_dump',
  path: `/${major}`,
  major,
  version: `${major}.1`,
})

describe('of several programs', () => {
  const cases = [
    ["the server's own version is taken", [15, 16, 17], 16, 16],
    ['else the next later', [15, 17, 18], 16, 17],
    ['never an older one', [13, 15], 16, null],
    ['and none where there is none', [], 16, null],
  ] as const
  it.each(cases)('%s', (_, there, server, expected) => {
    expect(chooseTool(there.map(tool), server)?.major ?? null).toBe(expected)
  })

  it('says which there is where none is new enough, and where none is there at all', async () => {
    const tools = createTools({ env: process.env })
    const newest = (await tools.all('pg_dump'))[0]
    await expect(tools.fitting('pg_dump', 99)).rejects.toMatchObject({
      failure: { code: 'tool-too-old', params: { program: 'pg_dump', major: 99, found: newest?.version } },
    })
    expect((await tools.fitting('pg_dump', 15)).path).toContain('pg_dump')
  })

  it('asks no further where it has found the very version', async () => {
    const place = await mkdtemp(join(tmpdir(), 'vakhta-tools-'))
    try {
      const program = async (name: string, script: string) => {
        await mkdir(join(place, name))
        await writeFile(join(place, name, 'pg_dump'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
        return join(place, name)
      }
      const later = await program('later', 'echo "pg_dump (PostgreSQL) 98.1"')
      const own = await program('own', 'echo "pg_dump (PostgreSQL) 97.2"')
      const slow = await program('slow', `touch ${place}/was-asked; echo "pg_dump (PostgreSQL) 97.3"`)
      const tools = createTools({ env: {}, directories: [later, own, slow] })
      expect(await tools.fitting('pg_dump', 97)).toMatchObject({
        path: join(own, 'pg_dump'),
        version: '97.2',
      })
      expect(await readdir(place)).not.toContain('was-asked')
      expect((await tools.all('pg_dump')).map(({ version }) => version)).toEqual(
        expect.arrayContaining(['98.1', '97.2', '97.3']),
      )
    } finally {
      await rm(place, { recursive: true })
    }
  })
})

it.each([
  ['pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)', { version: '15.14', major: 15 }],
  ['pg_restore (PostgreSQL) 9.6.24', { version: '9.6.24', major: 9 }],
  ['psql (PostgreSQL) 19beta1', { version: '19beta1', major: 19 }],
  ['age 1.1.1', null],
  ['', null],
])('reads %j', (said, expected) => {
  expect(readVersion(said)).toEqual(expected)
})

describe('a program that failed is told as', () => {
  const exit = (words: string, signal: string | null = null) => ({
    code: signal === null ? 1 : null,
    signal,
    words,
  })
  const lock = `pg_dump: error: query failed: ERROR:  canceling statement due to statement timeout
pg_dump: detail: Query was: LOCK TABLE public."Заказы" IN ACCESS SHARE MODE`
  const cases = [
    ['a lock that was waited for', lock, 'lock-timeout', { table: 'public.Заказы', seconds: 5 }],
    [
      'a right that is missing',
      'pg_dump: error: query failed: ERROR:  permission denied for table orders\npg_dump: detail: Query was: LOCK TABLE public.orders IN ACCESS SHARE MODE',
      'no-right-to-read',
      { tables: 'orders' },
    ],
    [
      'a large object that it may not read',
      'pg_dump: error: query failed: ERROR:  permission denied for large object 16391',
      'no-right-to-large-object',
      { oid: '16391' },
    ],
    [
      'a version that does not fit',
      'pg_dump: error: aborting because of server version mismatch\npg_dump: detail: server version: 18.1; pg_dump version: 15.1',
      'tool-refuses-server',
      { program: 'pg_dump', version: '15.1', path: '/15' },
    ],
    [
      'whatever else it said, without our secrets',
      'noise\npg_dump: error: no luck with hunter22',
      'tool-failed',
      { program: 'pg_dump', code: 1, words: 'pg_dump: error: no luck with …' },
    ],
  ] as const
  it.each(cases)('%s', (_, words, code, params) => {
    const terms = { lockWaitMs: 5_000, secrets: ['hunter22', null] }
    expect(explainExit(tool(15), exit(words), terms).failure).toEqual({ code, params })
  })

  it('one that was killed', () => {
    expect(explainExit(tool(15), exit('', 'SIGKILL'), { lockWaitMs: 1, secrets: [] }).failure.code).toBe(
      'tool-killed',
    )
  })
})

describe('why an archive could not be read', () => {
  const read = (words: string, code: number | null = 1, signal: string | null = null) =>
    explainReading(tool(15), { code, signal, words }, 'database-1.dump').failure.code
  it.each([
    'pg_restore: error: input file does not appear to be a valid archive',
    'pg_restore: error: could not read from input file: end of file',
    'pg_restore: error: did not find magic string in file header',
    'pg_restore: error: entry ID 3 out of range -- perhaps a corrupt TOC',
  ])('the archive: %s', (words) => expect(read(words)).toBe('contents-unreadable'))

  it('the program, or the machine that it runs on', () => {
    expect(read('', null, 'SIGKILL')).toBe('tool-killed')
    expect(read('spawn /15 EMFILE', null)).toBe('tool-failed')
    expect(read('mktemp: failed to create file: No space left on device', 125)).toBe('tool-failed')
    expect(read('pg_restore: error: out of memory')).toBe('tool-failed')
    expect(read('pg_restore: error: unsupported version (1.16) in file header')).toBe('tool-failed')
  })
})

it('quotes names wherever they are more than names', () => {
  expect(sqlName('a"b')).toBe('"a""b"')
  expect(connectionValue(`a'b\\c d`)).toBe(`'a\\'b\\\\c d'`)
  expect(passwordFileField('a:b\\c')).toBe('a\\:b\\\\c')
})

it('chooses by patterns that stand for one name each', () => {
  expect(selectionOptions({ schemas: [], tables: [] })).toEqual([])
  expect(selectionOptions({ schemas: ['A.*'], tables: [] })).toEqual(['--strict-names', '--schema="A.*"'])
  expect(selectionOptions({ schemas: ['a'], tables: [{ schema: 'b', name: 'c"d' }] })).toEqual([
    '--strict-names',
    '--table="a".*',
    '--table="b"."c""d"',
  ])
})
