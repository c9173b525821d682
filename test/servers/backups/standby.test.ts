/** Backups of servers that let us do less than others do: a standby, and one whose other databases are closed. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { Postgres } from '../../../src/shared/model/profile/postgres.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'

let primary: PostgresServer
let standby: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  primary = await startPostgres()
  await primary.query(`
    create table orders (id int); insert into orders select generate_series(1, 10);
    create unlogged table visits (id int); insert into visits values (1);
    create role outsider login password '${primary.password}'; grant pg_read_all_data to outsider`)
  await primary.query('create database shop')
  for (const database of ['postgres', 'template1'])
    await primary.query(`revoke connect on database ${database} from public`)
  standby = await startPostgres({ standbyOf: primary })
  kit = await createBackupKit({ password: primary.password })
}, 60_000)
afterAll(async () => {
  await kit?.close()
  await standby?.stop()
  await primary?.stop()
})

it('of a standby is without the rows of unlogged tables, which it has none of', async () => {
  const manifest = await kit.make(standby, 'postgres')
  expect(manifest.parts[0]?.tables).toEqual([{ schema: 'public', name: 'orders', rows: 10 }])
  expect(await kit.verify(manifest)).toEqual({ isManifestWhole: true })
})

it('of a database has the roles, too, where no other database lets us in', async () => {
  const postgres = Postgres.parse({
    url: `postgresql://outsider@127.0.0.1:${primary.port}/shop`,
    password: 'secret:postgres',
  })
  const manifest = await kit.make(primary, 'shop', { postgres })
  expect(manifest.parts.map(({ content }) => content)).toEqual(['database', 'globals'])
})
