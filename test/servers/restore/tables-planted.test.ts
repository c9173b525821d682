/** What is planted where a table that is gone gets its place again: values are read as a statement is, so a domain within one of them runs its check as whoever says it. */
import { afterEach, expect, it, vi } from 'vitest'
import { ANNA, NEVER } from './restore-kit.ts'
import { definedIn, shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** A sequence counts whatever is rolled back: it moves where something ran with power. */
const shop = shopWith(`
  CREATE ROLE weak; CREATE ROLE reader; CREATE SEQUENCE powerful; CREATE TABLE ran (what text, who text); GRANT INSERT ON ran TO PUBLIC;
  CREATE SCHEMA audit; CREATE FUNCTION audit.log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
  CREATE SCHEMA app AUTHORIZATION weak; SET ROLE weak;
  CREATE FUNCTION app.tries(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_user AND rolsuper) THEN PERFORM pg_catalog.nextval('public.powerful'); END IF;
    BEGIN EXECUTE 'RESET ROLE'; EXCEPTION WHEN OTHERS THEN NULL; END;
    BEGIN EXECUTE 'ALTER ROLE weak SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
    INSERT INTO public.ran VALUES (what, current_user); RETURN true; END $$;
  CREATE FUNCTION app.fires() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
  CREATE DOMAIN app.tag AS text CHECK (app.tries(VALUE));
  CREATE TYPE app.mood AS ENUM ('so-so', 'good');
  CREATE TABLE app.items (id serial PRIMARY KEY, tags app.tag[], mood app.mood);
  ALTER TABLE app.items ALTER id SET DEFAULT nextval('app.items_id_seq'::regclass) + cardinality('{default}'::app.tag[]);
  CREATE POLICY tagged ON app.items USING (tags <> '{policy}'::app.tag[]);
  CREATE TRIGGER tagged AFTER UPDATE ON app.items FOR EACH ROW WHEN (NEW.tags <> '{trigger}'::app.tag[]) EXECUTE FUNCTION app.fires();
  CREATE STATISTICS app.tagged ON (tags <> '{statistics}'::app.tag[]), id FROM app.items;
  INSERT INTO app.items (mood) SELECT 'good' FROM generate_series(1, 5);
  SET ROLE weak; CREATE TABLE app.honest (id serial PRIMARY KEY, mood app.mood, said text DEFAULT 'a; b');
  CREATE POLICY good ON app.honest USING (mood = 'good'::app.mood AND said <> 'C:\\' AND id::text <> current_setting('app.tenant'::text, true));
  CREATE TRIGGER good AFTER UPDATE ON app.honest FOR EACH ROW WHEN (NEW.mood = 'good'::app.mood) EXECUTE FUNCTION app.fires('a; b', 'c');
  CREATE STATISTICS app.good ON (mood = 'good'::app.mood), said FROM app.honest;
  INSERT INTO app.honest (mood) VALUES ('good'); CREATE TABLE app.vakhta_say (id int); INSERT INTO app.vakhta_say VALUES (1);
  CREATE TABLE app.kinds (kind app.tag) PARTITION BY LIST (kind); CREATE TABLE app.kinds_x PARTITION OF app.kinds FOR VALUES IN ('bounds'); INSERT INTO app.kinds VALUES ('bounds');
  SET ROLE weak; CREATE FUNCTION app.short(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM app.tries('sorted'); RETURN left($1, 1); END $$;
  CREATE TABLE app.words (word text, id int) PARTITION BY LIST (app.short(word)); CREATE TABLE app.words_a PARTITION OF app.words FOR VALUES IN ('a') PARTITION BY RANGE (id);
  CREATE TABLE app.words_a_1 PARTITION OF app.words_a FOR VALUES FROM (0) TO (10); INSERT INTO app.words VALUES ('apple', 1);
  SET ROLE weak; CREATE TABLE app.plain (word text, id int) PARTITION BY LIST (word); CREATE TABLE app.plain_1 PARTITION OF app.plain FOR VALUES IN ('a'); INSERT INTO app.plain VALUES ('a', 1);
  RESET ROLE;
  CREATE TRIGGER logged AFTER INSERT ON app.honest FOR EACH ROW WHEN (NEW.said = 'x'::text) EXECUTE FUNCTION audit.log('all');
  TRUNCATE ran; SELECT setval('powerful', 1, false); ALTER ROLE weak NOSUPERUSER`)
const { query } = shop
afterEach(() => shop.server.query('ALTER ROLE weak NOSUPERUSER'))

const options = (...names: string[]) => shop.options(...names.map((name) => table(name, 'app')))

async function expectNoPower() {
  expect(await query('SELECT is_called FROM powerful')).toEqual([{ is_called: false }])
  expect(await query(`SELECT rolsuper FROM pg_roles WHERE rolname = 'weak'`)).toEqual([{ rolsuper: false }])
}

const ranAs = async () =>
  (await query('SELECT DISTINCT what, who FROM ran ORDER BY 1, 2')).map(({ what, who }) => `${what} ${who}`)

it('reads what its default, policies, triggers and statistics compare with as its owner', async () => {
  const then = await definedIn(shop, ['app'])
  await query('DROP TABLE app.items; TRUNCATE ran')
  const { preview } = await shop.console.preview(options('items'))
  expect(preview.refusals).toEqual([])
  const done = await shop.console.run(options('items'))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await ranAs()).toEqual(['default weak', 'policy weak', 'statistics weak', 'trigger weak'])
  await expectNoPower()
  const is = (one: string) => !/^schema|^sequence app items_id_seq/.test(one)
  expect((await definedIn(shop, ['app'])).filter(is)).toEqual(then.filter(is))
})

it('reads these as its owner also beside rows of a table that is called like what that takes', async () => {
  await query('DROP TABLE app.items; DELETE FROM app.vakhta_say; TRUNCATE ran')
  const done = await shop.console.run(options('items', 'vakhta_say'))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await query('SELECT id FROM app.vakhta_say')).toEqual([{ id: 1 }])
  expect(await ranAs()).toEqual(['default weak', 'policy weak', 'statistics weak', 'trigger weak'])
})

it('makes what is honest as it was, also where its owner may not look into a schema', async () => {
  const then = await definedIn(shop, ['app'])
  await query('DROP TABLE app.honest')
  const done = await shop.console.run(options('honest'))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect((await definedIn(shop, ['app'])).filter((one) => !one.startsWith('schema'))).toEqual(then)
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
})

it('says what the owner lacks to have it read', async () => {
  // As it is where a superuser made everything for the owner.
  await query(
    'ALTER SCHEMA app OWNER TO postgres; REVOKE ALL ON SCHEMA app FROM weak; ALTER FUNCTION app.fires() OWNER TO postgres; REVOKE EXECUTE ON FUNCTION app.fires() FROM PUBLIC, weak; DROP TABLE app.honest',
  )
  const { preview } = await shop.console.preview(options('honest'))
  expect(preview.refusals).toMatchObject([
    {
      code: 'restore-tables-owner-cannot-say',
      params: {
        ...{ table: 'app.honest', owner: 'weak' },
        grants:
          'GRANT CREATE ON SCHEMA app TO "weak"; GRANT EXECUTE ON FUNCTION app.fires() TO "weak"; GRANT USAGE ON SCHEMA app TO "weak";',
      },
    },
  ])
  await query('GRANT CREATE, USAGE ON SCHEMA app TO weak; GRANT EXECUTE ON FUNCTION app.fires() TO weak')
  expect(await shop.console.run(options('honest'))).toMatchObject({ state: 'succeeded', error: null })
})

it('changes nothing where the owner puts something in its place meanwhile', async () => {
  await query(
    `DROP TABLE app.items; SET ROLE weak; CREATE OR REPLACE FUNCTION app.tries(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       IF pg_catalog.to_regclass('app.items') IS NOT NULL AND pg_catalog.to_regclass('app.taken') IS NULL THEN
         ALTER TABLE app.items RENAME TO taken; CREATE VIEW app.items AS SELECT 1 AS id; END IF; RETURN true; END $$; RESET ROLE`,
  )
  expect(await shop.console.run(options('items'))).toMatchObject({
    ...{ state: 'failed', target: 'unchanged' },
    error: { code: 'restore-tables-changed', params: { table: 'app.items' } },
  })
  expect(await query(`SELECT to_regclass('app.items') AS items, to_regclass('app.taken') AS taken`)).toEqual([
    { items: null, taken: null },
  ])
})

it.each([
  ['its key', 'kinds_x', 'app.kinds'],
  ['what the whole of its whole is divided by', 'words_a_1', 'app.words_a'],
])('makes no partition by itself where sorting its rows calls something: %s', async (_, name, parent) => {
  await query(`DROP TABLE app.${name}; TRUNCATE ran`)
  const { preview } = await shop.console.preview(options(name))
  expect(preview.refusals).toMatchObject([
    { code: 'restore-tables-no-parent', params: { table: `app.${name}`, parent } },
  ])
  await expect(shop.console.run(options(name))).rejects.toThrow('refused')
  expect(await ranAs()).toEqual([])
})

it('attaches a partition to nothing that its owner puts there meanwhile', async () => {
  await query('DROP TABLE app.plain_1; TRUNCATE ran')
  const { id } = await shop.console.operations.start(
    { kind: 'restore', deployment: 'shop', options: options('plain_1'), silence: false, confirm: 'shop' },
    ANNA,
    null,
    NEVER,
  )
  let isChanged = false
  // As soon as there is where its rows are to wait.
  while (!isChanged && (await shop.console.operations.get(id)).state === 'running') {
    const [row] = await query(
      `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname LIKE 'vakhta_restore%') AS there`,
    )
    if (row?.there !== true) continue
    await query(
      'SET ROLE weak; DROP TABLE app.plain; CREATE TABLE app.plain (word text, id int) PARTITION BY LIST (app.short(word)); RESET ROLE',
    )
    isChanged = true
  }
  await shop.console.operations.settled(id)
  expect(isChanged).toBe(true)
  expect(await shop.console.operations.get(id)).toMatchObject({
    ...{ state: 'failed', target: 'unchanged' },
    error: { code: 'restore-tables-changed', params: { table: 'app.plain' } },
  })
  expect(await ranAs()).toEqual([])
  await expectNoPower()
})
