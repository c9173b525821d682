/** What Vakhta wrote, restored by hand with the standard tools, is row by row what was there. */
import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type BackupKit, client, createBackupKit } from './backup-kit.ts'
import { contentsOf } from './contents.ts'
import { countsOf, everything, privileged } from './everything.ts'

/** A name that needs quoting wherever a name can stand. */
const STRANGE = `Лавка "Ёж" = 'x\\y' /?`

let server: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  for (const database of [STRANGE, 'empty']) {
    await server.query(`CREATE DATABASE "${database.replaceAll('"', '""')}"`)
  }
  await server.query('CREATE ROLE "Кладовщик"')
  await server.query(everything() + privileged(), { database: STRANGE })
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})

async function restored(dump: Buffer, database: string): Promise<Record<string, unknown>> {
  await server.query(`CREATE DATABASE "${database}" TEMPLATE template0`)
  execFileSync(client('pg_restore'), ['--exit-on-error', '--no-password', '-d', database], {
    input: dump,
    env: {
      PGHOST: '127.0.0.1',
      PGPORT: String(server.port),
      PGUSER: 'postgres',
      PGPASSWORD: server.password,
    },
  })
  return contentsOf(server, database)
}

it('everything a database has comes back, with either key', async () => {
  const recovery = await kit.keys.makeRecovery()
  const manifest = await kit.make(server, STRANGE)
  const [part] = manifest.parts
  const before = await contentsOf(server, STRANGE)
  expect(await restored(await kit.plain(manifest, part?.file ?? ''), 'by_drill_key')).toEqual(before)
  const dump = await kit.plain(manifest, part?.file ?? '', recovery.identity)
  expect(await restored(dump, 'by_recovery_key')).toEqual(before)
})

describe('the manifest', () => {
  it('tells the rows of every table at the moment of the dump', async () => {
    const manifest = await kit.make(server, STRANGE)
    const counts = Object.fromEntries(
      (manifest.parts[0]?.tables ?? []).map(({ schema, name, rows }) => [`${schema}.${name}`, rows]),
    )
    expect(counts).toEqual(countsOf().of)
    expect(manifest).toMatchObject({
      partial: false,
      deployment: 'shop',
      server: { version: expect.any(Number) },
      recipients: await kit.keys.recipients(),
      parts: [
        { content: 'database', database: STRANGE, tool: { program: 'pg_dump' } },
        { content: 'globals', database: null, tables: [] },
      ],
    })
    expect(await kit.verify(manifest)).toEqual({ isManifestWhole: true })
  })
})

it('an empty database is a backup like any other', async () => {
  const manifest = await kit.make(server, 'empty')
  expect(manifest.parts[0]?.tables).toEqual([])
  await kit.verify(manifest)
  const [part] = manifest.parts
  expect(await restored(await kit.plain(manifest, part?.file ?? ''), 'empty_again')).toEqual(
    await contentsOf(server, 'empty'),
  )
})

it('what was chosen is all that is in it, and it says that it is not everything', async () => {
  const selection = { schemas: ['Склад "А"'], tables: [{ schema: 'public', name: 'customers' }] }
  const manifest = await kit.make(server, STRANGE, { selection, recipients: [] })
  expect(manifest.partial).toBe(true)
  const tables = manifest.parts[0]?.tables.map(({ name }) => name)
  expect(tables).toEqual(['customers', expect.stringContaining('Таблица')])
  await kit.verify(manifest)
  const missing = { schemas: [], tables: [{ schema: 'public', name: 'nowhere' }] }
  await expect(kit.make(server, STRANGE, { selection: missing })).rejects.toMatchObject({
    failure: { code: 'not-there', params: { name: 'public.nowhere' } },
  })
})

it('roles come without their passwords', async () => {
  await server.query(`CREATE ROLE shop LOGIN PASSWORD 'planted-secret-1'`)
  const manifest = await kit.make(server, 'empty')
  const globals = (await kit.plain(manifest, manifest.parts[1]?.file ?? '')).toString('utf8')
  expect(globals).toContain('CREATE ROLE shop')
  expect(globals).not.toMatch(/PASSWORD|SCRAM-SHA-256|planted/)
})
