/**
 * Server processes that are frozen for longer than any time-out of the server could leave them there: we stay on the line to
 * hear each end, open no third beside them, and are back as soon as one has.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { LINGERS_MS } from '../../../src/main/engine/reach/postgres/introduce.ts'
import { createLeftovers } from '../../../src/main/engine/reach/postgres/leftovers.ts'
import { type BackendCounter, countBackends, pidsOf } from '../../support/backend-counter.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

/** Half a minute of ours in a few seconds; the server's own time-outs do not come in that time, and would not help. */
const HURRY = 4
const authority = createAuthority('Ours')
const identity = authority.issue({ names: ['127.0.0.1'] })
const frozen = new Set<number>()
let server: PostgresServer
let bastion: SshServer
let kit: Kit
let counter: BackendCounter

beforeEach(async () => {
  ;[server, bastion] = await Promise.all([startPostgres(), startSshd()])
  await server.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
  await server.encrypt({ key: identity.key, certificate: identity.chain, authority: authority.certificate })
  kit = await createKit({
    clock: createHurriedClock(HURRY),
    authorities: () => [authority.certificate],
    leftovers: createLeftovers(),
  })
  kit.secrets.set('pg', 'right')
  await kit.know(bastion)
  counter = countBackends(server.directory, 'watch')
  await counter.begun
})
afterEach(async () => {
  thaw()
  await counter?.stop()
  await Promise.all([server?.stop(), bastion?.stop()])
})

const ours = () => pidsOf(server.pid, 'watch')

function freeze(pids: readonly number[]): void {
  for (const pid of pids) {
    process.kill(pid, 'SIGSTOP')
    frozen.add(pid)
  }
}

function thaw(): void {
  for (const pid of frozen) {
    try {
      process.kill(pid, 'SIGCONT')
    } catch {}
  }
  frozen.clear()
}

function watching(sslmode: string, hops: readonly SshServer[]) {
  const reach = kit.reach({
    postgres: {
      url: `postgresql://watch@127.0.0.1:${server.port}/postgres?sslmode=${sslmode}`,
      password: 'secret:pg',
    },
    ...(hops.length === 0 ? {} : { ssh: { hops: hops.map(hopOf) } }),
  })
  if (reach.postgres === null) throw new Error('the profile has PostgreSQL')
  return { reach, ...reach.postgres }
}

type On = ReturnType<typeof watching>

const answered = ({ probes }: On) =>
  probes.query('SELECT 1', [], soon(2_000)).then(
    () => true,
    () => false,
  )

/** One connection for each: people's is opened when somebody asks. */
async function apart(on: On): Promise<void> {
  await until(async () => {
    await on.probes.query('SELECT 1', [], soon(20_000))
    await on.people.query('SELECT 1', [], soon(20_000))
    return ours().length === 2
  })
}

/** Asks again and again, until the server must have ended everything that is not frozen, twice over. */
async function askInVain(on: On): Promise<void> {
  const since = kit.clock.monotonic()
  await until(
    async () => {
      expect(await failureOf(on.probes.query('SELECT 1', [], soon(2_000)))).toMatchObject({
        code: 'postgres-answer-missing',
      })
      return kit.clock.monotonic() - since > 2 * LINGERS_MS
    },
    { timeoutMs: 40_000 },
  )
}

describe.each([
  ['directly', 'disable', false],
  ['directly over TLS', 'verify-full', false],
  ['behind a hop that is well', 'disable', true],
  ['behind a hop that is well, over TLS', 'verify-full', true],
] as const)('frozen server processes that are reached %s', (_how, sslmode, isTunnelled) => {
  it('are given no third however long it lasts, and the watch is back when they end', async () => {
    const on = watching(sslmode, isTunnelled ? [bastion] : [])
    await apart(on)
    freeze(ours())
    await Promise.all([
      failureOf(on.probes.query('SELECT 1', [], soon(2_000))),
      failureOf(on.people.query('SELECT 1', [], soon(2_000))),
    ])
    await askInVain(on)
    expect(ours()).toEqual([...frozen])
    expect(counter.most()).toBe(2)

    thaw()
    const since = performance.now()
    await until(() => answered(on), { timeoutMs: 15_000 })
    // No time-out is waited for: the server is heard to hang up.
    expect(performance.now() - since).toBeLessThan(10_000)
    await until(() => ours().length === 1)
    expect(counter.most()).toBe(2)
    expect(counter.longestGapMs()).toBeLessThan(250)
    await on.reach.close()
    await until(() => ours().length === 0)
  }, 90_000)

  it('are known to the watch that takes the place of one that ended over them', async () => {
    const on = watching(sslmode, isTunnelled ? [bastion] : [])
    await apart(on)
    freeze(ours())
    await failureOf(on.probes.query('SELECT 1', [], soon(2_000)))
    await on.reach.close()
    const next = watching(sslmode, isTunnelled ? [bastion] : [])
    const since = kit.clock.monotonic()
    await until(async () => {
      const { code } = await failureOf(next.probes.query('SELECT 1', [], soon(2_000)))
      return code === 'postgres-answer-missing'
    })
    thaw()
    await until(() => answered(next), { timeoutMs: 30_000 })
    expect(kit.clock.monotonic() - since).toBeLessThan(2 * LINGERS_MS)
    await until(() => ours().length === 1)
    expect(counter.most()).toBe(2)
  }, 60_000)

  it('leave nothing open on our side when the watch ends over them', async () => {
    const on = watching(sslmode, isTunnelled ? [bastion] : [])
    await apart(on)
    freeze(ours())
    await failureOf(on.probes.query('SELECT 1', [], soon(2_000)))
    await on.reach.close()
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap')).toEqual([])
    thaw()
    await until(() => ours().length === 0)
  }, 60_000)
})
