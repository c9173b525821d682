/** Backups of an older PostgreSQL than the programs are of: each way to restore them there, to a newer server, and in a drill, row by row. */
import { cpSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { unprivilegedOwner } from '../../../demo/servers/owner.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresDirectories } from '../../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type Copy, missing, readable, skipped } from '../../support/postgres-majors.ts'
import { type BackupKit, createBackupKit, untilItEnds } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { countsOf, everything } from '../backups/everything.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Two before Debian's, whose programs are the only ones that tests have. */
const OLDER = 13
const NEWEST = 18
const { tables, rows } = countsOf(OLDER)
const why = missing(OLDER) ?? missing(NEWEST)

describe.skipIf(why !== null)(`PostgreSQL ${OLDER}${skipped(why)}`, () => {
  let copy: Copy | null
  let server: PostgresServer
  let kit: BackupKit
  let restore: RestoreKit
  let manifest: Manifest
  let whole: Record<string, string[]>
  let damaged: Record<string, unknown>
  beforeAll(async () => {
    copy = readable(OLDER)
    server = await startPostgres({ version: OLDER })
    kit = await createBackupKit({ password: server.password })
    await server.query('CREATE ROLE keeper')
    await server.query('CREATE DATABASE shop OWNER keeper')
    await server.query(everything(OLDER), { database: 'shop' })
    await server.query('ALTER TABLE orders OWNER TO keeper', { database: 'shop' })
    manifest = await kit.make(server, 'shop', { deployment: 'shop' })
    whole = await contentsOf(server, 'shop')
    await server.query(
      'DELETE FROM orders WHERE id > 10; DROP TABLE types; REFRESH MATERIALIZED VIEW totals',
      {
        database: 'shop',
      },
    )
    damaged = await contentsOf(server, 'shop')
    restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true })
    restore.know(manifest)
  })
  afterAll(async () => {
    await restore?.close()
    await kit?.close()
    await server?.stop()
    await copy?.remove()
  })

  it('is what it is', () => {
    expect(Math.floor(manifest.server.version / 10_000)).toBe(OLDER)
    expect(manifest.parts[0]?.tool.version).toMatch(/^15/)
  })

  it.each([
    ['beside and swapped', { mode: 'side-by-side' }],
    ['in place, in one transaction', { mode: 'in-place', room: 'none' }],
  ])('is restored %s, and goes back', async (_, asked) => {
    const console = await restore.console()
    const done = await console.run({ ...asked, backup: manifest.id })
    expect(done).toMatchObject({ state: 'succeeded', error: null })
    expect(await contentsOf(server, 'shop')).toEqual(whole)
    expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
    expect(await contentsOf(server, 'shop')).toEqual(damaged)
    expect(await restore.databases()).toEqual(['shop'])
    await console.close()
  })

  it('is not begun where the server lacks an extension, or programs are older than the server', async () => {
    const programs = createTemporaryDirectory('postgres-programs', unprivilegedOwner())
    const [bin = ''] = postgresDirectories(OLDER)
    cpSync(dirname(bin), join(programs.path, String(OLDER)), { recursive: true, verbatimSymlinks: true })
    rmSync(join(programs.path, String(OLDER), 'share/postgresql/extension/hstore.control'))
    const before = process.env.VAKHTA_POSTGRESES
    process.env.VAKHTA_POSTGRESES = programs.path
    const refusedAt = async (other: PostgresServer) => {
      await kit.vault.set('postgres', other.password)
      const there = createRestoreKit(other, kit, { database: 'shop' })
      const console = await there.console()
      const refused = async (asked: { mode: string; from?: string }, of: string, databases: string[]) => {
        there.know({ ...manifest, deployment: of })
        const options = { ...asked, backup: manifest.id }
        const { preview } = await console.preview(options)
        await expect(console.run(options)).rejects.toMatchObject({ refused: { kind: 'impossible' } })
        expect(await there.databases()).toEqual(databases)
        return preview.refusals
      }
      try {
        const elsewhere = await refused({ mode: 'elsewhere', from: 'old' }, 'old', [])
        // Whose its tables are is there, and only what they need of the server is not.
        await other.query('CREATE ROLE keeper')
        await other.query('CREATE DATABASE shop OWNER keeper')
        expect(await refused({ mode: 'side-by-side' }, 'shop', ['shop'])).toEqual(elsewhere)
        expect(await other.query(`SELECT FROM pg_stat_activity WHERE application_name ~ 'restore'`)).toEqual(
          [],
        )
        return elsewhere
      } finally {
        await console.close()
        await there.close()
        await kit.vault.set('postgres', server.password)
        await other.stop()
      }
    }
    try {
      expect(await refusedAt(await startPostgres({ version: OLDER }))).toEqual([
        { code: 'restore-extensions-missing', params: { extensions: 'hstore' } },
      ])
    } finally {
      if (before === undefined) delete process.env.VAKHTA_POSTGRESES
      else process.env.VAKHTA_POSTGRESES = before
      await programs.remove()
    }
    expect(await refusedAt(await startPostgres({ version: NEWEST }))).toMatchObject([
      { code: 'tool-too-old', params: { program: 'pg_restore', major: NEWEST } },
    ])
  })

  it('is restored to a newer server that has nothing, and tried by a drill', async () => {
    const newer = await startPostgres()
    await kit.vault.set('postgres', newer.password)
    const there = createRestoreKit(newer, kit, { database: 'shop' })
    try {
      there.know({ ...manifest, deployment: 'old' })
      const console = await there.console()
      const done = await console.run({ mode: 'elsewhere', backup: manifest.id, from: 'old' })
      expect(done).toMatchObject({ state: 'succeeded', error: null })
      const { extensions, types, ...rest } = await contentsOf(newer, 'shop')
      const { extensions: before, types: typesBefore = [], ...restBefore } = whole
      expect(rest).toEqual(restBefore)
      const names = (all: readonly string[] = []) => all.map((line) => JSON.parse(line).extname)
      // Each server has its own versions of these.
      expect(names(extensions)).toEqual(names(before))
      // From 14 on each range has a type for several of it.
      expect(types).toEqual(
        typesBefore.map((line) => line.replace('"float8mi", null]', '"float8mi", "public.span_multirange"]')),
      )
      await console.close()
    } finally {
      await there.close()
      await kit.vault.set('postgres', server.password)
      await newer.stop()
    }
    const store = { kind: 'local', directory: kit.directory } as const
    const job = { kind: 'drill', manifest, store, identity: await kit.keys.drillIdentity() } as const
    expect(await kit.runJob(job, untilItEnds)).toMatchObject({ compared: { tables, rows } })
  })
})
