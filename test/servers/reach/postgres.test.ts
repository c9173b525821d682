import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { listenAndHangUp } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

let postgres: PostgresServer
let bastion: SshServer
let kit: Kit

beforeAll(async () => {
  ;[postgres, bastion] = await Promise.all([
    startPostgres({ settings: { log_connections: 'on' } }),
    startSshd(),
  ])
  await postgres.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
  await postgres.query('CREATE TABLE orders (id int)')
})
afterAll(async () => {
  await Promise.all([postgres?.stop(), bastion?.stop()])
})
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('pg', 'right')
  await kit.know(bastion)
})

const url = (part: { user?: string; database?: string; port?: number; query?: string } = {}) =>
  `postgresql://${part.user ?? 'watch'}@127.0.0.1:${part.port ?? postgres.port}/${part.database ?? 'postgres'}${part.query ?? ''}`
const watched = (part: Parameters<typeof url>[0] = {}) => ({
  postgres: { url: url(part), password: 'secret:pg' },
})

function sessionsOf(profile: Parameters<Kit['reach']>[0]) {
  const reach = kit.reach(profile)
  if (reach.postgres === null) throw new Error('the profile has PostgreSQL')
  return { reach, ...reach.postgres }
}

async function backends(): Promise<number> {
  const rows = await postgres.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'vakhta'`,
  )
  return Number(rows[0]?.n)
}

describe('a login that is refused', () => {
  it('sends a wrong password exactly once, and again only when a person asks', async () => {
    kit.secrets.set('pg', 'wrong')
    const { reach, probes, people } = sessionsOf(watched())
    const refusals = async () =>
      (await readFile(postgres.logFile, 'utf8')).match(/password authentication failed for user "watch"/g)
        ?.length ?? 0
    const before = await refusals()
    const failure = await failureOf(probes.query('SELECT 1', [], soon()))
    expect(failure).toMatchObject({
      step: 'authentication',
      on: 'target',
      code: 'postgres-password-wrong',
      recovery: 'person',
      hop: `PostgreSQL 127.0.0.1:${postgres.port}`,
    })
    expect(JSON.stringify(failure)).not.toContain('"wrong"')
    expect(await failureOf(people.query('SELECT 1', [], soon()))).toMatchObject({
      code: 'postgres-password-wrong',
    })
    await failureOf(probes.query('SELECT 1', [], soon()))
    expect(reach.connection()).toMatchObject({ status: 'REFUSED' })
    expect(await refusals()).toBe(before + 1)

    kit.secrets.set('pg', 'right')
    reach.retry()
    expect((await probes.query('SELECT 1 AS one', [], soon())).rows).toEqual([{ one: 1 }])
    await until(() => reach.connection().status === 'CONNECTED')
    expect(await refusals()).toBe(before + 1)
  })

  it('tells no password, no role, no database, and no admission apart', async () => {
    const codeOf = async (profile: Parameters<Kit['reach']>[0]) =>
      (await failureOf(sessionsOf(profile).probes.query('SELECT 1', [], soon()))).code
    expect(await codeOf({ postgres: { url: url() } })).toBe('postgres-password-needed')
    expect(await codeOf(watched({ database: 'nowhere' }))).toBe('postgres-database-missing')
    // With scram PostgreSQL does not tell a missing role from a wrong password, on purpose.
    expect(await codeOf(watched({ user: 'nobody' }))).toBe('postgres-password-wrong')
    await postgres.query('CREATE DATABASE closed')
    await postgres.query('REVOKE CONNECT ON DATABASE closed FROM PUBLIC')
    expect(await codeOf(watched({ database: 'closed' }))).toBe('postgres-connect-denied')
    expect(await codeOf(watched({ query: '?sslmode=require' }))).toBe('postgres-without-tls')
    expect(await codeOf({ postgres: { url: url(), password: 'secret:none' } })).toBe('secret-missing')
  })

  it('tells a role that is missing and an address that is not admitted by pg_hba.conf', async () => {
    const strict = await startPostgres()
    try {
      const hba = join(strict.directory, 'pg_hba.conf')
      const before = await readFile(hba, 'utf8')
      const rules = `host all trusted 127.0.0.1/32 trust\nhost all watch 127.0.0.1/32 reject\n${before}`
      execFileSync('tee', [hba], { input: rules, stdio: ['pipe', 'ignore', 'inherit'] })
      await strict.query('SELECT pg_reload_conf()')
      const codeOf = async (user: string) =>
        (
          await failureOf(
            sessionsOf(watched({ user, port: strict.port })).probes.query('SELECT 1', [], soon()),
          )
        ).code
      await until(async () => (await codeOf('trusted')) === 'postgres-role-missing')
      expect(await codeOf('watch')).toBe('postgres-not-admitted')
    } finally {
      await strict.stop()
    }
  })

  it('tells a server that is full', async () => {
    const small = await startPostgres({ settings: { max_connections: 4, superuser_reserved_connections: 3 } })
    try {
      await small.query(`CREATE ROLE watch LOGIN PASSWORD 'right'`)
      const first = sessionsOf(watched({ port: small.port }))
      const { rows } = await first.probes.query('SELECT pg_backend_pid() AS pid', [], soon())
      // Whoever looks what is the matter gets an answer over the one connection that there is.
      expect((await first.people.query('SELECT pg_backend_pid() AS pid', [], soon())).rows).toEqual(rows)
      expect(first.reach.connection().status).toBe('CONNECTED')
      const late = sessionsOf(watched({ port: small.port }))
      expect(await failureOf(late.people.query('SELECT 1', [], soon()))).toMatchObject({
        code: 'postgres-too-many-clients',
        recovery: 'by-itself',
      })
      expect(late.reach.connection().hops[0]?.error?.code).toBe('postgres-too-many-clients')
    } finally {
      await small.stop()
    }
  })

  it('tells what is no PostgreSQL', async () => {
    const rude = await listenAndHangUp()
    try {
      const failure = await failureOf(
        sessionsOf(watched({ port: rude.port })).probes.query('SELECT 1', [], soon()),
      )
      expect(failure).toMatchObject({ step: 'protocol', code: 'postgres-not-spoken' })
    } finally {
      await rude.close()
    }
  })
})

describe('a session', () => {
  it('is read-only, bounded, named, and neither takes a password nor a setting from the environment', async () => {
    process.env.PGPASSWORD = 'from the environment'
    process.env.PGOPTIONS = '-c work_mem=64kB'
    try {
      const { probes } = sessionsOf(watched())
      const { rows } = await probes.query(
        `SELECT current_setting('application_name') AS name, current_setting('statement_timeout') AS statement,
                current_setting('lock_timeout') AS lock, current_setting('idle_in_transaction_session_timeout') AS idle,
                current_setting('transaction_read_only') AS readonly`,
        [],
        soon(4_000),
      )
      expect(rows).toEqual([{ name: 'vakhta', statement: '3750ms', lock: '1s', idle: '10s', readonly: 'on' }])
      const failure = await failureOf(probes.query('CREATE TABLE mischief (id int)', [], soon()))
      expect(failure).toMatchObject({ code: 'postgres-statement-failed', params: { sqlstate: '25006' } })
    } finally {
      delete process.env.PGPASSWORD
      delete process.env.PGOPTIONS
    }
  })

  it('keeps at most the rows that were asked for', async () => {
    const { probes } = sessionsOf(watched())
    const { rows, bytes } = await probes.query('SELECT generate_series(1, 5000) AS n', [], {
      ...soon(),
      maxRows: 3,
    })
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(bytes).toBeGreaterThan(50_000)
  })

  it('stops a long statement on the server, and goes on with the same connection', async () => {
    const { probes } = sessionsOf(watched())
    const pid = async () => (await probes.query('SELECT pg_backend_pid() AS pid', [], soon())).rows[0]?.pid
    const before = await pid()
    expect(await failureOf(probes.query('SELECT pg_sleep(30)', [], soon(600)))).toMatchObject({
      code: 'postgres-statement-timeout',
    })
    expect(await pid()).toBe(before)
  })

  it('gives up on a lock instead of waiting behind it', async () => {
    const holder = await postgres.connect()
    try {
      await holder.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
      await postgres.query('GRANT SELECT ON orders TO watch').catch(() => {})
      const { probes } = sessionsOf({
        postgres: { url: url({ user: 'postgres' }), password: 'secret:admin' },
      })
      kit.secrets.set('admin', postgres.password)
      expect(await failureOf(probes.query('SELECT * FROM public.orders', [], soon(4_000)))).toMatchObject({
        code: 'postgres-lock-timeout',
      })
    } finally {
      await holder.end()
    }
  })

  it('lets go at once when it is told to, and keeps the connection', async () => {
    const { probes } = sessionsOf(watched())
    await probes.query('SELECT 1', [], soon())
    const controller = new AbortController()
    const asking = probes.query('SELECT pg_sleep(0.4)', [], { signal: controller.signal, timeoutMs: 3_000 })
    controller.abort(new Error('enough'))
    await expect(asking).rejects.toThrow('enough')
    expect((await probes.query('SELECT 2 AS two', [], soon())).rows).toEqual([{ two: 2 }])
    expect(await backends()).toBe(1)
  })

  it('answers many at once one after the other on its one connection, and people on another', async () => {
    const { probes, people } = sessionsOf(watched())
    await probes.query('SELECT 1', [], soon())
    expect(await backends()).toBe(1)
    const asked = Array.from({ length: 40 }, (_, index) =>
      (index % 2 === 0 ? probes : people).query('SELECT $1::int AS n, pg_sleep(0.01)', [index], soon()),
    )
    const counts = [await backends(), await backends()]
    const answers = await Promise.all(asked)
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(asked.map((_, index) => index))
    expect(Math.max(...counts, await backends())).toBe(2)
  })

  it('for people has a connection while somebody asks, and says good-bye after a while', async () => {
    kit = await createKit({ ...kit, clock: createHurriedClock(10) })
    const { reach, probes, people } = sessionsOf(watched())
    await probes.query('SELECT 1', [], soon(30_000))
    for (let round = 0; round < 2; round += 1) {
      await people.query('SELECT 1', [], soon(30_000))
      expect(await backends()).toBe(2)
      await until(async () => (await backends()) === 1)
      expect(reach.connection().status).toBe('CONNECTED')
    }
  })

  it('that is asked nothing for longer than the server would wait is still there', async () => {
    const { probes } = sessionsOf(watched())
    const pid = async () => (await probes.query('SELECT pg_backend_pid() AS pid', [], soon())).rows[0]?.pid
    const before = await pid()
    const idle = async () =>
      Number(
        (
          await postgres.query(
            `SELECT extract(epoch FROM clock_timestamp() - state_change) AS s FROM pg_stat_activity WHERE pid = ${before}`,
          )
        )[0]?.s,
      )
    await until(async () => (await idle()) > 8, { timeoutMs: 15_000 })
    await until(async () => (await idle()) < 2, { timeoutMs: 10_000 })
    expect(await pid()).toBe(before)
  }, 40_000)
})

describe('over TLS', () => {
  it('does what sslmode says', async () => {
    const at = (name: string) => join(kit.directory, name)
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-subj',
        '/CN=db',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        at('key'),
        '-out',
        at('crt'),
      ],
      { stdio: 'ignore' },
    )
    const certificate = await readFile(at('crt'), 'utf8')
    const server = await startPostgres()
    try {
      const owner = execFileSync('stat', ['-c', '%u:%g', server.directory], { encoding: 'utf8' }).trim()
      for (const [from, to] of [
        ['key', 'server.key'],
        ['crt', 'server.crt'],
      ] as const) {
        execFileSync('cp', [at(from), join(server.directory, to)])
        execFileSync('chmod', ['600', join(server.directory, to)])
        execFileSync('chown', [owner, join(server.directory, to)])
      }
      await server.query('ALTER SYSTEM SET ssl = on')
      await server.query('SELECT pg_reload_conf()')
      await until(async () => (await server.query('SHOW ssl'))[0]?.ssl === 'on')
      kit.secrets.set('admin', server.password)
      const trusting = await createKit({ authorities: () => [certificate], resolveSecret: kit.resolveSecret })
      const ask = async (on: Kit, host: string, sslmode: string) => {
        const target = `postgresql://postgres@${host}:${server.port}/postgres${sslmode === '' ? '' : `?sslmode=${sslmode}`}`
        const { postgres: sessions } = on.reach({ postgres: { url: target, password: 'secret:admin' } })
        const answer = sessions?.probes.query(
          'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
          [],
          soon(),
        )
        return (await answer)?.rows
      }
      expect(await ask(kit, '127.0.0.1', '')).toEqual([{ ssl: true }])
      expect(await ask(kit, '127.0.0.1', 'disable')).toEqual([{ ssl: false }])
      expect(await ask(kit, '127.0.0.1', 'require')).toEqual([{ ssl: true }])
      expect(await ask(trusting, 'localhost', 'verify-full')).toEqual([{ ssl: true }])
      expect(await failureOf(ask(trusting, '127.0.0.1', 'verify-full'))).toMatchObject({
        step: 'tls',
        code: 'tls-wrong-name',
        params: { names: 'localhost' },
      })
      expect(await failureOf(ask(kit, 'localhost', 'verify-full'))).toMatchObject({
        step: 'tls',
        code: 'tls-self-signed',
      })
    } finally {
      await server.stop()
    }
  })
})

describe('after a break', () => {
  it.each([
    { way: 'directly', hops: 0 },
    { way: 'through SSH', hops: 1 },
  ])(
    '$way comes back by itself after a restart of PostgreSQL, with as many connections',
    async ({ hops }) => {
      const { reach, probes, people } = sessionsOf({
        ...watched(),
        ...(hops === 0 ? {} : { ssh: { hops: [hopOf(bastion)] } }),
      })
      await until(() => reach.connection().status === 'CONNECTED')
      await postgres.halt()
      await until(() => reach.connection().hops.at(-1)?.status !== 'CONNECTED')
      const failure = await failureOf(probes.query('SELECT 1', [], soon()))
      expect(failure).toMatchObject({ on: 'target' })
      await postgres.restart()
      await until(() => reach.connection().status === 'CONNECTED', { timeoutMs: 15_000 })
      await probes.query('SELECT 1', [], soon())
      await people.query('SELECT 1', [], soon())
      expect(await backends()).toBe(2)
    },
  )

  it('comes back when its backends are terminated one after the other, and never has a third', async () => {
    const { reach, probes } = sessionsOf(watched())
    await until(() => reach.connection().status === 'CONNECTED')
    let most = 0
    for (let round = 0; round < 3; round += 1) {
      await postgres.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vakhta'`,
      )
      const asking = probes.query('SELECT 1', [], soon()).catch(() => null)
      await until(async () => {
        most = Math.max(most, await backends())
        return (await backends()) === 1 && reach.connection().status === 'CONNECTED'
      })
      await asking
    }
    // The one that says good-bye is still seen for a moment.
    expect(most).toBeLessThanOrEqual(2)
  })

  it('drops a connection whose server does not answer any more, and buries the backend before the next', async () => {
    const { reach, probes } = sessionsOf(watched())
    const { rows } = await probes.query('SELECT pg_backend_pid() AS pid', [], soon())
    const pid = Number(rows[0]?.pid)
    process.kill(pid, 'SIGSTOP')
    try {
      expect(await failureOf(probes.query('SELECT 1', [], soon(500)))).toMatchObject({
        code: 'postgres-answer-missing',
      })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    await until(() => reach.connection().status === 'CONNECTED')
    await probes.query('SELECT 1', [], soon())
    await until(async () => (await backends()) === 1)
  })

  it('comes back after the tunnel was cut, and leaves no connection behind', async () => {
    const { reach, probes } = sessionsOf({ ...watched(), ssh: { hops: [hopOf(bastion)] } })
    await until(() => reach.connection().status === 'CONNECTED')
    await bastion.cut()
    await until(() => reach.connection().status !== 'CONNECTED')
    await until(() => reach.connection().status === 'CONNECTED', { timeoutMs: 10_000 })
    expect((await probes.query('SELECT 1 AS one', [], soon())).rows).toEqual([{ one: 1 }])
    await until(async () => (await backends()) === 1)
    expect(bastion.sessions()).toBe(1)

    await bastion.halt()
    const failure = await until(
      () => reach.connection().hops.find(({ kind }) => kind === 'postgres')?.error ?? null,
    )
    expect(failure).toMatchObject({ on: 'path' })
    await bastion.restart()
    await until(() => reach.connection().status === 'CONNECTED', { timeoutMs: 15_000 })
    await until(async () => (await backends()) === 1)
    await reach.close()
    await until(async () => (await backends()) === 0)
    await until(() => bastion.sessions() === 0)
  })
})
