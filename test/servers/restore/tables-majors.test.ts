/** What a restore of tables does to tables, on each version of PostgreSQL: other rows there and back, and everything else as it was. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { exchangeRows, makeSchema } from '../../../src/main/engine/backups/restore/tables/exchange.ts'
import { lookAtTables, SEARCH_NOTHING } from '../../../src/main/engine/backups/restore/tables/live.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { type Copy, majors, missing, readable, skipped } from '../../support/postgres-majors.ts'

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

describe.each(majors)('PostgreSQL %i', (major) => {
  const why = missing(major)
  let server: PostgresServer
  let copy: Copy | null = null
  beforeAll(async () => {
    if (why !== null) return
    copy = readable(major)
    server = await startPostgres({ version: major, settings: { max_connections: 20 } })
    await server.query(SHOP)
  }, 60_000)
  afterAll(async () => {
    await server?.stop()
    await copy?.remove()
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
})
