/** `vakhta restore` of a real console: done, taken back and kept; and whole after the console or its program was killed in the middle. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from '../../../demo/servers/temporary-directory.ts'
import { type Running, runVakhta, startVakhta } from '../../support/run-vakhta.ts'
import { until } from '../../support/until.ts'

let home: TemporaryDirectory
let server: PostgresServer
let console_: Running | null = null
let url = ''
let backup = ''

const data = () => join(home.path, 'data')
/** Where the console puts what it needs for a while. */
const scratch = () => join(home.path, 'scratch')

beforeAll(async () => {
  home = createTemporaryDirectory('cli-restore')
  server = await startPostgres()
  await server.query('CREATE DATABASE shop')
  // Restoring it waits for as long as there is a role of this name; a check is looked at for each row that is loaded.
  await server.query(
    `CREATE FUNCTION waits() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       WHILE EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'stall') LOOP PERFORM pg_catalog.pg_sleep(0.1); END LOOP;
       RETURN true; END $$;
     CREATE TABLE orders (id int CHECK (public.waits())); INSERT INTO orders VALUES (1)`,
    { database: 'shop' },
  )
  const sealed = ['--data', data(), '--key-file', join(home.path, 'key')]
  const { code } = await runVakhta(['secret', 'set', 'pg', ...sealed], { input: server.password })
  expect(code).toBe(0)
  await serve()
  const token = readFileSync(join(data(), 'token'), 'utf8').trim()
  const yaml = `name: shop
environment: production
postgres: { url: "postgresql://postgres@127.0.0.1:${server.port}/shop", password: "secret:pg", operate: { user: postgres, password: "secret:pg" } }
backups: { store: { kind: local, directory: "${join(home.path, 'kept')}" } }
`
  const response = await fetch(`${url}/api/v1/deployments/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ yaml }),
  })
  expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200 })
  await untilReached()
  const made = await json<{ result: { backup: string } }>('backup', 'shop')
  backup = made.result.backup
  await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
}, 180_000)
afterAll(async () => {
  console_?.child.kill('SIGTERM')
  await console_?.ended
  await server?.stop()
  await home?.remove()
}, 60_000)

async function serve(): Promise<void> {
  const env = { TMPDIR: scratch() }
  mkdirSync(scratch(), { recursive: true })
  const sealed = ['--data', data(), '--key-file', join(home.path, 'key')]
  const started = startVakhta(['serve', ...sealed, '--json'], { env })
  console_ = started
  const line = await until(() => /^(.*)\n/.exec(started.output.stdout)?.[1], {
    what: 'a console that is ready',
    timeoutMs: 60_000,
  })
  url = (JSON.parse(line) as { url: string }).url
}

const vakhta = (...words: string[]) => runVakhta([...words, '--data', data()])

async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await vakhta(...words, '--json')
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as T
}

/** What was just imported or restarted is not reached at once. */
async function untilReached(): Promise<void> {
  await until(async () => (await vakhta('backup', 'shop', '--preview')).code === 0, {
    what: 'that it is reached',
    timeoutMs: 60_000,
  })
}

interface Told {
  readonly id: string
  readonly state: string
  readonly target: string
  readonly undo: string
  readonly result: Record<string, unknown> | null
  readonly error: { code: string } | null
}

const CONFIRM = ['--confirm', 'shop'] as const
const restoring = () => ['restore', 'shop', '--backup', backup] as const

const orders = async () =>
  Number((await server.query('SELECT count(*) AS count FROM orders', { database: 'shop' }))[0]?.count)
const databases = async () =>
  (await server.query(`SELECT datname FROM pg_database WHERE datname LIKE 'shop%' ORDER BY 1`)).map(
    ({ datname }) => String(datname),
  )

/** Begins one that waits in the middle of what it restores: when rows are loaded. */
async function beginStalled(...more: string[]): Promise<string> {
  await server.query('CREATE ROLE stall')
  const { id } = await json<Told>(...restoring(), ...more, ...CONFIRM, '--detach')
  await until(
    async () =>
      (
        await server.query(
          `SELECT FROM pg_stat_activity WHERE query ~ '^COPY "?public"?."?orders"?.* (FROM|from) (STDIN|stdin)'`,
        )
      ).length > 0,
    { what: 'a session that loads rows', timeoutMs: 60_000 },
  )
  return id
}

async function beginAndWait(): Promise<{ id: string; program: number }> {
  const id = await beginStalled()
  const program = descendantsOf(console_?.child.pid ?? 0).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--exit-on-error'),
  )
  if (program === undefined) throw new Error('no program of the console restores')
  return { id, program }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('vakhta restore', { timeout: 180_000 }, () => {
  it('is previewed, confirmed, done, taken back, and done again for good', async () => {
    expect(await json(...restoring(), '--preview')).toMatchObject({
      confirm: 'shop',
      preview: { effect: 'destroys', databases: [{ name: 'shop' }, { name: 'shop__restore_…' }] },
    })
    expect((await vakhta(...restoring())).code).toBe(77)
    expect((await vakhta('restore', 'shop', '--backup', 'none', ...CONFIRM)).code).toBe(65)

    const done = await json<Told>(...restoring(), ...CONFIRM)
    expect(done).toMatchObject({ state: 'succeeded', undo: 'available', result: { rows: 1 } })
    expect(await orders()).toBe(1)
    expect(await json('operations', 'undo', done.id, '--preview')).toMatchObject({
      confirm: 'shop',
      preview: {
        steps: [{ id: 'restore-swap' }, { id: 'restore-fill' }, { id: 'restore-create' }],
        irreversible: [
          { text: expect.stringMatching(/^By the statistics of the server nothing was written to shop/) },
        ],
      },
    })
    expect(await orders()).toBe(1)
    expect(await json('operations', 'undo', done.id, ...CONFIRM)).toMatchObject({ state: 'undone' })
    expect(await orders()).toBe(2)

    const again = await json<Told>(...restoring(), ...CONFIRM)
    await json('restore', 'shop', '--mode', 'keep', '--operation', again.id, ...CONFIRM)
    expect(await orders()).toBe(1)
    expect(await databases()).toEqual(['shop'])
    await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  })

  it('gives one table the rows of the backup, takes that back, and does it for good', async () => {
    const table = [...restoring(), '--table', 'orders', ...CONFIRM]
    expect((await vakhta(...restoring(), '--table', 'nowhere', ...CONFIRM)).code).toBe(65)
    const done = await json<Told>(...table)
    expect(done).toMatchObject({ state: 'succeeded', undo: 'available', result: { tables: 1, rows: 1 } })
    expect({ orders: await orders(), databases: await databases() }).toEqual({
      orders: 1,
      databases: ['shop'],
    })
    expect(await json('operations', 'undo', done.id, ...CONFIRM)).toMatchObject({ state: 'undone' })
    expect(await orders()).toBe(2)

    const again = await json<Told>(...table)
    await json('restore', 'shop', '--mode', 'keep', '--operation', again.id, ...CONFIRM)
    const kept = await server.query(`SELECT FROM pg_namespace WHERE nspname LIKE 'vakhta%'`, {
      database: 'shop',
    })
    expect({ orders: await orders(), kept }).toEqual({ orders: 1, kept: [] })
    await server.query('INSERT INTO orders VALUES (2)', { database: 'shop' })
  })

  it('brings a database back where there is none of its name', async () => {
    const elsewhere = [...restoring(), '--mode', 'elsewhere'] as const
    expect((await vakhta(...elsewhere, '--from', 'another', ...CONFIRM)).code).toBe(65)
    expect((await vakhta(...elsewhere, '--from', 'shop', ...CONFIRM)).code).toBe(65)
    const done = await json<Told>(...elsewhere, '--from', 'shop', '--as', 'shop_copy', ...CONFIRM)
    expect(done).toMatchObject({ state: 'succeeded', result: { restored: 'shop_copy', rows: 1 } })
    expect(await databases()).toEqual(['shop', 'shop_copy'])
    expect(await json('operations', 'undo', done.id, ...CONFIRM)).toMatchObject({ state: 'undone' })
    expect(await databases()).toEqual(['shop'])
  })

  it('whose program is killed fails in words, and leaves nothing', async () => {
    const { id, program } = await beginAndWait()
    process.kill(program, 'SIGKILL')
    const ended = await until(
      async () => {
        const one = await json<Told>('operations', 'show', id)
        return one.state === 'failed' && one
      },
      { what: 'its end', timeoutMs: 60_000 },
    )
    await server.query('DROP ROLE stall')
    expect(ended).toMatchObject({ error: { code: 'tool-killed' }, target: 'unchanged', undo: 'done' })
    expect({ databases: await databases(), orders: await orders() }).toEqual({
      databases: ['shop'],
      orders: 2,
    })
  })

  it.each(['cancel', 'resume'] as const)(
    'is whole after the console was killed in its middle, by %s',
    async (act) => {
      const { id, program } = await beginAndWait()
      console_?.child.kill('SIGKILL')
      await console_?.ended
      // What it logged in with is nowhere to be read.
      const left = readdirSync(scratch(), { recursive: true, withFileTypes: true })
      expect(left.filter((entry) => entry.isFile())).toEqual([])
      await server.query('DROP ROLE stall')
      await until(() => !isRunning(program), { what: 'the end of its program', timeoutMs: 20_000 })
      expect(await databases()).toEqual(['shop', expect.stringMatching(/^shop__restore_/)])
      expect(await orders()).toBe(2)
      await serve()
      await untilReached()
      expect(await json('operations', 'show', id)).toMatchObject({ state: 'interrupted' })
      // Both change production anew.
      expect((await vakhta('operations', act, id)).code).toBe(77)
      const ended = await json<Told>('operations', act, id, ...CONFIRM)
      expect(ended.state).toBe(act === 'resume' ? 'succeeded' : 'cancelled')
      expect(await orders()).toBe(act === 'resume' ? 1 : 2)
      if (act === 'resume') await json('operations', 'undo', id, ...CONFIRM)
      expect({ databases: await databases(), orders: await orders() }).toEqual({
        databases: ['shop'],
        orders: 2,
      })
    },
  )

  it('is left as it is after the console was killed in its middle, says what stays, and is taken back later', async () => {
    const { id } = await beginAndWait()
    const running = await vakhta('operations', 'leave', id, ...CONFIRM)
    expect({ code: running.code, words: running.stderr }).toMatchObject({
      ...{ code: 1, words: expect.stringContaining('is under way') },
    })
    console_?.child.kill('SIGKILL')
    await console_?.ended
    await server.query('DROP ROLE stall')
    await serve()
    await untilReached()
    const beside = (await databases()).find((name) => name !== 'shop') ?? ''
    const preview = await vakhta('operations', 'leave', id, '--preview')
    expect(preview.code).toBe(0)
    expect(preview.stdout).toContain(`The database “${beside}” stays on the server`)
    expect(preview.stdout).toContain('It has to be confirmed: --confirm shop')
    expect((await vakhta('operations', 'leave', id)).code).toBe(77)
    expect(await json('operations', 'leave', id, ...CONFIRM, '--reason', 'the host goes')).toMatchObject({
      state: 'cancelled',
      undo: 'available',
    })
    expect(await databases()).toEqual(['shop', beside])
    expect(await json('operations', 'undo', id, ...CONFIRM)).toMatchObject({ state: 'undone' })
    expect(await databases()).toEqual(['shop'])
  })

  it('in place is one transaction: whoever looks sees all of it or nothing, also after the console was killed in its middle', async () => {
    const inPlace = ['--mode', 'in-place', '--room', 'none']
    const id = await beginStalled(...inPlace)
    console_?.child.kill('SIGKILL')
    await console_?.ended
    await server.query('DROP ROLE stall')
    expect(await orders()).toBe(2)
    await serve()
    await untilReached()
    expect(await json('operations', 'show', id)).toMatchObject({ state: 'interrupted' })
    // Its safety backup does not know what was written since: it is made anew by an operation of its own.
    const resumed = await vakhta('operations', 'resume', id, ...CONFIRM, '--json')
    expect({ code: resumed.code, told: JSON.parse(resumed.stdout) }).toMatchObject({
      code: 1,
      told: { state: 'failed', target: 'unchanged', error: { code: 'restore-safety-old' } },
    })
    expect(await orders()).toBe(2)
    const done = await json<Told>(...restoring(), ...inPlace, ...CONFIRM)
    expect(done).toMatchObject({ state: 'succeeded', undo: 'available', result: { rows: 1 } })
    expect({ databases: await databases(), orders: await orders() }).toEqual({
      databases: ['shop'],
      orders: 1,
    })
    expect(await json('operations', 'undo', done.id, ...CONFIRM)).toMatchObject({ state: 'undone' })
    expect(await orders()).toBe(2)
  })
})
