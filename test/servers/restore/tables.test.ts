/** Chosen tables of a backup come back into the database in use, on a real PostgreSQL: whole or not at all, and go back again. */
import { execFileSync } from 'node:child_process'
import { Client } from 'pg'
import { describe, expect, it, vi } from 'vitest'
import { until } from '../../support/until.ts'
import { createRestoreKit } from './restore-kit.ts'
import { shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const STRANGE = `Таблица "й"; --`
const shop = shopWith(`
  CREATE SCHEMA "Склад ""А""";
  CREATE TYPE mood AS ENUM ('so-so', 'good');
  CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, shout text GENERATED ALWAYS AS (upper(name)) STORED,
    mood mood, since interval DEFAULT '-1 day 02:00');
  CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL REFERENCES customers ON DELETE CASCADE, parent int REFERENCES orders DEFERRABLE INITIALLY DEFERRED, note text);
  CREATE INDEX orders_note ON orders (note);
  COMMENT ON CONSTRAINT orders_customer_fkey ON orders IS 'чей';
  CREATE TABLE "Склад ""А"""."Таблица ""й""; --" ("Ключ" int PRIMARY KEY, "a,b" text, customer int REFERENCES customers);
  CREATE TABLE "Склад ""А""".orders (id int);
  CREATE TABLE events (at date NOT NULL, what text) PARTITION BY RANGE (at);
  CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE ruled (id int); CREATE RULE nothing AS ON INSERT TO ruled DO INSTEAD NOTHING;
  CREATE TABLE elders (id int); CREATE TABLE heirs () INHERITS (elders);
  CREATE TABLE vakhta_fill (id int); INSERT INTO vakhta_fill VALUES (1);
  CREATE TABLE journal (what text);
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.journal VALUES (TG_OP); RETURN coalesce(NEW, OLD); END $$;
  CREATE TRIGGER stamped AFTER INSERT OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION stamp();
  CREATE TRIGGER always AFTER INSERT OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION stamp();
  ALTER TABLE customers ENABLE ALWAYS TRIGGER always;
  CREATE TRIGGER never AFTER INSERT OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION stamp();
  ALTER TABLE customers DISABLE TRIGGER never;
  INSERT INTO customers (name, mood) SELECT E'имя\\t' || g || E'\\\\.\\n', CASE WHEN g % 2 = 0 THEN 'good'::mood END FROM generate_series(1, 40) g;
  INSERT INTO customers (name) VALUES (E'\\\\.'), (repeat('я', 300000)), ('');
  INSERT INTO orders (customer, parent, note) SELECT 1 + g % 40, CASE WHEN g > 1 THEN g - 1 END, 'n' || g FROM generate_series(1, 200) g;
  INSERT INTO "Склад ""А"""."Таблица ""й""; --" SELECT g, 'x', g FROM generate_series(1, 5) g;
  INSERT INTO "Склад ""А""".orders VALUES (7);
  INSERT INTO events SELECT date '2025-06-01' + g * 5, 'e' || g FROM generate_series(0, 99) g;
  TRUNCATE journal; CREATE ROLE reader; GRANT SELECT ON customers TO reader`)

const { query, options } = shop

/** Everything of the shop that a restore of tables could touch. */
const contents = async () => ({
  customers: await query('SELECT * FROM customers ORDER BY id'),
  orders: await query('SELECT * FROM orders ORDER BY id'),
  strange: await query('SELECT * FROM "Склад ""А"""."Таблица ""й""; --" ORDER BY 1'),
  others: await query('SELECT * FROM "Склад ""А""".orders'),
  events: await query('SELECT *, tableoid::regclass FROM events ORDER BY 1'),
  journal: await query('SELECT * FROM journal'),
})
const definitions = () =>
  query(
    `SELECT (SELECT json_agg(json_build_array(conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, obj_description(oid, 'pg_constraint')) ORDER BY 1, conrelid::regclass::text, conname)
               FROM pg_constraint WHERE connamespace <> 'pg_catalog'::regnamespace AND connamespace <> 'information_schema'::regnamespace)::text AS constraints,
            (SELECT json_agg(json_build_array(tgrelid::regclass, tgname, tgenabled) ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal)::text AS triggers,
            (SELECT json_agg(json_build_array(oid::int8, relname, relacl, relowner::int8) ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace)::text AS classes,
            (SELECT json_agg(nspname ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_')::text AS schemas`,
  )
const sequence = async (name: string) =>
  Number((await query(`SELECT last_value FROM ${name}`))[0]?.last_value)

it('gives tables the rows of the backup, and gives those from before back', async () => {
  const whole = await contents()
  const defined = await definitions()
  await query(
    `DELETE FROM orders WHERE id > 50; UPDATE customers SET name = 'gone ' || id; DELETE FROM customers WHERE id > 41; DELETE FROM "Склад ""А"""."Таблица ""й""; --" WHERE "Ключ" = 1;
     INSERT INTO customers (name) VALUES ('new'); INSERT INTO orders (customer, note) VALUES (1, 'new'); TRUNCATE journal;
     SELECT setval('orders_id_seq', 1000); SELECT setval('customers_id_seq', 10)`,
  )
  const damaged = await contents()
  const asked = options(
    table('customers'),
    table('orders'),
    table(STRANGE, 'Склад "А"'),
    table('orders', 'Склад "А"'),
  )
  const { preview } = await shop.console.preview(asked)
  expect(preview).toMatchObject({ effect: 'destroys', refusals: [], connections: { needed: 2 } })
  expect(preview.changes.map(({ code, params }) => [code, params.table ?? params.constraint])).toEqual(
    expect.arrayContaining([
      ['restore-tables-referred', 'orders_customer_fkey'],
      ['restore-tables-referred', 'orders_parent_fkey'],
      ['restore-tables-locks', undefined],
      ['restore-tables-sequences', undefined],
    ]),
  )

  const done = await shop.console.run(asked)
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available', target: 'changed', error: null })
  expect(done.result).toMatchObject({ database: 'shop', tables: 4, rows: 249 })
  expect(await contents()).toEqual({ ...whole, journal: [] })
  // Never lowered, and moved on where it was behind.
  expect(await sequence('orders_id_seq')).toBe(1000)
  expect(await sequence('customers_id_seq')).toBe(43)
  await query(
    `INSERT INTO customers (name) VALUES ('next'); DELETE FROM customers WHERE name = 'next'; TRUNCATE journal`,
  )
  const before = String(done.result?.before)
  expect(
    await query(`SELECT count(*)::int AS count FROM "${before}".customers WHERE name LIKE 'gone %'`),
  ).toEqual([{ count: 41 }])

  const back = await until(
    async () => {
      const seen = await shop.console.previewUndo(done.id)
      return seen.irreversible[0]?.code === 'undo-loses-counted' && seen
    },
    { what: 'that the statistics know of it', timeoutMs: 60_000, everyMs: 250 },
  )
  expect(back).toMatchObject({
    ...{ refusals: [], effect: 'destroys' },
    changes: [
      { code: 'undo-tables-puts-back', params: { before, tables: expect.stringContaining('public.orders') } },
      { code: 'restore-tables-locks' },
    ],
    irreversible: [{ params: { inserted: 1, updated: 0, deleted: 1 } }],
  })
  const undone = await shop.console.act(done.id, 'undo')
  expect(undone).toMatchObject({ state: 'undone', undo: 'done', target: 'unchanged', error: null })
  expect(await contents()).toEqual(damaged)
  expect(await definitions()).toEqual(defined)
  expect(await sequence('customers_id_seq')).toBe(44)
})

it('keeps what was restored, and there is no way back any more', async () => {
  await query('DELETE FROM orders')
  const done = await shop.console.run(options(table('orders')))
  expect(done.state).toBe('succeeded')
  const { preview } = await shop.console.preview({ mode: 'keep', operation: done.id })
  expect(preview).toMatchObject({ effect: 'destroys', refusals: [] })
  expect(preview.changes).toMatchObject([
    { code: 'restore-tables-drops-before', params: { database: 'shop' } },
  ])
  expect(await shop.console.run({ mode: 'keep', operation: done.id })).toMatchObject({
    state: 'succeeded',
    undo: 'none',
  })
  expect(await query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'vakhta%'`)).toEqual([])
  expect(await shop.console.operations.get(done.id)).toMatchObject({ state: 'succeeded', undo: 'none' })
  const again = await shop.console.preview({ mode: 'keep', operation: done.id })
  expect(again.preview.refusals).toEqual([{ code: 'restore-is-kept', params: { id: done.id } }])
  expect(await query('SELECT count(*)::int AS count FROM orders')).toEqual([{ count: 200 }])
})

it('keeps what was restored also where the whole database is another one since', async () => {
  await query('DELETE FROM orders')
  const done = await shop.console.run(options(table('orders')))
  const before = String(done.result?.before)
  // As a restore of the whole database does: the schema is there again, by the same name.
  const { url, password } = shop.server
  const copied = 'pg_dump --format=custom "$0/shop" | pg_restore --exit-on-error --dbname="$0/copied"'
  await shop.server.query('CREATE DATABASE copied')
  execFileSync('sh', ['-c', copied, url.replace(/\/postgres$/, '')], {
    env: { ...process.env, PGPASSWORD: password },
  })
  await shop.server.query('DROP DATABASE shop WITH (FORCE)')
  await shop.server.query('ALTER DATABASE copied RENAME TO shop')
  const [schema] = await query(`SELECT oid::int8::int AS oid FROM pg_namespace WHERE nspname = '${before}'`)
  expect(schema?.oid).not.toBe(done.result?.beforeOid)

  shop.restore.retry()
  const keep = { mode: 'keep', operation: done.id }
  expect((await shop.console.preview(keep)).preview.refusals).toEqual([])
  expect(await shop.console.run(keep)).toMatchObject({ state: 'succeeded', error: null })
  expect(await query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'vakhta%'`)).toEqual([])
  expect(await shop.console.operations.get(done.id)).toMatchObject({ state: 'succeeded', undo: 'none' })
})

it('leaves everything as it was where rows of another table would refer to nothing', async () => {
  await query(
    `INSERT INTO customers (id, name) OVERRIDING SYSTEM VALUE VALUES (900, 'late'); INSERT INTO orders (customer) VALUES (900)`,
  )
  const [whole, defined] = [await contents(), await definitions()]
  const done = await shop.console.run(options(table('customers')))
  expect(done).toMatchObject({
    ...{ state: 'failed', target: 'unchanged' },
    error: {
      code: 'restore-tables-orphans',
      params: { constraint: 'orders_customer_fkey', table: 'public.orders', count: 1, keys: '900' },
    },
  })
  expect([await contents(), await definitions()]).toEqual([whole, defined])
  // With the table that refers to it, there is nothing in the way.
  expect(await shop.console.run(options(table('customers'), table('orders')))).toMatchObject({
    state: 'succeeded',
  })
})

it('does not bring rows back that refer to what is gone', async () => {
  await query(
    `DELETE FROM "Склад ""А"""."Таблица ""й""; --" WHERE customer = 5; DELETE FROM orders; DELETE FROM customers WHERE id = 5`,
  )
  const whole = await contents()
  expect(await shop.console.run(options(table('orders')))).toMatchObject({
    state: 'failed',
    error: { code: 'restore-tables-orphans', params: { referred: 'public.customers', keys: '5', count: 5 } },
  })
  expect(await contents()).toEqual(whole)
})

it('is not taken back where rows written since would refer to nothing', async () => {
  await query(
    'DELETE FROM orders; DELETE FROM "Склад ""А"""."Таблица ""й""; --"; DELETE FROM customers WHERE id > 5',
  )
  const done = await shop.console.run(options(table('customers')))
  await query('INSERT INTO orders (customer) VALUES (30)')
  const restored = await contents()
  const undone = await shop.console.act(done.id, 'undo')
  expect(undone).toMatchObject({ error: { code: 'restore-tables-orphans', params: { keys: '30' } } })
  expect(await contents()).toEqual(restored)
  await query('DELETE FROM orders')
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  expect(await query('SELECT count(*)::int AS count FROM customers')).toEqual([{ count: 5 }])
})

it('restores a table that is called like what it is filled with', async () => {
  await query('DELETE FROM vakhta_fill; DELETE FROM orders')
  const done = await shop.console.run(options(table('vakhta_fill'), table('orders')))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await query('SELECT id FROM vakhta_fill')).toEqual([{ id: 1 }])
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect(await query('SELECT id FROM vakhta_fill')).toEqual([])
})

it('restores a partition by itself', async () => {
  await query('DELETE FROM events')
  expect(await shop.console.run(options(table('events_2026')))).toMatchObject({ state: 'succeeded' })
  expect(await query('SELECT DISTINCT tableoid::regclass::text AS part FROM events')).toEqual([
    { part: 'events_2026' },
  ])
})

it('gives up where somebody has the table, says who, and changed nothing', async () => {
  const { port, user, password } = shop.server
  const holder = new Client({ host: '127.0.0.1', port, user, password, database: 'shop' })
  await holder.connect()
  try {
    await holder.query(`SET application_name = 'billing'; BEGIN; DELETE FROM orders WHERE id = 1`)
    const [whole, defined] = [await contents(), await definitions()]
    const done = await shop.console.run(options(table('customers')))
    expect(done).toMatchObject({
      state: 'failed',
      target: 'unchanged',
      error: { code: 'restore-tables-locked' },
    })
    expect(JSON.stringify(done.error)).toContain('billing (PID ')
    expect([await contents(), await definitions()]).toEqual([whole, defined])
  } finally {
    await holder.end()
  }
})

it('needs no superuser, but a role that owns the tables and may make schemas', async () => {
  await shop.server.query(`CREATE ROLE keeper LOGIN PASSWORD '${shop.server.password}'; CREATE ROLE app`)
  await query('ALTER TABLE customers OWNER TO app; DELETE FROM orders')
  const asKeeper = createRestoreKit(shop.server, shop.kit, {
    database: 'shop',
    operate: 'keeper',
    readsOnce: true,
  })
  asKeeper.know(shop.manifest)
  const keeper = await asKeeper.console()
  const refusals = async () => (await keeper.preview(options(table('customers')))).preview.refusals
  try {
    expect(await refusals()).toMatchObject([
      { code: 'restore-tables-no-create', params: { user: 'keeper' } },
      { code: 'restore-tables-not-owner', params: { table: 'public.customers', owner: 'app' } },
      { code: 'restore-tables-not-owner', params: { table: 'public.orders', owner: 'postgres' } },
      {
        code: 'restore-tables-not-owner',
        // As SQL and --table read it back.
        params: { table: '"Склад ""А"""."Таблица ""й""; --"', owner: 'postgres' },
      },
    ])
    await shop.server.query('GRANT CREATE ON DATABASE shop TO app; GRANT app TO keeper')
    await query(
      `ALTER TABLE orders OWNER TO app; ALTER TABLE "Склад ""А"""."Таблица ""й""; --" OWNER TO app;
       GRANT ALL ON SCHEMA "Склад ""А""" TO app; GRANT CREATE ON SCHEMA public TO app`,
    )
    // The lock takes one of them, too.
    await shop.server.query('ALTER ROLE keeper CONNECTION LIMIT 1')
    expect((await keeper.preview(options(table('customers'), table('orders')))).preview).toMatchObject({
      refusals: [{ code: 'connections-too-few', params: { needed: 2, free: 1 } }],
    })
    await shop.server.query('ALTER ROLE keeper CONNECTION LIMIT 2')
    const done = await keeper.run(options(table('customers'), table('orders')))
    expect(done).toMatchObject({ state: 'succeeded', error: null })
    expect(await query('SELECT count(*)::int AS count FROM orders')).toEqual([{ count: 200 }])
    expect(await keeper.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
    expect(await query('SELECT count(*)::int AS count FROM orders')).toEqual([{ count: 0 }])
  } finally {
    await keeper.close()
    await asKeeper.close()
  }
})

describe('what does not fit', () => {
  it.each([
    ['SELECT 1', table('nowhere'), 'restore-tables-not-in-it', {}],
    ['SELECT 1', table('ruled'), 'restore-tables-rules', {}],
    ['SELECT 1', table('elders'), 'restore-tables-inherits', {}],
    ['ALTER TABLE orders DROP note', table('orders'), 'restore-tables-columns-gone', { columns: 'note' }],
    [
      'ALTER TABLE orders ALTER note TYPE varchar(20)',
      table('orders'),
      'restore-tables-columns-changed',
      { columns: 'note: text → character varying(20)' },
    ],
    [
      `ALTER TABLE orders ADD due date NOT NULL DEFAULT '2026-01-01'; ALTER TABLE orders ALTER due DROP DEFAULT`,
      table('orders'),
      'restore-tables-columns-demanded',
      { columns: 'due' },
    ],
  ])('is refused: %s', async (change, chosen, code, params) => {
    await query(change)
    const { preview } = await shop.console.preview(options(chosen))
    expect(preview.refusals).toMatchObject([{ code, params }])
  })

  it('is no column that is new and has a default', async () => {
    await query(
      `ALTER TABLE orders ADD due date NOT NULL DEFAULT '2026-01-01', ADD mark text; UPDATE orders SET mark = 'x'`,
    )
    const done = await shop.console.run(options(table('orders')))
    expect(done).toMatchObject({ state: 'succeeded' })
    expect(await query('SELECT count(*)::int AS count, max(mark) AS mark FROM orders')).toEqual([
      { count: 200, mark: null },
    ])
    expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
    expect(await query('SELECT count(*)::int AS count, max(mark) AS mark FROM orders')).toEqual([
      { count: 200, mark: 'x' },
    ])
  })
})
