import { Client as Session } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'

let console_: TestConsole
let server: PostgresServer
const sessions: Session[] = []

beforeAll(async () => {
  server = await startPostgres()
  await server.query(`
    create role watcher login password 'pw' in role pg_monitor;
    create role operator login password 'pw' in role pg_monitor, pg_signal_backend;
    create role app login password 'pw'`)
  console_ = await startTestConsole()
  await console_.engine.vault.set('pg', 'pw')
  for (const [name, environment] of [
    ['shop', 'staging'],
    ['prod', 'production'],
  ] as const) {
    await console_.engine.deployments.save(
      {
        name,
        environment,
        postgres: {
          url: `postgresql://watcher@127.0.0.1:${server.port}/postgres`,
          password: 'secret:pg',
          operate: { user: 'operator', password: 'secret:pg' },
        },
      },
      null,
    )
  }
  await console_.engine.start()
}, 60_000)

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.end().catch(() => {})))
})

afterAll(async () => {
  await console_?.stop()
  await server?.stop()
}, 60_000)

/** One of the application's, in a transaction that it forgot. */
async function forgotten(): Promise<number> {
  const client = new Session({
    ...{ host: '127.0.0.1', port: server.port, database: 'postgres', user: 'app', password: 'pw' },
  })
  // It is ended by what is tested.
  client.on('error', () => {})
  await client.connect()
  sessions.push(client)
  await client.query('begin')
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}

async function isThere(pid: number): Promise<boolean> {
  return (await server.query(`select pid from pg_stat_activity where pid = ${pid}`)).length > 0
}

const operations = (...words: string[]) =>
  runVakhta(['operations', ...words, '--data', console_.dataDirectory], {
    env: { LANG: 'C.UTF-8', LC_ALL: '', LC_MESSAGES: '' },
  })
const terminate = (name: string, pid: number, ...more: string[]) =>
  operations('run', 'terminate-backend', name, '--options', JSON.stringify({ pid }), ...more)

describe('vakhta operations', () => {
  it('shows what it would do, ends a session, and shows what it did', async () => {
    const pid = await forgotten()
    const preview = await terminate('shop', pid, '--preview')
    expect(preview).toMatchObject({ code: 0 })
    expect(preview.stdout).toContain(String(pid))
    expect(await isThere(pid)).toBe(true)

    const run = await terminate('shop', pid, '--reason', 'it was forgotten', '--json')
    expect(run).toMatchObject({ code: 0 })
    expect(run.stderr).toMatch(/succeeded/)
    const operation = JSON.parse(run.stdout)
    expect(operation).toMatchObject({ state: 'succeeded', reason: 'it was forgotten', deployment: 'shop' })
    expect(await isThere(pid)).toBe(false)

    expect((await operations('list', '--deployment', 'shop')).stdout).toContain(operation.id)
    expect((await operations('show', operation.id)).stdout).toMatch(
      /^\S+ {2}succeeded {2}.*\n {2}succeeded {2}/,
    )
    expect((await operations('list', '--deployment', 'prod')).stdout).toBe('')
  })

  it('begins nothing in production that was not confirmed', async () => {
    const pid = await forgotten()
    const refused = await terminate('prod', pid, '--json')
    expect(refused.code).toBe(77)
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: 'CONFIRMATION_REQUIRED', status: 428 })
    expect(await isThere(pid)).toBe(true)

    expect(await terminate('prod', pid, '--reason', 'it was forgotten', '--confirm', 'prod')).toMatchObject({
      code: 0,
    })
    expect(await isThere(pid)).toBe(false)
  })

  it('says why it refuses, in words and by its code', async () => {
    const gone = await terminate('shop', 1)
    expect(gone).toMatchObject({ code: 65, stdout: '' })
    expect(gone.stderr).toMatch(/^vakhta: .+/)
    const unknown = await operations('show', 'none', '--json')
    expect(unknown.code).toBe(1)
    expect(JSON.parse(unknown.stdout)).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect((await operations('run', 'make-coffee', 'shop')).code).toBe(65)
  })
})
