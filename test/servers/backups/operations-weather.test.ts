/** Operations on backups in bad weather: each ends in words, leaves nothing half-done, and the next one works. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { mountSmallDisk } from '../../../demo/servers/small-disk.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { startCuttingRelay } from '../../support/cutting-relay.ts'
import { until } from '../../support/until.ts'
import { afterwards, newDataDirectory } from '../engine/engine-kit.ts'
import { failureOf, namesIn, newPlace, startBackedUp } from './operation-kit.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  // Noise, so that it does not compress away.
  await server.query(
    `create table noise as select id, string_agg(md5(random()::text), '') as text
       from generate_series(1, 4000) id, generate_series(1, 40) group by id`,
  )
}, 60_000)
afterAll(() => server?.stop())

it.skipIf(cannotMount !== null)(
  `a disk that is full is told, leaves nothing, and room makes it work${cannotMount === null ? '' : ` (${cannotMount})`}`,
  { timeout: 60_000 },
  async () => {
    const disk = mountSmallDisk(16 * 1_048_576)
    afterwards(() => disk.release())
    disk.fill(256 * 1_024)
    const console = await startBackedUp(server, { kept: disk.directory })
    expect((await console.preview('backup')).warnings).toContain('place-maybe-small')
    const failed = await console.run('backup')
    expect([failed.state, failureOf(failed)]).toEqual(['failed', 'store-full'])
    expect(namesIn(disk.directory)).toEqual(['filler'])
    disk.makeRoom()
    expect(await console.run('backup')).toMatchObject({ state: 'succeeded' })
    // What the last one took is known now: with less than that it is not begun.
    disk.fill(256 * 1_024)
    expect((await console.preview('backup')).refusals).toEqual(['place-too-small'])
  },
)

it.skipIf(cannotMount !== null)(
  `a drill that this machine has no room for fails, and the backup stays good${cannotMount === null ? '' : ` (${cannotMount})`}`,
  { timeout: 60_000 },
  async () => {
    const console = await startBackedUp(server)
    await console.run('backup')
    const disk = mountSmallDisk(46 * 1_048_576)
    chmodSync(disk.directory, 0o1777)
    const { TMPDIR } = process.env
    afterwards(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
      disk.release()
    })
    process.env.TMPDIR = disk.directory
    const failed = await console.run('drill')
    expect(failed.state).toBe('failed')
    expect(failureOf(failed)).toMatch(/^(?:scratch-failed|scratch-full|restore-failed)$/)
    expect(await console.engine.backups.summary('shop')).toMatchObject({
      ...{ faulty: 0, lastComplete: { state: 'verified', problem: null } },
      lastDrill: { problem: { code: failureOf(failed) } },
    })
    expect(namesIn(disk.directory)).toEqual([])
  },
)

it('a place that is none by its end fails it in words, is refused before the next, and is in nobody’s way', {
  timeout: 60_000,
}, async () => {
  const kept = newPlace()
  const console = await startBackedUp(server, { kept })
  const locker = await server.connect()
  await locker.query('BEGIN; LOCK TABLE noise IN ACCESS EXCLUSIVE MODE')
  const { id } = await console.begin('backup')
  await until(async () => namesIn(kept).length > 0, { what: 'that it is being written' })
  rmSync(kept, { recursive: true })
  writeFileSync(kept, '')
  await locker.end()
  await console.engine.operations.settled(id)
  const failed = await console.engine.operations.get(id)
  expect([failed.state, failureOf(failed)]).toEqual(['failed', 'store-unwritable'])
  expect((await console.preview('backup')).refusals).toEqual(['store-unreadable'])
  rmSync(kept)
  expect(await console.preview('backup')).toMatchObject({
    ...{ refusals: [], warnings: expect.arrayContaining(['store-made-anew']) },
  })
  expect(await console.run('backup')).toMatchObject({ state: 'succeeded' })
})

it('a connection that is cut in the middle of the stream fails it, and the next one is made', {
  timeout: 60_000,
}, async () => {
  const relay = await startCuttingRelay(server.port)
  afterwards(() => relay.stop())
  const console = await startBackedUp({ ...server, port: relay.port })
  const { id } = await console.begin('backup')
  relay.cutAfter(300_000)
  await console.engine.operations.settled(id)
  const failed = await console.engine.operations.get(id)
  expect(failed.state).toBe('failed')
  expect(failureOf(failed)).not.toBe('step-bug')
  expect(console.inPlace()).toEqual([])
  relay.fair()
  expect(await console.run('backup')).toMatchObject({ state: 'succeeded' })
})

it('a state that somebody removed under the console costs no backup: they are known again from what lies beside each', {
  // Two whole consoles one after the other.
  timeout: 120_000,
}, async () => {
  const dataDirectory = newDataDirectory()
  const kept = newPlace()
  const first = await startBackedUp(server, { kept, dataDirectory })
  const made = await first.run('backup')
  expect(made).toMatchObject({ state: 'succeeded' })
  const id = String(made.result?.backup)
  for (const name of namesIn(dataDirectory))
    if (name.startsWith('state.db')) rmSync(join(dataDirectory, name))
  // What is open goes on; what it writes now is lost with the file.
  expect(
    (await first.engine.backups.list({ deployment: 'shop', before: null, limit: 10 })).backups,
  ).toHaveLength(1)
  await first.engine.stop()

  const next = await startBackedUp(server, { kept, dataDirectory })
  const list = () => next.engine.backups.list({ deployment: 'shop', before: null, limit: 10 })
  expect((await list()).backups).toEqual([])
  expect(await next.engine.backups.rescan('shop')).toMatchObject({ added: [id], problems: [] })
  expect((await list()).backups).toMatchObject([
    { id, signedBy: 'this-console', state: 'complete', problem: null },
  ])
  expect(await next.run('drill', { backup: id })).toMatchObject({ state: 'succeeded' })
})
