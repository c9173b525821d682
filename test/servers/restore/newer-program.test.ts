/** A `pg_restore` that is newer than the server: from 17 on it sets what an older server does not know, and stops at that. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { Postgres } from '../../../src/shared/model/profile/postgres.ts'
import { type BackupKit, createBackupKit, untilItEnds } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { everything } from '../backups/everything.ts'
import { newerRestorer, SETS_IT, writtenByNewer } from './newer-restorer.ts'

let server: PostgresServer
let kit: BackupKit
let putBack: () => void
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  for (const name of ['shop', 'beside']) await server.query(`CREATE DATABASE ${name}`)
  await server.query(everything(), { database: 'shop' })
  putBack = newerRestorer(kit.home)
})
afterAll(async () => {
  putBack()
  await kit.close()
  await server.stop()
})

it('restores everything into the older server over our own session', async () => {
  const manifest = writtenByNewer(await kit.make(server, 'shop'))
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
