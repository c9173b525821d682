import { describe, expect, it } from 'vitest'
import { patchAlerts } from '../../../../src/renderer/client/apply-changes.ts'
import { alertFilter, NO_FILTER } from '../../../../src/renderer/features/alerts/open/filter-alerts.ts'
import { itemOf, placeOf } from '../../../../src/renderer/features/alerts/open/open-place.ts'
import { waitingIn } from '../../../../src/renderer/shell/alerts-waiting.ts'
import type { AlertView } from '../../../../src/shared/contract/console.ts'
import { wordsOf } from '../../../../src/shared/locales/alert-words.ts'
import { createTranslator } from '../../../../src/shared/locales/translate.ts'
import { anAlert } from '../support/alert.ts'
import { fleetRow } from '../support/fleet-row.ts'

const translator = createTranslator('en')
const alerts = [
  anAlert({ id: 'pool', deployment: 'shop' }),
  anAlert({ id: 'taken', deployment: 'shop', state: 'acknowledged', acknowledgedBy: 'ada', note: 'on it' }),
  anAlert({
    id: 'quiet',
    deployment: 'billing',
    state: 'silenced',
    severity: 'WARNING',
    rule: 'own-1',
    reason: {
      code: 'alert-own-above',
      params: { title: 'Queue too long', target: 'main', value: 9, limit: 5 },
    },
  }),
  anAlert({ id: 'behind', deployment: 'ledger', severity: 'EMERGENCY', inhibitedBy: 'way' }),
]

it.each<[Partial<AlertView>, string[]]>([
  [{}, ['pool', 'taken', 'quiet', 'behind']],
  [{ text: 'SHOP pool' }, ['pool', 'taken']],
  [{ text: 'ada' }, ['taken']],
  [{ text: 'queue too' }, ['quiet']],
  [{ text: 'queue shop' }, []],
  [{ severity: 'CRITICAL' }, ['pool', 'taken', 'behind']],
  [{ severity: 'EMERGENCY' }, ['behind']],
  [{ deployment: 'billing' }, ['quiet']],
  [{ state: 'attention' }, ['pool']],
  [{ state: 'acknowledged' }, ['taken']],
  [{ state: 'silenced' }, ['quiet']],
  [{ state: 'inhibited' }, ['behind']],
])('%j lets through %j', (view, ids) => {
  const fits = alertFilter({ ...NO_FILTER, ...view }, (alert) => wordsOf(translator, alert))
  expect(alerts.filter(fits).map(({ id }) => id)).toEqual(ids)
})

it('a rule of somebody’s own is called as they called it', () => {
  expect(alerts.map((alert) => wordsOf(translator, alert).rule)).toEqual([
    'Connection pool nearly used up',
    'Connection pool nearly used up',
    'Queue too long',
    'Connection pool nearly used up',
  ])
})

it.each([
  [null, { deployment: null, alert: null }],
  ['4711-a', { deployment: null, alert: '4711-a' }],
  ['in:shop', { deployment: 'shop', alert: null }],
  ['in:shop:4711-a', { deployment: 'shop', alert: '4711-a' }],
])('the address %j means %j, there and back', (item, place) => {
  expect(placeOf(item)).toEqual(place)
  expect(itemOf(place) ?? null).toBe(item)
})

describe('changes of alerts', () => {
  it('touch only the deployment that they are of, and only what differs', () => {
    const [pool, taken, quiet] = alerts as [(typeof alerts)[0], (typeof alerts)[0], (typeof alerts)[0]]
    const fresh = anAlert({ id: 'fresh', deployment: 'shop' })
    const patched = patchAlerts([pool, taken, quiet], new Map([['shop', [fresh, { ...pool }]]]))
    expect(patched.map(({ id }) => id)).toEqual(['pool', 'quiet', 'fresh'])
    expect(patched[0]).toBe(pool)
    expect(patched[1]).toBe(quiet)
  })
})

it('what waits for somebody is counted over the fleet, with the worst of it', () => {
  const none = { INFO: 0, WARNING: 0, CRITICAL: 0, EMERGENCY: 0 }
  const row = (name: string, waiting: Partial<typeof none>) =>
    fleetRow({ name, alerts: { open: none, waiting: { ...none, ...waiting }, acknowledgedBy: [] } })
  expect(waitingIn([])).toEqual({ count: 0, worst: null })
  expect(waitingIn([row('a', { WARNING: 2 }), row('b', { CRITICAL: 1 }), row('c', {})])).toEqual({
    count: 3,
    worst: 'CRITICAL',
  })
})
