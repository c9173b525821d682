/** A `pg_restore` that is newer than the server: from 17 on it sets what an older server does not know, and stops at that. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { Postgres } from '../../../src/shared/model/profile/postgres.ts'
import { type BackupKit, client, createBackupKit, untilItEnds } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { everything } from '../backups/everything.ts'

/** What 17 and 15 write differs here in that line alone. */
const SETS_IT = 'SET transaction_timeout = 0;'

let server: PostgresServer
let kit: BackupKit
const path = process.env.PATH
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  for (const name of ['shop', 'beside']) await server.query(`CREATE DATABASE ${name}`)
  await server.query(everything(), { database: 'shop' })
  const programs = join(kit.home, 'programs')
  mkdirSync(programs)
  const real = client('pg_restore')
  writeFileSync(
    join(programs, 'pg_restore'),
    `#!/bin/sh
case "$*" in
*--version*) echo 'pg_restore (PostgreSQL) 17.6' ;;
*--file=-*) echo '${SETS_IT}'; exec '${real}' "$@" ;;
*) echo 'pg_restore: error: unrecognized configuration parameter "transaction_timeout"' >&2; exit 1 ;;
esac
`,
  )
  chmodSync(join(programs, 'pg_restore'), 0o755)
  process.env.PATH = `${programs}${delimiter}${path}`
})
afterAll(async () => {
  process.env.PATH = path
  await kit.close()
  await server.stop()
})

it('restores everything into the older server over our own session', async () => {
  const made = await kit.make(server, 'shop')
  // Nothing older than what wrote a dump can read it.
  const manifest: Manifest = {
    ...made,
    parts: made.parts.map((part) => ({ ...part, tool: { ...part.tool, version: '17.6' } })),
  }
  await expect(server.query(SETS_IT)).rejects.toThrow('unrecognized configuration parameter')
  await kit.runJob(
    {
      ...{ kind: 'restore', manifest, store: { kind: 'local', directory: kit.directory } },
      ...{ identity: await kit.keys.drillIdentity(), ssh: null, args: [], name: 'vakhta restore test' },
      database: { from: 'shop', into: 'beside' },
      postgres: Postgres.parse({
        url: `postgresql://postgres@127.0.0.1:${server.port}/shop`,
        password: 'secret:postgres',
      }),
      server: { host: '127.0.0.1', port: server.port, major: 15 },
    },
    untilItEnds,
  )
  expect(await contentsOf(server, 'beside')).toEqual(await contentsOf(server, 'shop'))
})
