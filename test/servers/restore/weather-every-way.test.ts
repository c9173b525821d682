/** What goes wrong while a backup is used, in every way to use one: it is named, the database in use is as it was, and nothing is left behind. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { unprivilegedOwner } from '../../../demo/servers/owner.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { mountSmallDisk, type SmallDisk } from '../../../demo/servers/small-disk.ts'
import { startWeather, type Weather } from '../../../demo/servers/weather.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import {
  type EveryWay,
  everyWay,
  inWords,
  namesOf,
  type OpenWays,
  programs,
  RESTORES,
  sessionsOf,
  useOwnTemporary,
  type WayName,
} from './every-way.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const MEBIBYTE = 1_048_576

let server: PostgresServer
let weather: Weather
/** What is cut is a way of its own: where one was cut is no next one for a while. */
let cuttable: Weather
let kit: BackupKit
let whole: Manifest
let ways: EveryWay
let before: Record<string, unknown>
let disk: SmallDisk | null = null
beforeAll(async () => {
  server = await startPostgres()
  const to = { host: '127.0.0.1', port: server.port }
  ;[weather, cuttable] = await Promise.all([startWeather({ to }), startWeather({ to })])
  if (cannotMount === null) {
    disk = mountSmallDisk(96 * MEBIBYTE, unprivilegedOwner())
    await server.query(`CREATE TABLESPACE small LOCATION '${disk.directory}'`)
    // What is made of it is there, too.
    await server.query('ALTER DATABASE template0 SET TABLESPACE small')
  }
  kit = await createBackupKit({ password: server.password })
  useOwnTemporary()
  await server.query('CREATE DATABASE shop TEMPLATE template0')
  // Long enough to be met in its middle on a slow line. A drill on this machine has no line: it is met at its end.
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, repeat(md5(g::text), 10) AS note FROM generate_series(1, 40000) g;
     CREATE FUNCTION waits() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
       IF inet_server_addr() IS NULL THEN PERFORM pg_sleep(600); END IF; RETURN 1; END $$;
     CREATE MATERIALIZED VIEW waiting AS SELECT waits() AS one`,
    { database: 'shop' },
  )
  whole = await kit.make(server, 'shop', { recipients: [] })
  await server.query('DELETE FROM orders WHERE id > 10', { database: 'shop' })
  await server.query('VACUUM orders', { database: 'shop' })
  ways = everyWay(server, kit, [whole], { port: weather.port, readsOnce: true })
  before = await ways.state()
})
afterAll(async () => {
  await ways?.close()
  await kit?.close()
  await weather?.stop()
  await cuttable?.stop()
  await server?.stop()
  disk?.release()
})
afterEach(async () => {
  await weather.fair()
  disk?.makeRoom()
  expect(await ways.state()).toEqual(before)
})

/** Begins it on this way, until its rows come. @returns its id */
async function untilItLoads({ begin }: OpenWays, way: WayName, on = weather): Promise<string> {
  on.throttle(MEBIBYTE)
  const { id } = await begin(way)
  await until(
    async () =>
      way === 'drill'
        ? restoring().some(({ line }) => line.includes('--dbname'))
        : (await sessionsOf(server, 'COPY ')).some(({ query }) => /FROM stdin/i.test(String(query))),
    { what: 'rows that are loaded', timeoutMs: 60_000 },
  )
  return id
}

const restoring = () => programs('pg_restore')

/** In place a safety backup is made before, and stays, as its plan says. */
function removeSafety(way: WayName): void {
  const made = readdirSync(kit.directory).filter((name) => !(before.backups as string[]).includes(name))
  expect(made).toEqual(way === 'in place' ? [expect.stringMatching(/^shop-\d/)] : [])
  for (const name of made) rmSync(join(kit.directory, name), { recursive: true })
}

it.each([...namesOf(RESTORES), 'drill there', 'drill'] as const)(
  'pg_restore that is killed is told as that, and nothing of what it began is kept: %s',
  (way) =>
    ways.inConsole(async (open) => {
      const id = await untilItLoads(open, way)
      const { pid } = await until(() => restoring()[0], { what: 'a program that runs' })
      process.kill(pid, 'SIGKILL')
      await weather.fair()
      const { operations, backedUp } = open.console
      await operations.settled(id)
      const ended = await operations.get(id)
      expect(ended).toMatchObject({
        ...{ state: 'failed', target: 'unchanged' },
        undo: way === 'in place' || way === 'drill' ? 'none' : 'done',
        error: { code: 'tool-killed', params: { program: 'pg_restore', signal: 'SIGKILL' } },
      })
      expect(inWords(ended.error)).toMatch(/^pg_restore was ended by a signal \(SIGKILL\).* try again\.$/)
      expect(await backedUp.catalogue.get(whole.id)).toMatchObject({ problem: null })
      removeSafety(way)
    }),
)

it.each([...namesOf(RESTORES), 'drill there'] as const)(
  'a way that is cut in the middle is told, and leaves nothing once somebody decided: %s',
  async (way) => {
    const far = everyWay(server, kit, [whole], { port: cuttable.port, readsOnce: true })
    try {
      await far.inConsole(async (open) => {
        const id = await untilItLoads(open, way, cuttable)
        await cuttable.refuse()
        cuttable.cut()
        const { operations } = open.console
        await operations.settled(id)
        const cut = await operations.get(id)
        // The lock went with the way: a person decides.
        expect(cut).toMatchObject({ state: 'interrupted', error: { code: 'lock-lost' } })
        expect(inWords(cut.error)).toMatch(
          /^The connection broke .* look at the target, then resume, or take back what was done\.$/,
        )
        await cuttable.fair()
        far.restore.retry()
        const given = await until(() => open.console.act(id, 'cancel'), {
          ...{ what: 'a way that is back', timeoutMs: 60_000, everyMs: 500 },
        })
        expect(given).toMatchObject({ state: 'cancelled', target: 'unchanged', error: null })
        removeSafety(way)
      })
    } finally {
      await cuttable.fair()
      await far.close()
    }
  },
)

describe.skipIf(cannotMount !== null)(`a full disk${cannotMount === null ? '' : ` (${cannotMount})`}`, () => {
  it.each([...namesOf(RESTORES), 'drill there'] as const)(
    'of the server is told in its words, and leaves nothing: %s',
    (way) =>
      ways.inConsole(async ({ run }) => {
        // What the server has still to write there, it could not.
        await server.query('CHECKPOINT')
        // Enough for a database, and not for what comes into it.
        disk?.fill(12 * MEBIBYTE)
        const ended = await run(way)
        expect(ended).toMatchObject({
          ...{ state: 'failed', target: 'unchanged' },
          undo: way === 'in place' ? 'none' : 'done',
        })
        const words = inWords(ended.error)
        expect(words).toMatch(
          way === 'tables'
            ? /^PostgreSQL 127\.0\.0\.1:\d+ has no room left on its disk: .*No space left on device\. Make room on that machine, then try again\.$/
            : /^database-1\.dump could not be restored: .*No space left on device\. .*See to what is named there, then try again\.$/,
        )
        removeSafety(way)
      }),
  )

  it('of the place that the safety backup goes to is told before anything is replaced: in place', async () => {
    const place = mountSmallDisk(MEBIBYTE)
    const backups = { store: { kind: 'local', directory: place.directory } } as const
    const full = everyWay(server, kit, [whole], { readsOnce: true, backups })
    try {
      place.fill()
      await full.inConsole(async ({ run }) => {
        const ended = await run('in place')
        expect(ended).toMatchObject({
          ...{ state: 'failed', target: 'unchanged', undo: 'none' },
          error: { code: 'store-full', params: { place: place.directory } },
        })
        expect(ended.steps.find(({ state }) => state === 'failed')?.id).toBe('restore-safety')
        expect(inWords(ended.error)).toMatch(
          new RegExp(
            `^There is no room left in ${place.directory}\\..* Make room there, or choose another place\\.$`,
          ),
        )
        expect(readdirSync(place.directory)).toEqual(['filler'])
      })
    } finally {
      await full.close()
      place.release()
    }
  })
})
