import { chownSync } from 'node:fs'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unprivilegedOwner } from '../../../demo/servers/owner.ts'
import { type PostgresOptions, type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { childrenOf } from '../../../demo/servers/process-tree.ts'
import { mountSmallDisk } from '../../../demo/servers/small-disk.ts'
import { startSshd } from '../../../demo/servers/sshd.ts'
import { startWeather } from '../../../demo/servers/weather.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { type BackendCounter, countBackends, pidsOf } from '../../support/backend-counter.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { listenWith } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { type Watcher, watch } from '../probes/probe-kit.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

let server: PostgresServer
let kit: Kit
let counter: BackendCounter | null = null
const stopped = new Set<number>()

/** The most server processes of the watching role at once, those that are still logging in too. */
const most = (): number => counter?.most() ?? 0
const ours = (): number[] => (server.running() ? pidsOf(server.pid, 'watch') : [])

async function start(options: PostgresOptions = {}): Promise<void> {
  server = await startPostgres({ settings: { log_connections: 'on', ...options.settings }, ...options })
  await server.query(
    `CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor; CREATE TABLE orders (id int)`,
  )
  // What these servers were told last is lost with a crash; not this.
  await server.query('CHECKPOINT')
  counter = countBackends(server.directory, 'watch')
  await counter.begun
}

beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('pg', 'right')
})

/** Waits of half a minute in a few seconds; what the server itself takes its time for is not in them. */
async function hurry(): Promise<void> {
  kit = await createKit({ clock: createHurriedClock(4) })
  kit.secrets.set('pg', 'right')
}

afterEach(async () => {
  await counter?.stop()
  counter = null
  for (const pid of stopped) resume(pid)
  await server?.stop()
})

function suspend(pid: number): void {
  process.kill(pid, 'SIGSTOP')
  stopped.add(pid)
}

function resume(pid: number): void {
  stopped.delete(pid)
  try {
    process.kill(pid, 'SIGCONT')
  } catch {}
}

const profile = (database = 'postgres', port = server.port, query = '?sslmode=disable') => ({
  postgres: {
    url: `postgresql://watch@127.0.0.1:${port}/${database}${query}`,
    password: 'secret:pg',
    application: { role: 'app' },
  },
})

function watching(input: Parameters<Kit['reach']>[0] = profile()) {
  const reach = kit.reach(input)
  if (reach.postgres === null) throw new Error('the profile has PostgreSQL')
  const looks = watch(postgresPool, kit.profile(input), reach)
  return { reach, looks, ...reach.postgres }
}

async function both({ probes, people }: ReturnType<typeof watching>): Promise<void> {
  await probes.query('SELECT 1', [], soon())
  await people.query('SELECT 1', [], soon())
}

/** As `both`, each over its own connection; on a busy machine that of people may take longer than they wait for it. */
async function apart(on: ReturnType<typeof watching>): Promise<void> {
  await until(async () => {
    await both(on)
    return ours().length === 2
  })
}

const seen = (looks: Watcher, status: string, code?: string, timeoutMs = 25_000) =>
  until(
    async () => {
      const look = await looks.look()
      return look.status === status && (code === undefined || look.reason.code === code) && look
    },
    { timeoutMs, what: `${status} ${code ?? ''}` },
  )

async function refusals(words: string): Promise<number> {
  return (await readFile(server.logFile, 'utf8')).split(words).length - 1
}

async function onSuperuser(work: (client: Client) => Promise<unknown>, database?: string): Promise<void> {
  const client = await server.connect(database)
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** For logins that never come to an end. */
const BRIEFLY = 'connect_timeout=2'
const TERMINATE = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'watch'`

describe('PostgreSQL', () => {
  it('with every table and catalogue locked is watched on, and a login that is held up is not doubled', async () => {
    await start({ settings: { authentication_timeout: '60s' } })
    const on = watching(profile('postgres', server.port, `?sslmode=disable&${BRIEFLY}`))
    await both(on)
    const blocker = await server.connect()
    await on.looks.look()
    await blocker.query('BEGIN; LOCK TABLE orders, pg_class, pg_authid, pg_database IN ACCESS EXCLUSIVE MODE')
    const look = await on.looks.look()
    expect(look.values.db_up).toBe(1)
    for (const pid of ours()) process.kill(pid, 'SIGTERM')
    const failure = await until(
      async () => {
        const { code } = await failureOf(on.probes.query('SELECT 1', [], soon(12_000)))
        return code === 'postgres-silent' && code
      },
      { timeoutMs: 28_000 },
    )
    expect(failure).toBe('postgres-silent')
    expect(most()).toBeLessThanOrEqual(2)
    await blocker.query('ROLLBACK')
    await blocker.end()
    await seen(on.looks, 'HEALTHY')
    await both(on)
    expect(most()).toBe(2)
    expect(ours()).toHaveLength(2)
  }, 60_000)

  it('that is full is watched through the connections that were there before, or is told to be full', async () => {
    await start({ settings: { max_connections: 8, superuser_reserved_connections: 1, max_wal_senders: 0 } })
    await server.query(`CREATE ROLE app LOGIN SUPERUSER PASSWORD 'x'`)
    const on = watching()
    await both(on)
    const clients: Client[] = []
    // A session that ended a moment ago may still have its place.
    for (let index = 0; index < 6; index += 1) clients.push(await until(() => server.connect()))
    expect((await on.looks.look()).values.db_up).toBe(1)
    expect(most()).toBe(2)
    const late = watching()
    const full = await seen(late.looks, 'CRITICAL', 'postgres-too-many-clients')
    expect(full.values.db_up).toBe(1)
    await late.reach.close()
    for (const client of clients) await client.end()
    expect(ours()).toHaveLength(2)
  })

  it('whose server processes hang is given no third, and is back by itself', async () => {
    await start()
    await hurry()
    const on = watching()
    await apart(on)
    const pids = ours()
    for (const pid of pids) suspend(pid)
    expect(await failureOf(on.probes.query('SELECT 1', [], soon(600)))).toMatchObject({
      code: 'postgres-answer-missing',
    })
    await failureOf(on.people.query('SELECT 1', [], soon(600)))
    for (let look = 0; look < 3; look += 1) await failureOf(on.probes.query('SELECT 1', [], soon(1_000)))
    expect(ours().length).toBeLessThanOrEqual(2)
    for (const pid of pids) resume(pid)
    // They end once they see that nobody is there; what cannot be asked is taken for gone when the server has dropped it.
    await until(async () => (await on.probes.query('SELECT 1', [], soon(1_000))).rows.length === 1, {
      timeoutMs: 60_000,
    })
    expect(most()).toBe(2)
  }, 90_000)

  it('with one hanging server process is watched on over the other connection, which all share meanwhile', async () => {
    await start()
    const on = watching()
    await apart(on)
    const pidOf = async ({ query }: typeof on.probes) =>
      Number((await query('SELECT pg_backend_pid() AS pid', [], soon(2_000))).rows[0]?.pid)
    const [hanging, other] = [await pidOf(on.probes), await pidOf(on.people)]
    suspend(hanging)
    await failureOf(on.probes.query('SELECT 1', [], soon(500)))
    await until(async () => (await pidOf(on.probes)) === other)
    expect(await pidOf(on.people)).toBe(other)
    expect((await on.looks.look()).values.db_up).toBe(1)
    expect(ours()).toHaveLength(2)
    resume(hanging)
    await until(async () => (await pidOf(on.probes)) === other && ours().length === 1, { timeoutMs: 25_000 })
    expect(most()).toBe(2)
  }, 60_000)

  it('whose postmaster hangs answers on what is open, and takes new sessions when it goes on', async () => {
    await start()
    const on = watching()
    await both(on)
    const postmaster = server.pid
    suspend(postmaster)
    expect((await on.looks.look()).values.db_up).toBe(1)
    const late = watching(profile('postgres', server.port, `?sslmode=disable&${BRIEFLY}`))
    expect(await failureOf(late.probes.query('SELECT 1', [], soon(12_000)))).toMatchObject({
      code: 'postgres-silent',
    })
    resume(postmaster)
    await seen(late.looks, 'HEALTHY')
    await late.reach.close()
    await until(() => ours().length === 2)
  }, 45_000)

  it('that hangs as a whole behind a tunnel that works is named itself, given no third, and back by itself', async () => {
    await start()
    const bastion = await startSshd()
    try {
      await kit.know(bastion)
      const on = watching({ ...profile(), ssh: { hops: [hopOf(bastion)] } })
      await apart(on)
      const pids = [server.pid, ...childrenOf(server.pid)]
      for (const pid of pids) suspend(pid)
      const hop = `PostgreSQL 127.0.0.1:${server.port}`
      const seenMeanwhile = []
      for (let look = 0; look < 3; look += 1) seenMeanwhile.push(await on.looks.look())
      for (const { status, reason, values } of seenMeanwhile) {
        expect([status, reason.params.hop, values.db_up]).toEqual(['CRITICAL', hop, 0])
        expect(['postgres-answer-missing', 'postgres-silent']).toContain(reason.code)
      }
      const [ssh, target] = on.reach.connection().hops
      expect([ssh?.status, ssh?.error]).toEqual(['CONNECTED', null])
      expect(target?.status).not.toBe('CONNECTED')
      for (const pid of pids) resume(pid)
      await seen(on.looks, 'HEALTHY', undefined, 60_000)
      await until(() => ours().length === 1, { timeoutMs: 30_000 })
      expect(most()).toBe(2)
    } finally {
      for (const pid of stopped) resume(pid)
      await bastion.stop()
    }
  }, 120_000)

  it('that starts up is awaited', async () => {
    await start()
    const on = watching()
    await both(on)
    await server.halt()
    await appendFile(join(server.directory, 'postgresql.auto.conf'), `restore_command = 'sleep 1; false'\n`)
    await writeFile(join(server.directory, 'recovery.signal'), '')
    const up = server.restart()
    const starting = await seen(on.looks, 'CRITICAL', 'postgres-starting')
    expect(starting.reason.params.words).toMatch(/starting up|recovery|not yet accepting/)
    expect(starting.values.db_up).toBe(0)
    await up
    await seen(on.looks, 'HEALTHY')
    expect(most()).toBeLessThanOrEqual(2)
  }, 60_000)

  it.each([
    ['fast', 'SIGINT'],
    ['immediate', 'SIGQUIT'],
  ] as const)('that shuts down (%s) is down, and up again by itself', async (_, signal) => {
    await start()
    const on = watching()
    await both(on)
    process.kill(server.pid, signal)
    const down = await seen(on.looks, 'CRITICAL')
    expect(down.values.db_up).toBe(0)
    await until(() => !server.running())
    await server.restart()
    await seen(on.looks, 'HEALTHY')
    expect(most()).toBeLessThanOrEqual(2)
  })

  it('that restarts itself after one of its processes crashed is back by itself', async () => {
    await start()
    const on = watching()
    await both(on)
    const [victim] = ours()
    if (victim === undefined) throw new Error('there are two')
    process.kill(victim, 'SIGKILL')
    await until(() => on.reach.connection().status !== 'CONNECTED')
    await seen(on.looks, 'HEALTHY')
    await both(on)
    expect(most()).toBeLessThanOrEqual(2)
  })
})

describe('the network', () => {
  it('that falls silent and comes back is got over, directly, without a third connection', async () => {
    await start()
    const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
    try {
      const on = watching(profile('postgres', weather.port))
      await both(on)
      weather.blackhole()
      expect(await failureOf(on.probes.query('SELECT 1', [], soon(1_000)))).toMatchObject({
        code: 'postgres-answer-missing',
        recovery: 'by-itself',
      })
      await failureOf(on.probes.query('SELECT 1', [], soon(1_000)))
      await weather.fair()
      await until(async () => (await on.probes.query('SELECT 1', [], soon(1_000))).rows.length === 1, {
        timeoutMs: 60_000,
      })
      await both(on)
      expect(most()).toBeLessThanOrEqual(2)
      await on.reach.close()
      await until(() => ours().length === 0)
    } finally {
      await weather.stop()
    }
  }, 90_000)

  it('that forgets its connections costs no third one, and is got over', async () => {
    await start()
    await hurry()
    const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
    try {
      const on = watching(profile('postgres', weather.port))
      await both(on)
      weather.abandon()
      await failureOf(on.probes.query('SELECT 1', [], soon(1_000)))
      await until(async () => (await on.probes.query('SELECT 1', [], soon(1_000))).rows.length === 1, {
        timeoutMs: 60_000,
      })
      expect(most()).toBeLessThanOrEqual(2)
    } finally {
      await weather.stop()
    }
  }, 90_000)

  it("that is slow and loses packets is none of PostgreSQL's faults", async () => {
    await start()
    const weather = await startWeather({ to: { host: '127.0.0.1', port: server.port } })
    try {
      weather.latency(300)
      weather.loss(0.05)
      const on = watching(profile('postgres', weather.port))
      await seen(on.looks, 'HEALTHY')
      expect(most()).toBe(1)
    } finally {
      await weather.stop()
    }
  }, 45_000)
})

describe(`a disk${cannotMount === null ? '' : ` (skipped: ${cannotMount})`}`, () => {
  it.skipIf(cannotMount !== null)(
    'that is full ends writes, not the watch',
    async () => {
      const disk = mountSmallDisk(160 * 1024 * 1024)
      const owner = unprivilegedOwner()
      if (owner !== undefined) chownSync(disk.directory, owner.uid, owner.gid)
      try {
        await start({ home: disk.directory, settings: { min_wal_size: "'32MB'", max_wal_size: "'64MB'" } })
        const on = watching()
        await both(on)
        disk.fill()
        const full = await server.query('CREATE TABLE big AS SELECT generate_series(1, 5000000) AS n').then(
          () => 'written',
          (error: { code?: string }) => error.code ?? 'lost',
        )
        expect(full).not.toBe('written')
        const look = await seen(on.looks, 'HEALTHY')
        expect(look.values.db_up).toBe(1)
        disk.makeRoom()
        await both(on)
        expect(most()).toBeLessThanOrEqual(2)
        await on.reach.close()
      } finally {
        await server.stop()
        disk.release()
      }
    },
    60_000,
  )
})

describe('a login that ceases to be good', () => {
  it('stays in with a password that was changed, and is refused once at the next login', async () => {
    await start()
    const on = watching()
    await both(on)
    await server.query(`ALTER ROLE watch PASSWORD 'another'`)
    await both(on)
    await server.query(TERMINATE)
    await until(() => on.reach.connection().status === 'REFUSED')
    for (let look = 0; look < 3; look += 1) {
      expect(await on.looks.look()).toMatchObject({
        status: 'UNKNOWN',
        reason: { code: 'postgres-password-wrong' },
      })
    }
    expect(await refusals('password authentication failed')).toBe(1)
    kit.secrets.set('pg', 'another')
    on.reach.retry()
    await seen(on.looks, 'HEALTHY')
    expect(await refusals('password authentication failed')).toBe(1)
  })

  it('waits for a person where its role, its database or its admission is gone', async () => {
    await start()
    await server.query('CREATE DATABASE shop')
    const on = watching(profile('shop'))
    await both(on)
    await onSuperuser((client) => client.query('DROP DATABASE shop WITH (FORCE)'))
    await until(() => on.reach.connection().status === 'REFUSED')
    expect((await on.looks.look()).reason.code).toBe('postgres-database-missing')
    await server.query('CREATE DATABASE shop')
    on.reach.retry()
    await seen(on.looks, 'HEALTHY')

    await server.admit('host all watch 127.0.0.1/32 reject')
    await both(on)
    await server.query(TERMINATE)
    await until(() => on.reach.connection().status === 'REFUSED')
    expect((await on.looks.look()).reason.code).toBe('postgres-not-admitted')
    expect(await refusals('pg_hba.conf rejects')).toBe(1)
    await server.admit('')
    on.reach.retry()
    await seen(on.looks, 'HEALTHY')

    await server.query('DROP ROLE watch')
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vakhta'`,
    )
    await until(() => on.reach.connection().status === 'REFUSED')
    expect((await on.looks.look()).reason.code).toBe('postgres-password-wrong')
    expect(await refusals('password authentication failed')).toBe(1)
  })
})

describe('what is no PostgreSQL', () => {
  const authenticated = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]).toString('latin1')
  const malformed = Buffer.from([0x53, 0, 0, 0, 0, 0x53, 0, 0, 0, 1, 0x44, 0, 0, 0, 5, 9]).toString('latin1')
  it.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n<html>', 'postgres-not-spoken'],
    ['a message without a length', 'N\0\0\0\0'.repeat(1_000), 'postgres-not-spoken'],
    ['rubbish that goes on and on', `R${'x'.repeat(2_000_000)}`, 'postgres-not-spoken'],
    ['a login and then what cannot be read', authenticated + malformed, /postgres-/],
    [
      'a login and then a message without end',
      `${authenticated}D\x7f\xff\xff\xff${'x'.repeat(2_000_000)}`,
      /postgres-answer-too-long/,
    ],
  ])('is told, whatever it says: %s', async (_, said, code) => {
    for (const sslmode of ['disable', 'prefer']) {
      const port = await listenWith(() => said)
      try {
        const { reach, probes } = watching(profile('postgres', port.port, `?sslmode=${sslmode}&${BRIEFLY}`))
        const failure = await failureOf(probes.query('SELECT 1', [], soon(12_000)))
        expect(failure.code).toMatch(sslmode === 'prefer' ? 'postgres-not-spoken' : code)
        expect(failure.on).toBe('target')
        await reach.close()
        await until(() => port.connections() === 0)
      } finally {
        await port.close()
      }
    }
  })
})
