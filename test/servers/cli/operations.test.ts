import { rmSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { SCHEDULE } from '../../../src/main/engine/backups/schedule.ts'
import { createApplicationSessions, OPERATING_ROLES_SQL } from '../../support/application-sessions.ts'
import { type RestartableService, startRestartableService } from '../../support/restartable-service.ts'
import { runVakhta } from '../../support/run-vakhta.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'
import { until } from '../../support/until.ts'

let console_: TestConsole
let server: PostgresServer
let service: RestartableService
const sessions = createApplicationSessions(() => server)

beforeAll(async () => {
  server = await startPostgres()
  await server.query(OPERATING_ROLES_SQL)
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
  service = await startRestartableService()
  const restart = { over: 'local', command: ['./restart'], directory: service.directory }
  await console_.engine.deployments.save(
    { name: 'web', environment: 'staging', services: [{ name: 'api', url: service.url, restart }] },
    null,
  )
  await console_.engine.start()
}, 60_000)

afterEach(() => sessions.end())

afterAll(async () => {
  await console_?.stop()
  await server?.stop()
  await service?.stop()
}, 60_000)

/** One of the application's, in a transaction that it forgot. */
async function forgotten(): Promise<number> {
  const session = await sessions.open()
  await session.query('begin')
  return session.pid
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
    expect(await sessions.isThere(pid)).toBe(true)

    const run = await terminate('shop', pid, '--reason', 'it was forgotten', '--json')
    expect(run).toMatchObject({ code: 0 })
    expect(run.stderr).toMatch(/^ {2}done {2}End the session/m)
    const operation = JSON.parse(run.stdout)
    expect(operation).toMatchObject({ state: 'succeeded', reason: 'it was forgotten', deployment: 'shop' })
    expect(await sessions.isThere(pid)).toBe(false)

    expect((await operations('list', '--deployment', 'shop')).stdout).toContain(operation.id)
    expect((await operations('show', operation.id)).stdout).toMatch(/^\S+ {2}succeeded {2}.*\n {2}done {2}/)
    expect(await operations('list', '--deployment', 'prod')).toMatchObject({
      ...{ code: 0, stdout: '', stderr: 'No operation on “prod” is on record.\n' },
    })
    expect((await operations('list', '--deployment', 'prdo')).stderr).toMatch(
      /on “prdo” is on record\.\nThere is no deployment “prdo”, either/,
    )
  })

  it('begins nothing in production that was not confirmed', async () => {
    const pid = await forgotten()
    const refused = await terminate('prod', pid, '--json')
    expect(refused.code).toBe(77)
    expect(JSON.parse(refused.stdout)).toMatchObject({ code: 'CONFIRMATION_REQUIRED', status: 428 })
    // What was shown counts as that.
    const shown = (await terminate('prod', pid, '--preview')).stdout
    expect(shown).toContain('--confirm prod')
    expect(refused.stderr).toMatch(/--confirm prod\n.*--plan \S+\nvakhta: “prod” is production\./)
    expect(refused.stderr.split('\n')[0]).toBe(shown.split('\n')[0])
    expect(await sessions.isThere(pid)).toBe(true)

    expect(await terminate('prod', pid, '--reason', 'it was forgotten', '--confirm', 'prod')).toMatchObject({
      code: 0,
    })
    expect(await sessions.isThere(pid)).toBe(false)
  })

  it('says that one will pause, and when, and goes on with it as it was shown alone', async () => {
    writeFileSync(service.at('wait'), '')
    const options = ['--options', '{"service": "api"}', '--detach', '--json']
    const { id } = JSON.parse((await operations('run', 'restart-service', 'web', ...options)).stdout)
    await until(async () => (await console_.engine.operations.get(id)).steps[0]?.state === 'running')
    const pausing = await operations('pause', id)
    expect(pausing).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nIt pauses after this step: ./),
    })
    expect((await operations('show', id)).stdout).toMatch(/\nIt pauses after this step: ./)
    rmSync(service.at('wait'))
    await until(async () => (await console_.engine.operations.get(id)).state === 'paused')
    const shown = await operations('resume', id, '--preview')
    const [, plan = ''] = /--plan (\S+)/.exec(shown.stdout) ?? []
    expect((await operations('resume', id, '--plan', 'another')).code).toBe(77)
    expect(await operations('resume', id, '--plan', plan)).toMatchObject({
      ...{ code: 0, stdout: expect.stringContaining('succeeded') },
    })
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

  it('names a schedule in words of the language, and its name as it is in JSON', async () => {
    const pid = await forgotten()
    const request = {
      kind: 'terminate-backend',
      deployment: 'shop',
      options: { pid },
      silence: false,
    } as const
    const { id } = await console_.engine.operations.start(
      request,
      SCHEDULE,
      null,
      new AbortController().signal,
    )
    await console_.engine.operations.settled(id)
    expect((await operations('list')).stdout).toMatch(new RegExp(`^${id}  .*  shop  the schedule  `, 'm'))
    expect((await operations('show', id, '--lang', 'ru')).stdout).toMatch(/ {2}shop {2}расписание {2}/)
    expect(JSON.parse((await operations('show', id, '--json')).stdout)).toMatchObject({ actor: 'schedule' })
  })
})
