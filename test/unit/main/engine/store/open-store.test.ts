import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { type Migration, STATE_MIGRATIONS } from '../../../../../src/main/engine/store/migrations.ts'
import { openStore, STATE_APPLICATION_ID } from '../../../../../src/main/engine/store/open-store.ts'
import { StoreError } from '../../../../../src/main/engine/store/store.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-store-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const file = (name: string) => join(directory, name)
const open = (migrations?: readonly Migration[]) =>
  openStore({ dataDirectory: directory, log: silentLog, ...(migrations && { migrations }) })

function refusal(work: () => unknown): StoreError {
  try {
    work()
  } catch (error) {
    if (error instanceof StoreError) return error
    throw error
  }
  throw new Error('it was not refused')
}

async function rowsOf(name: string): Promise<unknown[]> {
  const database = new DatabaseSync(file(name), { readOnly: true })
  const rows = database.prepare('SELECT actor, value FROM preferences').all()
  database.close()
  return rows.map((row) => ({ ...row }))
}

async function withOneRow(): Promise<void> {
  const store = open()
  await store.write((database) =>
    database.prepare('INSERT INTO preferences VALUES (?, ?)').run('os:anna', '{"theme":"dark"}'),
  )
  await store.close()
}

describe('opening', () => {
  test('keeps what was written, in a file that only its owner reads', async () => {
    await withOneRow()
    const store = open()
    expect(await store.first('SELECT value FROM preferences WHERE actor = ?', 'os:anna')).toEqual({
      value: '{"theme":"dark"}',
    })
    const modes = readdirSync(directory).map((name) => statSync(file(name)).mode & 0o777)
    expect(modes).toEqual(modes.map(() => 0o600))
    await store.close()
    expect(readdirSync(directory)).toEqual(['state.db'])
  })

  test('starts anew over what a kill left of a first start', async () => {
    writeFileSync(file('state.db.new'), 'half')
    await withOneRow()
    expect(readdirSync(directory)).toEqual(['state.db'])
  })

  test('refuses a file that is no database, and leaves it as it is', () => {
    writeFileSync(file('state.db'), 'not a database at all '.repeat(100))
    const before = readFileSync(file('state.db'))
    const error = refusal(open)
    expect(error.code).toBe('corrupt')
    expect(error.message).toContain(file('state.db'))
    expect(error.message).toContain('left as it is')
    expect(readFileSync(file('state.db'))).toEqual(before)
    expect(readdirSync(directory)).toEqual(['state.db'])
  })

  test('refuses a database with a damaged page, and leaves it as it is', async () => {
    const store = open()
    await store.write((database) => {
      const insert = database.prepare('INSERT INTO preferences VALUES (?, ?)')
      for (let row = 0; row < 2_000; row++) insert.run(`os:${row}`, `{"filler":"${'x'.repeat(40)}"}`)
    })
    await store.close()
    const contents = readFileSync(file('state.db'))
    // The page headers of everything behind the schema.
    for (let at = 4096 * 6; at < contents.length; at += 4096) contents.fill(0xff, at, at + 64)
    writeFileSync(file('state.db'), contents)
    expect(refusal(open).code).toBe('corrupt')
    expect(readFileSync(file('state.db'))).toEqual(contents)
  })

  test('refuses a file that lost its end', async () => {
    await withOneRow()
    truncateSync(file('state.db'), 4096 * 2 + 100)
    expect(refusal(open).code).toBe('corrupt')
  })

  test('refuses an empty file, because Vakhta never leaves one', () => {
    writeFileSync(file('state.db'), '')
    expect(refusal(open).code).toBe('corrupt')
    expect(statSync(file('state.db')).size).toBe(0)
  })

  test('refuses to start anew beside the log of a file that is gone', async () => {
    await withOneRow()
    rmSync(file('state.db'))
    writeFileSync(file('state.db-wal'), 'frames')
    const error = refusal(open)
    expect(error.code).toBe('corrupt')
    expect(error.message).toContain('state.db-wal')
    expect(readdirSync(directory)).toEqual(['state.db-wal'])
  })

  test("refuses a newer Vakhta's file, and leaves it as it is", async () => {
    await withOneRow()
    const newer = new DatabaseSync(file('state.db'))
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    const before = readFileSync(file('state.db'))
    const error = refusal(open)
    expect(error.code).toBe('newer')
    expect(error.message).toMatch(/schema is version 99.*knows \d/)
    expect(readFileSync(file('state.db'))).toEqual(before)
  })

  test("refuses another program's database", () => {
    const other = new DatabaseSync(file('state.db'))
    other.exec('CREATE TABLE notes (text TEXT)')
    other.close()
    expect(refusal(open).code).toBe('unusable')
  })

  test('refuses a directory in the place of the file', () => {
    expect(refusal(() => openStore({ dataDirectory: join(directory, 'absent'), log: silentLog })).code).toBe(
      'unusable',
    )
  })
})

describe('migrations', () => {
  const newest = STATE_MIGRATIONS.length
  const next: Migration = { version: newest + 1, sql: 'ALTER TABLE preferences ADD COLUMN note TEXT' }

  test('keep a copy of the file as it was before', async () => {
    await withOneRow()
    const store = open([...STATE_MIGRATIONS, next])
    expect(await store.first('SELECT note FROM preferences')).toEqual({ note: null })
    await store.close()
    expect(await rowsOf(`state.db.before-${newest + 1}`)).toEqual([
      { actor: 'os:anna', value: '{"theme":"dark"}' },
    ])
    expect(statSync(file(`state.db.before-${newest + 1}`)).mode & 0o777).toBe(0o600)

    const copy = new DatabaseSync(file(`state.db.before-${newest + 1}`), { readOnly: true })
    expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: newest })
    expect(copy.prepare('PRAGMA application_id').get()).toEqual({ application_id: STATE_APPLICATION_ID })
    copy.close()
  })

  test('that fail leave the file at its old version, with all that was in it', async () => {
    await withOneRow()
    const failing = { version: newest + 1, sql: 'DELETE FROM preferences; SELECT no_such_function()' }
    expect(() => open([...STATE_MIGRATIONS, failing])).toThrow(/no_such_function/)
    const store = open()
    expect(await store.all('SELECT actor FROM preferences')).toEqual([{ actor: 'os:anna' }])
    await store.close()
  })

  test('that leave rows without their parents are rolled back', () => {
    const orphan = {
      version: newest + 1,
      sql: 'CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p); INSERT INTO c VALUES (7)',
    }
    expect(() => open([...STATE_MIGRATIONS, orphan])).toThrow(/parents/)
  })

  test('are numbered from 1 without gaps', () => {
    expect(STATE_MIGRATIONS.map(({ version }) => version)).toEqual(
      STATE_MIGRATIONS.map((_, index) => index + 1),
    )
  })
})

describe('writing', () => {
  test('takes back the whole of a transaction that fails', async () => {
    const store = open()
    const failed = store.write((database) => {
      database.exec(`INSERT INTO preferences VALUES ('os:anna', '{}')`)
      throw new RangeError('on second thought')
    })
    await expect(failed).rejects.toThrow(RangeError)
    expect(await store.all('SELECT * FROM preferences')).toEqual([])
    await store.close()
  })

  test('keeps writes in the order in which they were asked, also past one that fails', async () => {
    const store = open()
    await store.write((database) => database.exec(`INSERT INTO preferences VALUES ('os:anna', '[]')`))
    const append = (text: string) =>
      store.write((database) => {
        if (text === 'b') throw new RangeError('not this one')
        database.prepare(`UPDATE preferences SET value = json_insert(value, '$[#]', ?)`).run(text)
      })
    await Promise.allSettled(['a', 'b', 'c', 'd'].map(append))
    expect(await store.first('SELECT value FROM preferences')).toEqual({ value: '["a","c","d"]' })
    await store.close()
  })

  test('refuses what is not JSON where JSON is kept', async () => {
    const store = open()
    const write = store.write((database) => database.exec(`INSERT INTO preferences VALUES ('a', 'no json')`))
    await expect(write).rejects.toThrow(/CHECK constraint/)
    await store.close()
  })

  test('says who is in the way when another process holds the file', async () => {
    const store = open()
    const other = new DatabaseSync(file('state.db'))
    other.exec('BEGIN IMMEDIATE')
    const error = await store.write(() => null).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'StoreError', code: 'occupied' })
    other.close()
    expect(await store.write(() => 'done')).toBe('done')
    await store.close()
  })

  test('the audit table takes no edits and no deletions', async () => {
    const store = open()
    await store.write((database) =>
      database.exec(`INSERT INTO audit (at, entry, hash) VALUES (1, '{}', 'x')`),
    )
    for (const sql of ['UPDATE audit SET at = 2', 'DELETE FROM audit']) {
      await expect(store.write((database) => database.exec(sql))).rejects.toThrow(/append-only/)
    }
    await store.close()
  })
})
