// The demo's faults as the console sees them: over no, one and two hops, each with its status and its reason, and well again.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { FaultName } from '../../../../demo/fault-names.ts'
import { DEPLOYMENT_NAMES, type DeploymentName } from '../../../../demo/profiles.ts'
import { WATCH_ROLE } from '../../../../demo/schema.ts'
import { type Demo, startDemo } from '../../../../demo/start.ts'
import type { ProbeId } from '../../../../src/shared/catalogue/probes.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import { type BackendCounter, countBackends } from '../../../support/backend-counter.ts'
import { type Counted, createConnectionCounter, type Holder } from '../../../support/connection-counter.ts'
import { seriesOf } from '../../../support/series.ts'
import { until } from '../../../support/until.ts'
import { ANY_MACHINE, type Console, countPostgres, openConsole, untilSeen } from '../engine-kit.ts'

const state = mkdtempSync(join(tmpdir(), 'vakhta-weather-demo-'))
let demo: Demo
let console: Console
const counter = createConnectionCounter()
/** By port that the console dials, or has dialled: what it may hold there at once. */
const most = new Map<number, { readonly atOnce: number; readonly by: Holder; readonly name: string }>()

/** By deployment: the server processes that PostgreSQL has for the console. */
const backends = new Map<string, BackendCounter>()

beforeAll(async () => {
  // Enough traffic for a hundred errors in a few seconds.
  demo = await startDemo({ dataDirectory: join(state, 'demo'), peakPerSecond: 60 })
  console = await openConsole({
    dataDirectory: join(state, 'console/data'),
    secrets: demo.secrets,
    profiles: demo.profiles.map((profile) => ({
      ...profile,
      limits: {
        ...profile.limits,
        ...ANY_MACHINE,
        db_pool_oldest_transaction_seconds: { warning: 5 },
      },
    })),
  })
  await allHealthy()
  // Before the one that is reached directly nobody but the console goes through the relay. Behind the others' hops the
  // service's users and the service itself dial the same ports: what sshd dials is the console's.
  for (const { name, services = [], redis = [], ssh } of demo.profiles) {
    const allow = (url: string | undefined, atOnce: number) =>
      most.set(Number(new URL(url ?? '').port), {
        atOnce,
        by: ssh === undefined ? 'console' : 'tunnels',
        name,
      })
    for (const { url } of services) allow(url, 4)
    for (const { url } of redis) allow(url, 1)
    // The servers that several share tell by their processes whose they are.
    backends.set(
      name,
      countBackends(demo.deployment(name as DeploymentName).postgres.directory, `${WATCH_ROLE} ${name}`),
    )
  }
  expect(most.size).toBe(2 * DEPLOYMENT_NAMES.length)
})
beforeEach(() => {
  for (const [port, { by }] of most) counter.watch(port, by)
})
afterAll(async () => {
  await counter.stop()
  for (const counted of backends.values()) await counted.stop()
  await console?.engine.stop()
  await demo?.stop()
  rmSync(state, { recursive: true, force: true })
})

/** By name of the deployment, what is not well with it. */
function troubles(): [string, Observation['reason']][] {
  return DEPLOYMENT_NAMES.flatMap((name) =>
    console.engine.live
      .latest(name)
      .filter(unwell)
      .map(({ reason }): [string, Observation['reason']] => [name, reason]),
  )
}

function unwell({ status }: Observation): boolean {
  return status !== 'HEALTHY'
}

afterEach(async () => {
  const counted = await counter.taken()
  const tooMany = ({ port, most: held }: Counted) => held > (most.get(port)?.atOnce ?? 0)
  expect(counted.filter(tooMany)).toEqual([])
  for (const [name, counted] of backends) {
    expect([1, 2], `${name}: ${counted.most()}`).toContain(counted.most())
  }
  // Where nothing at all was seen, it was not looked in the right place.
  expect(counted.filter(({ most: held }) => held === 0).map(({ port }) => most.get(port))).toEqual([])
})
afterEach(async () => {
  for (const { fault, deployment } of demo.faults()) {
    await demo.fault(fault, false, deployment as DeploymentName)
  }
})

async function allHealthy(timeoutMs = 45_000): Promise<void> {
  const looked = () =>
    DEPLOYMENT_NAMES.every(
      (name) => console.engine.live.latest(name).length === seriesOf(console.engine, name),
    )
  await until(() => looked() && troubles().length === 0, { timeoutMs }).catch((error: unknown) => {
    throw new Error(`not well: ${JSON.stringify(troubles())}`, { cause: error })
  })
}

interface Shown {
  readonly fault: FaultName
  readonly deployment: DeploymentName
  readonly probe: ProbeId
  readonly status: Observation['status']
  readonly code: string
}

/** Each at another deployment, so that they are each other's proof that a fault stays where it is. */
const ROUNDS: readonly (readonly Shown[])[] = [
  [
    {
      fault: 'errors',
      deployment: 'shop',
      probe: 'traffic',
      status: 'CRITICAL',
      code: 'traffic-errors-high',
    },
    {
      fault: 'redis-memory',
      deployment: 'billing',
      probe: 'redis',
      status: 'CRITICAL',
      code: 'redis-memory-high',
    },
    {
      fault: 'idle-in-transaction',
      deployment: 'ledger',
      probe: 'pool',
      status: 'WARNING',
      code: 'pool-transaction-old',
    },
  ],
  [
    { fault: 'latency', deployment: 'shop', probe: 'redis', status: 'WARNING', code: 'redis-latency-high' },
    { fault: 'latency', deployment: 'ledger', probe: 'redis', status: 'WARNING', code: 'redis-latency-high' },
    {
      fault: 'slow-http',
      deployment: 'billing',
      probe: 'traffic',
      status: 'WARNING',
      code: 'traffic-slow-path-mean',
    },
  ],
]

it('shows each fault with its status and reason where it is, at nobody else, and only while it lasts', async () => {
  for (const round of ROUNDS) {
    for (const { fault, deployment } of round) await demo.fault(fault, true, deployment)
    await Promise.all(
      round.map(async ({ deployment, probe, status, code }) => {
        // Errors are first a few, then many.
        const is = (seen: Observation) => seen.reason.code === code && seen.status === status
        await untilSeen(console.engine, deployment, probe, is, 45_000)
        // The other probes of this deployment say what they said before; errors count for a minute after their end.
        const others = console.engine.live
          .latest(deployment)
          .filter((other) => other.probe !== probe && other.reason.code !== 'traffic-errors-high')
        expect(others.filter(unwell).map(({ reason }) => reason)).toEqual([])
      }),
    )
    for (const { fault, deployment } of round) await demo.fault(fault, false, deployment)
  }
  await allHealthy(90_000)
}, 240_000)

it('refuses a hop whose host key changed, and is let in by a person once the first key is back', async () => {
  await demo.fault('host-key-changed', true, 'ledger')
  const is = ({ reason }: Observation) => reason.code === 'host-key-changed'
  const seen = await untilSeen(console.engine, 'ledger', 'pool', is)
  expect(seen).toMatchObject({ status: 'UNKNOWN', values: { db_up: null } })
  expect(console.engine.connection('ledger').status).toBe('REFUSED')
  await demo.fault('host-key-changed', false, 'ledger')
  expect(console.engine.connection('ledger').status).toBe('REFUSED')
  console.engine.retry('ledger')
  await allHealthy(90_000)
}, 120_000)

it('takes lost packets for no outage: every look is answered, on the connections that stand', async () => {
  const postgres = await countPostgres(demo.deployment('shop').postgres)
  const lossy = ['shop', 'ledger'] as const
  for (const name of lossy) await demo.fault('packet-loss', true, name)
  const since = Date.now()
  const pids = async () =>
    (
      await postgres.client.query(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'vakhta' ORDER BY pid`,
      )
    ).rows
  const before = await pids()
  expect(before).toHaveLength(DEPLOYMENT_NAMES.length)
  const seen: Observation[] = []
  for (let look = 0; look < 4; look += 1) {
    await Promise.all(
      lossy.flatMap((name) =>
        (['pool', 'redis', 'health', 'traffic'] as const).map(async (probe) =>
          seen.push(await untilSeen(console.engine, name, probe, () => true)),
        ),
      ),
    )
  }
  // A retransmission takes longer than Redis may: that it answers late is true, and all that is said.
  const bad = seen.filter((one) => unwell(one) && one.reason.code !== 'redis-latency-high')
  expect(bad.map(({ deployment, probe, reason }) => ({ deployment, probe, reason }))).toEqual([])
  expect(seen.every(({ at }) => at >= since)).toBe(true)
  expect(await pids()).toEqual(before)
  for (const name of lossy) await demo.fault('packet-loss', false, name)
  await allHealthy()
}, 120_000)
