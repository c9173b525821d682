import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Audit, AuditEntry } from '../../../../../src/main/engine/audit/audit.ts'
import { createAudit } from '../../../../../src/main/engine/audit/chain.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'

let directory: string
let store: Store
let audit: Audit
let now: number
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-audit-'))
  store = openStore({ dataDirectory: directory, log: silentLog })
  now = 1_700_000_000_000
  audit = createAudit({ store, clock: { ...systemClock, now: () => now++ } })
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function entry(target: string): AuditEntry {
  return {
    actor: { id: 'os:anna', name: 'Anna', role: 'ADMIN', via: 'command-line' },
    action: 'deployments.import',
    target,
    outcome: 'asked',
    detail: { file: 'shop.yaml', count: 2, nested: { b: [1, null], a: 'я' } },
  }
}

/** Edits the table as somebody with the file would. */
function tamper(sql: string): void {
  const database = new DatabaseSync(join(directory, 'state.db'))
  database.exec('DROP TRIGGER audit_is_not_edited; DROP TRIGGER audit_is_not_deleted')
  database.exec(sql)
  database.close()
}

test('gives back what was recorded, newest first, page by page', async () => {
  for (const target of ['a', 'b', 'c']) await audit.append(entry(target))
  const newest = await audit.list({ limit: 2 })
  expect(newest.map(({ id, target, at }) => [id, target, at])).toEqual([
    [3, 'c', 1_700_000_000_002],
    [2, 'b', 1_700_000_000_001],
  ])
  const [oldest] = await audit.list({ limit: 2, before: 2 })
  expect(oldest).toEqual({
    ...entry('a'),
    id: 1,
    at: 1_700_000_000_000,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

test('a chain that nobody touched holds, empty or over several pages, also after it was opened again', async () => {
  expect(await audit.verify()).toEqual({ ok: true, records: 0, firstBad: null })
  await Promise.all(Array.from({ length: 2_500 }, (_, index) => audit.append(entry(`t${index}`))))
  expect(await audit.verify()).toEqual({ ok: true, records: 2_500, firstBad: null })
  await store.close()
  store = openStore({ dataDirectory: directory, log: silentLog })
  audit = createAudit({ store, clock: systemClock })
  await audit.append(entry('after'))
  expect(await audit.verify()).toEqual({ ok: true, records: 2_501, firstBad: null })
})

describe('finds the first record that does not fit when', () => {
  beforeEach(async () => {
    for (const target of ['a', 'b', 'c', 'd', 'e']) await audit.append(entry(target))
  })

  test.each([
    ['an entry was altered', `UPDATE audit SET entry = replace(entry, '"c"', '"x"') WHERE id = 3`, 3],
    ['only its white space was', `UPDATE audit SET entry = replace(entry, ':', ': ') WHERE id = 3`, 3],
    ['a time was altered', 'UPDATE audit SET at = at + 1 WHERE id = 2', 2],
    ['a hash was altered', `UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE id = 4`, 4],
    ['the first record is gone', 'DELETE FROM audit WHERE id = 1', 2],
    ['one in the middle is gone', 'DELETE FROM audit WHERE id = 3', 4],
    ['the last one is gone', 'DELETE FROM audit WHERE id = 5', 5],
    ['all are gone', 'DELETE FROM audit', 1],
    [
      'one is gone and the others moved up',
      'DELETE FROM audit WHERE id = 3; UPDATE audit SET id = id - 1 WHERE id > 3',
      3,
    ],
    [
      'two changed places',
      'UPDATE audit SET id = 99 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 4; UPDATE audit SET id = 4 WHERE id = 99',
      2,
    ],
    [
      'two swapped what they say',
      'UPDATE audit SET entry = (SELECT entry FROM audit AS other WHERE other.id = 5 - audit.id) WHERE id IN (2, 3)',
      2,
    ],
    [
      'one was put in between with a hash of its own',
      `UPDATE audit SET id = 6 WHERE id = 5; INSERT INTO audit SELECT 5, at, entry, hash FROM audit WHERE id = 4`,
      5,
    ],
  ])('%s', async (_, sql, firstBad) => {
    tamper(sql)
    expect(await audit.verify()).toMatchObject({ ok: false, firstBad })
  })

  test('a cut tail is followed by new records', async () => {
    tamper('DELETE FROM audit WHERE id > 3')
    await audit.append(entry('f'))
    expect(await audit.verify()).toMatchObject({ ok: false, firstBad: 6 })
  })
})
