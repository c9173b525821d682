/** Tables of a backup that are not there any more are made as they were, on a real PostgreSQL, beside others that get their rows: whole or not at all, and go again. */
import { describe, expect, it, vi } from 'vitest'
import { createRestoreKit } from './restore-kit.ts'
import { definedIn, shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shop = shopWith(`
  CREATE ROLE app; CREATE ROLE reader; CREATE ROLE leaver;
  CREATE SCHEMA "Склад ""А""";
  CREATE TYPE mood AS ENUM ('so-so', 'good');
  CREATE DOMAIN price AS numeric CHECK (VALUE >= 0);
  CREATE TABLE spied (who text, may boolean);
  CREATE FUNCTION tidy(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN lower($1); END $$;
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.journal VALUES (TG_OP); RETURN NULL; END $$;
  CREATE TABLE journal (what text);
  CREATE TABLE regions (id int PRIMARY KEY, name text);
  CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', shout text GENERATED ALWAYS AS (upper(name)) STORED,
    mood mood DEFAULT 'good', owes price, region int REFERENCES regions, since interval, tags text[], doc jsonb, CONSTRAINT tidied CHECK (tidy(name) <> '')) WITH (fillfactor = 70);
  CREATE UNIQUE INDEX customers_tidy ON customers (tidy(name)) WHERE id > 0;
  ALTER INDEX customers_tidy ALTER COLUMN 1 SET STATISTICS 300;
  CREATE STATISTICS customers_both ON name, region FROM customers;
  CREATE TRIGGER stamped AFTER INSERT OR DELETE ON customers FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION stamp('a; b');
  CREATE TRIGGER never BEFORE UPDATE OF name, "mood" ON customers FOR EACH ROW EXECUTE FUNCTION stamp();
  ALTER TABLE customers DISABLE TRIGGER never;
  ALTER TABLE customers ENABLE ROW LEVEL SECURITY; ALTER TABLE customers FORCE ROW LEVEL SECURITY;
  CREATE POLICY seen ON customers AS RESTRICTIVE FOR SELECT TO reader USING (id < 100);
  COMMENT ON TABLE customers IS 'все; "клиенты"'; COMMENT ON COLUMN customers.name IS 'имя'; COMMENT ON INDEX customers_tidy IS 'i'; COMMENT ON POLICY seen ON customers IS 'p';
  COMMENT ON CONSTRAINT tidied ON customers IS 'c'; COMMENT ON TRIGGER stamped ON customers IS 't';
  GRANT SELECT ON customers TO reader; GRANT UPDATE (name) ON customers TO leaver WITH GRANT OPTION;
  CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL, parent int REFERENCES orders DEFERRABLE INITIALLY DEFERRED, note text, CONSTRAINT whose FOREIGN KEY (customer) REFERENCES customers ON DELETE CASCADE);
  COMMENT ON CONSTRAINT whose ON orders IS 'чей'; GRANT USAGE ON SEQUENCE orders_id_seq TO reader;
  CREATE TABLE "Склад ""А"""."Таблица ""й""; --" ("Ключ" serial PRIMARY KEY, "a,b" text, customer int REFERENCES customers);
  CREATE TABLE "Склад ""А""".orders (id int PRIMARY KEY, said text DEFAULT '-- Name: x; Type: TABLE; Schema: public; Owner: postgres');
  CREATE TABLE events (at date NOT NULL, what text, PRIMARY KEY (at)) PARTITION BY RANGE (at);
  CREATE INDEX events_what ON events (what);
  CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE ruled (id int); CREATE RULE nothing AS ON INSERT TO ruled DO INSTEAD NOTHING;
  CREATE TABLE elders (id int); CREATE TABLE heirs () INHERITS (elders);
  CREATE SEQUENCE shared; CREATE TABLE tickets (id int DEFAULT nextval('shared'), mood mood);
  CREATE TABLE slots (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, place int UNIQUE DEFERRABLE, taken int4range, EXCLUDE USING gist (taken WITH &&) DEFERRABLE);
  INSERT INTO slots SELECT g, g, int4range(g, g + 1) FROM generate_series(1, 3) g;
  CREATE VIEW noted AS SELECT note FROM orders;
  GRANT USAGE, CREATE ON SCHEMA public TO app; ALTER TABLE customers OWNER TO app; ALTER TABLE orders OWNER TO app;
  INSERT INTO regions VALUES (1, 'n'), (2, 's');
  INSERT INTO customers (name, mood, owes, region, since, tags, doc) SELECT E'имя\\t' || g || E'\\\\.\\n', CASE WHEN g % 2 = 0 THEN 'good'::mood END, g, 1 + g % 2, '-1 day 02:00', ARRAY['a', NULL], '{"a": 1}' FROM generate_series(1, 40) g;
  INSERT INTO customers (name) VALUES (E'\\\\.'), (repeat('я', 3000));
  INSERT INTO orders (customer, parent, note) SELECT 1 + g % 40, CASE WHEN g > 1 THEN g - 1 END, 'n' || g FROM generate_series(1, 200) g;
  INSERT INTO "Склад ""А"""."Таблица ""й""; --" ("a,b", customer) SELECT 'x', g FROM generate_series(1, 5) g;
  INSERT INTO "Склад ""А""".orders VALUES (7);
  INSERT INTO events SELECT date '2025-06-01' + g * 5, 'e' || g FROM generate_series(0, 99) g;
  INSERT INTO tickets DEFAULT VALUES;
  SELECT nextval('orders_id_seq'); TRUNCATE journal`)

const { query, options } = shop

/** Everything that there is, row by row and as it is defined, but for what only ever differs. */
async function everything() {
  const names = await query(
    `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|vakhta)' AND n.nspname <> 'information_schema' ORDER BY 1`,
  )
  const rows: Record<string, unknown> = {}
  for (const { name } of names)
    rows[String(name)] = await query(`SELECT t::text AS row FROM ONLY ${name} t ORDER BY 1`)
  const defined = await definedIn(shop, ['public', 'Склад "А"'])
  return { rows, defined }
}

it('makes tables as they were, beside one that gets its rows, and drops them again', async () => {
  const then = await everything()
  await query(
    `DROP TABLE customers, "Склад ""А"""."Таблица ""й""; --", "Склад ""А""".orders, events_2026, slots CASCADE; DELETE FROM orders WHERE id > 50; INSERT INTO orders (customer) VALUES (900)`,
  )
  const now = await everything()
  const asked = options(
    table('orders', 'Склад "А"'),
    table('orders'),
    table('customers'),
    table('events_2026'),
    table('slots'),
    table('Таблица "й"; --', 'Склад "А"'),
  )
  const { preview } = await shop.console.preview(asked)
  expect(preview).toMatchObject({ effect: 'destroys', refusals: [], connections: { needed: 2 } })
  expect(preview.changes.map(({ code, params }) => [code, params.table ?? params.constraint])).toEqual(
    expect.arrayContaining([
      ['restore-tables-makes', 'public.customers'],
      ['restore-tables-fills-uncounted', 'public.orders'],
      ['restore-tables-joins', 'public.events_2026'],
      ['restore-tables-key-again', 'whose'],
    ]),
  )
  expect(preview.irreversible.map(({ code }) => code)).toContain('restore-tables-undo-drops')

  const done = await shop.console.run(asked)
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available', target: 'changed', error: null })
  const restored = await everything()
  const before = `schema ${done.result?.before}`
  // One that went on meanwhile is not set back.
  const moved = (one: string) => one.replace('orders_id_seq 202', 'orders_id_seq 201')
  expect({ ...restored, defined: restored.defined.map(moved) }).toEqual({
    rows: then.rows,
    defined: [...then.defined.map(moved), before].toSorted(),
  })
  expect(await query('SELECT * FROM journal')).toEqual([])
  await query(`INSERT INTO customers (name) VALUES ('next'); INSERT INTO orders (customer) VALUES (43)`)

  const undone = await shop.console.act(done.id, 'undo')
  expect(undone).toMatchObject({ state: 'undone', undo: 'done', target: 'unchanged', error: null })
  const after = await everything()
  expect(after.rows).toEqual({ ...now.rows, journal: [{ row: '(INSERT)' }] })
  expect(after.defined.filter((one) => !one.startsWith('sequence'))).toEqual(
    now.defined.filter((one) => !one.startsWith('sequence')),
  )
})

it('keeps what was made, and there is no way back any more', async () => {
  await query('DROP TABLE tickets')
  const done = await shop.console.run(options(table('tickets')))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await shop.console.run({ mode: 'keep', operation: done.id })).toMatchObject({ state: 'succeeded' })
  expect(await query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'vakhta%'`)).toEqual([])
  expect(await query('SELECT * FROM tickets')).toEqual([{ id: 1, mood: null }])
})

it('makes a foreign key to it for new rows only where one of another table refers to nothing', async () => {
  await query('DROP TABLE customers CASCADE; INSERT INTO orders (customer) VALUES (900)')
  const done = await shop.console.run(options(table('customers')))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const log = await shop.console.operations.log(done.id)
  expect(JSON.stringify(log)).toContain('(customer)=(900)')
  expect(
    await query(
      `SELECT conname, convalidated FROM pg_constraint WHERE confrelid = 'customers'::regclass ORDER BY 2`,
    ),
  ).toEqual([
    { conname: 'whose', convalidated: false },
    { conname: 'Таблица "й"; --_customer_fkey', convalidated: true },
  ])
  await expect(query('INSERT INTO orders (customer) VALUES (901)')).rejects.toThrow('whose')
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect(await query(`SELECT to_regclass('customers') AS there`)).toEqual([{ there: null }])
})

it('changes nothing where its rows would refer to nothing', async () => {
  await query('DROP TABLE customers CASCADE; DELETE FROM regions WHERE id = 2')
  const now = await everything()
  const done = await shop.console.run(options(table('customers')))
  expect(done).toMatchObject({
    ...{ state: 'failed', target: 'unchanged' },
    error: { code: 'restore-tables-refers-to-nothing', params: { to: 'public.regions' } },
  })
  expect(JSON.stringify(done.error)).toContain('(region)=(2)')
  expect(await everything()).toEqual(now)
})

it('runs what stands in a definition as who may nothing', async () => {
  // What somebody made of the function since looks who runs it, and tries to become more.
  await query(
    `DROP TABLE customers CASCADE; GRANT INSERT ON spied TO PUBLIC;
     CREATE OR REPLACE FUNCTION tidy(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
       BEGIN RESET ROLE; INSERT INTO public.spied SELECT current_user, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user; RETURN lower($1); END $$`,
  )
  const done = await shop.console.run(options(table('customers')))
  expect(done).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: 'table-not-made' } })
  await query(
    `CREATE OR REPLACE FUNCTION tidy(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
       BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) THEN RAISE 'as %', current_user; END IF; RETURN lower($1); END $$`,
  )
  const again = await shop.console.run(options(table('customers')))
  expect(again).toMatchObject({ state: 'succeeded', error: null })
  expect(
    await query(
      `SELECT count(*)::int AS count, min(relowner::regrole::text) AS owner FROM customers, pg_class WHERE oid = 'customers'::regclass`,
    ),
  ).toEqual([{ count: 42, owner: 'app' }])
})

/** A backup with foreign keys that take a function of somebody to compare. @returns a restore of tables of it */
async function withCalling() {
  await query(
    `GRANT INSERT ON spied TO PUBLIC; CREATE TYPE number AS (id int);
     CREATE FUNCTION from_number(number) RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.spied SELECT current_user, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user; RETURN $1.id; END $$;
     CREATE CAST (number AS int) WITH FUNCTION from_number(number) AS IMPLICIT;
     CREATE TABLE hubs (id int PRIMARY KEY); CREATE TABLE spokes (hub number REFERENCES hubs); CREATE TABLE moods (mood mood PRIMARY KEY); CREATE TABLE felt (mood mood REFERENCES moods);
     CREATE TABLE days (at date, hub number REFERENCES hubs) PARTITION BY RANGE (at); CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
     INSERT INTO hubs VALUES (1); INSERT INTO days VALUES ('2026-05-01', ROW(1)); INSERT INTO spokes VALUES (ROW(1)); INSERT INTO moods VALUES ('good'); INSERT INTO felt VALUES ('good')`,
  )
  const sly = await shop.kit.make(shop.server, 'shop', { recipients: [], globals: false })
  shop.restore.know(sly)
  const of = (...names: string[]) => ({
    mode: 'tables',
    backup: sly.id,
    tables: names.map((name) => table(name)),
  })
  await query('TRUNCATE spied')
  return of
}

it('makes no foreign key from it that takes a function of somebody to compare', async () => {
  const of = await withCalling()
  await query('DROP TABLE spokes, days_2026')
  for (const [name, from] of [
    ['spokes', 'public.spokes'],
    // Those of what it is a partition of are its own from when it joins on.
    ['days_2026', 'public.days'],
  ] as const)
    expect(await shop.console.run(of(name))).toMatchObject({
      ...{ state: 'failed', target: 'unchanged' },
      error: { code: 'restore-tables-key-would-call', params: { from, to: 'public.hubs' } },
    })
  expect(await query('SELECT * FROM spied')).toEqual([])
})

it('makes no foreign key to it that takes a function of somebody to compare', async () => {
  const of = await withCalling()
  await query(
    'DROP TABLE spokes; CREATE TABLE spokes (hub number); INSERT INTO spokes VALUES (ROW(1)); DROP TABLE days, hubs, moods CASCADE',
  )
  const done = await shop.console.run(of('hubs', 'moods'))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const log = JSON.stringify(await shop.console.operations.log(done.id))
  expect(log).toContain('"restore-tables-key-calls"')
  expect(log.match(/"restore-tables-key-made"/g)).toHaveLength(1)
  expect(await query('SELECT * FROM spied')).toEqual([])
})

describe('taking it back', () => {
  it('is refused where something was made of it since, or it is another table', async () => {
    await query('DROP TABLE tickets')
    const done = await shop.console.run(options(table('tickets')))
    await query('CREATE VIEW seen AS SELECT * FROM tickets')
    expect(await shop.console.act(done.id, 'undo')).toMatchObject({
      error: { code: 'restore-tables-built-upon' },
    })
    await query('DROP VIEW seen; ALTER TABLE tickets RENAME TO mine')
    const another = { code: 'restore-tables-another-there', params: { table: 'public.tickets' } }
    expect(await shop.console.act(done.id, 'undo')).toMatchObject({ error: another })
    await query('CREATE TABLE tickets (id int)')
    expect(await shop.console.act(done.id, 'undo')).toMatchObject({ error: another })
    expect(
      await query(
        'SELECT (SELECT count(*)::int FROM mine) AS mine, (SELECT count(*)::int FROM tickets) AS tickets',
      ),
    ).toEqual([{ mine: 1, tickets: 0 }])
    await query('DROP TABLE tickets; ALTER TABLE mine RENAME TO tickets')
    expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  })
})

describe('what cannot be made', () => {
  it('is refused, and says what stands in its way', async () => {
    const storage = 'Склад "А"'
    const cases: [string, { schema: string; name: string }, string, Record<string, string>][] = [
      ['DROP TABLE ruled', table('ruled'), 'restore-tables-rules', {}],
      ['DROP TABLE heirs', table('heirs'), 'restore-tables-inherits', {}],
      ['DROP TABLE events', table('events_2026'), 'restore-tables-lacks', { things: 'TABLE public.events' }],
      [
        'CREATE TABLE events (at date, what text) PARTITION BY RANGE (tidy(what))',
        table('events_2026'),
        'restore-tables-no-parent',
        { parent: 'public.events' },
      ],
      [
        'DROP TABLE tickets; CREATE TYPE tickets AS ENUM ()',
        table('tickets'),
        'restore-tables-taken',
        { names: 'public.tickets' },
      ],
      [
        'DROP TYPE tickets; DROP SEQUENCE shared; DROP TYPE mood CASCADE',
        table('tickets'),
        'restore-tables-lacks',
        { things: 'SEQUENCE public.shared, TYPE public.mood' },
      ],
      ['CREATE VIEW tickets AS SELECT 1', table('tickets'), 'restore-tables-no-table', {}],
      [
        'DROP SCHEMA "Склад ""А""" CASCADE',
        table('orders', storage),
        'restore-tables-lacks',
        { things: `SCHEMA ${storage}` },
      ],
      [
        'DROP TABLE orders CASCADE; CREATE TABLE orders_pkey (id int)',
        table('orders'),
        'restore-tables-taken',
        { names: 'public.orders_pkey' },
      ],
      [
        'DROP TABLE orders_pkey, customers',
        table('orders'),
        'restore-tables-lacks',
        { things: 'TABLE public.customers' },
      ],
      [
        'CREATE TYPE mood AS ENUM (); DROP TABLE events; DROP FUNCTION tidy',
        table('customers'),
        'restore-tables-lacks',
        { things: 'FUNCTION public.tidy(text)' },
      ],
    ]
    for (const [change, chosen, code, params] of cases) {
      await query(change)
      const { preview } = await shop.console.preview(options(chosen))
      expect({ change, refusals: preview.refusals }).toMatchObject({ change, refusals: [{ code, params }] })
    }
  })

  it('is told of grants to a role that is gone, and of what is made of it', async () => {
    await query('DROP TABLE customers, orders CASCADE')
    await shop.server.query('DROP OWNED BY leaver', { database: 'shop_then' })
    await shop.server.query('DROP ROLE leaver')
    try {
      const asked = options(table('customers'), table('orders'))
      const { preview } = await shop.console.preview(asked)
      expect(preview.refusals).toEqual([])
      expect(preview.warnings).toMatchObject(
        expect.arrayContaining([
          expect.objectContaining({
            code: 'restore-tables-grants-left',
            params: { table: 'public.customers', roles: 'leaver' },
          }),
          expect.objectContaining({
            code: 'restore-tables-not-again',
            params: { table: 'public.orders', things: 'VIEW public.noted' },
          }),
        ]),
      )
      expect(await shop.console.run(asked)).toMatchObject({ state: 'succeeded', error: null })
    } finally {
      await shop.server.query('CREATE ROLE leaver')
    }
  })

  it('is refused to who may not make roles, and made by one that is no superuser', async () => {
    await shop.server.query(
      `CREATE ROLE keeper LOGIN PASSWORD '${shop.server.password}'; GRANT app TO keeper; GRANT CREATE ON DATABASE shop TO keeper`,
    )
    await query(
      'DROP TABLE customers CASCADE; GRANT CREATE, USAGE ON SCHEMA public TO app, keeper; GRANT REFERENCES ON regions TO app, keeper; GRANT SELECT ON regions TO app, keeper',
    )
    const asKeeper = createRestoreKit(shop.server, shop.kit, {
      database: 'shop',
      operate: 'keeper',
      readsOnce: true,
    })
    asKeeper.know(shop.manifest)
    const keeper = await asKeeper.console()
    try {
      const { preview } = await keeper.preview(options(table('customers')))
      expect(preview.refusals).toMatchObject([
        { code: 'restore-tables-no-roles', params: { user: 'keeper' } },
      ])
      expect(preview.warnings).toMatchObject(
        expect.arrayContaining([expect.objectContaining({ code: 'restore-tables-key-not-owner' })]),
      )
      await shop.server.query('ALTER ROLE keeper CREATEROLE')
      const done = await keeper.run(options(table('customers')))
      expect(done).toMatchObject({ state: 'succeeded', error: null })
      expect(await query('SELECT count(*)::int AS count FROM customers')).toEqual([{ count: 42 }])
      expect(await keeper.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
    } finally {
      await keeper.close()
      await asKeeper.close()
      await query('DROP OWNED BY keeper')
      await shop.server.query('DROP OWNED BY keeper; DROP ROLE keeper')
    }
  })
})
