import { dirname } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import { closedPort } from '../../support/ports.ts'
import { until } from '../../support/until.ts'
import { watch } from '../probes/probe-kit.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

let primary: PostgresServer
let standby: PostgresServer
let bastion: SshServer
let kit: Kit

beforeAll(async () => {
  ;[primary, bastion] = await Promise.all([startPostgres(), startSshd()])
  await primary.query(
    `CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor; CREATE ROLE blind LOGIN PASSWORD 'right';
     CREATE ROLE app LOGIN PASSWORD 'apppw'; CREATE ROLE operator LOGIN PASSWORD 'strong' IN ROLE pg_signal_backend;
     CREATE ROLE weak LOGIN PASSWORD 'strong'; CREATE TABLE orders (id int); GRANT ALL ON orders TO app`,
  )
  standby = await startPostgres({ standbyOf: primary })
})
afterAll(async () => {
  await standby?.stop()
  await Promise.all([primary?.stop(), bastion?.stop()])
})
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('pg', 'right')
  kit.secrets.set('operator', 'strong')
  await kit.know(bastion)
})

const profile = (ports: readonly number[], wanted?: string, user = 'watch') => ({
  postgres: {
    url: `postgresql://${user}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/postgres${wanted === undefined ? '' : `?target_session_attrs=${wanted}`}`,
    password: 'secret:pg',
  },
})

function sessionsOf(input: Parameters<Kit['reach']>[0]) {
  const reach = kit.reach(input)
  if (reach.postgres === null) throw new Error('the profile has PostgreSQL')
  return { reach, ...reach.postgres }
}

const nameOf = (port: number) => `PostgreSQL 127.0.0.1:${port}`

async function ours(server: PostgresServer): Promise<number> {
  const rows = await server.query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename IN ('watch', 'blind', 'operator')`,
  )
  return Number(rows[0]?.n)
}

async function walkAll(input: Parameters<Kit['profile']>[0]) {
  const results: ReachStepResult[] = []
  const walking = diagnose(kit.profile(input), kit, new AbortController().signal)
  for (;;) {
    const next = await walking.next()
    if (next.done) return { results, ok: next.value.ok }
    results.push(next.value)
  }
}

describe('of several servers', () => {
  it.each([
    ['any', 'primary'],
    ['primary', 'primary'],
    ['read-write', 'primary'],
    ['standby', 'standby'],
    ['read-only', 'standby'],
    ['prefer-standby', 'standby'],
  ])(
    'the first that target_session_attrs=%s wants is watched by both sessions: the %s',
    async (wanted, which) => {
      const ports =
        which === 'primary' && wanted !== 'any' ? [standby.port, primary.port] : [primary.port, standby.port]
      const { reach, probes, people } = sessionsOf(profile(ports, wanted))
      const { port } = which === 'primary' ? primary : standby
      const counted = async () => [await ours(primary), await ours(standby)]
      const expected = (count: number) => (which === 'primary' ? [count, 0] : [0, count])
      await probes.query('SELECT 1', [], soon())
      expect(await counted()).toEqual(expected(1))
      for (const session of [probes, people]) {
        const { rows } = await session.query(`SELECT current_setting('port')::int AS port`, [], soon())
        expect(rows).toEqual([{ port }])
      }
      expect(reach.connection().hops.map(({ hop }) => hop)).toEqual([nameOf(port)])
      expect(await counted()).toEqual(expected(2))
      await reach.close()
      await until(async () => (await ours(primary)) + (await ours(standby)) === 0)
    },
  )

  it('the next is taken where one is away, and a refused password is not tried on it', async () => {
    const away = await closedPort()
    const { reach, probes } = sessionsOf(profile([away, standby.port]))
    expect((await probes.query('SELECT 1 AS one', [], soon())).rows).toEqual([{ one: 1 }])
    expect(reach.connection().hops[0]?.hop).toBe(nameOf(standby.port))
    kit.secrets.set('pg', 'wrong')
    const refused = sessionsOf(profile([primary.port, standby.port]))
    expect(await failureOf(refused.probes.query('SELECT 1', [], soon()))).toMatchObject({
      code: 'postgres-password-wrong',
      hop: nameOf(primary.port),
    })
  })

  it('each is named with what became of it, where none will do', async () => {
    const away = await closedPort()
    expect(
      await failureOf(
        sessionsOf(profile([away, standby.port], 'primary')).probes.query('SELECT 1', [], soon()),
      ),
    ).toMatchObject({
      code: 'postgres-no-server-wanted',
      recovery: 'by-itself',
      params: {
        wanted: 'primary',
        tried: `127.0.0.1:${away} (tcp-refused), 127.0.0.1:${standby.port} (standby)`,
      },
    })
  })

  it('one is found through a tunnel', async () => {
    const { probes } = sessionsOf({
      ...profile([standby.port, primary.port], 'primary'),
      ssh: { hops: [hopOf(bastion)] },
    })
    const { rows } = await probes.query(`SELECT pg_is_in_recovery() AS standby`, [], soon())
    expect(rows).toEqual([{ standby: false }])
  })

  it('each is walked when the way is tested', async () => {
    const away = await closedPort()
    const { results } = await walkAll(profile([away, standby.port, primary.port], 'primary'))
    const told = results.map(({ hop, step, status, failure }) => `${hop} ${step} ${failure?.code ?? status}`)
    expect(told).toContain(`${nameOf(away)} tcp tcp-refused`)
    expect(told).toContain(`${nameOf(standby.port)} privilege ok`)
    expect(told).toContain(`${nameOf(primary.port)} privilege ok`)
    const details = results.filter(({ step }) => step === 'privilege').map(({ detail }) => detail)
    expect(details).toEqual([null, 'pg_monitor, standby ≠ primary', 'pg_monitor, primary'])
    await until(async () => (await ours(primary)) + (await ours(standby)) === 0)
  })
})

describe('a socket file', () => {
  it('is reached by its directory', async () => {
    await primary.admit('local all watch scram-sha-256')
    const home = dirname(primary.directory)
    const { probes, reach } = sessionsOf({
      postgres: {
        url: `postgresql://watch@/postgres?host=${home}&port=${primary.port}&sslmode=verify-full`,
        password: 'secret:pg',
      },
    })
    expect((await probes.query('SELECT 1 AS one', [], soon())).rows).toEqual([{ one: 1 }])
    expect(reach.connection().hops[0]?.hop).toBe(`PostgreSQL ${home}:${primary.port}`)
    await primary.admit('')
  })
})

describe('who operates', () => {
  it('is tested as a leg of its own, and never logs in otherwise', async () => {
    const operate = (user: string) => {
      const input = profile([primary.port])
      return { postgres: { ...input.postgres, operate: { user, password: 'secret:operator' } } }
    }
    const { results, ok } = await walkAll(operate('operator'))
    expect(ok).toBe(true)
    expect(results.at(-1)).toMatchObject({
      hop: `${nameOf(primary.port)} (operator)`,
      step: 'privilege',
      status: 'ok',
      detail: 'pg_signal_backend',
    })
    const weak = await walkAll(operate('weak'))
    expect(weak.results.at(-1)?.failure).toMatchObject({
      code: 'postgres-signal-missing',
      params: { user: 'weak' },
    })
    const { reach, probes } = sessionsOf(operate('operator'))
    await probes.query('SELECT 1', [], soon())
    await until(() => reach.connection().status === 'CONNECTED')
    const rows = await primary.query(`SELECT 1 FROM pg_stat_activity WHERE usename IN ('operator', 'weak')`)
    expect(rows).toEqual([])
  })

  it('is not whom one should watch as: a superuser and one that writes are told', async () => {
    kit.secrets.set('pg', primary.password)
    const superuser = await walkAll(profile([primary.port], undefined, 'postgres'))
    expect(superuser.results.at(-1)?.detail).toMatchObject({ code: 'rights-superuser' })
    expect(superuser.ok).toBe(true)
    kit.secrets.set('pg', 'apppw')
    await primary.query('GRANT pg_monitor TO app')
    const writer = await walkAll(profile([primary.port], undefined, 'app'))
    expect(writer.results.at(-1)?.detail).toMatchObject({ code: 'rights-writes' })
    await primary.query('REVOKE pg_monitor FROM app')
  })
})

describe('the pool of', () => {
  it('a standby is watched as well as that of its primary', async () => {
    const onStandby = profile([standby.port])
    const seen = await watch(postgresPool, kit.profile(onStandby), kit.reach(onStandby)).look()
    expect(seen).toMatchObject({ status: 'HEALTHY', evidence: { facts: { role: 'standby' } } })
    expect(seen.values).toMatchObject({
      db_up: 1,
      db_replication_lag_seconds: expect.any(Number),
      db_replication_lag_bytes: expect.any(Number),
      db_slot_retained_wal_bytes: 0,
    })
    const onPrimary = profile([primary.port])
    const other = await watch(postgresPool, kit.profile(onPrimary), kit.reach(onPrimary)).look()
    expect(other.evidence?.facts).toMatchObject({ role: 'primary', standbys: '1' })
    expect(other.values.db_replication_lag_bytes).toBeLessThan(64 * 1024 * 1024)
  })

  it('a primary whose standbys the role may not see is not known, with the grant that shows them', async () => {
    const blind = profile([primary.port], undefined, 'blind')
    const input = { postgres: { ...blind.postgres, application: { role: 'nobody' } } }
    const seen = await watch(postgresPool, kit.profile(input), kit.reach(input)).look()
    expect(seen).toMatchObject({
      status: 'UNKNOWN',
      reason: {
        code: 'pool-replication-hidden',
        params: { hidden: 1, grant: 'GRANT pg_monitor TO blind;' },
      },
      evidence: { facts: { hidden: 'pg_stat_replication: 1', grant: 'GRANT pg_monitor TO blind;' } },
    })
  })
})

describe('after a failover', () => {
  it('the sessions move to the new primary by themselves, and let go of a standby that is none any more', async () => {
    const readers = sessionsOf(profile([standby.port, primary.port], 'standby'))
    await readers.probes.query('SELECT 1', [], soon())
    const writers = sessionsOf(profile([primary.port, standby.port], 'primary'))
    await writers.probes.query('SELECT 1', [], soon())
    const looks = watch(
      postgresPool,
      kit.profile(profile([primary.port, standby.port], 'primary')),
      writers.reach,
    )

    await primary.halt()
    await standby.promote()
    const seen = await until(
      async () => {
        const look = await looks.look()
        return look.status === 'HEALTHY' && look
      },
      { timeoutMs: 25_000 },
    )
    expect(seen.evidence?.facts?.role).toBe('primary')
    expect(writers.reach.connection().hops[0]?.hop).toBe(nameOf(standby.port))
    expect(
      await failureOf(
        readers.probes.query('SELECT 1', [], soon()).then(() => readers.probes.query('SELECT 1', [], soon())),
      ),
    ).toMatchObject({
      code: expect.stringMatching(/unsuited|no-server/),
    })
    await readers.reach.close()
    await until(async () => (await ours(standby)) === 1)
  })
})
