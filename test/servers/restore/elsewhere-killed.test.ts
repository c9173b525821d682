/** The console dies at every entry of the journal of a restore to a blank server; the next one takes it up, or takes it back, and nothing is left. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreKit, runUntil } from './restore-kit.ts'

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let options: OperationFacts
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE ROLE owner; CREATE ROLE api LOGIN IN ROLE owner')
  await server.query('CREATE DATABASE shop OWNER owner')
  await server.query('CREATE TABLE orders AS SELECT 1 AS id; ALTER TABLE orders OWNER TO owner', {
    database: 'shop',
  })
  const manifest = await kit.make(server, 'shop', { recipients: [] })
  // The same server serves as a blank one: nothing of it is left.
  await server.query('DROP DATABASE shop WITH (FORCE)')
  await server.query('DROP ROLE api, owner')
  options = { mode: 'elsewhere', backup: manifest.id, from: 'shop' }
  restore = createRestoreKit(server, kit, { database: 'postgres', readsOnce: true })
  restore.know(manifest)
})
afterAll(async () => {
  await restore?.close()
  await kit?.close()
  await server?.stop()
})

/** What there is of a restore: databases, and roles with their comments. */
const left = async () => ({
  databases: await restore.databases(),
  roles: await server.query(
    `SELECT rolname AS name, shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)' ORDER BY 1`,
  ),
})
const NOTHING = { databases: [], roles: [] }
const WHOLE = {
  databases: ['shop'],
  roles: [
    { name: 'api', comment: null },
    { name: 'owner', comment: null },
  ],
}

/** What is before only reads. */
const FIRST_THAT_MAKES = 7
/** As many as a restore has at least: each of its steps begins and ends. */
const AT_LEAST = 22

it('is taken up wherever the console died, and taken back as a whole', async () => {
  let at = FIRST_THAT_MAKES
  for (; ; at += 1) {
    const ran = await runUntil(restore, options, { at, when: 'before' })
    const console = await restore.console()
    const id = ran.id ?? ''
    const found = await console.operations.get(id)
    const done = found.state === 'succeeded' ? found : await console.actForeseen(id, 'resume')
    expect({ at, ...done }).toMatchObject({
      ...{ at, state: 'succeeded', undo: 'available', error: null },
      result: { restored: 'shop', roles: ['api', 'owner'], withoutPassword: ['api'] },
    })
    expect({ at, ...(await left()) }).toEqual({ at, ...WHOLE })
    expect(await server.query('SELECT id FROM orders', { database: 'shop' })).toEqual([{ id: 1 }])
    expect(await console.actForeseen(id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
    expect({ at, ...(await left()) }).toEqual({ at, ...NOTHING })
    await console.close()
    if (ran.entries < at) break
  }
  expect(at).toBeGreaterThan(AT_LEAST)
}, 400_000)

it('is taken back wherever the console died', async () => {
  for (let at = FIRST_THAT_MAKES; ; at += 1) {
    const ran = await runUntil(restore, options, { at, when: 'after' })
    const console = await restore.console()
    const id = ran.id ?? ''
    const found = await console.operations.get(id)
    const act = found.state === 'interrupted' ? 'cancel' : 'undo'
    const back = await console.actForeseen(id, act)
    expect({ at, ...back }).toMatchObject({
      ...{ at, state: act === 'cancel' ? 'cancelled' : 'undone', target: 'unchanged', error: null },
    })
    expect({ at, ...(await left()) }).toEqual({ at, ...NOTHING })
    await console.close()
    if (ran.entries < at) break
  }
}, 400_000)

it('counts what was written to it while nobody went on with it as what taking it back loses', async () => {
  const whole = await runUntil(restore, options, { at: Number.POSITIVE_INFINITY, when: 'before' })
  await undo(whole.id)
  // Further and further from its end, until it was named and not yet opened.
  for (let at = whole.entries; ; at -= 1) {
    const { id } = await runUntil(restore, options, { at, when: 'before' })
    const console = await restore.console()
    const { steps } = await console.operations.get(id ?? '')
    await console.close()
    if (steps.find((step) => step.id === 'restore-open')?.state === 'pending') {
      await server.query('INSERT INTO orders SELECT generate_series(2, 10)', { database: 'shop' })
      await undo(id, 9)
      return
    }
    await undo(id)
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
  expect(await left()).toEqual(NOTHING)
}, 120_000)
