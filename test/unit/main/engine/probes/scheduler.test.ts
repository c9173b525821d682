import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import type { Look, LookContext, Probe } from '../../../../../src/main/engine/probes/probe.ts'
import { createScheduler, type SchedulerOptions } from '../../../../../src/main/engine/probes/scheduler.ts'
import { type Reach, ReachError } from '../../../../../src/main/engine/reach/reach.ts'
import type { Notice } from '../../../../../src/shared/model/change.ts'
import type { Failure } from '../../../../../src/shared/model/failure.ts'
import type { Observation } from '../../../../../src/shared/model/observation.ts'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const HOUR = 3_600_000

/** Evenly spread numbers that are the same in every run. */
function numbers(): () => number {
  let state = 1
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function profile(name = 'shop', url = 'http://127.0.0.1:9') {
  return DeploymentProfile.parse({ name, environment: 'staging', services: [{ name: 'web', url }] })
}

/** A reach with nothing behind it, whose listeners can be counted. */
function reachOf() {
  const listeners = new Set<() => void>()
  const reach: Reach = {
    deployment: 'shop',
    connection: () => ({ status: 'CONNECTED', hops: [] }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    postgres: null,
    redis: () => Promise.reject.bind(Promise) as never,
    http: () => Promise.reject.bind(Promise) as never,
    scrape: () => Promise.reject.bind(Promise) as never,
    host: () => Promise.reject.bind(Promise) as never,
    machine: () => Promise.reject.bind(Promise) as never,
    retry() {},
    close: async () => {},
  }
  return { reach, listeners, change: () => [...listeners].forEach((listener) => void listener()) }
}

const healthy: Look = {
  status: 'HEALTHY',
  reason: { code: 'health-live', params: {} },
  values: { health_live: 1 },
  cost: { rows: 0, bytes: 1 },
}
const refused = (fields: Partial<Failure> = {}): Failure => ({
  ...{ step: 'tcp', hop: 'web', on: 'target', code: 'tcp-refused', params: {}, recovery: 'by-itself' },
  ...fields,
})

function probeOf(look: (context: LookContext<number>) => Promise<Look>, fields: Partial<Probe<number>> = {}) {
  return {
    id: 'health',
    intervalMs: 5_000,
    timeoutMs: 4_000,
    targets: (of: DeploymentProfile) => of.services.map(({ name }) => name),
    look: async (context: LookContext<number>) => ({
      look: await look(context),
      memory: (context.memory ?? 0) + 1,
    }),
    unreachable: (failure: Failure) => ({
      status: failure.on === 'path' ? ('UNKNOWN' as const) : ('DOWN' as const),
      reason: { code: failure.code, params: {} },
      values: { health_live: failure.on === 'path' ? null : 0 },
    }),
    ...fields,
  } satisfies Probe<number>
}

function schedule(probe: Probe<number>, options: Partial<SchedulerOptions> = {}) {
  const clock = createDrivenClock()
  /** Some systems' monotonic clock goes on while they sleep. */
  let sleptMonotonic = 0
  const seen: Observation[] = []
  const notices: Notice[] = []
  const scheduler = createScheduler({
    clock: { ...clock, monotonic: () => clock.monotonic() + sleptMonotonic },
    random: numbers(),
    log: silentLog,
    observe: (observation) => seen.push(observation),
    notice: (notice) => notices.push(notice),
    probes: [probe as Probe],
    hasInterface: () => true,
    ...options,
  })
  const leap = (ms: number) => {
    clock.jump(ms)
    sleptMonotonic += ms
  }
  return { clock, leap, seen, notices, scheduler }
}

const statuses = (seen: readonly Observation[]) => seen.map(({ status }) => status)

describe('the scheduler', () => {
  it('looks in its interval, with jitter, handing each look what the last one left', async () => {
    const memories: (number | null)[] = []
    const { clock, seen, scheduler } = schedule(
      probeOf(async ({ memory }) => {
        memories.push(memory)
        return healthy
      }),
    )
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(60_000)
    expect(seen.length).toBeGreaterThanOrEqual(11)
    expect(seen.length).toBeLessThanOrEqual(13)
    expect(memories.slice(0, 3)).toEqual([null, 1, 2])
    const gaps = seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0))
    expect(new Set(gaps).size).toBeGreaterThan(5)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_700)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(5_300)
    await scheduler.stop()
  })

  it('looks in time at what is well while a hundred others are behind a silent firewall', async () => {
    let wait: (ms: number, task: () => void) => unknown = () => {}
    const { clock, seen, scheduler } = schedule(
      probeOf(async ({ profile: { name } }) => {
        if (name === 'well') return healthy
        await new Promise<void>((resolve) => wait(4_000, resolve))
        throw new ReachError(refused({ code: 'tcp-silent' }))
      }),
    )
    wait = clock.after
    scheduler.add(profile('well'), reachOf().reach)
    for (let index = 0; index < 100; index++) scheduler.add(profile(`silent-${index}`), reachOf().reach)
    await clock.advance(20_000)
    seen.length = 0
    await clock.advance(60_000)
    const at = seen.filter(({ deployment }) => deployment === 'well').map((observation) => observation.at)
    expect(Math.max(...at.slice(1).map((moment, index) => moment - (at[index] ?? 0)))).toBeLessThan(5_500)
    expect(seen.length).toBeGreaterThan(100)
    await scheduler.stop()
  })

  it('never looks at a series beside itself, and cuts a look that hangs', async () => {
    let under = 0
    let most = 0
    const { clock, seen, scheduler } = schedule(
      probeOf(async ({ signal }) => {
        most = Math.max(most, ++under)
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        ).finally(() => under--)
        return healthy
      }),
    )
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(30_000)
    expect(most).toBe(1)
    expect(seen.length).toBeGreaterThan(2)
    expect(seen[0]).toMatchObject({
      status: 'UNKNOWN',
      reason: { code: 'look-timed-out' },
      cost: { ms: 5_000 },
    })
    await scheduler.stop()
  })

  it('goes on where a probe does not heed its signal at all', async () => {
    const { clock, seen, scheduler } = schedule(probeOf(() => new Promise(() => {})))
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(30_000)
    expect(seen.length).toBeGreaterThan(2)
    await scheduler.stop()
    expect(scheduler.running()).toBe(0)
  })

  it('bounds how many looks are under way at once, and serves all', async () => {
    let under = 0
    let most = 0
    const { clock, seen, scheduler } = schedule(
      probeOf(async () => {
        most = Math.max(most, ++under)
        await new Promise<void>((resolve) => clock.after(200, resolve))
        under--
        return healthy
      }),
    )
    for (let n = 0; n < 150; n++) scheduler.add(profile(`d${n}`), reachOf().reach)
    await clock.advance(10_000)
    expect(most).toBeLessThanOrEqual(32)
    expect(new Set(seen.map(({ deployment }) => deployment)).size).toBe(150)
    await scheduler.stop()
  })

  it('spreads the first looks of many deployments over the interval', async () => {
    const { clock, seen, scheduler } = schedule(probeOf(async () => healthy))
    for (let n = 0; n < 300; n++) scheduler.add(profile(`d${n}`), reachOf().reach)
    await clock.advance(5_000)
    const perSecond = [0, 1, 2, 3, 4].map(
      (second) => seen.filter(({ at }) => Math.floor((at - Date.UTC(2026, 0, 1)) / 1000) === second).length,
    )
    expect(Math.max(...perSecond)).toBeLessThan(150)
    await scheduler.stop()
  })

  it('tells a path that is down from a target that is', async () => {
    let failure = refused({ on: 'path' })
    const { clock, seen, scheduler } = schedule(
      probeOf(async () => {
        throw new ReachError(failure)
      }),
    )
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(2_000)
    failure = refused()
    await clock.advance(5_500)
    expect(statuses(seen)).toEqual(['UNKNOWN', 'DOWN'])
    await scheduler.stop()
  })

  it('logs a bug of a probe, observes UNKNOWN, and goes on', async () => {
    const errors: object[] = []
    let looks = 0
    const { clock, seen, scheduler } = schedule(
      probeOf(async () => {
        if (looks++ === 0) throw new TypeError('a bug')
        return healthy
      }),
      { log: { ...silentLog, error: (fields) => errors.push(fields) } },
    )
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(7_000)
    expect(statuses(seen)).toEqual(['UNKNOWN', 'HEALTHY'])
    expect(seen[0]?.reason.code).toBe('probe-failed')
    expect(errors).toHaveLength(1)
    await scheduler.stop()
  })

  it('leaves a target alone for as long as it asks', async () => {
    const { clock, seen, scheduler } = schedule(probeOf(async () => healthy, { retryAfterMs: () => 60_000 }))
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(59_000)
    expect(seen).toHaveLength(1)
    await clock.advance(10_000)
    expect(seen).toHaveLength(2)
    await scheduler.stop()
  })

  it('looks more rarely at what fails slowly, and again soon when the way changes', async () => {
    const { clock, seen, scheduler } = schedule(
      probeOf(async () => {
        await new Promise<void>((resolve) => clock.after(4_000, resolve))
        throw new ReachError(refused({ code: 'tcp-silent' }))
      }),
    )
    const { reach, change } = reachOf()
    scheduler.add(profile(), reach)
    await clock.advance(600_000)
    const before = seen.length
    expect(before).toBeLessThan(30)
    change()
    await clock.advance(6_000)
    expect(seen.length).toBeGreaterThan(before)
    await scheduler.stop()
  })
})

describe('a machine that sleeps', () => {
  it.each(['wall clock alone', 'both clocks'])(
    'is noticed by %s: unobserved once, and no burst',
    async (clocks) => {
      const memories: (number | null)[] = []
      const { clock, leap, seen, scheduler } = schedule(
        probeOf(async ({ memory }) => {
          memories.push(memory)
          return healthy
        }),
      )
      for (const name of ['shop', 'billing', 'ledger']) scheduler.add(profile(name), reachOf().reach)
      await clock.advance(30_000)
      const asleepAt = clock.now()
      const before = seen.length
      memories.length = 0
      if (clocks === 'wall clock alone') clock.jump(8 * HOUR)
      else leap(8 * HOUR)
      await clock.advance(6_000)
      const after = seen.slice(before)
      const gap = after.filter(({ status }) => status === 'UNOBSERVED')
      expect(gap).toHaveLength(3)
      for (const { at, reason, values } of gap) {
        expect(Math.abs(at - asleepAt)).toBeLessThan(6_000)
        expect(reason.code).toBe('console-slept')
        expect(values).toEqual({})
      }
      expect(after.filter(({ status }) => status === 'HEALTHY').length).toBeLessThanOrEqual(6)
      expect(statuses(after)).not.toContain('DOWN')
      // What was counted before the sleep is worth nothing for rates after it.
      expect(memories.slice(0, 3)).toEqual([null, null, null])
      await scheduler.stop()
    },
  )

  it('is believed where the host tells of it, and looks at nothing until it woke', async () => {
    const { clock, seen, scheduler } = schedule(probeOf(async () => healthy))
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(10_000)
    scheduler.slept()
    scheduler.slept()
    const before = seen.length
    expect(seen.at(-1)?.status).toBe('UNOBSERVED')
    clock.jump(8 * HOUR)
    await clock.advance(3_000)
    expect(seen).toHaveLength(before)
    scheduler.woke()
    await clock.advance(6_000)
    expect(seen.length).toBeGreaterThan(before)
    expect(seen.filter(({ status }) => status === 'UNOBSERVED')).toHaveLength(1)
    await scheduler.stop()
  })

  it('wakes by itself where nobody tells of it', async () => {
    const { clock, seen, scheduler } = schedule(probeOf(async () => healthy))
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(10_000)
    scheduler.slept()
    await clock.advance(90_000)
    expect(seen.at(-1)?.status).toBe('HEALTHY')
    await scheduler.stop()
  })

  it('drops what a look that the sleep cut off would have said', async () => {
    const { clock, seen, scheduler } = schedule(
      probeOf(async () => {
        await new Promise<void>((resolve) => clock.after(3_000, resolve))
        throw new ReachError(refused())
      }),
    )
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(1_000)
    clock.jump(8 * HOUR)
    await clock.advance(4_500)
    expect(statuses(seen)).not.toContain('DOWN')
    await scheduler.stop()
  })

  it('does not mind a clock that is set back', async () => {
    const { clock, seen, scheduler } = schedule(probeOf(async () => healthy))
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(10_000)
    clock.jump(-HOUR)
    await clock.advance(10_000)
    expect(new Set(statuses(seen))).toEqual(new Set(['HEALTHY']))
    expect(seen.length).toBeGreaterThanOrEqual(4)
    await scheduler.stop()
  })
})

describe('a console without network', () => {
  const noRoute = refused({ code: 'tcp-unreachable' })

  it('calls nothing outside down, says so once, and again when it is back', async () => {
    let failure: Failure | null = null
    const { clock, seen, notices, scheduler } = schedule(
      probeOf(async ({ profile: { name } }) => {
        if (failure !== null && name !== 'here') throw new ReachError(failure)
        return healthy
      }),
      { hasInterface: () => failure === null },
    )
    scheduler.add(profile('shop', 'https://shop.example.com'), reachOf().reach)
    scheduler.add(profile('here'), reachOf().reach)
    await clock.advance(10_000)
    failure = noRoute
    const before = seen.length
    await clock.advance(60_000)
    const offline = seen.slice(before)
    expect(
      offline
        .filter(({ deployment }) => deployment === 'shop')
        .map(({ status, reason }) => [status, reason.code]),
    ).toEqual([['UNOBSERVED', 'console-offline']])
    expect(new Set(statuses(offline.filter(({ deployment }) => deployment === 'here')))).toEqual(
      new Set(['HEALTHY']),
    )
    failure = null
    await clock.advance(40_000)
    expect(seen.filter(({ deployment }) => deployment === 'shop').at(-1)?.status).toBe('HEALTHY')
    expect(notices.map(({ reason }) => reason.code)).toEqual(['console-offline', 'console-online'])
    await scheduler.stop()
  })

  it('calls one host down that alone cannot be routed to', async () => {
    const { clock, seen, notices, scheduler } = schedule(
      probeOf(async ({ profile: { name } }) => {
        if (name === 'shop') throw new ReachError(noRoute)
        return healthy
      }),
    )
    scheduler.add(profile('shop', 'https://shop.example.com'), reachOf().reach)
    scheduler.add(profile('billing', 'https://billing.example.com'), reachOf().reach)
    await clock.advance(20_000)
    expect(seen.filter(({ deployment }) => deployment === 'shop').at(-1)?.status).toBe('DOWN')
    expect(notices).toEqual([])
    await scheduler.stop()
  })
})

describe('starting and ending', () => {
  it('goes on with another profile without a break: the look under way ends, and the next remembers', async () => {
    const looks: [string | undefined, number | null, boolean][] = []
    let finish = () => {}
    const { clock, seen, scheduler } = schedule(
      probeOf(async ({ profile: { description }, memory, signal }) => {
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        looks.push([description, memory, signal.aborted])
        return healthy
      }),
    )
    scheduler.add(profile(), reachOf().reach)
    await clock.advance(3_000)
    expect(scheduler.running()).toBe(1)
    scheduler.alter({ ...profile(), description: 'altered' })
    finish()
    await clock.advance(6_000)
    finish()
    await clock.advance(1_000)
    expect(looks).toEqual([
      [undefined, null, false],
      ['altered', 1, false],
    ])
    expect(statuses(seen)).toEqual(['HEALTHY', 'HEALTHY'])
    await scheduler.stop()
  })

  it('notes once that a deployment is paused', async () => {
    const { clock, seen, scheduler } = schedule(probeOf(async () => healthy))
    const shop = profile()
    scheduler.add(shop, reachOf().reach)
    await clock.advance(8_000)
    scheduler.pause(shop)
    const before = seen.length
    await clock.advance(60_000)
    expect(seen.slice(before)).toEqual([])
    expect(seen.at(-1)).toMatchObject({ status: 'UNOBSERVED', reason: { code: 'paused' }, values: {} })
    await scheduler.stop()
  })

  it('ends looks under way when a deployment is removed, and says nothing of it afterwards', async () => {
    let aborted = false
    const { clock, seen, scheduler } = schedule(
      probeOf(
        ({ signal }) =>
          new Promise((_, reject) =>
            signal.addEventListener('abort', () => {
              aborted = true
              reject(signal.reason)
            }),
          ),
      ),
    )
    const { reach, listeners } = reachOf()
    scheduler.add(profile(), reach)
    await clock.advance(1_000)
    expect(scheduler.running()).toBe(1)
    await scheduler.remove('shop')
    expect(aborted).toBe(true)
    await clock.advance(20_000)
    expect([seen.length, scheduler.running(), listeners.size]).toEqual([0, 0, 0])
    await scheduler.stop()
  })

  it('leaves no timer, listener or look behind', async () => {
    const { clock, scheduler } = schedule(probeOf(async () => healthy))
    const { reach, listeners } = reachOf()
    scheduler.add(profile(), reach)
    await clock.advance(20_000)
    await scheduler.stop()
    expect([clock.waiting(), listeners.size, scheduler.running()]).toEqual([0, 0, 0])
  })

  it('stays flat over 72 hours', async () => {
    const { clock, scheduler } = schedule(
      probeOf(async () => healthy, { intervalMs: 20_000 }),
      { observe() {} },
    )
    const { reach, listeners } = reachOf()
    scheduler.add(profile(), reach)
    await clock.advance(HOUR)
    const flat = [clock.waiting(), listeners.size]
    for (let hour = 0; hour < 71; hour++) await clock.advance(HOUR)
    expect([clock.waiting(), listeners.size]).toEqual(flat)
    expect(scheduler.running()).toBe(0)
    await scheduler.stop()
  })
})
