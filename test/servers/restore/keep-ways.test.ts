/** Every way back can be given up: also one that leads nowhere any more, and one of a restore that put nothing aside. */
import { afterEach, expect, it, vi } from 'vitest'
import { lookBefore } from '../../../src/main/engine/backups/restore/look-before.ts'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { profileOf } from '../../unit/main/engine/operations/operations-kit.ts'
import { createRestoreKit, NEVER } from './restore-kit.ts'
import { shopWith, table } from './tables-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shop = shopWith('CREATE TABLE orders AS SELECT 1 AS id')

const beside = (): OperationFacts => ({ mode: 'side-by-side', backup: shop.manifest.id })
const renamed = () => shop.console.operations.mayBeEdited(profileOf(), profileOf({ name: 'store' }))
const keptBy = (operation: string) => ({ mode: 'keep', operation })

afterEach(async () => {
  for (const name of await shop.restore.databases())
    if (name !== 'shop' && name !== 'shop_then')
      await shop.server.query(`DROP DATABASE "${name}" WITH (FORCE)`)
})

/** Keeps what an operation did, which nobody can take back any more afterwards. */
async function keep(id: string): Promise<void> {
  await expect(renamed()).rejects.toMatchObject({ refused: { kind: 'way-back', id } })
  expect(await shop.console.run(keptBy(id))).toMatchObject({ state: 'succeeded', error: null })
  expect(await shop.console.operations.get(id)).toMatchObject({ undo: 'none' })
  await renamed()
  const again = await shop.console.preview(keptBy(id))
  expect(again.preview.refusals).toEqual([{ code: 'restore-is-kept', params: { id } }])
}

it.each<[string, () => OperationFacts, (before: string) => Promise<unknown>, string]>([
  [
    'a database that was dropped by hand',
    beside,
    (before) => shop.server.query(`DROP DATABASE "${before}"`),
    'restore-before-dropped',
  ],
  [
    'a database that somebody gave another name',
    beside,
    (before) => shop.server.query(`ALTER DATABASE "${before}" RENAME TO archive`),
    'restore-drops-nothing',
  ],
  [
    'rows whose schema was dropped by hand',
    () => shop.options(table('orders')),
    (before) => shop.query(`DROP SCHEMA "${before}" CASCADE`),
    'restore-before-dropped',
  ],
  [
    'rows whose database is another one since',
    () => shop.options(table('orders')),
    async () => {
      await shop.server.query('DROP DATABASE shop WITH (FORCE)')
      await shop.server.query('CREATE DATABASE shop TEMPLATE shop_then')
      shop.restore.retry()
    },
    'restore-before-dropped',
  ],
])('where going back fails: %s', async (_, options, ruin, code) => {
  const done = await shop.console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
  await ruin(String(done.result?.before))
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'failed', undo: 'failed' })

  const { preview } = await shop.console.preview(keptBy(done.id))
  expect(preview).toMatchObject({ refusals: [], changes: [{ code }], irreversible: [{}] })
  const databases = await shop.restore.databases()
  await keep(done.id)
  expect(await shop.restore.databases()).toEqual(databases)
})

it('where the database that the rows are in is gone', async () => {
  // Another database of that server is watched.
  const restore = createRestoreKit(shop.server, shop.kit, { database: 'postgres' })
  restore.know(shop.manifest)
  const console = await restore.console()
  const done = await console.run(shop.options(table('orders')))
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
  await shop.server.query('DROP DATABASE shop WITH (FORCE)')
  try {
    const { preview } = await console.preview(keptBy(done.id))
    expect(preview).toMatchObject({ refusals: [], changes: [{ code: 'restore-before-dropped' }] })
    expect(await console.run(keptBy(done.id))).toMatchObject({ state: 'succeeded', error: null })
    expect(await console.operations.get(done.id)).toMatchObject({ undo: 'none' })
  } finally {
    await shop.server.query('CREATE DATABASE shop')
    await console.close()
    await restore.close()
  }
})

it.each<[string, () => OperationFacts, RegExp]>([
  ['beside, without a swap', () => ({ ...beside(), swap: false }), /^shop__restore_/],
  [
    'to a server without it',
    () => ({ mode: 'elsewhere', backup: shop.manifest.id, from: 'shop', as: 'copy' }),
    /^copy$/,
  ],
])('where nothing was put aside, and nothing is dropped: %s', async (_, options, name) => {
  shop.restore.know({ ...shop.manifest, deployment: 'shop' })
  const done = await shop.console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
  const { preview } = await shop.console.preview(keptBy(done.id))
  expect(preview).toMatchObject({
    ...{ refusals: [], changes: [{ code: 'restore-drops-nothing' }] },
    irreversible: [{ code: 'restore-gives-up' }],
  })
  await keep(done.id)
  expect((await shop.restore.databases()).filter((one) => name.test(one))).toHaveLength(1)
})

it('of a database in one transaction: its safety backup is let go once, and not again', async () => {
  const done = await shop.console.run({ mode: 'in-place', backup: shop.manifest.id, room: 'none' })
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available' })
  const { preview } = await shop.console.preview(keptBy(done.id))
  expect(preview).toMatchObject({ refusals: [], changes: [{ code: 'restore-lets-go' }] })
  await keep(done.id)
})

it('not of one that was taken back, or did nothing', async () => {
  const done = await shop.console.run(beside())
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  const kept = await shop.console.run({ ...beside(), swap: false })
  await keep(kept.id)
  const keeping = await shop.console.operations.list({
    ...{ deployment: null, kinds: null, states: null, before: null, limit: 1 },
  })
  for (const id of [done.id, String(keeping.operations[0]?.id)]) {
    const { preview } = await shop.console.preview(keptBy(id))
    expect(preview.refusals).toEqual([{ code: 'restore-nothing-swapped', params: { id } }])
  }
})

it('of a database that was begun to be dropped: nobody is promised to go back to it', async () => {
  const done = await shop.console.run(beside())
  const before = String(done.result?.before)
  // As PostgreSQL marks it before it drops it.
  await shop.server.query(`UPDATE pg_database SET datconnlimit = -2 WHERE datname = '${before}'`)
  const back = await shop.console.previewUndo(done.id)
  expect(back.refusals).toEqual([{ code: 'restore-before-broken', params: { before } }])
  await keep(done.id)
  expect(await shop.restore.databases()).toEqual(['shop', 'shop_then'])
})

it('of a transaction whose end nobody knows, only when that is over', async () => {
  const session = await shop.server.connect('shop')
  try {
    const operating = {
      maintenance: 'postgres',
      apart: (_: AbortSignal, __: string, work: (connection: object) => unknown) => work({ client: session }),
    }
    const reach = () => ({ postgres: { operating } })
    const subject = { options: {}, profile: profileOf(), signal: NEVER, reach: reach as never }
    await session.query('BEGIN')
    const { rows } = await session.query<{ there: string }>('SELECT txid_current()::text AS there')
    const transactions = {
      ...{ there: rows[0]?.there ?? '', back: null, at: 1, since: null, database: null, schema: null },
      ...{ ready: [], paused: [], written: null },
    }
    const look = () =>
      lookBefore(subject, {
        ...{ operation: 'one', database: 'shop', isKept: false, to: 'backup', before: 'safety', at: 1 },
        ...{ transactions, isSure: false },
      })
    expect(await look()).toEqual({
      is: 'refused',
      why: { code: 'restore-in-place-runs', params: { session: 'vakhta restore one' } },
    })
    await session.query('COMMIT')
    expect(await look()).toEqual({ is: 'there', bytes: null })
  } finally {
    await session.end()
  }
})
