/** Whose rights what stands in a table has while its rows are restored: never those of who operates, whatever its owner planted there. */
import { afterEach, expect, it, vi } from 'vitest'
import { ANNA, NEVER } from './restore-kit.ts'
import { shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** A sequence counts whatever is rolled back: it moves where something ran with power. */
const shop = shopWith(`
  CREATE ROLE weak; CREATE SEQUENCE powerful; CREATE TABLE ran (what text, who text); GRANT INSERT ON ran TO PUBLIC; CREATE TABLE vault (secret text);
  CREATE SCHEMA app AUTHORIZATION weak; SET ROLE weak;
  CREATE FUNCTION app.tries(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN true; END $$;
  CREATE FUNCTION app.quietly(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM app.tries('index'); RETURN $1; END $$;
  CREATE FUNCTION app.doubled(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM app.tries('computed'); RETURN $1 * 2; END $$;
  CREATE FUNCTION app.fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM app.tries('trigger'); RETURN coalesce(NEW, OLD); END $$;
  CREATE DOMAIN app.amount AS numeric(10, 2) CHECK (app.tries('domain'));
  CREATE TYPE app.money AS (amount app.amount, unit text);
  CREATE TYPE app.parts AS RANGE (subtype = app.amount);
  CREATE TABLE app.items (id int PRIMARY KEY CHECK (app.tries('check')), price app.amount, prices app.amount[], paid app.money, span app.parts, twice int GENERATED ALWAYS AS (app.doubled(id)) STORED);
  CREATE INDEX items_quiet ON app.items (app.quietly(id));
  CREATE TRIGGER fires AFTER INSERT OR DELETE ON app.items FOR EACH ROW EXECUTE FUNCTION app.fires();
  CREATE TABLE app.marks (item int REFERENCES app.items);
  CREATE TABLE app.rows (at int, hidden int); ALTER TABLE app.rows ENABLE ROW LEVEL SECURITY; ALTER TABLE app.rows FORCE ROW LEVEL SECURITY; CREATE POLICY none ON app.rows USING (false);
  INSERT INTO app.items (id, price, prices, paid, span) SELECT g, g + 0.5, ARRAY[g, NULL, g + 1]::numeric[], ROW(g, E'a"b,\\\\(')::app.money, app.parts(g, g + 2) FROM generate_series(1, 20) g;
  INSERT INTO app.items (id) VALUES (21); INSERT INTO app.marks VALUES (3);
  RESET ROLE; INSERT INTO app.rows VALUES (1, 2), (3, 4)`)

/** What the owner makes of its function after the backup, and waits: whoever runs it is to make it more than it is. */
const PLANTED = `
  CREATE OR REPLACE FUNCTION app.tries(what text) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE attempt text;
  BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) THEN PERFORM pg_catalog.nextval('public.powerful'); END IF;
    FOREACH attempt IN ARRAY ARRAY['RESET ROLE', 'RESET SESSION AUTHORIZATION', 'SET ROLE postgres', 'ALTER ROLE weak SUPERUSER', 'INSERT INTO public.vault VALUES (''mine'')',
      'CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (app.tries(''temporary''))', 'SET CONSTRAINTS ALL DEFERRED', 'INSERT INTO app.later VALUES (1)',
      'DECLARE left_open CURSOR WITH HOLD FOR SELECT app.tries(''cursor'')', 'SET search_path = app, pg_catalog'] LOOP
      BEGIN EXECUTE attempt; EXCEPTION WHEN OTHERS THEN NULL; END;
      IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) THEN PERFORM pg_catalog.nextval('public.powerful'); END IF;
    END LOOP;
    INSERT INTO public.ran VALUES (what, current_user);
    RETURN true;
  END $$;
  CREATE FUNCTION app.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM app.tries('deferred'); RETURN NULL; END $$;
  CREATE TABLE app.later (x int);
  CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.later DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.later();
  CREATE FUNCTION app.count(numeric) RETURNS bigint LANGUAGE sql AS $$ SELECT app.tries('name')::int::bigint $$`

const { query } = shop
afterEach(() => shop.server.query('ALTER ROLE weak NOSUPERUSER'))

const asWeak = (sql: string) => query(`SET ROLE weak; ${sql}; RESET ROLE`)
const options = (...names: string[]) => shop.options(...names.map((name) => table(name, 'app')))
const contents = () => query('SELECT items::text FROM app.items ORDER BY id')

async function expectNoPower() {
  expect(await query('SELECT is_called FROM powerful')).toEqual([{ is_called: false }])
  expect(await query(`SELECT rolsuper FROM pg_roles WHERE rolname = 'weak'`)).toEqual([{ rolsuper: false }])
  expect(await query('SELECT * FROM vault')).toEqual([])
}

const ranAs = async () =>
  (await query('SELECT DISTINCT what, who FROM ran ORDER BY 1, 2')).map(({ what, who }) => `${what} ${who}`)

it('runs what is planted in a table that is there as its owner, forward and back', async () => {
  const then = await contents()
  await asWeak(
    `DELETE FROM app.items WHERE id > 3; ALTER TABLE app.items ADD fresh boolean DEFAULT app.tries('default'); ALTER TABLE app.items DROP fresh; ${PLANTED};
     ALTER TABLE app.items ADD fresh boolean; ALTER TABLE app.items ALTER fresh SET DEFAULT app.tries('default')`,
  )
  const now = await contents()
  const { preview } = await shop.console.preview(options('items'))
  expect(preview).toMatchObject({ refusals: [] })
  expect(preview.changes).toContainEqual({
    code: 'restore-tables-as-owner',
    params: { owners: 'weak', user: 'postgres' },
  })
  await query('TRUNCATE ran')
  const done = await shop.console.run(options('items'))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const parts = ['check', 'computed', 'default', 'domain', 'index']
  expect(await ranAs()).toEqual(parts.map((part) => `${part} weak`))
  await expectNoPower()
  expect(await query('SELECT count(*)::int AS count FROM app.items WHERE fresh')).toEqual([{ count: 21 }])
  await query('ALTER TABLE app.items DROP fresh')
  // Row by row, whatever its domains are in.
  expect(await contents()).toEqual(then)

  await query('ALTER TABLE app.items ADD fresh boolean; TRUNCATE ran')
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect(await contents()).toEqual(now)
  expect(await ranAs()).toEqual(['check weak', 'computed weak', 'index weak'])
  await expectNoPower()
  expect(
    await query(
      `SELECT ARRAY(SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'fires') AS fires, ARRAY(SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'vakhta%') AS left`,
    ),
  ).toEqual([{ fires: ['O'], left: [] }])
})

it('runs what is planted in a table that is gone as who may nothing', async () => {
  const then = await contents()
  await asWeak(`DROP TABLE app.items CASCADE; ${PLANTED}`)
  await query('TRUNCATE ran')
  const done = await shop.console.run(options('items'))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const ran = await ranAs()
  expect(ran.filter((one) => !one.endsWith(' weak')).map((one) => one.split(' vakhta_restore_')[0])).toEqual([
    // A role of no rights may leave to itself what it likes.
    ...['check', 'computed', 'cursor', 'domain', 'index'],
  ])
  // Looked at by PostgreSQL itself, once it has its place.
  expect(ran.filter((one) => one.endsWith(' weak'))).toEqual(['index weak'])
  await expectNoPower()
  expect(await contents()).toEqual(then)
})

it.each([
  ['the table', 'ALTER TABLE app.items RENAME TO taken; CREATE VIEW app.items AS SELECT * FROM app.seen'],
  [
    'one that refers to it',
    'ALTER TABLE app.marks RENAME TO taken; CREATE VIEW app.marks AS SELECT x AS item FROM app.later',
  ],
])('changes nothing where its owner puts something in the place of %s meanwhile', async (_, change) => {
  await asWeak(
    `DELETE FROM app.items WHERE id > 3; ${PLANTED}; CREATE VIEW app.seen AS SELECT 1 AS id WHERE app.tries('view');
     CREATE OR REPLACE FUNCTION app.tries(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) THEN PERFORM pg_catalog.nextval('public.powerful'); END IF;
       IF pg_catalog.to_regclass('app.taken') IS NULL THEN ${change}; END IF; RETURN true; END $$`,
  )
  const now = await contents()
  expect(await shop.console.run(options('items'))).toMatchObject({
    ...{ state: 'failed', target: 'unchanged' },
    error: { code: 'restore-tables-changed' },
  })
  await expectNoPower()
  expect(await contents()).toEqual(now)
})

it('looks again at what a table is, once nobody can change it any more', async () => {
  await asWeak(PLANTED)
  let isChanged = false
  const { id } = await shop.console.operations.start(
    { kind: 'restore', deployment: 'shop', options: options('items'), silence: false, confirm: 'shop' },
    ANNA,
    null,
    NEVER,
  )
  // As soon as there is where its rows are to wait.
  while (!isChanged && (await shop.console.operations.get(id)).state === 'running') {
    const [row] = await query(
      `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname LIKE 'vakhta_restore%') AS there`,
    )
    if (row?.there !== true) continue
    await asWeak(`CREATE RULE also AS ON DELETE TO app.items DO ALSO SELECT app.tries('rule')`)
    isChanged = true
  }
  await shop.console.operations.settled(id)
  expect(isChanged).toBe(true)
  expect(await shop.console.operations.get(id)).toMatchObject({
    ...{ state: 'failed', target: 'unchanged' },
    error: { code: 'restore-tables-rules' },
  })
  await expectNoPower()
})

it('takes no foreign key off that PostgreSQL would look at with a function of somebody', async () => {
  await asWeak(
    `${PLANTED}; CREATE TYPE app.number AS (id int); CREATE FUNCTION app.from_number(app.number) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM app.tries('cast'); RETURN $1.id; END $$;
     CREATE CAST (app.number AS int) WITH FUNCTION app.from_number(app.number) AS IMPLICIT; CREATE TABLE app.spokes (item app.number REFERENCES app.items)`,
  )
  const { preview } = await shop.console.preview(options('items'))
  expect(preview.refusals).toMatchObject([
    { code: 'restore-tables-key-called', params: { from: 'app.spokes', to: 'app.items' } },
  ])
})

it('fills a table whose policies hold for its owner, too, and they hold afterwards', async () => {
  await query('DELETE FROM app.rows')
  expect(await shop.console.run(options('rows'))).toMatchObject({ state: 'succeeded', error: null })
  expect(await query('SELECT * FROM app.rows ORDER BY 1')).toEqual([
    { at: 1, hidden: 2 },
    { at: 3, hidden: 4 },
  ])
  expect(
    await query(
      `SELECT relrowsecurity AS enabled, relforcerowsecurity AS forced FROM pg_class WHERE oid = 'app.rows'::regclass`,
    ),
  ).toEqual([{ enabled: true, forced: true }])
})

it('is refused where the owner itself may not put rows into it, with what to grant', async () => {
  await query('ALTER SCHEMA app OWNER TO postgres; REVOKE ALL ON app.items FROM weak')
  const { preview } = await shop.console.preview(options('items'))
  expect(preview.refusals).toMatchObject([
    {
      code: 'restore-tables-owner-lacks',
      params: { grants: 'GRANT USAGE ON SCHEMA app TO "weak"; GRANT INSERT ON app.items TO "weak";' },
    },
  ])
})
