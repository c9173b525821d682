/** The console dies at every entry of the journal of a restore in place; the next one takes it up, or takes it back, and every row is as it was. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import {
  type KilledTerms,
  takesBackThoughItDies,
  takesBackWhereverItDied,
  takesUpWhereverItDied,
} from './killed-kit.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

const FIRST_THAT_BACKS_UP = 6

let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let terms: KilledTerms
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  await server.query('CREATE TABLE orders AS SELECT 1 AS id', { database: 'shop' })
  const manifest = await kit.make(server, 'shop', { recipients: [], globals: false })
  await server.query('INSERT INTO orders VALUES (2); CREATE TABLE since AS SELECT 3 AS id', {
    database: 'shop',
  })
  restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true })
  restore.know(manifest)
  terms = {
    ...{ restore, state, options: { mode: 'in-place', backup: manifest.id, room: 'none' } },
    before: { rows: 'orders 1, orders 2, since 3', databases: ['shop'], sessions: 0, drafts: [] },
    after: { rows: 'orders 1', databases: ['shop'], sessions: 0, drafts: [] },
    // What is before that only reads.
    from: FIRST_THAT_BACKS_UP,
    // After a transaction that was rolled back the safety backup may not have what was written since.
    onceOnly: 'restore-safety-old',
  }
}, 60_000)
afterAll(async () => {
  await restore?.close()
  await kit?.close()
  await server?.stop()
})

async function state(): Promise<unknown> {
  const client = await server.connect('shop')
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
    const each = tables.map(({ name }) => `SELECT '${name} ' || id AS row FROM ${name}`).join(' UNION ALL ')
    const { rows } = await client.query<{ row: string }>(`SELECT row FROM (${each}) r ORDER BY 1`)
    const { rows: left } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name ~ '^vakhta (restore|backup)'`,
    )
    return {
      ...{ rows: rows.map(({ row }) => row).join(', '), databases: await restore.databases() },
      sessions: left[0]?.count,
      // Of safety backups, which stay as a whole or not at all.
      drafts: readdirSync(kit.directory).filter((name) => name.endsWith('.part')),
    }
  } finally {
    await client.end()
  }
}

/** As many as it has at least: each of its steps begins and ends. */
const AT_LEAST = 18

it('is taken up wherever the console died, and taken back as a whole', async () => {
  expect(await takesUpWhereverItDied(terms)).toBeGreaterThan(AT_LEAST)
}, 600_000)

it('is taken back wherever the console died', async () => {
  await takesBackWhereverItDied(terms)
}, 600_000)

it('is taken back, though the console dies on the way back, too', async () => {
  await takesBackThoughItDies(terms)
}, 240_000)
