/** A disk that stops answering while a program restores from what is staged there: the program is ended after a while, with the name of the directory; one that only takes long is not. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { feed } from '../../../src/main/engine/backups/postgres/feed.ts'
import { createTools } from '../../../src/main/engine/backups/postgres/tools.ts'
import { type Given, withRows } from '../../../src/main/engine/backups/staging/given.ts'
import { readWritten } from '../../../src/main/engine/backups/worker/session.ts'
import { type FreezableDisk, mountFreezableDisk, whyNoFreezing } from '../../support/frozen-disk.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'

const cannotFreeze = await whyNoFreezing()
if (cannotFreeze !== null)
  console.warn(`The tests of a disk that stops answering are skipped: ${cannotFreeze}.`)
/** Half an hour is six seconds. */
const TIMES = 300

describe.skipIf(cannotFreeze !== null)(
  `what a program restores from${cannotFreeze === null ? '' : ` (${cannotFreeze})`}`,
  { timeout: 120_000 },
  () => {
    let server: PostgresServer
    let kit: BackupKit
    let disk: FreezableDisk
    let manifest: Manifest
    beforeAll(async () => {
      server = await startPostgres()
      kit = await createBackupKit({ password: server.password })
      disk = mountFreezableDisk()
      await server.query('CREATE DATABASE shop')
      await server.query(
        `CREATE FUNCTION waits() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
           IF current_database() LIKE 'beside%' THEN PERFORM pg_sleep(600); END IF; RETURN 1; END $$;
         CREATE MATERIALIZED VIEW waiting AS SELECT public.waits() AS one;
         CREATE TABLE large AS SELECT g AS id, md5(g::text) AS note FROM generate_series(1, 20000) g`,
        { database: 'shop' },
      )
      manifest = await kit.make(server, 'shop', { staging: { directory: join(kit.home, 'stage'), jobs: 2 } })
    }, 120_000)
    afterAll(async () => {
      await disk?.release()
      await kit?.close()
      await server?.stop()
    })

    /** Stages the backup on that disk, and hands it over. */
    async function given<T>(jobs: number, work: (given: Given) => Promise<T>): Promise<T> {
      const [part] = manifest.parts
      if (part === undefined) throw new TypeError('it has a database')
      const { signal } = new AbortController()
      const clock = createHurriedClock(TIMES)
      const reading = {
        ...{ store: kit.store, identity: await kit.keys.drillIdentity(), signal, clock },
        onBytes() {},
      }
      return withRows(reading, manifest, part, { directory: disk.directory, jobs }, work)
    }

    async function restoring(into: string, signal: AbortSignal, jobs: number): Promise<void> {
      await server.query(`CREATE DATABASE ${into}`)
      const tool = await createTools({ env: process.env }).fitting('pg_restore', 15)
      const way = {
        ...{ env: { PGPASSWORD: server.password }, passes: [], isGuarded: false, secrets: [] },
        failure: () => null,
      }
      const args = [
        '--exit-on-error',
        `--dbname=host=127.0.0.1 port=${server.port} user=postgres dbname=${into}`,
      ]
      return given(jobs, (each) => feed(each, tool, args, { name: 'vakhta restore', way, signal }))
    }

    const outcomeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: unknown) => (error as { failure?: unknown }).failure ?? error,
      )
    const programs = () =>
      descendantsOf(process.pid).filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('pg_restore')
        } catch {
          return false
        }
      })
    const untilAsleep = (into: string) =>
      until(
        async () =>
          (
            await server.query(
              `SELECT FROM pg_stat_activity WHERE datname = '${into}' AND wait_event = 'PgSleep'`,
            )
          ).length > 0,
        { what: 'a restore that waits for the server', timeoutMs: 60_000 },
      )
    const stages = () => readdirSync(disk.directory).filter((name) => name.startsWith('vakhta-stage-'))
    const stuck = () => ({
      ...{ code: 'staging-stuck', params: { directory: disk.directory, seconds: expect.any(Number) } },
    })

    it.each([1, 2])('is told, and its program ended, with %i sessions', async (jobs) => {
      const into = `beside_${jobs}`
      const restored = outcomeOf(restoring(into, new AbortController().signal, jobs))
      await untilAsleep(into)
      expect(programs().length).toBeGreaterThan(0)
      const staged = stages()
      disk.freeze()
      try {
        expect(await restored).toMatchObject(stuck())
        await until(() => programs().length === 0, { what: 'the end of the program' })
        // Whoever would remove it now would wait, too.
        expect(stages()).toEqual(staged)
      } finally {
        disk.thaw()
      }
    })

    it('is told where we say to the server what the program writes', async () => {
      const tool = await createTools({ env: process.env }).fitting('pg_restore', 15)
      let taken = 0
      const read = outcomeOf(
        given(1, (each) =>
          readWritten({ signal: new AbortController().signal }, each, { tool, args: [] }, async (output) => {
            // The program has more to say than is taken at a time.
            for await (const chunk of output) {
              taken += (chunk as Buffer).length
              disk.freeze()
              await new Promise((resolve) => output.once('close', resolve))
            }
          }),
        ),
      )
      await until(() => taken > 0, { what: 'what the program writes', timeoutMs: 30_000 })
      try {
        expect(await read).toMatchObject(stuck())
        await until(() => programs().length === 0, { what: 'the end of the program' })
      } finally {
        disk.thaw()
      }
    })

    it('is left to take hours where the disk answers, and leaves nothing when it is cancelled', async () => {
      const before = stages()
      const ending = new AbortController()
      const restored = outcomeOf(restoring('beside_long', ending.signal, 1))
      await untilAsleep('beside_long')
      const [staged = ''] = stages().filter((name) => !before.includes(name))
      const asked = () => statSync(join(disk.directory, staged, 'asked')).mtimeMs
      const since = asked()
      await until(() => asked() - since > (45 * 60_000) / TIMES, {
        what: 'that it was asked for long',
        timeoutMs: 60_000,
      })
      expect(programs()).toHaveLength(1)
      const reason = new Error('enough')
      ending.abort(reason)
      expect(await restored).toBe(reason)
      expect(stages()).toEqual(before)
    })
  },
)
