import { describe, expect, it } from 'vitest'
import { arrange, holdStill, type Placed } from '../../../../src/renderer/features/alerts/open/arrange.ts'
import { itemsOf } from '../../../../src/renderer/features/alerts/open/items.ts'
import type { Alert, AlertCause } from '../../../../src/shared/model/alert.ts'
import { anAlert } from '../support/alert.ts'
import { NOON } from '../support/fleet-row.ts'

/** `id`, or `>id` for what stands under another; `#` before the first of a deployment. */
function read(placed: readonly Placed[]): string[] {
  return placed.map(
    ({ alert, isConsequence, isFirst }) => `${isFirst ? '#' : ''}${isConsequence ? '>' : ''}${alert.id}`,
  )
}

/** A chain of so many links to the same root. */
function chain(links: number): AlertCause {
  return {
    code: 'blocked',
    lines: Array.from({ length: links }, (_, index) => ({ code: `link-${index}`, params: {} })),
    since: NOON,
    certainty: 'seen',
    isBeside: false,
  }
}

const all = () => true

describe('the order of open alerts', () => {
  it('puts the deployment first whose worst waits for somebody, then urgency, then the newest', () => {
    const alerts = [
      anAlert({ id: 'taken', deployment: 'a', severity: 'EMERGENCY', state: 'acknowledged' }),
      anAlert({ id: 'warning', deployment: 'b', severity: 'WARNING' }),
      anAlert({ id: 'old', deployment: 'c', since: NOON - 60_000 }),
      anAlert({ id: 'new', deployment: 'd' }),
    ]
    expect(read(arrange(alerts))).toEqual(['#new', '#old', '#warning', '#taken'])
  })

  it('puts the alert that others come from above them, whatever their urgency', () => {
    const incident = 'one'
    const alerts = [
      anAlert({ id: 'not-ready', incident, severity: 'EMERGENCY', cause: chain(3) }),
      anAlert({ id: 'pool', incident, severity: 'CRITICAL', cause: chain(2) }),
      anAlert({ id: 'disk', incident, severity: 'CRITICAL' }),
    ]
    expect(read(arrange(alerts))).toEqual(['#pool', '>not-ready', 'disk'])
  })

  it('puts beside the head what is as near to the root, and under it what has the root in common', () => {
    const incident = 'one'
    const alerts = [
      anAlert({ id: 'errors', incident, severity: 'EMERGENCY', cause: { ...chain(1), isBeside: true } }),
      anAlert({ id: 'free', incident, cause: chain(2) }),
      anAlert({ id: 'used', incident, cause: chain(2), since: NOON + 1 }),
      anAlert({ id: 'unexplained', incident }),
    ]
    expect(read(arrange(alerts))).toEqual(['#free', 'used', '>errors', 'unexplained'])
  })

  it('puts under each of two causes of an incident what comes from it', () => {
    const incident = 'one'
    const other = (links: number): AlertCause => ({ ...chain(links), code: 'refused' })
    const alerts = [
      anAlert({ id: 'redis', incident, cause: other(1) }),
      anAlert({ id: 'pool', incident, cause: chain(2) }),
      anAlert({ id: 'api', incident, severity: 'EMERGENCY', cause: chain(3) }),
      anAlert({ id: 'cache', incident, cause: other(2) }),
    ]
    expect(read(arrange(alerts))).toEqual(['#redis', '>cache', 'pool', '>api'])
  })

  it('claims no cause for what was not explained', () => {
    const incident = 'one'
    const unknown: AlertCause = { ...chain(1), certainty: 'not-found' }
    const alerts = [
      anAlert({ id: 'a', incident, cause: chain(2) }),
      anAlert({ id: 'b', incident, cause: unknown }),
    ]
    expect(read(arrange(alerts))).toEqual(['#a', 'b'])
  })

  it('puts what cannot be known under the alert that it stands behind', () => {
    const incident = 'one'
    const alerts = [
      anAlert({ id: 'redis', incident, severity: 'EMERGENCY', inhibitedBy: 'way' }),
      anAlert({ id: 'way', incident, severity: 'EMERGENCY', rule: 'deployment-unreachable' }),
    ]
    expect(read(arrange(alerts))).toEqual(['#way', '>redis'])
  })

  it('keeps incidents of a deployment together, the most pressing first', () => {
    const alerts = [
      anAlert({ id: 'a1', incident: 'a', severity: 'WARNING' }),
      anAlert({ id: 'b1', incident: 'b', severity: 'CRITICAL' }),
      anAlert({ id: 'a2', incident: 'a', severity: 'WARNING', since: NOON + 1 }),
      anAlert({ id: 'b2', incident: 'b', severity: 'INFO', since: NOON + 9 }),
    ]
    expect(read(arrange(alerts))).toEqual(['#b1', 'b2', 'a1', 'a2'])
  })
})

describe('what somebody reads', () => {
  const first = anAlert({ id: 'first', deployment: 'a', since: NOON + 2 })
  const second = anAlert({ id: 'second', deployment: 'b' })
  const held = arrange([first, second])

  function hold(current: readonly Alert[], fits: (alert: Alert) => boolean = all) {
    const { kept, fresh } = holdStill(held, current, fits)
    return { kept: read(kept), fresh: read(fresh), states: kept.map(({ alert }) => alert.state) }
  }

  it('stays where it is when something more urgent comes, which stands below', () => {
    const urgent = anAlert({ id: 'urgent', deployment: 'b', severity: 'EMERGENCY' })
    expect(hold([urgent, first, second])).toMatchObject({ kept: ['#first', '#second'], fresh: ['#urgent'] })
  })

  it('shows what is over as over instead of taking it away', () => {
    expect(hold([second])).toEqual({
      kept: ['#first', '#second'],
      fresh: [],
      states: ['resolved', 'firing'],
    })
  })

  it('shows an alert as it is now, also where it does not fit the filter any more', () => {
    const taken: Alert = { ...first, state: 'acknowledged', acknowledgedBy: 'ada' }
    expect(hold([taken, second], ({ state }) => state === 'firing')).toEqual({
      kept: ['#first', '#second'],
      fresh: [],
      states: ['acknowledged', 'firing'],
    })
  })

  it('is the same object where nothing changed, so that its row is not drawn again', () => {
    expect(holdStill(held, [first, second], all).kept[0]).toBe(held[0])
  })
})

it('a deployment’s head counts what is there, the most urgent first', () => {
  const placed = arrange([
    anAlert({ id: '1', severity: 'WARNING' }),
    anAlert({ id: '2', severity: 'EMERGENCY' }),
    anAlert({ id: '3', severity: 'WARNING', state: 'resolved' }),
    anAlert({ id: '4', deployment: 'z', severity: 'INFO' }),
  ])
  const heads = itemsOf(placed, []).filter((item) => item.kind === 'head')
  expect(heads.map(({ deployments, counts }) => [deployments.join(), counts])).toEqual([
    [
      'shop',
      [
        ['EMERGENCY', 1],
        ['WARNING', 1],
      ],
    ],
    ['z', [['INFO', 1]]],
  ])
})

it('an incident over several deployments stands once, with all of them under its head', () => {
  const placed = arrange([
    anAlert({ id: 'own', deployment: 'a', severity: 'EMERGENCY' }),
    anAlert({ id: 'way-a', deployment: 'a', incident: 'bastion', since: NOON + 1 }),
    anAlert({ id: 'way-b', deployment: 'b', incident: 'bastion', environment: 'staging', since: NOON }),
  ])
  expect(read(placed)).toEqual(['#own', '#way-b', 'way-a'])
  expect(placed.map(({ isShared }) => isShared)).toEqual([false, true, true])
  const heads = itemsOf(placed, []).filter((item) => item.kind === 'head')
  expect(heads).toMatchObject([
    { deployments: ['a'], environment: 'production', counts: [['EMERGENCY', 1]] },
    { deployments: ['b', 'a'], environment: null, counts: [['CRITICAL', 2]] },
  ])
})

it('what all alerts of an incident over several deployments come from is said once, at its head', () => {
  const way = (id: string, deployment: string, cause: AlertCause) =>
    anAlert({ id, deployment, cause, incident: 'bastion' })
  const said = (alerts: Alert[]) =>
    itemsOf(arrange(alerts), []).map((item) =>
      item.kind === 'head' ? item.ofOneCause !== null : item.isCauseAbove,
    )
  expect(said([way('1', 'a', chain(2)), way('2', 'b', chain(2))])).toEqual([true, true, true])
  expect(said([way('1', 'a', chain(2)), way('2', 'b', chain(3))])).toEqual([false, false, false])
  // Of one deployment each says its own, and so does what stands after an incident over several.
  expect(said([way('1', 'a', chain(2)), way('2', 'a', chain(2))])).toEqual([false, false, false])
  const others = [way('1', 'a', chain(2)), way('2', 'b', chain(2)), anAlert({ id: '3', cause: chain(2) })]
  expect(said(others)).toEqual(
    arrange(others)[0]?.alert.id === '3'
      ? [false, false, true, true, true]
      : [true, true, true, false, false],
  )
})
