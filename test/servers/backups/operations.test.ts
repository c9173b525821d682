/** Backups and drills as operations of a whole console, on a real PostgreSQL: made, read back, proven, and whole however they end. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { until } from '../../support/until.ts'
import { type BackedUp, backedUpProfile, ended, failureOf, newPlace, startBackedUp } from './operation-kit.ts'

let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
  await server.query(`
    create role blind login password 'pw';
    create table orders (id int primary key, note text);
    insert into orders select g, md5(g::text) from generate_series(1, 2000) g;
    create schema archive; create table archive.old (id int); insert into archive.old values (1)`)
}, 60_000)

afterAll(() => server?.stop())

async function only(console: BackedUp) {
  const { backups } = await console.engine.backups.list({ deployment: 'shop', before: null, limit: 10 })
  const [backup] = backups
  if (backup === undefined || backups.length !== 1) throw new Error(`there are ${backups.length} backups`)
  return backup
}

describe('a backup', { timeout: 60_000 }, () => {
  it('is previewed, made, read back, entered, and proven by a drill', async () => {
    const console = await startBackedUp(server)
    expect(await console.preview('drill')).toMatchObject({ refusals: ['no-good-backup'] })
    expect(await console.preview('backup')).toEqual({
      refusals: [],
      warnings: ['store-made-anew', 'no-recovery-key'],
      changes: ['writes-backup', 'backup-streams', 'backup-tool', 'backup-compressed', 'holds-cleanup'],
    })
    const made = await console.run('backup')
    expect(made).toMatchObject({
      ...{ state: 'succeeded', target: 'unchanged', effect: 'reads' },
      result: { rows: 2001, tables: 2, partial: false },
    })
    const backup = await only(console)
    expect(backup).toMatchObject({
      state: 'verified',
      signedBy: 'this-console',
      problem: null,
      recipients: 1,
    })
    expect(console.inPlace()).toEqual([backup.id])
    expect(await console.engine.backups.summary('shop')).toMatchObject({
      ...{ configured: true, count: 1, lastComplete: { id: backup.id }, lastDrill: null },
      recoveryPoint: { limitSeconds: 86_400, isStale: false },
    })

    const drilled = await console.run('drill')
    expect(drilled).toMatchObject({
      state: 'succeeded',
      result: { backup: backup.id, tables: 2, rows: 2001, sequences: 0, largeObjects: 0, objects: 4 },
    })
    const { recoveryMs } = await only(console)
    expect(recoveryMs).toBeGreaterThan(0)
    expect(await console.engine.backups.summary('shop')).toMatchObject({
      ...{ recoveryMs, lastProven: { id: backup.id, state: 'proven' } },
      lastDrill: { backup: backup.id, recoveryMs, problem: null },
    })
    expect(console.engine.fleetRow('shop')?.backups).toMatchObject({ recoveryMs, isStale: false })
    // The next one knows how long the last one held the server up.
    expect((await console.preview('backup')).changes).toContain('holds-cleanup-as-last')
  })

  it('of a part is told as one, and counts for nothing', async () => {
    const console = await startBackedUp(server)
    const options = { schemas: ['archive'], tables: [] }
    expect((await console.preview('backup', options)).warnings).toContain('backup-partial')
    expect(await console.run('backup', options)).toMatchObject({
      ...{ state: 'succeeded', result: { tables: 1, rows: 1, partial: true } },
    })
    expect(await console.engine.backups.summary('shop')).toMatchObject({
      ...{ count: 1, lastComplete: null, recoveryPoint: { ageSeconds: null, isStale: false } },
    })
    const { id } = await only(console)
    expect((await console.preview('drill', { backup: id })).warnings).toContain('drill-of-a-part')
    expect(await console.run('drill', { backup: id })).toMatchObject({ state: 'succeeded' })
    expect(await console.engine.backups.summary('shop')).toMatchObject({ lastDrill: null, lastProven: null })
  })

  it('is refused in words for what is not there, and without a profile that wants one', async () => {
    const console = await startBackedUp(server, { wanted: { databases: ['postgres', 'nowhere'] } })
    expect((await console.preview('backup')).refusals).toEqual(['database-missing'])
    const without = await startBackedUp(server, { changes: { backups: undefined } })
    expect((await without.preview('backup')).refusals).toEqual(['backups-not-configured'])
  })

  it('of a role without rights fails before anything is written', async () => {
    const postgres = { url: `postgresql://blind@127.0.0.1:${server.port}/postgres`, password: 'secret:pg' }
    const console = await startBackedUp(server, { changes: { postgres }, password: 'pw' })
    const failed = await console.run('backup')
    expect([failed.state, failureOf(failed)]).toEqual(['failed', 'no-right-to-read'])
    expect(console.inPlace()).toEqual([])
  })

  it('that is given up leaves no file, no session, and no entry', async () => {
    const console = await startBackedUp(server)
    const locker = await server.connect()
    await locker.query('begin; lock table orders in access exclusive mode')
    const { id } = await console.begin('backup')
    const sessions = () =>
      server.query(`select query from pg_stat_activity where application_name like 'vakhta backup%'`)
    await until(async () => (await sessions()).some(({ query }) => String(query).startsWith('LOCK TABLE')), {
      what: 'a program that waits for the lock',
      timeoutMs: 20_000,
    })
    const { startedAt, progress } = await console.engine.operations.get(id)
    expect(progress).toMatchObject({ phase: 'dump', heldSince: expect.any(Number) })
    expect(progress.heldSince).toBeGreaterThanOrEqual(startedAt ?? Number.POSITIVE_INFINITY)
    const actor = { id: 'os:anna', name: 'anna', role: 'OPERATOR', via: 'command-line' } as const
    await console.engine.operations.act(id, 'cancel', actor, { confirm: null }, new AbortController().signal)
    const over = { state: 'cancelled', target: 'unchanged', progress: { heldSince: null } }
    expect(await ended(console, id)).toMatchObject(over)
    await locker.query('rollback')
    await locker.end()
    await until(async () => (await sessions()).length === 0, { what: 'the end of its sessions' })
    expect(console.inPlace()).toEqual([])
    expect((await console.engine.backups.summary('shop'))?.count).toBe(0)
  })

  it('goes on, with its lock, while limits, labels and schedules of its deployment are edited', async () => {
    const postgres = {
      url: `postgresql://${server.user}@127.0.0.1:${server.port}/postgres`,
      password: 'secret:pg' as const,
      operate: { user: server.user, password: 'secret:pg' as const },
    }
    const console = await startBackedUp(server, { changes: { postgres } })
    const { operations, deployments } = console.engine
    const watching = () =>
      server.query("select pid from pg_stat_activity where application_name = 'vakhta' order by pid")
    const locker = await server.connect()
    await locker.query('begin; lock table orders in access exclusive mode')
    const { id } = await console.begin('backup')
    await until(
      async () =>
        (
          await server.query(
            `select query from pg_stat_activity where application_name like 'vakhta backup%' and query like 'LOCK TABLE%'`,
          )
        ).length > 0,
      { what: 'a program that waits for the lock', timeoutMs: 20_000 },
    )
    const before = await watching()
    await deployments.save(
      backedUpProfile(
        server,
        console.kept,
        { postgres, tags: ['billing'], limits: { db_pool_utilization: { warning: 50 } } },
        { schedule: { kind: 'daily', times: ['03:00'], zone: 'Europe/Berlin' }, keep: { last: 3 } },
      ),
      'shop',
    )
    // The edit has been followed once what is looked at goes by it.
    const editedAt = Date.now()
    await until(
      () => console.engine.live.latest('shop').some(({ probe, at }) => probe === 'pool' && at > editedAt),
      { what: 'a look after the edit', timeoutMs: 20_000 },
    )
    expect(await watching()).toEqual(before)
    expect((await operations.get(id)).state).toBe('running')
    await locker.query('rollback')
    await locker.end()
    expect(await ended(console, id)).toMatchObject({ state: 'succeeded' })
    const told = (await operations.log(id)).map(({ reason }) => reason.code)
    expect(told).toContain('lock-taken')
    expect(told).not.toContain('lock-lost-on')
  })

  it('keeps its manifest, and its proof where the disk of its place is not mounted', async () => {
    const console = await startBackedUp(server)
    await console.run('backup')
    const { id } = await only(console)
    const manifest = join(console.kept, id, 'manifest.json')
    const written = readFileSync(manifest, 'utf8')
    rmSync(manifest)
    expect(await console.run('drill', { verifyOnly: true })).toMatchObject({ state: 'succeeded' })
    expect(readFileSync(manifest, 'utf8')).toBe(written)

    renameSync(console.kept, `${console.kept}-unmounted`)
    mkdirSync(console.kept)
    expect((await console.preview('backup')).refusals).toEqual(['store-not-there'])
    expect(failureOf(await console.run('drill', { verifyOnly: true }))).toBe('store-not-there')
    const { backups } = console.engine
    await expect(backups.rescan('shop')).rejects.toMatchObject({ failure: { code: 'store-not-there' } })
    await expect(backups.remove(id, 'shop')).rejects.toMatchObject({ failure: { code: 'store-not-there' } })
    expect(await only(console)).toMatchObject({ id, state: 'verified', problem: null })
    rmSync(console.kept, { recursive: true })
    renameSync(`${console.kept}-unmounted`, console.kept)
    expect(await console.run('drill', { verifyOnly: true })).toMatchObject({ state: 'succeeded' })
  })

  it('that was altered is found out by a drill, marked, and of no use; the way back is another one', async () => {
    const console = await startBackedUp(server)
    await console.run('backup')
    const { id } = await only(console)
    const file = join(console.kept, id, 'database-1.dump.age')
    const content = readFileSync(file)
    const at = content.length - 1000
    content[at] = (content[at] ?? 0) ^ 1
    writeFileSync(file, content)
    const failed = await console.run('drill')
    expect([failed.state, failureOf(failed)]).toEqual(['failed', 'file-altered'])
    expect(await only(console)).toMatchObject({ state: 'complete', problem: { code: 'file-altered' } })
    expect(await console.engine.backups.summary('shop')).toMatchObject({
      ...{ faulty: 1, lastComplete: null, lastDrill: { backup: id, problem: { code: 'file-altered' } } },
    })
    expect((await console.preview('drill')).refusals).toEqual(['no-good-backup'])
  })

  it('that another console signed is read only where somebody says that it may be', async () => {
    const kept = newPlace()
    const one = await startBackedUp(server, { kept })
    await one.run('backup')
    const other = await startBackedUp(server, { kept })
    const { added } = await other.engine.backups.rescan('shop')
    expect(added).toHaveLength(1)
    const { id } = await only(other)
    expect(await only(other)).toMatchObject({ signedBy: 'another' })
    // Nobody here has read it yet: it neither counts, nor does a schedule choose it.
    expect(await other.engine.backups.summary('shop')).toMatchObject({ count: 1, lastComplete: null })
    expect((await other.preview('drill')).refusals).toEqual(['no-good-backup'])
    // It is for the keys of the one that made it: no fault of the backup, and nobody is rung for it.
    const unopened = 'identity-other'
    expect((await other.preview('drill', { backup: id })).refusals).toEqual([unopened, 'drill-another'])
    expect(await other.preview('drill', { another: true })).toMatchObject({
      ...{ refusals: [unopened], warnings: ['drill-runs-another'] },
    })
    expect((await other.preview('drill', { verifyOnly: true })).refusals).toEqual([unopened])
    await expect(other.begin('drill', { another: true })).rejects.toMatchObject({
      refused: { kind: 'impossible', reasons: [{ code: unopened }] },
    })
    expect(await only(other)).toMatchObject({ problem: null })
    expect(await other.engine.backups.summary('shop')).toMatchObject({ lastDrill: null })
  })

  it('that another console made is read back and proven with the recovery key of its sheet, and counts then', async () => {
    const kept = newPlace()
    const one = await startBackedUp(server, { kept })
    const { identity } = await one.engine.backups.makeRecovery()
    await one.run('backup')
    const mistaken = (await one.engine.backups.makeRecovery()).identity
    const other = await startBackedUp(server, { kept, secrets: { recovery: identity, mistaken } })
    await other.engine.backups.rescan('shop')
    const { id } = await only(other)
    const refusals = async (key: string) =>
      (await other.preview('drill', { backup: id, another: true, key })).refusals
    expect(await refusals('secret:nowhere')).toEqual(['key-missing'])
    expect(await refusals('secret:pg')).toEqual(['identity-invalid'])
    expect(await refusals('secret:mistaken')).toEqual(['identity-other'])
    await expect(other.preview('drill', { backup: id, key: identity })).rejects.toMatchObject({
      refused: { kind: 'options' },
    })

    const key = 'secret:recovery'
    const read = await other.run('drill', { backup: id, verifyOnly: true, key })
    expect(read).toMatchObject({ state: 'succeeded', options: { key } })
    expect(await other.engine.backups.summary('shop')).toMatchObject({ lastComplete: { id } })
    const done = await other.run('drill', { backup: id, another: true, key })
    expect(done).toMatchObject({ state: 'succeeded', result: { rows: 2001 }, options: { key } })
    expect(await other.engine.backups.summary('shop')).toMatchObject({
      ...{ lastComplete: { id, signedBy: 'another' }, lastProven: { id }, lastDrill: { problem: null } },
    })
    const records = await other.engine.audit.list({ limit: 100 })
    expect(JSON.stringify([done, records, other.logged])).not.toContain(identity)
    // By itself it goes on with our own key: that of somebody's drill is not kept for the next one.
    expect((await other.preview('drill', { another: true })).refusals).toEqual(['identity-other'])
  })

  it('lets old ones go as the profile says, and never the last good or proven one', async () => {
    const console = await startBackedUp(server, { wanted: { keep: { last: 1 } } })
    await console.run('backup')
    await console.run('drill')
    const proven = await only(console)
    await console.run('backup')
    const second = console.inPlace().find((id) => id !== proven.id)
    await console.run('backup')
    expect(console.inPlace()).toHaveLength(2)
    expect(console.inPlace()).toContain(proven.id)
    expect(console.inPlace()).not.toContain(second)
  })
})
