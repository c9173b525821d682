/** What is remembered of a drill that failed, and what is read of it. */
import { expect, it } from 'vitest'
import { BackupError } from '../../../../../src/main/engine/backups/backup-error.ts'
import { markFailed } from '../../../../../src/main/engine/backups/kinds/drill-outcome.ts'
import { NotWatched } from '../../../../../src/main/engine/inspect/not-watched.ts'
import { OperationFailed } from '../../../../../src/main/engine/operations/kind.ts'
import { failed } from '../../../../../src/main/engine/reach/failed.ts'
import { backupText, createTranslator } from '../../../../../src/shared/locales/translate.ts'
import type { DrillOutcome } from '../../../../../src/shared/model/backup.ts'

const DATABASE = { hop: 'PostgreSQL db:5432', on: 'postgres' } as unknown as Parameters<typeof failed>[0]

async function problemOf(error: unknown): Promise<NonNullable<DrillOutcome['problem']>> {
  const told: DrillOutcome[] = []
  const marks = { drilled: async (_id: string, _name: string, one: DrillOutcome) => void told.push(one) }
  const kit = { backedUp: { marks, refresh: async () => {} }, clock: { now: () => 1 } }
  const backup = { manifest: { id: 'b1', deployment: 'shop', partial: false } }
  const context = { id: 'o1', signal: new AbortController().signal }
  await markFailed(kit as never, context, backup as never, { error, on: 'lab' })
  const problem = told[0]?.problem
  if (problem == null) throw new Error('nothing is remembered')
  return problem
}

it.each([
  [
    'for want of room on the server',
    new OperationFailed('drill-there-no-room', { needed: 12, free: 3 }),
    /^On the server's disk 3 MiB are free, and the largest database takes about 12 MiB/,
    /^На диске сервера свободно 3 МиБ/,
  ],
  [
    'for want of a way',
    failed(DATABASE, 'tcp', 'tcp-refused', { host: 'db', port: 5432 }),
    /^db refused the connection on port 5432/,
    /^db /,
  ],
  [
    'because nobody watches any more',
    new NotWatched('lab', 'paused'),
    /^“lab” is paused/,
    /^Наблюдение за «lab» приостановлено/,
  ],
  [
    'for what the backup is',
    new BackupError('counts-differ', { table: 'orders', found: 1, expected: 2, more: 0 }),
    /^After restoring, the table orders has 1 rows instead of 2/,
    /^После восстановления в таблице orders/,
  ],
  [
    'for what nobody foresaw',
    new Error('EMFILE: too many open files'),
    /^The drill was broken off: EMFILE: too many open files\./,
    /^Проверка восстановлением прервалась: EMFILE/,
  ],
])('is told in words where it failed %s', async (_, error, english, russian) => {
  const problem = await problemOf(error)
  const [en, ru] = [backupText(createTranslator('en'), problem), backupText(createTranslator('ru'), problem)]
  expect(en).toMatch(english)
  expect(ru).toMatch(russian)
  for (const words of [en, ru]) expect(words).not.toMatch(/\b[a-z]+-[a-z]+-[a-z]+\b|\{\{/)
})
