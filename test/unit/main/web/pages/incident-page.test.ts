import { expect, it } from 'vitest'
import { type Deed, incidentPage } from '../../../../../src/main/web/pages/incident-page.ts'
import type { Alert } from '../../../../../src/shared/model/alert.ts'
import { alertOf, START } from '../../engine/handover/pieces.ts'

const NOW = START + 3_600_000
const open = (rest: Partial<Alert> = {}) =>
  alertOf({ state: 'firing', endedAt: null, ending: null, since: START, ...rest })

function pageOf(
  alerts: readonly Alert[],
  { done = null, now = NOW }: { done?: Deed | null; now?: number } = {},
) {
  return incidentPage({
    ...{ language: 'en', nonce: '', id: 'i1', alerts, now, timeZone: 'UTC', reader: 'anna' },
    ...{ mayAct: true, done, fault: null },
  })
}

const deployment = (html: string) => /<dt>Deployment<\/dt><dd>([^<]*)/.exec(html)?.[1]

it('names the first of hundreds of deployments, and how many more there are', () => {
  const alerts = Array.from({ length: 500 }, (_, index) => open({ id: `a${index}`, deployment: `d${index}` }))
  const html = pageOf(alerts)
  expect(deployment(html)).toBe('d0, d1, d2 and 497 more · Production')
  expect(html).not.toContain('d200')
})

it('says of each deployment which environment it is of, where those differ', () => {
  const staging = { id: 'a2', deployment: 'trial', environment: 'staging' as const }
  expect(deployment(pageOf([open(), open(staging)]))).toBe('shop · Production, trial · Staging')
  expect(deployment(pageOf([open()]))).toBe('shop · Production')
})

it.each<[Deed, Partial<Alert>, string]>([
  ['acknowledged', { acknowledgedBy: 'anna', acknowledgedAt: NOW - 1_000 }, 'It is yours'],
  ['silenced', { silencedUntil: NOW + 60 * 60_000 - 1_000 }, 'It is quiet for an hour'],
  ['nothing', { acknowledgedBy: 'boris', acknowledgedAt: START }, 'There was nothing left to be done'],
])('says %s only where it is so, whatever its address says', (done, made, said) => {
  expect(pageOf([open(made)], { done })).toContain(said)
  expect(pageOf([open()], { done })).not.toContain('role="status"')
})

it('says it no more once it is long ago, nor to somebody else', () => {
  const acknowledged = open({ acknowledgedBy: 'anna', acknowledgedAt: START })
  expect(pageOf([acknowledged], { done: 'acknowledged' })).not.toContain('role="status"')
  const ofOther = open({ acknowledgedBy: 'boris', acknowledgedAt: NOW })
  expect(pageOf([ofOther], { done: 'acknowledged' })).not.toContain('role="status"')
  const silenced = open({ silencedUntil: NOW + 20 * 60_000 })
  expect(pageOf([silenced], { done: 'silenced' })).not.toContain('role="status"')
})
