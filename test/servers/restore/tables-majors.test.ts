/** What a restore of tables does to tables, on each version of PostgreSQL: other rows there and back, and everything else as it was. */
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type {
  ForeignKeyThen,
  TableDefinition,
} from '../../../src/main/engine/backups/postgres/table-definitions.ts'
import { IS_READ, isTold, MAY_BE_READ } from '../../../src/main/engine/backups/postgres/untold.ts'
import type { Querying } from '../../../src/main/engine/backups/restore/databases.ts'
import { roleOf } from '../../../src/main/engine/backups/restore/foreign.ts'
import { attachTables } from '../../../src/main/engine/backups/restore/tables/attach.ts'
import { dropBuilder, makeBuilder } from '../../../src/main/engine/backups/restore/tables/builder.ts'
import { dropping } from '../../../src/main/engine/backups/restore/tables/detach.ts'
import { exchangeRows, makeSchema } from '../../../src/main/engine/backups/restore/tables/exchange.ts'
import {
  besidesMissing,
  judgeMissing,
} from '../../../src/main/engine/backups/restore/tables/judge-missing.ts'
import { lookAtTables, SEARCH_NOTHING } from '../../../src/main/engine/backups/restore/tables/live.ts'
import { lookForMissing } from '../../../src/main/engine/backups/restore/tables/missing.ts'
import { builtSchemas, tableNamesOf } from '../../../src/main/engine/backups/restore/tables/names.ts'
import { sayAsOwner } from '../../../src/main/engine/backups/restore/tables/saying.ts'
import { countWrittenWithin } from '../../../src/main/engine/backups/restore/written.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { type Copy, majors, missing, readable, skipped } from '../../support/postgres-majors.ts'
import { until } from '../../support/until.ts'

const terms = { clock: systemClock, signal: new AbortController().signal }
const tables = [{ schema: 'public', name: 'items' }]

const SHOP = `
  CREATE TABLE items (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, twice int GENERATED ALWAYS AS (id * 2) STORED, parent int REFERENCES items);
  CREATE TABLE sales (at date NOT NULL, item int REFERENCES items ON DELETE CASCADE) PARTITION BY RANGE (at);
  CREATE TABLE sales_2026 PARTITION OF sales FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE log (what text);
  CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.log VALUES (TG_OP); RETURN NULL; END $$;
  CREATE TRIGGER told AFTER INSERT OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION tell();
  ALTER TABLE items ENABLE ALWAYS TRIGGER told;
  INSERT INTO items (name, parent) VALUES ('now', NULL), ('new', 1); INSERT INTO sales VALUES ('2026-05-01', 1); TRUNCATE log`

/** As pg_restore writes it. */
const NOTES: TableDefinition = {
  ...{ schema: 'public', name: 'notes', owner: 'postgres', kind: 'table', partition: null },
  ...{
    create: [],
    finish: [],
    secure: [],
    grants: [],
    indexes: ['notes_pkey'],
    roles: [],
    dependents: [],
    unknown: [],
  },
  attach: [
    'ALTER TABLE public.notes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (\n    SEQUENCE NAME public.notes_id_seq\n    START WITH 1\n)',
  ],
  sequences: [{ schema: 'public', name: 'notes_id_seq', column: 'id', create: [] }],
  foreignKeys: [
    {
      ...{ name: 'notes_item', columns: [{ from: 'item', to: 'id' }], comment: null },
      ...{ from: { schema: 'public', name: 'notes' }, to: { schema: 'public', name: 'items' } },
      statement:
        'ALTER TABLE ONLY public.notes\n    ADD CONSTRAINT notes_item FOREIGN KEY (item) REFERENCES public.items(id)',
    },
  ],
  ownerNeeds: [],
  needs: [
    { type: 'SCHEMA', schema: null, name: 'public' },
    { type: 'FUNCTION', schema: 'public', name: 'tell()' },
    { type: 'TABLE', schema: 'public', name: 'items' },
  ],
}
const MARKED: ForeignKeyThen = {
  ...{ name: 'marked', columns: [{ from: 'note', to: 'id' }], comment: null },
  ...{ from: { schema: 'public', name: 'marks' }, to: { schema: 'public', name: 'notes' } },
  statement:
    'ALTER TABLE ONLY public.marks\n    ADD CONSTRAINT marked FOREIGN KEY (note) REFERENCES public.notes(id)',
}

describe.each(majors)('PostgreSQL %i', (major) => {
  const why = missing(major)
  let server: PostgresServer
  let copy: Copy | null = null
  beforeAll(async () => {
    if (why !== null) return
    copy = readable(major)
    server = await startPostgres({ version: major, settings: { max_connections: 20, wal_level: 'logical' } })
    await server.query(SHOP)
  }, 60_000)
  afterAll(async () => {
    await server?.stop()
    await copy?.remove()
  })

  it.skipIf(why !== null)(`knows who reads what changes${skipped(why)}`, async () => {
    const client = await server.connect()
    const known = async () => [await isTold(client, IS_READ), await isTold(client, MAY_BE_READ)]
    const { port, password } = server
    const standby = new Client({
      ...{ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' },
      // As one begins that streams: who reads from it is not seen here.
      ...({ replication: 'true' } as object),
    })
    try {
      expect(await known()).toEqual([false, true])
      await standby.connect()
      await until(async () => (await server.query('SELECT 1 FROM pg_stat_replication')).length === 1, {
        what: 'that it is connected',
      })
      expect(await known()).toEqual([major >= 16, true])
      await standby.end()
      await client.query(`SELECT pg_create_logical_replication_slot('reader', 'test_decoding')`)
      expect(await known()).toEqual([true, true])
      await client.query(`SELECT pg_drop_replication_slot('reader')`)
    } finally {
      await client.end()
    }
  })

  it.skipIf(why !== null)(`exchanges rows, and gives them back${skipped(why)}`, async () => {
    const state = async () => ({
      items: await server.query('SELECT * FROM items ORDER BY id'),
      others: await server.query(
        'SELECT (SELECT count(*) FROM sales) AS sales, (SELECT count(*) FROM log) AS log',
      ),
      keys: await server.query(
        `SELECT conrelid::regclass::text, conname, convalidated FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2`,
      ),
      triggers: await server.query('SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal'),
    })
    const before = await state()
    const client = await server.connect()
    try {
      await client.query(SEARCH_NOTHING)
      const found = await lookAtTables(client, tables)
      expect(found.tables).toMatchObject([{ kind: 'r', sequences: [{ name: 'items_id_seq', column: 'id' }] }])
      await makeSchema(client, 'staged', 'ours')
      await client.query(
        `CREATE TABLE staged.items AS SELECT 1 AS id, 'then' AS name, 1 AS parent UNION ALL SELECT 7, 'gone', 1`,
      )
      const forward = { tables, from: 'staged', to: { schema: 'kept', marker: 'ours' }, expected: null }
      expect(await exchangeRows(client, forward, terms)).toEqual([{ ...tables[0], rows: 2 }])
      expect(await state()).toEqual({
        ...before,
        items: [
          { id: 1, name: 'then', twice: 2, parent: 1 },
          { id: 7, name: 'gone', twice: 14, parent: 1 },
        ],
      })
      expect(await server.query('SELECT last_value::int AS last FROM items_id_seq')).toEqual([{ last: 7 }])

      await exchangeRows(client, { tables, from: 'kept', to: null, expected: null }, terms)
      expect(await state()).toEqual(before)
      expect(
        await server.query(`SELECT nspname FROM pg_namespace WHERE nspname IN ('staged', 'kept')`),
      ).toEqual([])
      expect(await server.query('SELECT last_value::int AS last FROM items_id_seq')).toEqual([{ last: 7 }])
    } finally {
      await client.end()
    }
  })

  it.skipIf(why !== null)(
    `tells nobody who reads changes of rows that are put aside${skipped(why)}`,
    async () => {
      const client = await server.connect()
      try {
        await client.query(
          `${SEARCH_NOTHING}; CREATE SCHEMA read; CREATE TABLE read.notes (id int PRIMARY KEY, body text); ALTER TABLE read.notes ALTER body SET STORAGE EXTERNAL;
         INSERT INTO read.notes SELECT g, repeat('x', 9000) FROM generate_series(1, 3) g`,
        )
        await client.query('CREATE PUBLICATION everything FOR ALL TABLES')
        await client.query(`SELECT pg_create_logical_replication_slot('reader', 'pgoutput')`)
        await makeSchema(client, 'staged', 'ours')
        await client.query(`CREATE UNLOGGED TABLE staged.notes AS SELECT * FROM read.notes WHERE id < 3`)
        const forward = { from: 'staged', to: { schema: 'kept', marker: 'ours' }, expected: null }
        await exchangeRows(client, { ...forward, tables: [{ schema: 'read', name: 'notes' }] }, terms)
        // Relation, delete, insert: the first byte of each.
        const { rows } = await client.query(
          `SELECT chr(get_byte(data, 0)) AS kind, count(*)::int AS count, count(*) FILTER (WHERE position('kept' in encode(data, 'escape')) > 0)::int AS kept
           FROM pg_logical_slot_get_binary_changes('reader', NULL, NULL, 'proto_version', '1', 'publication_names', 'everything') WHERE get_byte(data, 0) IN (68, 73, 82) GROUP BY 1 ORDER BY 1`,
        )
        expect(rows).toEqual([
          { kind: 'D', count: 3, kept: 0 },
          { kind: 'I', count: 2, kept: 0 },
          { kind: 'R', count: 1, kept: 0 },
        ])
        const there = `SELECT (SELECT count(*)::int FROM kept.notes) AS count, relpersistence AS is FROM pg_class WHERE oid = 'kept.notes'::regclass`
        expect(await server.query(there)).toEqual([{ count: 3, is: 'p' }])
      } finally {
        await client.end()
        await server.query(`SELECT pg_drop_replication_slot('reader')`)
        await server.query('DROP PUBLICATION everything; DROP SCHEMA read, kept CASCADE')
      }
    },
  )

  it.skipIf(why !== null)(`has what it writes itself counted by its end${skipped(why)}`, async () => {
    const chosen = [{ schema: 'counted', name: 'notes' }]
    const count = async () => {
      const client = await server.connect()
      try {
        await client.query('BEGIN')
        return await countWrittenWithin(client, chosen)
      } finally {
        await client.end()
      }
    }
    const counts = (inserted: number, deleted: number) =>
      until(
        async () => {
          const now = await count()
          return now?.inserted === inserted && now.deleted === deleted
        },
        { what: `that ${inserted} rows are counted as inserted, and ${deleted} as deleted` },
      )
    await server.query(
      `CREATE SCHEMA counted; CREATE TABLE counted.notes AS SELECT generate_series(1, 3) AS id`,
    )
    await counts(3, 0)
    const client = await server.connect()
    try {
      await client.query(SEARCH_NOTHING)
      await makeSchema(client, 'staged', 'ours')
      await client.query('CREATE UNLOGGED TABLE staged.notes AS SELECT generate_series(1, 2) AS id')
      const seen: unknown[] = []
      const done = async (within: Querying) => void seen.push(await countWrittenWithin(within, chosen))
      const forward = { from: 'staged', to: { schema: 'kept', marker: 'ours' }, expected: null }
      await exchangeRows(client, { ...forward, tables: chosen, done }, terms)
      expect(seen).toMatchObject([{ inserted: 5, updated: 0, deleted: 3 }])
    } finally {
      await client.end()
    }
    await counts(5, 3)
    await server.query('DROP SCHEMA counted, kept CASCADE')
  })

  it.skipIf(why !== null)(`gives a partitioned table its rows as a whole${skipped(why)}`, async () => {
    await server.query(
      `CREATE SCHEMA whole; CREATE TABLE whole.told (what text); CREATE TABLE whole.days (at date, id int, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
       CREATE TABLE whole.days_2026 PARTITION OF whole.days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (id); CREATE TABLE whole.days_2026_rest PARTITION OF whole.days_2026 DEFAULT;
       CREATE TABLE whole.notes (at date, id int, CONSTRAINT about FOREIGN KEY (at, id) REFERENCES whole.days ON DELETE CASCADE); INSERT INTO whole.days VALUES ('2026-05-01', 1); INSERT INTO whole.notes TABLE whole.days;
       CREATE FUNCTION whole.tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO whole.told VALUES (TG_OP); RETURN NULL; END $$;
       CREATE TRIGGER told AFTER INSERT OR DELETE ON whole.days FOR EACH ROW EXECUTE FUNCTION whole.tell()`,
    )
    const state = () =>
      server.query(
        `SELECT (SELECT json_agg(d ORDER BY d.id) FROM whole.days d)::text AS days, (SELECT count(*)::int FROM whole.notes) AS notes, (SELECT count(*)::int FROM whole.told) AS told,
                (SELECT json_agg(json_build_array(conrelid::regclass, confrelid::regclass, pg_get_constraintdef(oid), convalidated) ORDER BY confrelid::regclass::text) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'whole.notes'::regclass)::text AS keys,
                (SELECT string_agg(tgrelid::regclass || ' ' || tgenabled::text, ',' ORDER BY tgrelid) FROM pg_trigger WHERE tgname = 'told') AS triggers`,
      )
    const [before] = await state()
    const client = await server.connect()
    try {
      await client.query(SEARCH_NOTHING)
      await makeSchema(client, 'staged', 'ours')
      await client.query(
        `CREATE TABLE staged.days_2026_rest AS SELECT date '2026-05-01' AS at, 1 AS id UNION ALL SELECT '2026-06-01', 2`,
      )
      const chosen = ['days', 'days_2026', 'days_2026_rest'].map((name) => ({ schema: 'whole', name }))
      const forward = {
        tables: chosen,
        from: 'staged',
        to: { schema: 'kept', marker: 'ours' },
        expected: null,
      }
      expect(await exchangeRows(client, forward, terms)).toEqual([{ ...chosen[2], rows: 2 }])
      const days = '[{"at":"2026-05-01","id":1},{"at":"2026-06-01","id":2}]'
      const [after] = await state()
      expect({ ...after, days: JSON.stringify(JSON.parse(String(after?.days))) }).toEqual({ ...before, days })
      await exchangeRows(client, { tables: chosen, from: 'kept', to: null, expected: null }, terms)
      expect(await state()).toEqual([before])
    } finally {
      await client.end()
      await server.query('DROP SCHEMA whole CASCADE')
    }
  })

  it.skipIf(why !== null)(`puts rows in as the owner, who becomes nobody else${skipped(why)}`, async () => {
    await server.query(
      `CREATE ROLE weak; CREATE SCHEMA app AUTHORIZATION weak; CREATE TABLE tried (what text, who text); GRANT INSERT ON tried TO PUBLIC; SET ROLE weak;
       CREATE TABLE app.later (x int); CREATE FUNCTION app.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.tried VALUES ('later', current_user); RETURN NULL; END $$;
       CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.later DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.later();
       CREATE FUNCTION app.tries() RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE attempt text; BEGIN
         SET CONSTRAINTS ALL DEFERRED;
         FOREACH attempt IN ARRAY ARRAY['RESET ROLE', 'RESET SESSION AUTHORIZATION', 'SET ROLE postgres', 'ALTER ROLE weak SUPERUSER', 'CREATE TEMP TABLE pg_class (x int)',
           'DECLARE left_open CURSOR WITH HOLD FOR SELECT app.tries()', 'INSERT INTO app.later VALUES (1)', 'PREPARE it AS SELECT 1'] LOOP
           BEGIN EXECUTE attempt; INSERT INTO public.tried VALUES (attempt, current_user); EXCEPTION WHEN OTHERS THEN NULL; END;
         END LOOP;
         PERFORM pg_catalog.set_config('search_path', 'app', false); INSERT INTO public.tried VALUES ('ran', current_user); RETURN true; END $$;
       CREATE TABLE app.items (id int CHECK (app.tries()), next int UNIQUE DEFERRABLE INITIALLY DEFERRED); RESET ROLE`,
    )
    const client = await server.connect()
    try {
      await client.query(SEARCH_NOTHING)
      await makeSchema(client, 'staged', 'ours')
      await client.query(`CREATE TABLE staged.items AS SELECT 1 AS id, 2 AS next`)
      const exchange = { from: 'staged', to: { schema: 'kept', marker: 'ours' }, expected: null }
      const chosen = [{ schema: 'app', name: 'items' }]
      expect(await exchangeRows(client, { ...exchange, tables: chosen }, terms)).toEqual([
        { ...chosen[0], rows: 1 },
      ])
      expect((await client.query('SHOW search_path')).rows).toEqual([{ search_path: 'pg_catalog, pg_temp' }])
      expect(await server.query('SELECT * FROM tried')).toEqual([{ what: 'ran', who: 'weak' }])
      expect(
        await server.query(
          `SELECT rolsuper, (SELECT json_agg(items) FROM app.items)::text AS rows FROM pg_roles WHERE rolname = 'weak'`,
        ),
      ).toEqual([{ rolsuper: false, rows: '[{"id":1,"next":2}]' }])
    } finally {
      await client.end()
      await server.query('DROP SCHEMA app, kept CASCADE; DROP TABLE tried; DROP ROLE weak')
    }
  })

  it.skipIf(why !== null)(`says what reads values of somebody as the owner${skipped(why)}`, async () => {
    await server.query(
      `CREATE ROLE weak; CREATE SCHEMA app AUTHORIZATION weak; CREATE TABLE tried (what text, who text); GRANT INSERT ON tried TO PUBLIC; SET ROLE weak;
       CREATE FUNCTION app.tries(what text) RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE attempt text; BEGIN
         FOREACH attempt IN ARRAY ARRAY['RESET ROLE', 'SET ROLE postgres', 'ALTER ROLE weak SUPERUSER'] LOOP
           BEGIN EXECUTE attempt; INSERT INTO public.tried VALUES (attempt, current_user); EXCEPTION WHEN OTHERS THEN NULL; END;
         END LOOP;
         INSERT INTO public.tried VALUES (what, current_user); RETURN true; END $$;
       CREATE FUNCTION app.fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
       CREATE DOMAIN app.tag AS text CHECK (app.tries(VALUE)); CREATE TABLE app.items (id int, tags app.tag[]); RESET ROLE`,
    )
    const client = await server.connect()
    try {
      await client.query(SEARCH_NOTHING)
      await makeSchema(client, 'staged', 'ours')
      const others = [{ schema: 'app', name: 'items' }]
      const statements = [
        `ALTER TABLE ONLY app.items ALTER COLUMN tags SET DEFAULT '{default}'::app.tag[]`,
        `CREATE POLICY p ON app.items USING ((tags <> '{policy}'::app.tag[]))`,
        `CREATE TRIGGER t AFTER UPDATE ON app.items FOR EACH ROW WHEN ((new.tags <> '{trigger}'::app.tag[])) EXECUTE FUNCTION app.fires()`,
        ...(major < 14
          ? []
          : [`CREATE STATISTICS app.s ON ((tags <> '{statistics}'::app.tag[])), id FROM app.items`]),
      ]
      for (const statement of statements) {
        const [table] = (await lookAtTables(client, others)).tables
        if (table === undefined) throw new Error('it is there')
        await sayAsOwner(client, table, statement, { schema: 'staged', way: 'vakhta_say', others })
      }
      const whats = ['default', 'policy', ...(major < 14 ? [] : ['statistics']), 'trigger']
      expect(await server.query('SELECT DISTINCT what, who FROM tried ORDER BY 1')).toEqual(
        whats.map((what) => ({ what, who: 'weak' })),
      )
      expect(
        await server.query(
          `SELECT (SELECT count(*)::int FROM pg_policy) AS policies, (SELECT count(*)::int FROM pg_trigger WHERE tgname = 't') AS triggers, (SELECT count(*)::int FROM pg_proc WHERE pronamespace = 'staged'::regnamespace) AS left`,
        ),
      ).toEqual([{ policies: 1, triggers: 1, left: 0 }])
    } finally {
      await client.end()
      await server.query('DROP SCHEMA app, staged CASCADE; DROP TABLE tried; DROP ROLE weak')
    }
  })

  it.skipIf(why !== null)(`makes a table that is not there, and drops it again${skipped(why)}`, async () => {
    const client = await server.connect()
    const chosen = [{ schema: 'public', name: 'notes' }]
    const names = tableNamesOf('postgres', `major${major}`)
    try {
      await client.query(
        `${SEARCH_NOTHING}; CREATE TABLE public.marks (note int); INSERT INTO public.marks VALUES (1)`,
      )
      const found = await lookForMissing(client, { tables: [NOTES], inbound: [MARKED] })
      expect(judgeMissing(found, NOTES, { user: 'postgres', chosen })).toEqual([])
      await client.query('BEGIN')
      await makeSchema(client, names.staged, names.marker)
      await makeBuilder(client, names, chosen, NOTES.needs)
      await client.query('COMMIT')
      const into = builtSchemas(names, chosen).get('public') ?? ''
      await client.query(`SET ROLE ${roleOf(names)}`)
      await client.query(
        `CREATE TABLE ${into}.notes (id int NOT NULL, item int); INSERT INTO ${into}.notes VALUES (1, 1), (5, 2); ALTER TABLE ${into}.notes ADD PRIMARY KEY (id)`,
      )
      await client.query('RESET ROLE')
      const { rows } = await client.query(`SELECT '${into}.notes'::regclass::oid::int8 AS oid`)
      const built = {
        tables: chosen.map((one) => ({ ...one, rows: 2, oid: Number(rows[0].oid) })),
        sequences: [],
      }
      await exchangeRows(
        client,
        {
          ...{ tables: [], from: names.staged, to: { schema: names.before, marker: names.marker } },
          expected: null,
          besides: {
            locks: { tables: besidesMissing(found), mode: 'SHARE ROW EXCLUSIVE' },
            async last(inTransaction) {
              const where = { schemaOf: () => into, staged: names.staged, filled: [] }
              await attachTables(inTransaction, { found, built, role: roleOf(names), ...where })
              await dropBuilder(inTransaction, names)
            },
          },
        },
        terms,
      )
      expect(await server.query('INSERT INTO notes (item) VALUES (1) RETURNING id')).toEqual([{ id: 6 }])
      expect(
        await server.query(
          `SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' AND 'notes'::regclass IN (conrelid, confrelid) ORDER BY 1`,
        ),
      ).toEqual([
        { conname: 'marked', convalidated: true },
        { conname: 'notes_item', convalidated: true },
      ])
      const keys = [{ schema: 'public', name: 'marks', constraint: 'marked' }]
      await exchangeRows(
        client,
        {
          ...{ tables: [], from: names.before, to: null, expected: null },
          besides: await dropping(client, built.tables, keys),
        },
        terms,
      )
      expect(
        await server.query(
          `SELECT to_regclass('notes') AS there, ARRAY(SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'vakhta%' UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'vakhta%') AS left`,
        ),
      ).toEqual([{ there: null, left: [] }])
    } finally {
      await client.end()
    }
  })
})
