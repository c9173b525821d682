/** What restores are compared by sees whatever could be lost: each change is found where it is one, and nowhere else. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { contentsOf } from './contents.ts'
import { everything, privileged } from './everything.ts'

let server: PostgresServer
let before: Record<string, string[]>
beforeAll(async () => {
  server = await startPostgres()
  await server.query('CREATE ROLE "Кладовщик"')
  await server.query('CREATE DATABASE shop')
  await server.query(everything() + privileged(), { database: 'shop' })
  before = await contentsOf(server, 'shop')
})
afterAll(() => server.stop())

it('every kind of what there can be is in the database with everything', () => {
  const none = Object.entries(before).flatMap(([kind, lines]) => (lines.length === 0 ? [kind] : []))
  // A subscription would follow another server; it is tried where such are.
  expect(none).toEqual(['subscriptions', '"public"."empty"'])
})

it.each([
  ['a row', `UPDATE orders SET note = 'x' WHERE id = 7`, ['"public"."orders"']],
  [
    'a row of a partition',
    `DELETE FROM listed WHERE n = 3`,
    ['"public"."listed_a_old"', '"public"."refers"'],
  ],
  ['a value of a sequence', `SELECT nextval('tiny')`, ['"public"."tiny"']],
  ['a step of a sequence', 'ALTER SEQUENCE tiny INCREMENT -3', ['sequences']],
  ['whose a sequence is', 'ALTER SEQUENCE tiny OWNED BY NONE', ['sequences']],
  ['a default', `ALTER TABLE listed ALTER n SET DEFAULT 9`, ['relations']],
  ['a storage', 'ALTER TABLE made ALTER texts SET STORAGE MAIN', ['relations']],
  ['a setting of a table', 'ALTER TABLE stays SET (fillfactor = 80)', ['relations']],
  ['a bound', `ALTER TABLE hashed DETACH PARTITION hashed_0`, ['relations']],
  ['a parent', 'ALTER TABLE descendants NO INHERIT ancestors', ['constraints', 'relations']],
  ['a view', 'CREATE OR REPLACE VIEW kept AS SELECT * FROM customers WHERE id < 11', ['relations']],
  ['a view that holds rows', 'REFRESH MATERIALIZED VIEW unfilled', ['"public"."unfilled"', 'relations']],
  ['what security a table has', 'ALTER TABLE stays NO FORCE ROW LEVEL SECURITY', ['relations']],
  ['a constraint', 'ALTER TABLE stays DROP CONSTRAINT later', ['comments', 'constraints']],
  ['a check of a domain', 'ALTER DOMAIN short DROP CONSTRAINT short_check', ['constraints']],
  ['a default of a domain', `ALTER DOMAIN short SET DEFAULT 'y'`, ['types']],
  ['a label', `ALTER TYPE mood RENAME VALUE 'so-so' TO 'meh'`, ['types']],
  ['an index', 'DROP INDEX stays_brin', ['indexes']],
  ['by what a table is in order', 'ALTER TABLE stays SET WITHOUT CLUSTER', ['indexes']],
  [
    'a body',
    'CREATE OR REPLACE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS $$ SELECT i * 3 $$',
    ['functions'],
  ],
  ['what a function costs', 'ALTER FUNCTION twice(int) COST 8', ['functions']],
  ['a trigger', 'ALTER TABLE customers ENABLE TRIGGER asleep', ['triggers']],
  ['an event trigger', 'ALTER EVENT TRIGGER notices DISABLE', ['eventTriggers']],
  ['a rule', 'ALTER TABLE empty DISABLE RULE followed', ['rules']],
  ['a policy', 'ALTER POLICY few ON customers USING (id > 1)', ['policies']],
  ['statistics', 'ALTER STATISTICS of_orders SET STATISTICS 43', ['statistics']],
  ['an operator', 'ALTER OPERATOR === (pair, pair) SET (RESTRICT = NONE)', ['operators']],
  ['text search', 'ALTER TEXT SEARCH CONFIGURATION shopping DROP MAPPING FOR email', ['textSearch']],
  ['a server afar', `ALTER SERVER far OPTIONS (SET host 'elsewhere.example')`, ['remotes']],
  ['a publication', 'ALTER PUBLICATION changes DROP TABLE made', ['publications']],
  ['an owner', 'ALTER FUNCTION twice(int) OWNER TO "Кладовщик"', ['owners', 'rights']],
  ['an owner of a large object', 'ALTER LARGE OBJECT 70001 OWNER TO "Кладовщик"', ['owners', 'rights']],
  ['a right on a column', 'REVOKE SELECT (name) ON customers FROM PUBLIC', ['rights']],
  ['a right to grant', 'REVOKE GRANT OPTION FOR SELECT ON orders FROM pg_monitor', ['rights']],
  ['a right on a type', 'GRANT USAGE ON TYPE pair TO PUBLIC', ['rights']],
  [
    'a default privilege',
    'ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM "Кладовщик"',
    ['defaultPrivileges'],
  ],
  ['a comment', `COMMENT ON COLUMN orders.note IS NULL`, ['comments']],
  ['a byte of a large object', String.raw`SELECT lo_put(70002, 4096, '\x01')`, ['objects']],
  ['an extension', 'ALTER EXTENSION pg_trgm SET SCHEMA "Склад ""А"""', ['extensions', 'indexes']],
])('%s', async (_, statement, kinds) => {
  await server.query('CREATE DATABASE changed TEMPLATE shop')
  try {
    await server.query(statement, { database: 'changed' })
    const after = await contentsOf(server, 'changed')
    const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (kind) => JSON.stringify(before[kind]) !== JSON.stringify(after[kind]),
    )
    expect(differing.toSorted()).toEqual(kinds.toSorted())
  } finally {
    await server.query('DROP DATABASE changed')
  }
})
