/** What a drill compares besides rows: how far sequences are, large objects, and what there is of each kind. */
import { chmodSync } from 'node:fs'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest, Part } from '../../../src/main/engine/backups/manifest.ts'
import { countObjects } from '../../../src/main/engine/backups/postgres/objects.ts'
import {
  glanceAfter,
  glanceBefore,
  MOST_SEQUENCES,
} from '../../../src/main/engine/backups/postgres/sequences.ts'
import { type BackupKit, createBackupKit, untilItEnds } from './backup-kit.ts'
import { HELD, KINDS_SQL } from './kinds.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  process.env.TMPDIR = kit.home
  // As temporary directories are: where we are root, the drill's server is somebody else's.
  chmodSync(kit.home, 0o1777)
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})

const drill = async (of: Manifest) =>
  kit.runJob(
    {
      ...{ kind: 'drill', manifest: of, store: { kind: 'local', directory: kit.directory } },
      identity: await kit.keys.drillIdentity(),
    },
    untilItEnds,
  )
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { failure?: unknown }).failure ?? error,
  )
const partOf = ({ parts }: Manifest): Part | undefined => parts.find(({ content }) => content === 'database')
const countedIn = (manifest: Manifest) => partOf(manifest)?.counted
/** What was counted of one, and what was dumped of another. */
const mixed = (counted: Manifest, dumped: Manifest): Manifest => ({
  ...dumped,
  parts: dumped.parts.map((part) =>
    part.content === 'database' ? { ...part, counted: countedIn(counted) } : part,
  ),
})

it('finds what a dump has not: numbers that were given, sequences, large objects, and things by their kind', async () => {
  await server.query('CREATE DATABASE shop')
  const say = (sql: string) => server.query(sql, { database: 'shop' })
  await say(
    `CREATE TABLE orders (id serial PRIMARY KEY, note text);
     INSERT INTO orders (note) SELECT 'x' FROM generate_series(1, 20);
     CREATE INDEX orders_note ON orders (note); CREATE SEQUENCE bills; CREATE SEQUENCE down INCREMENT -1;
     SELECT nextval('bills'), nextval('down'), nextval('down'), lo_from_bytea(0, 'a'), lo_from_bytea(0, 'b');
     CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
     CREATE TRIGGER stamped BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp()`,
  )
  const whole = await kit.make(server, 'shop')
  expect(countedIn(whole)).toMatchObject({
    sequences: [
      { name: 'bills', at: { last: '1', isCalled: true, descends: false } },
      { name: 'down', at: { last: '-2', isCalled: true, descends: true } },
      { name: 'orders_id_seq', at: { last: '20', isCalled: true, descends: false } },
    ],
    largeObjects: 2,
    objects: { TABLE: 1, SEQUENCE: 3, INDEX: 2, 'PRIMARY KEY': 1, TRIGGER: 1, FUNCTION: 1, VIEW: 0 },
  })

  await say(`SELECT setval('bills', 1, false), setval('down', -1), setval('orders_id_seq', 21)`)
  expect(await failure(drill(mixed(whole, await kit.make(server, 'shop'))))).toEqual({
    code: 'sequences-behind',
    params: { database: 'shop', sequences: 'public.bills (1 → 1), public.down (-2 → -1)' },
  })
  await say(`SELECT setval('down', -7); DROP SEQUENCE bills`)
  expect(await failure(drill(mixed(whole, await kit.make(server, 'shop'))))).toMatchObject({
    code: 'sequences-behind',
    params: { sequences: 'public.bills (1 → –)' },
  })
  await say(
    `CREATE SEQUENCE bills; SELECT nextval('bills'), lo_unlink(min(oid)) FROM pg_largeobject_metadata`,
  )
  expect(await failure(drill(mixed(whole, await kit.make(server, 'shop'))))).toEqual({
    code: 'large-objects-differ',
    params: { database: 'shop', expected: 2, found: 1 },
  })
  await say(`SELECT lo_from_bytea(0, 'c'); DROP INDEX orders_note; DROP TRIGGER stamped ON orders`)
  const without = await kit.make(server, 'shop')
  expect(await failure(drill(mixed(whole, without)))).toEqual({
    code: 'objects-differ',
    params: { database: 'shop', kinds: 'INDEX 2 → 1, TRIGGER 1 → 0' },
  })
  // Only what was counted is compared: by a console of before, nothing of this was.
  const parts = without.parts.map(({ counted: _, ...part }) => part)
  expect(await drill({ ...without, parts })).toMatchObject({
    compared: { tables: 1, rows: 20, sequences: null, largeObjects: null, objects: null },
  })
})

it('takes nothing for lost that no dump has, or has in another way', async () => {
  await server.query('CREATE DATABASE grown')
  const say = (sql: string) => server.query(sql, { database: 'grown' })
  await say(KINDS_SQL)
  await say('CREATE UNIQUE INDEX CONCURRENTLY never ON twice (a)').catch(() => {})
  const manifest = await kit.make(server, 'grown')
  const { sequences, objects } = countedIn(manifest) ?? {}
  expect(sequences).toEqual([
    { schema: 'public', name: 'around' },
    { schema: 'public', name: 'fleeting_id_seq', at: { last: '1', isCalled: false, descends: false } },
  ])
  expect(objects).toEqual(HELD)
  expect(await drill(manifest)).toMatchObject({ without: [], compared: { sequences: 2, largeObjects: 0 } })
  // As an older console counted them.
  const parts = manifest.parts.map((part) => {
    const { 'FOREIGN KEY OF PARTITION': _, ...older } = part.counted?.objects ?? {}
    return part.counted === undefined ? part : { ...part, counted: { ...part.counted, objects: older } }
  })
  expect(await drill({ ...manifest, parts })).toMatchObject({ without: [] })
})

it('knows of chosen tables their sequences alone', async () => {
  await server.query('CREATE DATABASE chosen')
  await server.query(
    `CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id serial); CREATE SCHEMA other; CREATE SEQUENCE other.s;
     SELECT lo_from_bytea(0, 'a')`,
    { database: 'chosen' },
  )
  const manifest = await kit.make(server, 'chosen', {
    selection: { schemas: ['other'], tables: [{ schema: 'public', name: 'a' }] },
  })
  expect(countedIn(manifest)).toEqual({
    sequences: [expect.objectContaining({ schema: 'other', name: 's' })],
  })
  expect(await drill(manifest)).toMatchObject({
    compared: { tables: 1, sequences: 1, largeObjects: null, objects: null },
  })
})

it('reads no more sequences than a thousand, and counts them all', async () => {
  await server.query('CREATE DATABASE many')
  await server.query(
    `DO $$ BEGIN FOR i IN 1..${MOST_SEQUENCES + 1} LOOP EXECUTE format('CREATE SEQUENCE s%s', i); END LOOP; END $$`,
    { database: 'many' },
  )
  const { sequences, objects } = countedIn(await kit.make(server, 'many')) ?? {}
  expect(sequences).toHaveLength(MOST_SEQUENCES)
  expect(sequences?.every(({ at }) => at?.isCalled === false)).toBe(true)
  expect(objects).toMatchObject({ SEQUENCE: MOST_SEQUENCES + 1 })
})

it('expects nothing of a sequence that was set back meanwhile, and keeps nobody from dropping one', async () => {
  await server.query('CREATE DATABASE moving')
  await server.query(
    `CREATE SEQUENCE on_it; CREATE SEQUENCE back; CREATE SEQUENCE gone; SELECT nextval('on_it'), setval('back', 9), nextval('gone')`,
    { database: 'moving' },
  )
  const client = await server.connect('moving')
  const sequences = ['back', 'gone', 'on_it'].map((name) => ({
    ...{ schema: 'public', name, descends: false, cycles: false },
  }))
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const [all, two] = [
      await glanceBefore(client, sequences),
      await glanceBefore(
        client,
        sequences.filter(({ name }) => name !== 'gone'),
      ),
    ]
    await server.query(
      `SET lock_timeout = '2s'; SELECT setval('back', 3), nextval('on_it'); DROP SEQUENCE gone`,
      { database: 'moving' },
    )
    expect(await glanceAfter(client, two)).toEqual([
      { schema: 'public', name: 'back' },
      { schema: 'public', name: 'on_it', at: { last: '1', isCalled: true, descends: false } },
    ])
    // One that is not there any more says nothing of the others; the transaction goes on.
    expect((await glanceAfter(client, all)).map(({ name, at }) => [name, at?.last])).toEqual([
      ['back', undefined],
      ['gone', undefined],
      ['on_it', '1'],
    ])
    expect(await countObjects(client)).toMatchObject({ objects: { SEQUENCE: 3 } })
  } finally {
    await client.end()
  }
})

it('knows how far all sequences are but those that somebody holds or dropped, without asking for each alone', async () => {
  await server.query('CREATE DATABASE held')
  const names = Array.from({ length: 300 }, (_, index) => `s${index}`)
  await server.query(names.map((name) => `CREATE SEQUENCE ${name}`).join(';'), { database: 'held' })
  const [client, holder] = [await server.connect('held'), await server.connect('held')]
  const sequences = names.map((name) => ({ schema: 'public', name, descends: false, cycles: false }))
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SELECT 1')
    await holder.query('DROP SEQUENCE s7; BEGIN; DROP SEQUENCE s200')
    const statements = vi.spyOn(client, 'query')
    const known = await glanceAfter(client, await glanceBefore(client, sequences))
    expect(known.filter(({ at }) => at === undefined).map(({ name }) => name)).toEqual(['s7', 's200'])
    // Two ways through halves of 250, before and after, with three statements each.
    expect(statements.mock.calls.length).toBeLessThan(250)
    // What was read is left to whoever drops it.
    await holder.query(`SET LOCAL lock_timeout = '2s'; DROP SEQUENCE s8; COMMIT`)
  } finally {
    await client.end()
    await holder.end()
  }
})
