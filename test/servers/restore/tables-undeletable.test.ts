/** Tables of which PostgreSQL lets nobody delete rows, since a publication has their deletes and nothing tells their rows apart: that is said in the plan, and what to do. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { lookAtTables } from '../../../src/main/engine/backups/restore/tables/live.ts'
import { type Copy, majors, missing, readable, skipped } from '../../support/postgres-majors.ts'
import { inWords } from './every-way.ts'
import { shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

describe('a shop', () => {
  const shop = shopWith(`
    CREATE TABLE log (id int, what text); INSERT INTO log VALUES (1, 'then'); CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders VALUES (1);
    CREATE TABLE days (at date) PARTITION BY RANGE (at); CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`)
  const { query, options } = shop
  const refused = (name: string, publications: string) => ({
    code: 'restore-tables-undeletable',
    params: { table: `public.${name}`, publications },
  })

  it('is told before, and can be restored once rows are told apart', async () => {
    await query(
      `INSERT INTO log VALUES (2, 'now'); CREATE PUBLICATION everything FOR ALL TABLES; CREATE PUBLICATION logs FOR TABLE log`,
    )
    const asked = options(table('log'), table('orders'), table('days'))
    const refusals = async () => (await shop.console.preview(asked)).preview.refusals
    const found = await refusals()
    expect(found).toEqual([refused('days_2026', 'everything'), refused('log', 'everything, logs')])
    expect(inWords(found[1])).toMatch(/^What is deleted from public\.log is published \(everything, logs\), /)
    await query('ALTER TABLE log REPLICA IDENTITY FULL; ALTER TABLE days_2026 REPLICA IDENTITY FULL')
    expect(await refusals()).toEqual([])
    const done = await shop.console.run(asked)
    expect(done).toMatchObject({ state: 'succeeded', error: null })
    expect(await query('SELECT id FROM log')).toEqual([{ id: 1 }])

    await query('ALTER TABLE log REPLICA IDENTITY NOTHING')
    expect((await shop.console.previewUndo(done.id)).refusals).toEqual([refused('log', 'everything, logs')])
    expect(await shop.console.act(done.id, 'undo')).toMatchObject({
      ...{ undo: 'failed', error: refused('log', 'everything, logs') },
    })
    expect(await query('SELECT id FROM log')).toEqual([{ id: 1 }])
    await query('ALTER TABLE log ADD PRIMARY KEY (id); ALTER TABLE log REPLICA IDENTITY DEFAULT')
    expect((await shop.console.previewUndo(done.id)).refusals).toEqual([])
    expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
    expect(await query('SELECT id FROM log ORDER BY 1')).toEqual([{ id: 1 }, { id: 2 }])
  })
})

describe.each(majors)('PostgreSQL %i', (major) => {
  const why = missing(major)
  let server: PostgresServer
  let copy: Copy | null = null
  beforeAll(async () => {
    if (why !== null) return
    copy = readable(major)
    server = await startPostgres({ version: major })
  })
  afterAll(async () => {
    await server?.stop()
    await copy?.remove()
  })

  it.skipIf(why !== null)(`is asked for what it refuses itself${skipped(why)}`, async () => {
    const client = await server.connect()
    await client.query(`
      CREATE SCHEMA apart; CREATE TABLE apart.bare (id int); CREATE TABLE bare (id int); CREATE UNLOGGED TABLE passing (id int); CREATE TABLE keyed (id int PRIMARY KEY);
      CREATE TABLE later (id int PRIMARY KEY DEFERRABLE); CREATE TABLE nothing (id int PRIMARY KEY); ALTER TABLE nothing REPLICA IDENTITY NOTHING;
      CREATE TABLE whole (id int); ALTER TABLE whole REPLICA IDENTITY FULL; CREATE TABLE by_index (id int NOT NULL); CREATE UNIQUE INDEX its ON by_index (id); ALTER TABLE by_index REPLICA IDENTITY USING INDEX its;
      CREATE TABLE gone (LIKE by_index INCLUDING INDEXES, other int PRIMARY KEY); ALTER TABLE gone REPLICA IDENTITY USING INDEX gone_id_idx; DROP INDEX gone_id_idx;
      CREATE TABLE parts (id int) PARTITION BY LIST (id); CREATE TABLE part (id int) PARTITION BY LIST (id); ALTER TABLE parts ATTACH PARTITION part DEFAULT; CREATE TABLE leaf PARTITION OF part DEFAULT`)
    const names = ['bare', 'passing', 'keyed', 'later', 'nothing', 'whole', 'by_index', 'gone', 'leaf']
    const tables = [...names.map((name) => table(name)), table('bare', 'apart')]
    const publications = [
      'FOR ALL TABLES',
      `FOR ALL TABLES WITH (publish = 'insert, update')`,
      'FOR TABLE bare, later, nothing, gone, by_index',
      ...(major < 13 ? [] : ['FOR TABLE parts', 'FOR TABLE part WITH (publish_via_partition_root)']),
      ...(major < 15 ? [] : ['FOR TABLES IN SCHEMA apart', 'FOR TABLES IN SCHEMA public']),
    ]
    const refused: string[][] = []
    try {
      for (const publication of publications) {
        await client.query(`CREATE PUBLICATION ours ${publication}`)
        const { tables: live } = await lookAtTables(client, tables)
        const told = live.filter(({ undeletable }) => undeletable.length > 0)
        const refuses: string[] = []
        for (const { schema, name } of tables)
          await client
            .query(`DELETE FROM ONLY ${schema}.${name}`)
            .catch(() => refuses.push(`${schema}.${name}`))
        expect(told.map(({ schema, name }) => `${schema}.${name}`)).toEqual(refuses)
        refused.push(refuses)
        await client.query('DROP PUBLICATION ours')
      }
    } finally {
      await client.end()
    }
    const all = ['public.bare', 'public.later', 'public.nothing', 'public.gone', 'public.leaf', 'apart.bare']
    expect(refused.slice(0, 3)).toEqual([all, [], all.slice(0, 4)])
    expect(refused.slice(3)).toEqual([
      ...(major < 13 ? [] : [['public.leaf'], ['public.leaf']]),
      ...(major < 15 ? [] : [['apart.bare'], all.slice(0, 5)]),
    ])
  })
})
