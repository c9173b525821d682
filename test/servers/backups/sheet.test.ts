/** What stands on the sheet of the recovery key brings a database back to a server that has nothing, without Vakhta. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { recoverySheetPage } from '../../../src/main/engine/backups/recovery-sheet.ts'
import { createTranslator } from '../../../src/shared/locales/translate.ts'
import { age, type BackupKit, client, createBackupKit } from './backup-kit.ts'

let lost: PostgresServer
let blank: PostgresServer
let kit: BackupKit
beforeAll(async () => {
  ;[lost, blank] = await Promise.all([startPostgres(), startPostgres()])
  kit = await createBackupKit({ password: lost.password })
  await lost.query('CREATE ROLE app LOGIN; CREATE ROLE reader')
  await lost.query('CREATE DATABASE shop OWNER app')
  await lost.query(
    `CREATE TABLE orders (id int PRIMARY KEY); INSERT INTO orders SELECT generate_series(1, 9); ALTER TABLE orders OWNER TO app;
     CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS orders FROM orders; GRANT SELECT ON totals TO reader`,
    { database: 'shop' },
  )
})
afterAll(async () => {
  await kit?.close()
  await Promise.all([lost?.stop(), blank?.stop()])
})

it('by its commands, one after the other', async () => {
  const { id } = await kit.make(lost, 'shop')
  const identity = await kit.keys.drillIdentity()
  const directory = join(kit.directory, id)
  writeFileSync(join(directory, 'key.txt'), `${identity}\n`, { mode: 0o600 })
  const page = recoverySheetPage(createTranslator('en'), {
    ...{ identity, recipient: 'age1', console: 'night shift', date: '1 January' },
  })
  const commands = [...page.matchAll(/<code>(age [^<]*(?:globals\.sql|\.dump)\.age[^<]*)<\/code>/g)].map(
    ([, command = '']) => command.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
  )
  expect(commands).toHaveLength(2)
  await blank.query('CREATE DATABASE again')
  const env = {
    PATH: [dirname(age), dirname(client('pg_restore')), process.env.PATH].join(':'),
    ...{ PGHOST: '127.0.0.1', PGPORT: String(blank.port), PGUSER: 'postgres', PGPASSWORD: blank.password },
  }
  for (const command of commands)
    await promisify(execFile)('sh', ['-c', command.replace('DATABASE', 'again')], { cwd: directory, env })
  expect(
    await blank.query(
      `SELECT t.orders::int, pg_get_userbyid(c.relowner) AS owner, has_table_privilege('reader', 'totals', 'SELECT') AS reads FROM totals t, pg_class c WHERE c.relname = 'orders'`,
      { database: 'again' },
    ),
  ).toEqual([{ orders: 9, owner: 'app', reads: true }])
})
