/** A laptop that sleeps for 10 to 90 s: what the scheduler, live state, history and alerts make of it together, on a driven clock. */
import { describe, expect, it } from 'vitest'
import { createMinutes, MINUTE_MS } from '../../../../src/main/engine/live/minutes.ts'
import { silentLog } from '../../../../src/main/engine/log.ts'
import { spansOf } from '../../../../src/main/engine/metrics/spans.ts'
import { statusCode } from '../../../../src/main/engine/metrics/status-codes.ts'
import type { Probe } from '../../../../src/main/engine/probes/probe.ts'
import { createScheduler } from '../../../../src/main/engine/probes/scheduler.ts'
import { traffic } from '../../../../src/main/engine/probes/traffic/index.ts'
import type { Reach } from '../../../../src/main/engine/reach/reach.ts'
import type { OwnAlertRule } from '../../../../src/shared/model/alert-rule.ts'
import type { Observation } from '../../../../src/shared/model/observation.ts'
import { DeploymentProfile } from '../../../../src/shared/model/profile/deployment.ts'
import { createAlertScene } from '../../../support/alert-scene.ts'

const INTERVAL_MS = 5_000
/** Short of the limit, 100, by so little that those of a sleep would be too many for the time without it. */
const ERRORS_PER_MINUTE = 95
/** With the errors among them. */
const REQUESTS_PER_SECOND = 50 + ERRORS_PER_MINUTE / 60

const CLOCKS = ['the monotonic clock stands', 'both clocks go on'] as const

async function watchOver(how: (typeof CLOCKS)[number]) {
  const startsAt = Date.UTC(2026, 0, 1, 0, 0, 0)
  const scene = await createAlertScene(['shop'], { startsAt })
  let aheadMs = 0
  const clock = { ...scene.clock, monotonic: () => scene.clock.monotonic() + aheadMs }
  const seen: Observation[] = []
  const minutes = createMinutes()
  let isSilent = false
  const answer = () => {
    const seconds = (clock.now() - startsAt) / 1_000
    const counters = [
      `http_requests_total{status="200"} ${1_000 + Math.floor(seconds * 50)}`,
      `http_requests_total{status="500"} ${10 + Math.floor((seconds * ERRORS_PER_MINUTE) / 60)}`,
    ]
    return {
      ...{ status: 200, headers: {}, ms: 1, truncated: false, wireBytes: 100, certificates: [] },
      ...{ certificateEndsAt: null, location: null, answeredBy: null },
      body: Buffer.from(isSilent ? 'up 1\n' : `${counters.join('\n')}\n`),
    }
  }
  const reach = {
    onChange: () => () => {},
    http: () => ({ get: async () => answer() }),
  } as unknown as Reach
  const scheduler = createScheduler({
    ...{ clock, random: () => 0.5, log: silentLog, notice() {}, hasInterface: () => true },
    probes: [traffic as Probe],
    observe(observation) {
      seen.push(observation)
      minutes.add(observation)
      scene.look(observation)
    },
  })
  const profile = DeploymentProfile.parse({
    ...{ name: 'shop', environment: 'production' },
    services: [{ name: 'api', url: 'http://127.0.0.1:9' }],
  })
  const absence: OwnAlertRule = {
    ...{ title: 'nothing is told of requests', direction: 'above', enabled: true },
    condition: { kind: 'absence', metric: 'http_requests_per_second' },
    levels: [{ severity: 'CRITICAL', threshold: 15, clear: 1 }],
    ...{ fireAfter: 1, clearAfter: 1, cooldownSeconds: 300, channels: [], checklist: null },
    scope: { deployments: null, tags: null },
  }
  await scene.alerts().saveRule(null, absence)
  scheduler.add(profile, reach)
  return {
    ...{ scene, seen, minutes },
    /** The machine sleeps: nothing runs, and nobody says so. */
    sleep(ms: number) {
      scene.clock.jump(ms)
      if (how === 'both clocks go on') aheadMs += ms
    },
    silent(is: boolean) {
      isSilent = is
    },
    unobserved: () =>
      spansOf(
        {
          at: Float64Array.from(seen, ({ at }) => at),
          status: Uint8Array.from(seen, ({ status }) => statusCode(status)),
          columns: new Map(),
        },
        {
          ...{ from: startsAt + INTERVAL_MS, to: scene.clock.now(), rowMs: INTERVAL_MS },
          ...{ slackMs: 1.5 * INTERVAL_MS, failingSlackMs: 6 * INTERVAL_MS },
        },
      ).filter(({ status }) => status === 'UNOBSERVED'),
    async stop() {
      await scheduler.stop()
      await scene.close()
    },
  }
}

describe.each(CLOCKS)('a short sleep in which %s', (how) => {
  // The sleep begins at different moments between two looks.
  const sleeps = [10, 11, 12, 15, 30, 60, 90].map(
    (seconds, index) => [seconds, 80_000 + index * 700] as const,
  )

  it.each(sleeps)(
    'of %i s is a stretch that nobody observed, and nothing else',
    async (seconds, beginsMs) => {
      const watch = await watchOver(how)
      const { scene, seen } = watch
      try {
        await scene.clock.advance(beginsMs)
        const asleepAt = scene.clock.now()
        const before = seen.length
        watch.sleep(seconds * 1_000)
        const awakeAt = scene.clock.now()
        await scene.clock.advance(INTERVAL_MS + 1_000)
        // No burst follows.
        const looked = seen.slice(before).filter(({ status }) => status !== 'UNOBSERVED')
        expect(looked.length).toBeGreaterThanOrEqual(1)
        expect(looked.length).toBeLessThanOrEqual(2)
        await scene.clock.advance(90_000)

        // One hatched stretch, from the last look to the first one after it.
        const unobserved = watch.unobserved()
        expect(unobserved).toHaveLength(1)
        expect(unobserved[0]?.from).toBeLessThanOrEqual(asleepAt + INTERVAL_MS)
        expect(unobserved[0]?.from).toBeGreaterThan(asleepAt - 2 * INTERVAL_MS)
        expect(unobserved[0]?.to).toBeGreaterThanOrEqual(awakeAt)
        expect(unobserved[0]?.to).toBeLessThanOrEqual(awakeAt + 2 * INTERVAL_MS)
        const { statuses } = watch.minutes.read(scene.clock.now())
        const [last] = seen.slice(-1)
        const newest = Math.floor((last?.at ?? 0) / MINUTE_MS)
        statuses.forEach((status, index) => {
          const from = (newest - statuses.length + 1 + index) * MINUTE_MS
          const isSlept = from >= asleepAt && from + MINUTE_MS <= awakeAt
          if (isSlept) expect([null, 'UNOBSERVED']).toContain(status)
          else if (from >= Date.UTC(2026, 0, 1)) expect(status).not.toBe('UNOBSERVED')
        })

        // What was counted in it makes no rate of the time without it, and nothing fires.
        for (const { values, status } of seen) {
          if (status === 'UNOBSERVED') continue
          expect(values.http_errors_per_minute ?? 0).toBeLessThanOrEqual(100)
          const perSecond = values.http_requests_per_second ?? REQUESTS_PER_SECOND
          expect(Math.abs(perSecond - REQUESTS_PER_SECOND)).toBeLessThan(1)
        }
        expect(scene.handedOn).toEqual([])
      } finally {
        await watch.stop()
      }
    },
  )

  it('adds nothing to how long a metric is not known', async () => {
    const watch = await watchOver(how)
    const { scene } = watch
    try {
      await scene.clock.advance(60_000)
      watch.silent(true)
      await scene.clock.advance(INTERVAL_MS + 500)
      watch.sleep(60_000)
      // With a look in it, which knows nothing either.
      await scene.clock.advance(INTERVAL_MS + 1_000)
      expect(scene.handedOn).toEqual([])
      // While somebody looks it goes on counting.
      await scene.clock.advance(20_000)
      expect(scene.handedOn).toMatchObject([{ kind: 'firing', severity: 'CRITICAL' }])
    } finally {
      await watch.stop()
    }
  })
})
