import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { until } from '../../support/until.ts'
import { createRoles, freshInspection, NEVER, session } from './postgres-kit.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres({
    settings: { max_prepared_transactions: 5, autovacuum: 'off', vacuum_cost_limit: 1 },
  })
  await createRoles(server)
})
afterAll(() => server?.stop())

describe('what waits for a vacuum', () => {
  it('is named with what makes autovacuum come, as the table has it, and what was turned off', async () => {
    await server.query(
      `create table dirty (id int) with (autovacuum_vacuum_threshold = 7, autovacuum_vacuum_scale_factor = 0.5, autovacuum_enabled = off);
       insert into dirty select generate_series(1, 1000); analyze dirty; delete from dirty where id <= 600;
       create table clean (id int); insert into clean values (1)`,
    )
    const { inspection } = await freshInspection(server)
    const found = await until(async () => {
      const vacuum = await inspection.vacuum('shop', NEVER)
      const dirty = vacuum.tables.find(({ table }) => table === 'public.dirty')
      return dirty?.deadRows === 600 && { ...vacuum, dirty }
    })
    expect(found.dirty).toMatchObject({
      liveRows: 400,
      threshold: 507,
      autovacuum: false,
      lastVacuumAt: null,
      lastAnalyzeAt: expect.any(Number),
    })
    expect(found.tables[0]?.table).toBe('public.dirty')
    expect(found).toMatchObject({ autovacuum: false, maxWorkers: 3, more: 0 })
    expect(found.databases.map(({ database }) => database).sort()).toEqual([
      'postgres',
      'template0',
      'template1',
    ])
    expect(found.forcedAtPercent).toBeCloseTo(9.31, 1)
  })

  it('says what holds dead rows: an old snapshot, a prepared transaction', async () => {
    const reader = await session(server, 'report')
    await reader.query('begin isolation level repeatable read; select 1')
    const preparer = await session(server)
    await preparer.query("begin; create table of_prepared (id int); prepare transaction 'billing'")
    for (let at = 0; at < 5; at += 1) await server.query('select txid_current()')
    const { inspection } = await freshInspection(server)
    const { heldBack } = await inspection.vacuum('shop', NEVER)
    expect(heldBack).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ by: 'transaction', name: 'report', pid: expect.any(Number) }),
        expect.objectContaining({ by: 'prepared', name: 'billing', pid: null }),
      ]),
    )
    expect(heldBack[0]?.age).toBeGreaterThanOrEqual(5)
    await reader.query('rollback')
    await server.query("rollback prepared 'billing'")
    expect((await inspection.vacuum('shop', NEVER)).heldBack).toEqual([])
  })

  it('is told while it runs: which table, which phase, how far', async () => {
    await server.query(
      `create table large (id int, note text); insert into large select g, repeat('x', 500) from generate_series(1, 20000) g;
       delete from large where id % 2 = 0`,
    )
    const vacuuming = await server.connect()
    await vacuuming.query('set vacuum_cost_delay = 50')
    const { rows } = await vacuuming.query<{ pid: number }>('select pg_backend_pid() as pid')
    const done = vacuuming.query('vacuum large').catch(() => {})
    const { inspection } = await freshInspection(server)
    const running = await until(async () => (await inspection.vacuum('shop', NEVER)).running[0])
    expect(running).toMatchObject({
      pid: rows[0]?.pid,
      database: 'postgres',
      table: 'public.large',
      phase: 'scanning heap',
      automatic: false,
      since: expect.any(Number),
    })
    expect(running.percent).toBeGreaterThanOrEqual(0)
    await server.query(`select pg_cancel_backend(${running.pid})`)
    await done
    await vacuuming.end()
  })
})

describe('tables and indexes', () => {
  it('are told by size, with what lies outside of the table, and how they are read', async () => {
    await server.query(
      `create table wide (id int primary key, picture text);
       alter table wide alter picture set storage external;
       insert into wide select g, repeat('x', 20000) from generate_series(1, 200) g;
       create table small (id int)`,
    )
    await server.query('vacuum analyze wide')
    await server.query('select * from wide where picture = $$y$$')
    const { inspection } = await freshInspection(server)
    const found = await until(async () => {
      const { tables } = await inspection.tables('shop', NEVER)
      const wide = tables.find(({ table }) => table === 'public.wide')
      return (wide?.sequentialScans ?? 0) > 0 && wide
    })
    const [measured] = await server.query(
      `select pg_total_relation_size('wide')::float8 as total, pg_relation_size('wide')::float8 as heap,
        pg_indexes_size('wide')::float8 as indexes`,
    )
    expect(found).toMatchObject({ tableBytes: measured?.heap, indexBytes: measured?.indexes, rows: 200 })
    // What is not counted of it are its maps.
    expect(found.totalBytes / Number(measured?.total)).toBeGreaterThan(0.95)
    expect(found.toastBytes).toBeGreaterThan(4_000_000)
    expect(found.countedAt).toBeGreaterThan(0)
  })

  it('say which indexes nothing uses, and none that is needed for something else', async () => {
    await server.query(
      `create table orders (id int primary key, email text unique, customer int, note text, code int);
       insert into orders select g, g || '@shop', g, md5(g::text), g from generate_series(1, 5000) g;
       create index orders_customer on orders (customer);
       create index orders_note on orders (lower(note), code) where code > 4111;
       create unique index orders_code on orders (code);
       create index orders_used on orders (code);
       create table measured (at int, value int) partition by range (at);
       create table measured_1 partition of measured for values from (0) to (10000);
       create index on measured (value); insert into measured select g, g from generate_series(1, 5000) g;
       analyze orders; set enable_seqscan = off;
       do $$ begin for g in 1..60 loop perform 1 from orders where customer = g; end loop; end $$`,
    )
    const { inspection } = await freshInspection(server)
    const found = await until(async () => {
      const { unusedIndexes } = await inspection.tables('shop', NEVER)
      const names = unusedIndexes.map(({ index }) => index)
      return !names.includes('public.orders_customer') && unusedIndexes
    })
    const ofOrders = found.filter(({ table }) => table === 'public.orders')
    expect(ofOrders.map(({ index }) => index).sort()).toEqual(['public.orders_note', 'public.orders_used'])
    expect(found.find(({ index }) => index === 'public.orders_note')).toMatchObject({
      scans: 0,
      unique: false,
      valid: true,
      definition: 'btree ((…), code) where …',
    })
    // An index of a partition belongs to that of the whole.
    expect(found.filter(({ table }) => table.includes('measured'))).toEqual([])
  })

  it('say which index was never built to its end', async () => {
    await server.query('create table half (id int); insert into half select generate_series(1, 5000)')
    const reader = await session(server)
    await reader.query('begin isolation level repeatable read; select 1')
    const building = await server.connect()
    const built = building.query('create index concurrently half_id on half (id)').catch(() => 'cancelled')
    const { inspection } = await freshInspection(server)
    // It is built, and waits for whoever still looks at what was before.
    const unfinished = await until(async () => {
      const { unusedIndexes } = await inspection.tables('shop', NEVER)
      return unusedIndexes.find(({ index, bytes }) => index === 'public.half_id' && bytes > 8192)
    })
    await server.query(
      "select pg_cancel_backend(pid) from pg_stat_activity where query like 'create index conc%'",
    )
    expect(await built).toBe('cancelled')
    expect(unfinished).toMatchObject({ valid: false, unique: false, definition: 'btree (id)' })
    await building.end()
  })
})
