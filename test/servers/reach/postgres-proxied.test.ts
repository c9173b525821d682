/**
 * A proxy that holds our connections while the server behind them is gone looks like a server whose processes hang. It blinds us
 * for two minutes, not for a quarter of an hour; and where nothing stands in between, that is known, and nothing is risked.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { type BackendCounter, countBackends, pidsOf } from '../../support/backend-counter.ts'
import { type HoldingRelay, startHoldingRelay } from '../../support/holding-relay.ts'
import { createHurriedClock } from '../../support/hurried-clock.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, hopOf, type Kit, soon } from './reach-kit.ts'

/** Two minutes of ours in a quarter of one. */
const HURRY = 8
const BELIEVED_MS = 120_000
const frozen = new Set<number>()
let server: PostgresServer
let bastion: SshServer
let proxy: HoldingRelay
let kit: Kit
let counter: BackendCounter

beforeEach(async () => {
  ;[server, bastion] = await Promise.all([startPostgres(), startSshd()])
  proxy = await startHoldingRelay(server.port)
  await server.query(`CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
  kit = await createKit({ clock: createHurriedClock(HURRY) })
  kit.secrets.set('pg', 'right')
  await kit.know(bastion)
  counter = countBackends(server.directory, 'watch')
  await counter.begun
})
afterEach(async () => {
  for (const pid of frozen) process.kill(pid, 'SIGCONT')
  frozen.clear()
  await counter?.stop()
  await proxy?.stop()
  await Promise.all([server?.stop(), bastion?.stop()])
})

const ours = () => pidsOf(server.pid, 'watch')

/** A watch with a connection for each: people's is opened when somebody asks. */
async function watching(port: number, hops: readonly SshServer[]) {
  const reach = kit.reach({
    postgres: {
      url: `postgresql://watch@127.0.0.1:${port}/postgres?sslmode=disable`,
      password: 'secret:pg',
    },
    ...(hops.length === 0 ? {} : { ssh: { hops: hops.map(hopOf) } }),
  })
  const { postgres } = reach
  if (postgres === null) throw new Error('the profile has PostgreSQL')
  const ask = (session: typeof postgres.probes, ms = 4_000) => session.query('SELECT 1', [], soon(ms))
  await until(async () => {
    await ask(postgres.probes, 40_000)
    await ask(postgres.people, 40_000)
    return ours().length === 2
  })
  const { probes, people } = postgres
  return {
    close: () => reach.close(),
    /** Both find that no answer comes. */
    missBoth: () => Promise.all([failureOf(ask(probes)), failureOf(ask(people))]),
    answers: () =>
      ask(probes).then(
        () => true,
        () => false,
      ),
  }
}

const since = (moment: number) => kit.clock.monotonic() - moment

describe.each([
  ['directly', false],
  ['behind a hop', true],
] as const)('a proxy that is reached %s and holds what it lost', (_how, isTunnelled) => {
  it('is believed for two minutes; then the server is asked, and the watch is back', async () => {
    const watch = await watching(proxy.port, isTunnelled ? [bastion] : [])
    proxy.lose()
    await until(() => ours().length === 0)
    await watch.missBoth()
    const began = kit.clock.monotonic()
    expect(proxy.held()).toBe(2)
    await until(() => watch.answers(), { timeoutMs: 60_000 })
    expect(since(began)).toBeGreaterThan(0.8 * BELIEVED_MS)
    // What waits looks again within a minute.
    expect(since(began)).toBeLessThan(2 * BELIEVED_MS)
    expect(counter.most()).toBe(2)
    await watch.close()
    await until(() => ours().length === 0)
  }, 90_000)
})

describe.each([
  ['directly', false],
  ['behind a hop, by its address', true],
] as const)('server processes that are frozen, reached %s', (_how, isTunnelled) => {
  it('are known to hold their lines themselves, and are given no third after two minutes either', async () => {
    const watch = await watching(server.port, isTunnelled ? [bastion] : [])
    for (const pid of ours()) {
      process.kill(pid, 'SIGSTOP')
      frozen.add(pid)
    }
    await watch.missBoth()
    const began = kit.clock.monotonic()
    await until(async () => !(await watch.answers()) && since(began) > 1.5 * BELIEVED_MS, {
      timeoutMs: 60_000,
    })
    expect(ours()).toEqual([...frozen])
    expect(counter.most()).toBe(2)
    await watch.close()
  }, 90_000)
})

it('frozen behind a proxy, where that cannot be known, are met by a third for a moment, once in five minutes', async () => {
  const watch = await watching(proxy.port, [])
  for (const pid of ours()) {
    process.kill(pid, 'SIGSTOP')
    frozen.add(pid)
  }
  await watch.missBoth()
  const began = kit.clock.monotonic()
  await until(async () => !(await watch.answers()) && counter.most() > 2, { timeoutMs: 60_000 })
  expect(since(began)).toBeGreaterThan(0.8 * BELIEVED_MS)
  await until(() => ours().length === 2)
  const met = kit.clock.monotonic()
  await until(
    async () => {
      expect(await watch.answers()).toBe(false)
      expect(ours()).toEqual([...frozen])
      return since(met) > 2 * BELIEVED_MS
    },
    { timeoutMs: 60_000 },
  )
  expect(counter.most()).toBe(3)
  await watch.close()
}, 120_000)
