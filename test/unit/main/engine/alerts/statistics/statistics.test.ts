import { describe, expect, it } from 'vitest'
import { candidatesOf, choose } from '../../../../../../src/main/engine/alerts/rehearsal/propose.ts'
import type { Rehearsed } from '../../../../../../src/main/engine/alerts/rehearsal/rehearse.ts'
import { countHours } from '../../../../../../src/main/engine/alerts/statistics/hours.ts'
import { type Counted, countAlerts } from '../../../../../../src/main/engine/alerts/statistics/statistics.ts'
import { builtInRule } from '../../../../../../src/shared/model/alert-rule.ts'
import { createAlertScene } from '../../../../../support/alert-scene.ts'

const MONDAY = Date.UTC(2026, 10, 23)
const MINUTE = 60_000
const EVER = { timeZone: 'UTC', from: 0 }

function counted(rest: Partial<Counted> = {}): Counted {
  return {
    ...{ rule: 'system-cpu-high', deployment: 'shop', severity: 'WARNING', state: 'resolved', since: MONDAY },
    ...{ endedAt: MONDAY + 10 * MINUTE, acknowledgedAt: null, reopened: 0, past: [] },
    ...rest,
  }
}

describe('statistics', () => {
  it('count each time that an alert came back, by rule and deployment, the noisiest first', async () => {
    const { fired, byRule, byDeployment, bySeverity } = await countAlerts(
      [
        counted(),
        counted({ rule: 'system-disk-high', deployment: 'billing', severity: 'CRITICAL', reopened: 4 }),
        counted({ state: 'firing', endedAt: null }),
      ],
      EVER,
    )
    expect(fired).toBe(7)
    expect(byRule.map((one) => [one.rule, one.fired, one.active])).toEqual([
      ['system-disk-high', 5, 0],
      ['system-cpu-high', 2, 1],
    ])
    expect(byDeployment.map((one) => one.deployment)).toEqual(['billing', 'shop'])
    expect(bySeverity).toEqual({ INFO: 0, WARNING: 2, CRITICAL: 1, EMERGENCY: 0 })
  })

  it('count each time that an alert fired within the stretch where it was, with how long people took then', async () => {
    const once = (minute: number, acknowledged: number | null, ended: number) => ({
      since: MONDAY + minute * MINUTE,
      acknowledgedAt: acknowledged === null ? null : MONDAY + (minute + acknowledged) * MINUTE,
      endedAt: MONDAY + (minute + ended) * MINUTE,
    })
    const alert = counted({
      ...once(600, null, 2),
      reopened: 3,
      past: [once(0, 1, 10), once(60, 3, 4), once(120, null, 4)],
    })
    const all = await countAlerts([alert], EVER)
    expect(all.fired).toBe(4)
    expect(all.hours.slice(0, 12)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0])
    expect(all.secondsToAcknowledge).toEqual({ mean: 120, median: 120 })
    expect(all.secondsToResolve).toEqual({ mean: 300, median: 240 })
    const since = await countAlerts([alert], { timeZone: 'UTC', from: MONDAY + 90 * MINUTE })
    expect(since.fired).toBe(2)
    expect(since.secondsToAcknowledge).toEqual({ mean: null, median: null })
    // Of those that are not kept any more it is known only that they were, and before.
    const lossy = counted({ ...alert, reopened: 9 })
    expect((await countAlerts([lossy], EVER)).fired).toBe(10)
    expect((await countAlerts([lossy], { timeZone: 'UTC', from: MONDAY + 90 * MINUTE })).fired).toBe(2)
  })

  it('tell how long people took, and nothing where nobody did', async () => {
    const { secondsToAcknowledge, secondsToResolve } = await countAlerts(
      [
        counted({ acknowledgedAt: MONDAY + MINUTE }),
        counted({ acknowledgedAt: MONDAY + 5 * MINUTE, endedAt: MONDAY + 20 * MINUTE }),
        counted({ endedAt: null, state: 'firing' }),
      ],
      EVER,
    )
    expect(secondsToAcknowledge).toEqual({ mean: 180, median: 180 })
    expect(secondsToResolve).toEqual({ mean: 900, median: 900 })
    expect((await countAlerts([], EVER)).secondsToResolve).toEqual({ mean: null, median: null })
  })

  it('call noisy what rang three times, with what might help from how it rang', async () => {
    const short = { rule: 'a', endedAt: MONDAY + 30_000 }
    const flutter = { rule: 'b', reopened: 1 }
    const { noisiest } = await countAlerts(
      [
        ...Array.from({ length: 5 }, () => counted(short)),
        ...Array.from({ length: 4 }, () => counted(flutter)),
        ...Array.from({ length: 3 }, () => counted({ rule: 'c' })),
        ...Array.from({ length: 2 }, () => counted({ rule: 'd' })),
      ],
      EVER,
    )
    expect(noisiest.map(({ rule, fired, proposal }) => [rule, fired, proposal])).toEqual([
      ['b', 8, 'wider-clear-line'],
      ['a', 5, 'more-looks'],
      ['c', 3, 'look-into-it'],
    ])
  })
})

describe('statistics over thousands of alerts', () => {
  it('look at one alert at a time, and never at all of them at a stretch', async () => {
    let looked = new Set<Counted>()
    const each: number[] = []
    const alerts = Array.from({ length: 3_000 }, (_, index) => {
      const one = counted({ rule: `rule ${index % 7}`, deployment: `one of ${index % 300}` })
      return new Proxy(one, {
        get(alert, name: keyof Counted) {
          looked.add(one)
          return alert[name]
        },
      })
    })
    const counts = await countAlerts(alerts, EVER, async (all, work) =>
      all.map((one) => {
        looked = new Set()
        const done = work(one)
        each.push(looked.size)
        return done
      }),
    )
    expect([counts.fired, counts.byRule.length, counts.byDeployment.length]).toEqual([3_000, 7, 300])
    expect(each).toHaveLength(3_000 + 7 + 300)
    // Groups are told of what was counted, without looking at their alerts again.
    expect([each.filter((one) => one === 1).length, Math.max(...each)]).toEqual([3_000, 1])
  })
})

describe('hours of the week', () => {
  const at = (moment: number, timeZone: string) => {
    const hours = countHours(timeZone)
    hours.add(moment)
    const index = hours.counts().indexOf(1)
    return [['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][Math.floor(index / 24)], index % 24]
  }

  it.each<[string, number, string, [string, number]]>([
    ['in UTC', MONDAY, 'UTC', ['Mon', 0]],
    ['east of it', MONDAY, 'Asia/Vladivostok', ['Mon', 10]],
    ['west of it, on the day before', MONDAY, 'America/New_York', ['Sun', 19]],
    [
      'where the clock differs by three quarters of an hour',
      MONDAY + 20 * MINUTE,
      'Asia/Kathmandu',
      ['Mon', 6],
    ],
    ['before clocks are put on', Date.UTC(2026, 2, 29, 0, 59), 'Europe/Berlin', ['Sun', 1]],
    ['after clocks were put on', Date.UTC(2026, 2, 29, 1), 'Europe/Berlin', ['Sun', 3]],
    [
      'in the hour that there is twice, the first time',
      Date.UTC(2026, 9, 25, 0, 30),
      'Europe/Berlin',
      ['Sun', 2],
    ],
    [
      'in the hour that there is twice, the second time',
      Date.UTC(2026, 9, 25, 1, 30),
      'Europe/Berlin',
      ['Sun', 2],
    ],
  ])('are counted %s', (_, moment, timeZone, expected) => {
    expect(at(moment, timeZone)).toEqual(expected)
  })
})

describe('a proposal', () => {
  const rule = builtInRule('system-disk-high')
  const AS_IT_IS = { fired: 41, seconds: 3_000 }
  const rehearsed = (fired: number, seconds = 0): Rehearsed => ({
    known: true,
    rehearsal: { fired, seconds, looks: 1, unobservedSeconds: 0, stretches: [], doubts: [], drawing: null },
  })

  it('tries clear lines further away, then more looks', () => {
    expect(
      candidatesOf(rule).map((one) => [one.kind, one.rule.levels[0]?.clear, one.rule.fireAfter]),
    ).toEqual([
      ['wider-clear-line', 83.5, 2],
      ['wider-clear-line', 79, 2],
      ['wider-clear-line', 70, 2],
      ['more-looks', 88, 6],
      ['more-looks', 88, 12],
      ['more-looks', 88, 24],
    ])
  })

  it('moves the clear line to the good side also of what is bad when small, and never beyond what a percentage can be', () => {
    const low = {
      ...builtInRule('redis-hit-rate-low'),
      levels: [{ severity: 'WARNING' as const, threshold: 95, clear: 98 }],
    }
    expect(candidatesOf(low).map((one) => one.rule.levels[0]?.clear)).toEqual([100, 98, 98, 98])
  })

  it('is the mildest change that helps by half', () => {
    const candidates = candidatesOf(rule)
    const results = [30, 18, 3, 40, 20, 1].map(rehearsed)
    expect(choose(candidates, AS_IT_IS, results)).toMatchObject({ kind: 'wider-clear-line', fired: 18 })
  })

  it('is no clear line that is never passed: what never ends rings once', () => {
    const candidates = candidatesOf(rule)
    const results = [
      rehearsed(1, 500_000),
      rehearsed(1, 500_000),
      rehearsed(12, 4_000),
      ...[1, 1, 1].map(() => rehearsed(40)),
    ]
    expect(choose(candidates, AS_IT_IS, results)).toMatchObject({ fired: 12 })
    expect(candidatesOf(builtInRule('service-not-ready')).map(({ kind }) => kind)).toEqual([
      ...['more-looks', 'more-looks', 'more-looks'],
    ])
  })

  it('is none where nothing helps, or nothing is known', () => {
    const candidates = candidatesOf(rule)
    expect(choose(candidates, AS_IT_IS, [40, 39, 38, 37, 36, 35].map(rehearsed))).toBeNull()
    expect(
      choose(
        candidates,
        AS_IT_IS,
        candidates.map(() => ({ known: false, why: 'reads-the-way' })),
      ),
    ).toBeNull()
  })
})

it('what is counted of the record is what was written', async () => {
  const scene = await createAlertScene(['shop'])
  try {
    for (const value of [95, 95, 95]) {
      scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: value } })
      await scene.clock.advance(5_000)
    }
    const [alert] = scene.alerts().active('shop')
    await scene.alerts().acknowledge(alert?.id ?? '', 'anna', null)
    const [found, ...others] = await scene.alerts().counted({ deployment: 'shop', from: 0, limit: 10 })
    expect(others).toEqual([])
    expect(found).toMatchObject({
      ...{
        rule: 'db-pool-utilization-high',
        deployment: 'shop',
        severity: 'CRITICAL',
        state: 'acknowledged',
      },
      ...{ since: alert?.since, endedAt: null, acknowledgedAt: scene.clock.now(), reopened: 0 },
    })
  } finally {
    await scene.close()
  }
})
