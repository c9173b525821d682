/** What takes longer than our looks may, and is silent for longer, is not ended for that while it is restored, on a real PostgreSQL. */
import { expect, it, vi } from 'vitest'
import { inSession } from '../../../src/main/engine/backups/worker/session.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { askOf } from '../backups/backup-kit.ts'
import { NEVER } from '../backups/operation-kit.ts'
import { shopWith, table } from './tables-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

// The role that builds it is one of ours.
const shop = shopWith(`
  CREATE FUNCTION dawdles() RETURNS bool LANGUAGE plpgsql AS $$ BEGIN
    IF current_user LIKE 'vakhta%' THEN PERFORM pg_catalog.pg_sleep(11); END IF; RETURN true; END $$;
  CREATE TABLE large (id int CHECK (public.dawdles())); INSERT INTO large VALUES (1)`)

it('a table that takes long to be made', async () => {
  await shop.query('DROP TABLE large')
  const done = await shop.console.run(shop.options(table('large')))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await shop.query('SELECT id FROM large')).toEqual([{ id: 1 }])
})

it('a session that waits for a program, or for pools', async () => {
  const { kit, server, manifest } = shop
  const job = {
    ...{ manifest, store: { kind: 'local', directory: kit.directory } as const, identity: '', ssh: null },
    ...{ database: { from: 'shop', into: 'shop' }, postgres: kit.job(server, 'shop').postgres },
    ...{ server: { host: '127.0.0.1', port: server.port, major: 15 }, name: 'vakhta restore test' },
  }
  const dependencies = { ask: askOf(kit), clock: systemClock, signal: NEVER }
  const limits = await inSession(dependencies, job, ({ client }) =>
    client.query(
      `SELECT name, setting FROM pg_catalog.pg_settings WHERE name ~ '(statement|session)_timeout$' ORDER BY 1`,
    ),
  )
  expect(limits.rows).toEqual(
    ['idle_in_transaction_session_timeout', 'idle_session_timeout', 'statement_timeout'].map((name) => ({
      ...{ name, setting: '0' },
    })),
  )
})
