import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { until } from '../../support/until.ts'
import { createRoles, freshInspection, NEVER } from './postgres-kit.ts'

let primary: PostgresServer
let standby: PostgresServer
beforeAll(async () => {
  primary = await startPostgres({
    settings: {
      wal_level: 'logical',
      archive_mode: 'on',
      archive_command: "'/bin/false'",
      hot_standby_feedback: 'on',
    },
  })
  await createRoles(primary)
  standby = await startPostgres({ standbyOf: primary })
}, 60_000)
afterAll(async () => {
  await standby?.stop()
  await primary?.stop()
})

describe('replication', () => {
  it('is told from the primary: who follows, how far behind, what slots keep, how archiving does', async () => {
    await primary.query(
      `select pg_create_physical_replication_slot('backup', true);
       select pg_create_logical_replication_slot('events', 'pgoutput'); create table written (id int);
       insert into written select generate_series(1, 5000); select pg_switch_wal()`,
    )
    const { inspection } = await freshInspection(primary)
    const found = await until(async () => {
      const replication = await inspection.replication('shop', NEVER)
      const caughtUp = replication.standbys[0]?.lagBytes === 0
      return caughtUp && (replication.archive?.failures ?? 0) > 0 && replication
    })
    expect(found).toMatchObject({
      standby: false,
      standbys: [{ state: 'streaming', sync: 'async', lagBytes: 0, client: '127.0.0.1' }],
      receiver: null,
      archive: { lastFailure: expect.stringMatching(/^[0-9A-F]{24}$/), lastArchivedAt: null },
      hidden: 0,
      grant: null,
    })
    const [backup, events] = ['backup', 'events'].map((wanted) =>
      found.slots.find(({ name }) => name === wanted),
    )
    expect(backup).toMatchObject({ kind: 'physical', active: false, walStatus: 'reserved', database: null })
    expect(backup?.retainedBytes).toBeGreaterThan(0)
    expect(events).toMatchObject({ kind: 'logical', database: 'postgres' })
    const { heldBack } = await inspection.vacuum('shop', NEVER)
    expect(heldBack).toEqual(
      expect.arrayContaining([expect.objectContaining({ by: 'slot', name: 'events' })]),
    )
    expect((await inspection.tables('shop', NEVER)).standbys).toBe(1)
    await primary.query("select pg_drop_replication_slot('events')")
  })

  it('is told from a standby: from whom it receives and how far it is', async () => {
    const { inspection } = await freshInspection(standby)
    const { receiver, ...found } = await inspection.replication('shop', NEVER)
    expect(found).toMatchObject({ standby: true, standbys: [] })
    expect(receiver).toMatchObject({ from: `127.0.0.1:${primary.port}`, status: 'streaming' })
    expect(receiver?.lagSeconds).toBeGreaterThanOrEqual(0)
    expect(receiver?.lagBytes).toBeGreaterThanOrEqual(0)
    // All other questions are answered there, too.
    expect((await inspection.activity('shop', NEVER)).total).toBeGreaterThanOrEqual(0)
    expect((await inspection.vacuum('shop', NEVER)).databases.length).toBeGreaterThan(0)
    expect((await inspection.tables('shop', NEVER)).tables.length).toBeGreaterThan(0)
  })

  it('shows a standby that receives nothing as one', async () => {
    await primary.halt()
    try {
      const { inspection } = await freshInspection(standby)
      const cutOff = await until(async () => {
        const { receiver } = await inspection.replication('shop', NEVER)
        return receiver?.status === null && receiver
      })
      expect(cutOff).toMatchObject({ from: null, lagBytes: null })
    } finally {
      await primary.restart()
    }
  })

  it('says what the role may not see of standbys', async () => {
    const { inspection } = await freshInspection(primary, 'blind')
    const found = await until(async () => {
      const replication = await inspection.replication('shop', NEVER)
      return replication.hidden > 0 && replication
    })
    expect(found.grant).toBe('GRANT pg_monitor TO blind;')
    expect(found.standbys[0]).toMatchObject({ state: null, lagBytes: null })
  })
})
