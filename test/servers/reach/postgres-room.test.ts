/** "Test connection" of a PostgreSQL that is watched: in the place of people's connection, so that the two stay two. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { diagnose } from '../../../src/main/engine/reach/diagnose.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import type { DeploymentProfile } from '../../../src/shared/model/profile/deployment.ts'
import { type BackendCounter, countBackends, pidsOf } from '../../support/backend-counter.ts'
import { until } from '../../support/until.ts'
import { createKit, hopOf, type Kit, soon } from './reach-kit.ts'

/** Who watches, and who operates: both are Vakhta's. */
const ROLES = ['watch', 'operate'] as const
let server: PostgresServer
let bastion: SshServer
let kit: Kit
let counter: BackendCounter
const frozen = new Set<number>()

beforeEach(async () => {
  ;[server, bastion] = await Promise.all([startPostgres(), startSshd()])
  await server.query(
    `CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor;
     CREATE ROLE operate LOGIN PASSWORD 'right' IN ROLE pg_signal_backend`,
  )
  kit = await createKit()
  kit.secrets.set('pg', 'right')
  await kit.know(bastion)
  counter = countBackends(server.directory, ...ROLES)
  await counter.begun
})
afterEach(async () => {
  for (const pid of frozen) process.kill(pid, 'SIGCONT')
  frozen.clear()
  await counter?.stop()
  await Promise.all([server?.stop(), bastion?.stop()])
})

const ours = () => ROLES.flatMap((role) => pidsOf(server.pid, role))

function watching(isTunnelled = false) {
  const input = {
    postgres: {
      url: `postgresql://watch@127.0.0.1:${server.port}/postgres?sslmode=disable`,
      password: 'secret:pg',
      operate: { user: 'operate', password: 'secret:pg' },
    },
    ...(isTunnelled ? { ssh: { hops: [hopOf(bastion)] } } : {}),
  }
  const reach = kit.reach(input)
  if (reach.postgres === null) throw new Error('the profile has PostgreSQL')
  return { profile: kit.profile(input), reach, ...reach.postgres }
}

type On = ReturnType<typeof watching>

async function test(on: On, signal = new AbortController().signal, profile: DeploymentProfile = on.profile) {
  const steps: ReachStepResult[] = []
  for await (const step of diagnose(profile, kit, signal, on.reach)) steps.push(step)
  return steps
}

const failures = (steps: readonly ReachStepResult[]) =>
  steps.flatMap(({ failure }) => (failure === null ? [] : [failure.code]))

const apart = (on: On) =>
  until(async () => {
    await on.probes.query('SELECT 1', [], soon())
    await on.people.query('SELECT 1', [], soon())
    return ours().length === 2
  })

describe.each([
  ['directly', false],
  ['through a hop', true],
] as const)('a test of what is watched %s', (_how, isTunnelled) => {
  it('passes while people and probes ask without a pause, and there are never three', async () => {
    const on = watching(isTunnelled)
    await apart(on)
    let isOver = false
    const failed: unknown[] = []
    const asking = [on.probes, on.people, on.people].map(async (session) => {
      while (!isOver) {
        await session.query('SELECT pg_sleep(0.02)', [], soon(10_000)).catch((error) => failed.push(error))
      }
    })
    for (let round = 0; round < 5; round += 1) expect(failures(await test(on))).toEqual([])
    // Several at once wait for each other.
    const several = await Promise.all([test(on), test(on), test(on)])
    expect(several.flatMap(failures)).toEqual([])
    isOver = true
    await Promise.all(asking)
    expect(failed).toEqual([])
    expect(counter.most()).toBe(2)
    expect(counter.longestGapMs()).toBeLessThan(250)
    // And people have their own again.
    await apart(on)
    await on.reach.close()
    await until(() => ours().length === 0)
  }, 60_000)

  it('is one of two where the probes lose theirs meanwhile, again and again', async () => {
    const on = watching(isTunnelled)
    await apart(on)
    let isOver = false
    const ending = (async () => {
      while (!isOver) {
        const [first] = await until(() => pidsOf(server.pid, 'watch'), { what: 'a session' })
        if (first !== undefined) process.kill(first, 'SIGTERM')
        await until(() => isOver || !pidsOf(server.pid, 'watch').includes(first ?? 0), { everyMs: 100 })
        await new Promise(setImmediate)
      }
    })()
    for (let round = 0; round < 6; round += 1) await test(on)
    isOver = true
    await ending
    await until(async () => failures(await test(on)).length === 0, { timeoutMs: 30_000 })
    expect(counter.most()).toBe(2)
  }, 90_000)

  it('leaves nothing behind where it is broken off, or the watch ends under it', async () => {
    const on = watching(isTunnelled)
    await apart(on)
    const controller = new AbortController()
    const stopped = test(on, controller.signal).catch(() => null)
    controller.abort(new Error('enough'))
    await stopped
    await apart(on)
    const cut = test(on).catch(() => null)
    await on.reach.close()
    await cut
    await until(() => ours().length === 0)
    expect(counter.most()).toBe(2)
  }, 60_000)
})

it('says what it waits for, and logs in nowhere, where the server may still have two', async () => {
  const on = watching()
  await apart(on)
  for (const pid of ours()) {
    process.kill(pid, 'SIGSTOP')
    frozen.add(pid)
  }
  await on.probes.query('SELECT 1', [], soon(1_000)).catch(() => {})
  await on.people.query('SELECT 1', [], soon(1_000)).catch(() => {})
  expect(failures(await test(on))[0]).toBe('postgres-connections-left')
  expect(counter.most()).toBe(2)
})
