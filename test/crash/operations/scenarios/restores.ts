/** Restores, one of each mode: of a database with a row too many, of tables that are damaged and gone, of one that is nowhere any more. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Client } from 'pg'
import { startPgBouncer } from '../../../../demo/servers/pgbouncer.ts'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { MARK_FILE } from '../../../../src/main/engine/backups/stores/local/index.ts'
import type { OperationFacts, OperationText } from '../../../../src/shared/model/operation.ts'
import { until } from '../../../support/until.ts'
import { count, isFree, type Scenario, type Stage } from '../scenario.ts'
import { BY_TWO, requireBackups } from './backups.ts'
import { consoleThat, done, PATIENCE } from './known.ts'
import { everythingOn, namesOn, openShop, requireSame, type Shop } from './shop.ts'

const ORDERS = 'CREATE TABLE orders (id int CHECK (waits())); INSERT INTO orders VALUES (1)'

const requireEqual = (found: unknown, wanted: unknown): void => {
  if (!isDeepStrictEqual(found, wanted))
    throw new Error(`${JSON.stringify(found)} is there, not ${JSON.stringify(wanted)}`)
}

const idsIn = async (server: PostgresServer, database: string) =>
  (await server.query('SELECT id FROM orders ORDER BY id', { database })).map(({ id }) => id)

/** Names of ours have a word of the operation's id. */
const plain = (names: readonly string[]) => names.map((name) => name.replace(/_[0-9a-f]{8}(?=$|_)/, '_ID'))

interface Terms {
  readonly heldIn: string
  readonly options: OperationFacts
  readonly isWhole: () => Promise<void>
  readonly isAsBefore?: Scenario['isAsBefore']
  readonly isRelieved?: Scenario['isRelieved']
  readonly holding?: Pick<Scenario, 'hold' | 'reached' | 'letGo'>
  /** So many backups are made on the way, and stay. */
  readonly makes?: number
  readonly onceOnly?: OperationText
  readonly close?: () => Promise<void>
}

function stageOf(server: PostgresServer, shop: Shop, terms: Terms): Stage {
  const { heldIn, options, isWhole, isRelieved, holding = shop, makes = 0, onceOnly } = terms
  const before = everythingOn(server)
  const isAsBefore = terms.isAsBefore ?? (async () => requireSame(everythingOn(server), before))
  /** Those of kills before are on no record of the next. */
  const clearPlace = () => {
    for (const name of readdirSync(shop.place))
      if (name !== shop.backup && name !== MARK_FILE) rmSync(join(shop.place, name), { recursive: true })
  }
  const { hold, reached, letGo } = holding
  return {
    async begin() {
      clearPlace()
      return {
        ...{ kind: 'restore', profile: shop.profile, options, known: shop.known, heldIn },
        ...{ hold, reached, letGo, isAsBefore },
        ...(isRelieved !== undefined && { isRelieved }),
        ...(onceOnly !== undefined && { onceOnly }),
        async isWhole() {
          await isWhole()
          await requireBackups(shop.place, 1 + makes)
        },
        stop: async () => {},
      }
    },
    async close() {
      await terms.close?.()
      await shop.remove()
    },
  }
}

/** Behind a PgBouncer, whose pools wait while the names change. */
export async function besideStage(server: PostgresServer): Promise<Stage> {
  const pooler = await startPgBouncer({
    ...{ postgresPort: server.port, poolMode: 'transaction', users: { app: 'pw' } },
    settings: { query_wait_timeout: 120 },
  })
  const shop = await openShop(server, `${ORDERS}; GRANT SELECT ON orders TO app`, { pooler })
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  const paused = async () =>
    (await pooler.command('SHOW DATABASES')).filter((one) => one.paused === 1).map(({ name }) => name)
  const connect = async () => {
    const client = new Client(`postgresql://app:pw@127.0.0.1:${pooler.port}/shop`)
    client.on('error', () => {})
    await client.connect()
    return client
  }
  /** Whoever comes through it is answered. */
  async function throughIt(): Promise<number[]> {
    const client = await connect()
    try {
      const { rows } = await client.query<{ id: number }>('SELECT id FROM orders ORDER BY id')
      return rows.map(({ id }) => id)
    } finally {
      await client.end()
    }
  }
  // The pool is there from here on, as with a service that runs.
  const service = await connect()
  await service.query('SELECT 1')
  let slow: Client | null = null
  const before = everythingOn(server)
  return stageOf(server, shop, {
    heldIn: 'restore-swap',
    options: { mode: 'side-by-side', backup: shop.backup },
    holding: {
      async hold() {
        slow = await connect()
        // A pool waits for its transactions.
        await slow.query('BEGIN; SELECT 1')
      },
      reached: async () =>
        void (await until(async () => (await paused()).length > 0, {
          ...{ what: 'a pool that is paused', timeoutMs: 60_000 },
        })),
      async letGo() {
        await slow?.end()
        slow = null
      },
    },
    isRelieved: async () =>
      void (await until(async () => (await paused()).length === 0, {
        ...{ what: 'pools that go on', timeoutMs: 30_000 },
      })),
    async isWhole() {
      requireEqual(await paused(), [])
      requireEqual(await throughIt(), [1])
      const { databases } = await namesOn(server, 'shop')
      requireEqual(plain(databases), ['shop', 'shop__before_ID'])
    },
    async isAsBefore() {
      requireEqual(await paused(), [])
      requireEqual(await throughIt(), [1, 2])
      requireSame(everythingOn(server), before)
    },
    async close() {
      await slow?.end()
      await service.end()
      await pooler.stop()
    },
  })
}

/** Of what two sessions dumped, unpacked first and filled by two. */
export async function directoryStage(server: PostgresServer): Promise<Stage> {
  const shop = await openShop(server, `${ORDERS}; CREATE TABLE lines AS SELECT 1 AS id`, { more: BY_TWO })
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  return stageOf(server, shop, {
    heldIn: 'restore-fill',
    options: { mode: 'side-by-side', backup: shop.backup },
    async isWhole() {
      requireEqual(await idsIn(server, 'shop'), [1])
      const { databases } = await namesOn(server, 'shop')
      requireEqual(plain(databases), ['shop', 'shop__before_ID'])
    },
  })
}

export async function inPlaceStage(server: PostgresServer): Promise<Stage> {
  const shop = await openShop(server, ORDERS)
  await server.query('INSERT INTO orders VALUES (2); CREATE TABLE since AS SELECT 3 AS id', {
    database: 'shop',
  })
  return stageOf(server, shop, {
    heldIn: 'restore-in-place',
    options: { mode: 'in-place', backup: shop.backup, room: 'none' },
    makes: 1,
    // After a transaction that was rolled back the safety backup may not have what was written since.
    onceOnly: 'restore-safety-old',
    async isWhole() {
      requireEqual(await idsIn(server, 'shop'), [1])
      requireEqual(await server.query(`SELECT to_regclass('since') AS since`, { database: 'shop' }), [
        { since: null },
      ])
      requireEqual((await namesOn(server, 'shop')).databases, ['shop'])
    },
  })
}

export async function elsewhereStage(server: PostgresServer): Promise<Stage> {
  await server.query('CREATE ROLE owner; CREATE ROLE api LOGIN IN ROLE owner')
  const shop = await openShop(
    server,
    `${ORDERS}; ALTER TABLE orders OWNER TO owner; GRANT SELECT ON orders TO api`,
    // Nobody watches what is not there.
    { watched: 'postgres' },
  )
  // The same server serves as a blank one: nothing of it is left.
  await server.query('DROP DATABASE shop WITH (FORCE)')
  await server.query('DROP ROLE api, owner')
  return stageOf(server, shop, {
    heldIn: 'restore-fill',
    options: { mode: 'elsewhere', backup: shop.backup, from: 'shop' },
    async isWhole() {
      requireEqual(await idsIn(server, 'shop'), [1])
      const names = { databases: ['shop'], roles: ['api', 'owner'], schemas: [] }
      requireEqual(await namesOn(server, 'shop'), names)
    },
  })
}

/** One that gets its rows, and one that is made. */
export async function tablesStage(server: PostgresServer): Promise<Stage> {
  const shop = await openShop(
    server,
    `CREATE TABLE orders (id int PRIMARY KEY, note text);
     CREATE TABLE lines (id serial PRIMARY KEY, "order" int REFERENCES orders, text text CHECK (waits()));
     CREATE TABLE marks (line int CONSTRAINT marked REFERENCES lines);
     INSERT INTO orders VALUES (1, 'then'); INSERT INTO lines ("order", text) VALUES (1, 'a'), (1, 'b'); INSERT INTO marks VALUES (2)`,
  )
  await server.query(
    `UPDATE orders SET note = 'now'; INSERT INTO orders VALUES (2); DROP TABLE lines CASCADE`,
    {
      database: 'shop',
    },
  )
  const tables = ['orders', 'lines'].map((name) => ({ schema: 'public', name }))
  return stageOf(server, shop, {
    heldIn: 'restore-tables-stage',
    options: { mode: 'tables', backup: shop.backup, tables },
    async isWhole() {
      const rows = await server.query(
        `SELECT (SELECT string_agg(note, ',') FROM orders) AS notes, (SELECT count(*)::int FROM lines) AS lines,
                (SELECT count(*)::int FROM pg_constraint WHERE contype = 'f' AND convalidated) AS keys`,
        { database: 'shop' },
      )
      requireEqual(rows, [{ notes: 'then', lines: 2, keys: 2 }])
      const { databases, roles, schemas } = await namesOn(server, 'shop')
      requireEqual([databases, roles, plain(schemas)], [['shop'], [], ['vakhta_before_ID']])
    },
  })
}

/** What was swapped out is let go; there is no way back from that. */
export async function keepStage(server: PostgresServer): Promise<Stage> {
  const shop = await openShop(server, ORDERS)
  const opened: (() => Promise<void>)[] = []
  const blocker = await server.connect()
  const begin = async (): Promise<Scenario> => {
    await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
    const swapped = await consoleThat(shop.known, async (console) => {
      const made = await done(console, 'restore', { mode: 'side-by-side', backup: shop.backup })
      await until(() => isFree(server).then(() => true), { ...PATIENCE, what: 'a target that is free' })
      return made
    })
    opened.push(swapped.remove)
    return {
      ...{ kind: 'restore', profile: shop.profile, known: swapped.directory },
      options: { mode: 'keep', operation: swapped.made.id },
      // Whoever drops a database writes there.
      hold: async () => void (await blocker.query('BEGIN; LOCK TABLE pg_database IN SHARE MODE')),
      reached: async () =>
        void (await until(
          async () => (await count(server, `wait_event_type = 'Lock' AND query LIKE 'DROP DATABASE%'`)) > 0,
          { what: 'a drop that waits', timeoutMs: 30_000 },
        )),
      letGo: async () => void (await blocker.query('ROLLBACK')),
      async isWhole() {
        requireEqual((await namesOn(server, 'shop')).databases, ['shop'])
        requireEqual(await idsIn(server, 'shop'), [1])
      },
      async stop() {
        await swapped.remove()
        for (const name of (await namesOn(server, 'shop')).databases)
          if (name !== 'shop') await server.query(`DROP DATABASE "${name}" WITH (FORCE)`)
      },
    }
  }
  return {
    begin,
    async close() {
      await blocker.end()
      for (const remove of opened) await remove()
      await shop.remove()
    },
  }
}
