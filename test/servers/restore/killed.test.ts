/** The console dies at every entry of a restore's journal; the next one takes it up, or takes it back, and nothing is lost or left. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreKit, runUntil } from './restore-kit.ts'

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let options: { mode: 'side-by-side'; backup: string }
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  await server.query('CREATE TABLE orders AS SELECT 1 AS id', { database: 'shop' })
  const manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  options = { mode: 'side-by-side', backup: manifest.id }
  restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true })
  restore.know(manifest)
})
afterAll(async () => {
  await restore.close()
  await kit.close()
  await server.stop()
})
afterEach(async () => {
  expect(await restore.databases()).toEqual(['shop'])
})

const orders = async (): Promise<number> =>
  Number((await server.query('SELECT count(*) AS count FROM orders', { database: 'shop' }))[0]?.count)

/** Drops what was put aside, and makes the database again as it was. */
async function asBefore(): Promise<void> {
  for (const name of await restore.databases()) {
    if (name !== 'shop') await server.query(`DROP DATABASE "${name}" WITH (FORCE)`)
  }
  await server.query('DELETE FROM orders; INSERT INTO orders VALUES (1), (2)', { database: 'shop' })
}

const FIRST_THAT_MAKES = 7
/** As many as a restore has at least: each of its steps begins and ends. */
const AT_LEAST = 20

it('is taken up wherever the console died', async () => {
  let at = 2
  for (let entries = Number.POSITIVE_INFINITY; at <= entries; at += 1) {
    const ran = await runUntil(restore, options, { at, when: 'before' })
    if (ran.entries < at) break
    const console = await restore.console()
    const id = ran.id ?? ''
    const found = await console.operations.get(id)
    const done = found.state === 'succeeded' ? found : await console.actForeseen(id, 'resume')
    expect({ at, ...done }).toMatchObject({ at, state: 'succeeded', undo: 'available', error: null })
    expect({ at, orders: await orders(), databases: await restore.databases() }).toEqual({
      at,
      orders: 1,
      databases: ['shop', done.result?.before],
    })
    await console.close()
    await asBefore()
  }
  expect(at).toBeGreaterThan(AT_LEAST)
  await asBefore()
}, 400_000)

it('is taken back wherever the console died', async () => {
  for (let at = FIRST_THAT_MAKES; ; at += 1) {
    const ran = await runUntil(restore, options, { at, when: 'after' })
    if (ran.entries < at) break
    const console = await restore.console()
    const id = ran.id ?? ''
    const found = await console.operations.get(id)
    const act = found.state === 'interrupted' ? 'cancel' : 'undo'
    const back = await console.actForeseen(id, act)
    expect({ at, ...back }).toMatchObject({
      ...{ at, state: act === 'cancel' ? 'cancelled' : 'undone', target: 'unchanged', error: null },
    })
    expect({ at, orders: await orders(), databases: await restore.databases() }).toEqual({
      at,
      orders: 2,
      databases: ['shop'],
    })
    await console.close()
  }
  await asBefore()
}, 400_000)

it('is taken back, though the console dies on the way back, too', async () => {
  const console = await restore.console()
  const { id, state } = await console.run(options)
  expect(state).toBe('succeeded')
  await console.close()
  for (let at = 2; ; at += 1) {
    // Each time it gets further by as much as one entry at the least.
    const dying = await restore.console({ at, when: 'before' })
    const { state: now } = await dying.operations.get(id)
    if (now === 'undone') {
      await dying.close()
      break
    }
    await dying.actForeseen(id, now === 'succeeded' ? 'undo' : 'resume')
    await dying.close()
  }
  expect(await orders()).toBe(2)
})
