/** `vakhta restore` against a console that runs: backed up, restored, taken back, and kept. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'

let console_: TestConsole
let server: PostgresServer

beforeAll(async () => {
  server = await startPostgres()
  await server.query('CREATE DATABASE shop')
  await server.query('CREATE TABLE orders AS SELECT 1 AS id', { database: 'shop' })
  await server.query(`CREATE ROLE watcher LOGIN PASSWORD '${server.password}' IN ROLE pg_monitor`)
  console_ = await startTestConsole()
  await console_.engine.vault.set('pg', server.password)
  await console_.engine.deployments.save(
    {
      ...{ name: 'shop', environment: 'production' },
      postgres: {
        url: `postgresql://watcher@127.0.0.1:${server.port}/shop`,
        password: 'secret:pg',
        operate: { user: 'postgres', password: 'secret:pg' },
      },
      backups: { store: { kind: 'local', directory: join(console_.dataDirectory, 'backups') } },
    },
    null,
  )
  await console_.engine.start()
}, 60_000)
afterAll(async () => {
  await console_?.stop()
  await server?.stop()
}, 60_000)

const vakhta = (...words: string[]) =>
  runVakhta([...words, '--json', '--data', console_.dataDirectory], { env: { LANG: 'C.UTF-8' } })
const orders = async () =>
  Number((await server.query('SELECT count(*) AS count FROM orders', { database: 'shop' }))[0]?.count)

it('is previewed, confirmed, done, taken back, and done again for good', async () => {
  const backed = await vakhta('operations', 'run', 'backup', 'shop')
  expect({ code: backed.code, stderr: backed.stderr }).toMatchObject({ code: 0 })
  const query = { deployment: 'shop', before: null, limit: 1 }
  const { backups } = await console_.engine.backups.list(query)
  const id = backups[0]?.id ?? ''
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })

  const preview = await vakhta('restore', 'shop', '--backup', id, '--preview')
  expect(preview.code).toBe(0)
  expect(JSON.parse(preview.stdout)).toMatchObject({
    confirm: 'shop',
    preview: { effect: 'destroys', databases: [{ name: 'shop' }, { name: 'shop__restore_…' }] },
  })
  expect((await vakhta('restore', 'shop', '--backup', id)).code).toBe(77)
  expect((await vakhta('restore', 'shop', '--backup', 'none', '--confirm', 'shop')).code).toBe(65)

  const done = await vakhta('restore', 'shop', '--backup', id, '--confirm', 'shop')
  expect({ code: done.code, stderr: done.stderr }).toMatchObject({ code: 0 })
  const operation = JSON.parse(done.stdout)
  expect(operation).toMatchObject({ state: 'succeeded', undo: 'available', result: { rows: 1 } })
  expect(await orders()).toBe(1)
  const undone = await vakhta('operations', 'undo', operation.id, '--confirm', 'shop')
  expect(JSON.parse(undone.stdout)).toMatchObject({ state: 'undone' })
  expect(await orders()).toBe(2)

  const again = JSON.parse((await vakhta('restore', 'shop', '--backup', id, '--confirm', 'shop')).stdout)
  const kept = await vakhta(
    ...['restore', 'shop', '--mode', 'keep', '--operation', again.id, '--confirm', 'shop'],
  )
  expect({ code: kept.code, stderr: kept.stderr }).toMatchObject({ code: 0 })
  expect(await orders()).toBe(1)
  const left = await server.query(`SELECT datname FROM pg_database WHERE datname LIKE 'shop%'`)
  expect(left).toEqual([{ datname: 'shop' }])
}, 120_000)
