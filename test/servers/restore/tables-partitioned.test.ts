/** A partitioned table of a backup is restored as a whole, on a real PostgreSQL: its partitions get their rows, or are made with it, and go back. */
import { expect, it, vi } from 'vitest'
import { until } from '../../support/until.ts'
import { definedIn, shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const shop = shopWith(`
  CREATE ROLE app; CREATE SCHEMA parts; CREATE SEQUENCE powerful; GRANT CREATE, USAGE ON SCHEMA parts, public TO app;
  CREATE FUNCTION short(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN left($1, 1); END $$;
  CREATE TABLE journal (what text);
  CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.journal VALUES (TG_OP); RETURN NULL; END $$;
  CREATE TABLE customers (id int PRIMARY KEY); INSERT INTO customers VALUES (1), (2);
  CREATE TABLE events (id serial, at date NOT NULL, kind text NOT NULL, what text DEFAULT 'x' CHECK (what <> ''), customer int REFERENCES customers, PRIMARY KEY (id, at, kind)) PARTITION BY RANGE (at);
  CREATE INDEX events_what ON events (what);
  CREATE TABLE parts."events ""2025""" PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') WITH (fillfactor = 70);
  CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (kind);
  CREATE TABLE events_2026_a PARTITION OF events_2026 FOR VALUES IN ('a', 'o''k');
  CREATE TABLE events_2026_rest PARTITION OF events_2026 DEFAULT;
  CREATE INDEX own ON parts."events ""2025""" (kind);
  CREATE TRIGGER stamped AFTER INSERT OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION stamp();
  ALTER TABLE events_2026_a DISABLE TRIGGER stamped;
  COMMENT ON TABLE events IS 'все'; COMMENT ON TABLE events_2026_a IS 'a'; ALTER TABLE events OWNER TO app; ALTER TABLE events_2026_a OWNER TO app; GRANT SELECT ON events TO app;
  CREATE TABLE notes (event int, at date, kind text, CONSTRAINT about FOREIGN KEY (event, at, kind) REFERENCES events ON DELETE CASCADE);
  CREATE TABLE words (word text) PARTITION BY LIST (short(word)); CREATE TABLE words_a PARTITION OF words FOR VALUES IN ('a'); CREATE TABLE words_rest PARTITION OF words DEFAULT;
  INSERT INTO words VALUES ('apple'), ('pear');
  INSERT INTO events (at, kind, what, customer) SELECT date '2025-01-01' + g * 7, CASE g % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'o''k' ELSE 'c' END, 'w' || g, 1 + g % 2 FROM generate_series(0, 99) g;
  INSERT INTO notes SELECT id, at, kind FROM events WHERE id % 10 = 0; TRUNCATE journal`)
const { query, options } = shop

const contents = async () => ({
  events: await query('SELECT tableoid::regclass::text AS part, e.* FROM events e ORDER BY id'),
  notes: await query('SELECT * FROM notes ORDER BY 1'),
  words: await query('SELECT tableoid::regclass::text AS part, w.* FROM words w ORDER BY 2'),
  journal: await query('SELECT * FROM journal'),
})
const defined = async () =>
  (await definedIn(shop, ['public', 'parts'])).filter((one) => !one.startsWith('sequence'))
const codes = (reasons: readonly { readonly code: string }[]) => reasons.map(({ code }) => code)

it('stands in what the backup says of itself with the partitions that it has, nested ones by what they are of', () => {
  const [part] = shop.manifest.parts
  expect(part?.partitioned).toEqual([
    { ...table('events'), partitions: [table('events "2025"', 'parts'), table('events_2026')] },
    { ...table('events_2026'), partitions: [table('events_2026_a'), table('events_2026_rest')] },
    { ...table('words'), partitions: [table('words_a'), table('words_rest')] },
  ])
})

it('gives all of its partitions their rows, and those from before back', async () => {
  const [then, made] = [await contents(), await defined()]
  await query(
    `DELETE FROM notes; DELETE FROM events WHERE id > 60; UPDATE events SET what = 'gone', at = at + 366 WHERE id < 20;
     INSERT INTO events (at, kind, customer) VALUES ('2026-12-31', 'zz', 1); CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01'); INSERT INTO events (id, at, kind) VALUES (1000, '2027-02-02', 'a');
     INSERT INTO notes SELECT id, at, kind FROM events WHERE id IN (30, 40); TRUNCATE journal`,
  )
  const [now, madeNow] = [await contents(), await defined()]
  const { preview } = await shop.console.preview(options(table('events')))
  expect(preview.refusals).toEqual([])
  expect(codes(preview.changes)).toContain('restore-tables-whole')
  expect(preview.warnings).toContainEqual({
    code: 'restore-tables-partitions-new',
    params: { tables: 'public.events_2027' },
  })
  const done = await shop.console.run(options(table('events')))
  expect(done).toMatchObject({ state: 'succeeded', error: null, result: { tables: 3, rows: 100 } })
  const restored = await contents()
  expect(restored.events.filter(({ part }) => part !== 'events_2027')).toEqual(then.events)
  expect(restored.events).toHaveLength(101)
  expect(restored.journal).toEqual([])
  expect((await defined()).filter((one) => !/events_2027|vakhta_before/.test(one))).toEqual(made)
  // What refers to the whole does again.
  await expect(query(`INSERT INTO notes VALUES (5000, '2026-01-01', 'a')`)).rejects.toThrow('about')

  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect([await contents(), await defined()]).toEqual([now, madeNow])
})

it('says what taking it back loses that was written to its partitions since', async () => {
  await query('DELETE FROM notes; DELETE FROM events WHERE id > 60')
  const done = await shop.console.run(options(table('events')))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await shop.console.previewUndo(done.id)).toMatchObject({
    irreversible: [{ code: 'undo-loses-nothing' }],
  })
  await query(`INSERT INTO events (at, kind) SELECT date '2026-02-01', 'a' FROM generate_series(1, 7)`)
  const back = await until(
    async () => {
      const seen = await shop.console.previewUndo(done.id)
      return seen.irreversible[0]?.code !== 'undo-loses-nothing' && seen
    },
    { what: 'that the statistics know of it', timeoutMs: 60_000, everyMs: 250 },
  )
  expect(back).toMatchObject({
    irreversible: [{ code: 'undo-loses-counted', params: { inserted: 7, updated: 0, deleted: 0 } }],
  })
})

it('is made as it was with all of its partitions, as who may nothing, and dropped again', async () => {
  const [then, made] = [await contents(), await defined()]
  await query(
    `DROP TABLE events, words CASCADE;
     CREATE OR REPLACE FUNCTION short(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
       IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) THEN PERFORM pg_catalog.nextval('public.powerful'); END IF; RETURN left($1, 1); END $$`,
  )
  const madeNow = await defined()
  const asked = options(table('words'), table('events'))
  const { preview } = await shop.console.preview(asked)
  expect(preview.refusals).toEqual([])
  expect(codes(preview.changes).filter((code) => code === 'restore-tables-makes-whole')).toHaveLength(3)
  const done = await shop.console.run(asked)
  expect(done).toMatchObject({ state: 'succeeded', error: null, result: { tables: 5, rows: 102 } })
  expect(await query('SELECT is_called FROM powerful')).toEqual([{ is_called: false }])
  expect(await contents()).toEqual(then)
  expect((await defined()).filter((one) => !one.includes('vakhta_before'))).toEqual(made)
  await query(`INSERT INTO events (at, kind) VALUES ('2026-03-03', 'new')`)
  expect(await query('SELECT max(id) AS id FROM events')).toEqual([{ id: 101 }])

  // What joined it since would go along.
  await query(`CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')`)
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({
    error: { code: 'restore-tables-built-upon' },
  })
  await query('ALTER TABLE events DETACH PARTITION events_2027; DROP TABLE events_2027')
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect(await defined()).toEqual(madeNow)
})

it('has partitions made that are gone, beside those that get rows', async () => {
  const [then, made] = [await contents(), await defined()]
  await query(
    `DELETE FROM notes; ALTER TABLE events DETACH PARTITION events_2026; DROP TABLE events_2026; DELETE FROM events WHERE id < 30; TRUNCATE journal`,
  )
  const [now, madeNow] = [await contents(), await defined()]
  const done = await shop.console.run(options(table('events'), table('notes')))
  expect(done).toMatchObject({ state: 'succeeded', error: null, result: { tables: 4, rows: 110 } })
  expect(await contents()).toEqual(then)
  expect((await defined()).filter((one) => !one.includes('vakhta_before'))).toEqual(made)
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect([await contents(), await defined()]).toEqual([now, madeNow])
})

it('has a partition made that is gone by itself, with how its triggers fire', async () => {
  const [then, made] = [await contents(), await defined()]
  await query(
    // PostgreSQL numbers the keys to partitions: here as it will when this one is taken back.
    `DELETE FROM notes; ALTER TABLE notes DROP CONSTRAINT about; ALTER TABLE events_2026 DETACH PARTITION events_2026_a; DROP TABLE events_2026_a;
     ALTER TABLE notes ADD CONSTRAINT about FOREIGN KEY (event, at, kind) REFERENCES events ON DELETE CASCADE; TRUNCATE journal`,
  )
  const [now, madeNow] = [await contents(), await defined()]
  const done = await shop.console.run(options(table('events'), table('notes')))
  expect(done).toMatchObject({ state: 'succeeded', error: null, result: { tables: 4, rows: 110 } })
  expect(await contents()).toEqual(then)
  expect((await defined()).filter((one) => !one.includes('vakhta_before'))).toEqual(made)
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect([await contents(), await defined()]).toEqual([now, madeNow])
})

it('is refused where what was partitioned is not so any more, or a partition is none', async () => {
  const refused = async () => (await shop.console.preview(options(table('events')))).preview.refusals
  await query('DELETE FROM notes; ALTER TABLE events DETACH PARTITION parts."events ""2025"""')
  expect(await refused()).toMatchObject([
    { code: 'restore-tables-partition-elsewhere', params: { parent: 'public.events' } },
  ])
  await query('DROP TABLE events CASCADE; DROP TABLE parts."events ""2025"""; CREATE TABLE events (id int)')
  expect(codes(await refused())).toContain('restore-tables-whole-no-more')
})
