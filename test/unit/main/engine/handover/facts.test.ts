import { expect, it } from 'vitest'
import { actionsOf } from '../../../../../src/main/engine/handover/actions.ts'
import { factsOf, MOST } from '../../../../../src/main/engine/handover/facts.ts'
import { incidentsOf } from '../../../../../src/main/engine/handover/incidents.ts'
import { unobservedOf } from '../../../../../src/main/engine/handover/unobserved.ts'
import type { StatusSpan } from '../../../../../src/shared/model/range.ts'
import type { TimelineEvent } from '../../../../../src/shared/model/timeline.ts'
import { alertOf, gatheredOf, HOUR, MINUTE, recordOf, START } from './pieces.ts'

it('puts alerts of an incident together, headed by the worst, with the cause that was found', async () => {
  const cause = {
    ...{ code: 'lock', since: START, certainty: 'seen' as const, isBeside: false },
    lines: [
      { code: 'a', params: {} },
      { code: 'b', params: {} },
    ],
  }
  const [incident, ...others] = await incidentsOf([
    alertOf({ id: 'a1', severity: 'WARNING', cause, since: START, endedAt: START + HOUR }),
    alertOf({
      id: 'a2',
      severity: 'EMERGENCY',
      since: START + MINUTE,
      endedAt: null,
      ending: null,
      reopened: 2,
    }),
    alertOf({ id: 'a3', acknowledgedBy: 'anna', acknowledgedAt: START + 5 * MINUTE, note: 'on it' }),
  ])
  expect(others).toEqual([])
  expect(incident).toMatchObject({
    ...{ severity: 'EMERGENCY', since: START, endedAt: null, ending: null, alerts: 3, reopened: 2, cause },
    ...{ acknowledgedBy: 'anna', acknowledgedAt: START + 5 * MINUTE, note: 'on it' },
  })
})

it('ends an incident with the last of its alerts', async () => {
  const [incident] = await incidentsOf([
    alertOf({ id: 'a1', endedAt: START + 2 * HOUR, ending: 'by-hand', resolvedBy: 'anna' }),
    alertOf({ id: 'a2', endedAt: START + HOUR, ending: 'cleared' }),
  ])
  expect(incident).toMatchObject({ endedAt: START + 2 * HOUR, ending: 'by-hand', resolvedBy: 'anna' })
})

it('tells the same incident of two deployments apart', async () => {
  expect(await incidentsOf([alertOf(), alertOf({ id: 'a2', deployment: 'billing' })])).toHaveLength(2)
})

it('counts an action once that was asked for and ended, with what was written where it was asked for', async () => {
  const asked = recordOf({ id: 1, outcome: 'asked', detail: { note: 'looking' } })
  const ended = recordOf({ id: 2, detail: { state: 'acknowledged' } })
  expect(await actionsOf([ended, asked], [alertOf()])).toEqual([
    {
      ...{ from: START + HOUR, to: START + HOUR, by: 'anna', action: 'alerts.acknowledge' },
      ...{ outcome: 'succeeded', times: 1, note: 'looking' },
      targets: [{ kind: 'alert', deployment: 'shop', rule: 'db-pool-utilization-high' }],
    },
  ])
})

it('says of what was asked for and has no end that nobody knows how it ended', async () => {
  expect(await actionsOf([recordOf({ outcome: 'asked' })], [])).toMatchObject([{ outcome: 'unfinished' }])
})

it('writes on one line what somebody did again and again, and on two what was hours apart', async () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    recordOf({ id: index + 1, at: START + index * 1_000, target: `a${index}` }),
  )
  const later = recordOf({ id: 999, at: START + 3 * HOUR })
  const actions = await actionsOf([later, ...many.toReversed()], [])
  expect(actions.map(({ times }) => times)).toEqual([300, 1])
  expect(actions[0]?.targets).toHaveLength(4)
})

it('leaves out what nobody has to know', async () => {
  expect(await actionsOf([recordOf({ action: 'session.prefer' })], [])).toEqual([])
})

it('says who did what only to those who may read the record', async () => {
  expect((await factsOf(gatheredOf({ records: null }))).actions).toBeNull()
})

it('counts once what was missed at several targets at the same time, within the period', async () => {
  const span = (from: number, to: number, probe: StatusSpan['probe'] = 'pool'): StatusSpan => ({
    ...{ probe, target: 'x', status: 'UNOBSERVED', from: START + from, to: START + to },
  })
  const spans = new Map([
    ['shop', [span(-HOUR, 10 * MINUTE), span(5 * MINUTE, 20 * MINUTE, 'health'), span(HOUR, HOUR + 5_000)]],
    ['billing', [{ ...span(0, HOUR), status: 'HEALTHY' as const }]],
  ])
  expect(await unobservedOf(spans, { from: START, to: START + 8 * HOUR }, [])).toEqual([
    {
      ...{ deployment: 'shop', ms: 20 * MINUTE, stretches: 1, probes: ['pool', 'health'] },
      longest: { from: START, to: START + 20 * MINUTE },
    },
  ])
})

it('misses nothing of a deployment from before it was added', async () => {
  const all: StatusSpan = {
    ...{ probe: 'pool', target: 'x', status: 'UNOBSERVED', from: START - HOUR, to: START + 2 * HOUR },
  }
  const spans = new Map(['new', 'old', 'again'].map((name) => [name, [all]]))
  const event = (deployment: string, code: string, after: number) =>
    ({ deployment, kind: 'profile', at: START + after, reason: { code, params: {} } }) as TimelineEvent
  const found = await unobservedOf(spans, { from: START, to: START + 8 * HOUR }, [
    event('new', 'profile-edited', 100 * MINUTE),
    event('new', 'profile-added', 90 * MINUTE),
    event('old', 'profile-edited', 90 * MINUTE),
    // It was there before.
    event('again', 'profile-removed', 10 * MINUTE),
    event('again', 'profile-added', 90 * MINUTE),
  ])
  expect(found.map(({ deployment, ms }) => [deployment, ms / MINUTE])).toEqual([
    ['again', 120],
    ['old', 120],
    ['new', 30],
  ])
})

it('keeps the gravest of a long outage, and counts the rest', async () => {
  const alerts = Array.from({ length: 5_000 }, (_, index) =>
    alertOf({
      ...{ id: `a${index}`, incident: `i${index}`, deployment: `d${index % 40}` },
      ...{ since: START + index * 1_000, endedAt: START + index * 1_000 + MINUTE, severity: 'WARNING' },
    }),
  )
  const grave = alertOf({ id: 'grave', incident: 'grave', deployment: 'd39', endedAt: null, ending: null })
  const { fired, totals } = await factsOf(gatheredOf({ alerts: [...alerts, grave], open: [grave] }))
  expect(totals).toMatchObject({ incidents: 5_001, alerts: 5_001, open: 1 })
  expect(fired.items).toHaveLength(MOST.deployments)
  expect(fired.left).toBe(20)
  const [first] = fired.items
  expect(first?.deployment).toBe('d39')
  expect(first?.incidents.items.map(({ id }) => id)).toContain('grave')
  expect(first?.incidents.left).toBe(126 - MOST.incidentsOfOne)
})
