/** How dumps are compressed, by the programs that are here: told in the manifest, read back, and restored row by row. */
import { execFileSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { readArchive } from '../../../src/main/engine/backups/postgres/archive.ts'
import { createTools, type Tools } from '../../../src/main/engine/backups/postgres/tools.ts'
import { unwatched } from '../../../src/main/engine/backups/staging/watch.ts'
import { verifyBackup } from '../../../src/main/engine/backups/verify.ts'
import { make } from '../../../src/main/engine/backups/worker/make.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import type { BackupCompression } from '../../../src/shared/model/profile/backups.ts'
import { askOf, type BackupKit, client, createBackupKit } from './backup-kit.ts'
import { contentsOf } from './contents.ts'
import { NEVER } from './operation-kit.ts'

/** Client programs of 16 or later: no release of Debian that tests run on has them, so that their directory may be named. */
const newer = createTools({ env: process.env, directories: [process.env.VAKHTA_POSTGRES_CLIENTS ?? ''] })
const [newest] = await newer.all('pg_dump')
const noZstd = (newest?.major ?? 0) >= 16 ? null : 'no pg_dump of 16 or later is here'

let server: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE DATABASE shop')
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, repeat(md5((g % 50)::text), 4) AS note FROM generate_series(1, 2000) g`,
    { database: 'shop' },
  )
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})

/** By hand: as SQL, of which an older server does not know how a newer program begins. */
const restored = async (dump: Buffer, database: string, program = client('pg_restore')) => {
  await server.query(`CREATE DATABASE "${database}" TEMPLATE template0`)
  const sql = execFileSync(program, ['--file=-'], {
    input: dump,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const args = ['--no-psqlrc', '--quiet', '--no-password', '-v', 'ON_ERROR_STOP=1', '-d', database]
  execFileSync(client('psql'), args, {
    input: sql.replace(/^SET transaction_timeout = 0;$/m, ''),
    env: {
      ...{ PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'postgres' },
      PGPASSWORD: server.password,
    },
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  return contentsOf(server, database)
}

describe('without Zstandard', { timeout: 60_000 }, () => {
  const methods = [
    ['by itself with gzip, where the program has nothing better', undefined, { method: 'gzip', level: null }],
    ['with gzip of a level', { method: 'gzip', level: 9 }, { method: 'gzip', level: 9 }],
    ['not at all', { method: 'none' }, { method: 'none', level: null }],
  ] as const
  it.each(methods)('is compressed %s', async (_, compression, expected) => {
    const options = compression === undefined ? {} : { compression }
    const tools = createTools({ env: process.env })
    // One that has it would be taken; that is another test's.
    if (compression === undefined && (await tools.fitting('pg_dump', 15)).major >= 16) return
    const manifest = await kit.make(server, 'shop', options)
    const [part] = manifest.parts
    expect(part?.compression).toEqual(expected)
    expect(manifest.parts[1]?.compression).toBeUndefined()
    // 128 bytes a row, and as many again for the rest of it.
    const isSmall = (part?.plainBytes ?? 0) < 2_000 * 64
    expect(isSmall).toBe(expected.method !== 'none')
    await kit.verify(manifest)
    const dump = await kit.plain(manifest, part?.file ?? '')
    expect(await restored(dump, `by ${_}`.slice(0, 60))).toEqual(await contentsOf(server, 'shop'))
  })

  it('is refused before anything is written where Zstandard is wanted', async () => {
    const before = readdirSync(kit.directory)
    const old: Tools = {
      ...newer,
      fitting: async (program) => ({ program, path: client(program), major: 15, version: '15.0' }),
    }
    await expect(makeWith(old, { method: 'zstd' })).rejects.toMatchObject({
      failure: { code: 'compression-not-there', params: { program: 'pg_dump', version: '15.0' } },
    })
    expect(readdirSync(kit.directory)).toEqual(before)
  })
})

describe.skipIf(noZstd !== null)(`with Zstandard${noZstd === null ? '' : ` (left out: ${noZstd})`}`, () => {
  const only: Tools = { ...newer, fitting: (program) => newer.fitting(program, newest?.major ?? 16) }
  it.each([
    ['by itself', { method: 'auto' }, null],
    ['with a level', { method: 'zstd', level: 5 }, 5],
  ] as const)('is compressed %s, read back and restored', async (name, compression, level) => {
    const manifest = await makeWith(only, compression)
    const [part] = manifest.parts
    expect(part).toMatchObject({ compression: { method: 'zstd', level } })
    const read = { store: kit.store, tools: only, signal: NEVER, onBytes: () => {} }
    await verifyBackup({ ...read, identity: await kit.keys.drillIdentity() }, manifest)
    const { path } = await only.fitting('pg_restore', 16)
    const dump = await kit.plain(manifest, part?.file ?? '')
    expect(await restored(dump, `zstd ${name}`, path)).toEqual(await contentsOf(server, 'shop'))
  })
})

it('a pg_restore that was built without it says so before anything is restored', async () => {
  // A double: such a build cannot be had here. It says what the real one says to that, and ends as that does.
  const path = join(kit.home, 'pg_restore')
  const words =
    'pg_restore: warning: archive is compressed, but this installation does not support compression (this build does not support compression with ZSTD) -- no data will be available'
  writeFileSync(path, `#!/bin/sh\necho '${words}' >&2\ncat >/dev/null\n`)
  chmodSync(path, 0o755)
  const tool = { program: 'pg_restore', path, major: 17, version: '17.1' } as const
  async function* content() {
    yield readFileSync(path)
  }
  const given = { file: 'database-1.dump', args: [], content, untold: content, watch: unwatched }
  await expect(readArchive(given, tool)).rejects.toMatchObject({
    failure: { code: 'compression-unreadable', params: { file: 'database-1.dump', path } },
  })
})

async function makeWith(tools: Tools, compression: BackupCompression) {
  const job = kit.job(server, 'shop', {
    ...{ compression, globals: false, recipients: await kit.keys.recipients() },
  })
  const { store } = kit
  return make(
    { ...{ ask: askOf(kit), store, tools, clock: systemClock, signal: NEVER }, onBytes() {}, onHeld() {} },
    job,
  )
}
