/** The console dies at every entry of the journal of a restore of tables; the next one takes it up, or takes it back, and nothing is lost or left. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type Died, Killed, type RestoreKit } from './restore-kit.ts'

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let options: { mode: 'tables'; backup: string; tables: { schema: string; name: string }[] }
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  await server.query(
    `CREATE TABLE customers (id serial PRIMARY KEY, name text); CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers ON DELETE CASCADE);
     CREATE TABLE notes (id serial PRIMARY KEY, customer int REFERENCES customers, text text CHECK (lower(text) = text));
     CREATE TABLE marks (note int CONSTRAINT marked REFERENCES notes);
     INSERT INTO customers (name) VALUES ('then'); INSERT INTO orders VALUES (1, 1); INSERT INTO notes (customer, text) VALUES (1, 'a'), (1, 'b'); INSERT INTO marks VALUES (2)`,
    { database: 'shop' },
  )
  const manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
  await damage()
  // One that gets its rows, and one that is made.
  const tables = ['customers', 'notes'].map((name) => ({ schema: 'public', name }))
  options = { mode: 'tables', backup: manifest.id, tables }
  restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true })
  restore.know(manifest)
}, 60_000)
afterAll(async () => {
  await restore.close()
  await kit.close()
  await server.stop()
})

const damage = () =>
  server.query(
    `UPDATE customers SET name = 'now'; INSERT INTO customers (name) VALUES ('new'); DROP TABLE notes CASCADE`,
    { database: 'shop' },
  )

const THEN = { customers: 'then', orders: 1, notes: '2', keys: 3, schemas: [] as string[], roles: 0 }
const NOW = { ...THEN, customers: 'now,new', notes: null, keys: 1 }

/** Everything that it could have changed or left. */
async function state() {
  const [row] = await server.query(
    `SELECT (SELECT string_agg(name, ',' ORDER BY id) FROM customers) AS customers, (SELECT count(*)::int FROM orders) AS orders,
            CASE WHEN to_regclass('notes') IS NOT NULL THEN (xpath('/row/count/text()', query_to_xml('SELECT count(*) FROM notes', false, true, '')))[1]::text END AS notes,
            (SELECT count(*)::int FROM pg_constraint WHERE contype = 'f' AND convalidated) AS keys, (SELECT count(*)::int FROM pg_roles WHERE rolname LIKE 'vakhta%') AS roles,
            ARRAY(SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'vakhta%' ORDER BY 1) AS schemas`,
    { database: 'shop' },
  )
  return row
}

/** @returns how many entries there were, and the id of the operation where it is on record */
async function runUntil(dies: Died): Promise<{ entries: number; id: string | null }> {
  const console = await restore.console(dies)
  await console.run(options).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  const entries = console.entries()
  await console.close()
  const next = await restore.console()
  const { operations } = await next.operations.list({
    ...{ deployment: null, kinds: null, states: null, before: null, limit: 1 },
  })
  await next.close()
  return { entries, id: operations[0]?.id ?? null }
}

/** As many as it has at least: each of its steps begins and ends. */
const AT_LEAST = 14
const FIRST_THAT_MAKES = 7

it('is taken up wherever the console died', async () => {
  let at = 2
  for (let entries = Number.POSITIVE_INFINITY; at <= entries; at += 1) {
    const ran = await runUntil({ at, when: 'before' })
    if (ran.entries < at) break
    const console = await restore.console()
    const id = ran.id ?? ''
    const found = await console.operations.get(id)
    const done = found.state === 'succeeded' ? found : await console.actForeseen(id, 'resume')
    expect({ at, ...done }).toMatchObject({ at, state: 'succeeded', undo: 'available', error: null })
    expect({ at, ...(await state()) }).toEqual({ at, ...THEN, schemas: [done.result?.before] })
    expect({ at, ...(await console.actForeseen(id, 'undo')) }).toMatchObject({
      at,
      state: 'undone',
      error: null,
    })
    expect({ at, ...(await state()) }).toEqual({ at, ...NOW })
    await console.close()
  }
  expect(at).toBeGreaterThan(AT_LEAST)
  // The one that nobody killed.
  const console = await restore.console()
  const { operations } = await console.operations.list({
    ...{ deployment: null, kinds: null, states: null, before: null, limit: 1 },
  })
  expect(await console.actForeseen(operations[0]?.id ?? '', 'undo')).toMatchObject({ state: 'undone' })
  await console.close()
  expect(await state()).toEqual(NOW)
}, 600_000)

it('is taken back wherever the console died', async () => {
  for (let at = FIRST_THAT_MAKES; ; at += 1) {
    const ran = await runUntil({ at, when: 'after' })
    const console = await restore.console()
    const id = ran.id ?? ''
    const found = await console.operations.get(id)
    const act = found.state === 'interrupted' ? 'cancel' : 'undo'
    expect({ at, ...(await console.actForeseen(id, act)) }).toMatchObject({
      ...{ at, state: act === 'cancel' ? 'cancelled' : 'undone', target: 'unchanged', error: null },
    })
    expect({ at, ...(await state()) }).toEqual({ at, ...NOW })
    await console.close()
    if (ran.entries < at) break
  }
}, 600_000)

it('counts what was written while nobody went on with it as what taking it back loses', async () => {
  const whole = await runUntil({ at: Number.POSITIVE_INFINITY, when: 'before' })
  await undo(whole.id)
  // Further and further from its end, until rows were exchanged and nothing came after that.
  for (let at = whole.entries; ; at -= 1) {
    const { id } = await runUntil({ at, when: 'before' })
    const console = await restore.console()
    const { steps } = await console.operations.get(id ?? '')
    await console.close()
    const isCutOff = steps.find((step) => step.id === 'restore-prove')?.state === 'pending'
    if (isCutOff)
      await server.query(`INSERT INTO customers (name) SELECT 'since' FROM generate_series(1, 9)`, {
        database: 'shop',
      })
    await undo(id, isCutOff ? 9 : 0)
    if (isCutOff) return
  }
}, 200_000)

/** Goes on with it where it was cut off. @param inserted what is told before that it loses */
async function undo(id: string | null, inserted = 0): Promise<void> {
  const console = await restore.console()
  const found = await console.operations.get(id ?? '')
  const done = found.state === 'succeeded' ? found : await console.actForeseen(found.id, 'resume')
  expect(done).toMatchObject({ state: 'succeeded' })
  if (inserted > 0)
    await until(
      async () => {
        const [loss] = (await console.previewUndo(done.id)).irreversible
        expect(loss).not.toMatchObject({ code: 'undo-loses-uncounted' })
        return loss?.code === 'undo-loses-counted' && loss.params.inserted === inserted
      },
      { what: 'that the statistics know of it', timeoutMs: 20_000, everyMs: 250 },
    )
  expect(await console.actForeseen(done.id, 'undo')).toMatchObject({ state: 'undone' })
  await console.close()
}

it('is taken back, though the console dies on the way back, too', async () => {
  const console = await restore.console()
  const { id, state: now } = await console.run(options)
  expect(now).toBe('succeeded')
  await console.close()
  for (let at = 2; ; at += 1) {
    // Each time it gets further by as much as one entry at the least.
    const dying = await restore.console({ at, when: 'before' })
    const { state: found } = await dying.operations.get(id)
    if (found !== 'undone') await dying.actForeseen(id, found === 'succeeded' ? 'undo' : 'resume')
    await dying.close()
    if (found === 'undone') break
  }
  expect(await state()).toEqual(NOW)
}, 120_000)
