import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { createJournal } from '../../../../../src/main/engine/operations/journal.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'

test('forgets those that were over long ago, however many, and no other', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-journal-'))
  const store = openStore({ dataDirectory: directory, log: silentLog })
  try {
    await store.write((database) => {
      const insert = database.prepare(
        'INSERT INTO operations (id, deployment, kind, state, created_at, ended_at, record) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      for (let index = 0; index < 450; index += 1)
        insert.run(`old ${index}`, 'shop', 'backup', 'succeeded', 0, 99, '{}')
      insert.run('newer', 'shop', 'backup', 'succeeded', 0, 100, '{}')
      insert.run('open', 'shop', 'backup', 'interrupted', 0, null, '{}')
    })
    await createJournal({ store }).forget(100)
    const left = await store.all<{ id: string }>('SELECT id FROM operations ORDER BY id')
    expect(left.map(({ id }) => id)).toEqual(['newer', 'open'])
  } finally {
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
