import { afterEach, beforeEach, expect, it } from 'vitest'
import { createTemporaryDirectory } from '../../../../../demo/servers/temporary-directory.ts'
import { type BackupMarks, createBackupMarks } from '../../../../../src/main/engine/backups/marks.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'

let home: ReturnType<typeof createTemporaryDirectory>
let store: Store
let marks: BackupMarks
beforeEach(() => {
  home = createTemporaryDirectory('marks')
  store = openStore({ dataDirectory: home.path, log: silentLog })
  marks = createBackupMarks({ store })
})
afterEach(async () => {
  await store.close()
  await home.remove()
})

const worked = { backup: 'a', recoveryMs: 1, on: null, problem: null }
const failed = { backup: 'b', recoveryMs: null, on: null, problem: { code: 'counts-differ', params: {} } }

it('has as the latest drill the one that was heard of last, whenever the one before says that it was', async () => {
  await marks.drilled('1', 'shop', { at: 9_000, ...worked })
  await marks.drilled('2', 'shop', { at: 1_000, ...failed })
  expect(await marks.lastDrill('shop')).toEqual({ at: 1_000, ...failed })
  await marks.drilled('3', 'shop', { at: 1_000, ...worked })
  expect(await marks.lastDrill('shop')).toEqual({ at: 1_000, ...worked })
})

it('knows nothing of a deployment that is gone, and all of the others', async () => {
  for (const name of ['shop', 'billing']) {
    await marks.drilled(name, name, { at: 1_000, ...failed })
    await marks.set(name, 'backup', 1_000)
  }
  await marks.forget('shop')
  expect([await marks.lastDrill('shop'), await marks.get('shop', 'backup')]).toEqual([null, null])
  expect(await marks.lastDrill('billing')).toEqual({ at: 1_000, ...failed })
  expect(await marks.get('billing', 'backup')).toBe(1_000)
})
