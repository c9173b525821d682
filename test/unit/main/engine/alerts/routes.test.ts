import { expect, it } from 'vitest'
import { urgentRoutes } from '../../../../../src/main/engine/alerts/routes.ts'
import { type AlertRule, EVERYWHERE } from '../../../../../src/shared/model/alert-rule.ts'
import { EscalationPolicy } from '../../../../../src/shared/model/escalation.ts'

type Given = Pick<AlertRule, 'id' | 'enabled' | 'levels' | 'channels' | 'scope'>

const NOT_READY: Given = {
  ...{ id: 'service-not-ready', enabled: true, channels: [], scope: EVERYWHERE },
  levels: [
    { severity: 'CRITICAL', threshold: 1, clear: 0 },
    { severity: 'EMERGENCY', threshold: 2, clear: 1 },
  ],
}

/** @param to a channel */
function policy(name: string, to: string, matchers: object = {}, enabled = true): EscalationPolicy {
  const steps = [{ afterMinutes: 5, to: [{ kind: 'channel', channel: to }] }]
  return EscalationPolicy.parse({ name, enabled, matchers, steps })
}

function routes(policies: readonly EscalationPolicy[], rules: readonly Given[] = [NOT_READY]) {
  const nobody = { rota: () => null, person: () => null }
  return urgentRoutes(
    { rules: () => rules, policies: { list: () => policies }, rotas: nobody },
    [
      { name: 'shop', tags: [] },
      { name: 'lab', tags: ['try'] },
    ],
    0,
  )
}

const label = (name: string, value: string) => ({ labels: [{ name, value, isRegex: false, isEqual: true }] })

it.each<[string, readonly EscalationPolicy[], readonly (readonly string[])[]]>([
  ['there is no policy', [], [[]]],
  ['it is for everything', [policy('a', 'pager')], [['pager']]],
  ['it is off', [policy('a', 'pager', {}, false)], [[]]],
  ['it is for another rule', [policy('a', 'pager', { rules: ['tls-expiring'] })], [[]]],
  ['it is for this rule', [policy('a', 'pager', { rules: ['service-not-ready'] })], [['pager']]],
  ['it is for one deployment', [policy('a', 'pager', { deployments: ['lab'] })], [[], ['pager']]],
  [
    'two are for a deployment each',
    [policy('a', 'chat', { deployments: ['lab'] }), policy('b', 'pager', { deployments: ['shop'] })],
    [['pager'], ['chat']],
  ],
  [
    'one deployment has its own, and another is for the rest',
    [policy('a', 'chat', { deployments: ['lab'] }), policy('b', 'pager')],
    [['pager'], ['chat']],
  ],
  ['it is for what warns', [policy('a', 'pager', { severities: ['WARNING'] })], [[]]],
  ['it is for emergencies alone', [policy('a', 'pager', { severities: ['EMERGENCY'] })], [['pager'], []]],
  [
    'it is for all that is urgent',
    [policy('a', 'pager', { severities: ['CRITICAL', 'EMERGENCY'] })],
    [['pager']],
  ],
  ['it is for some labels', [policy('a', 'pager', label('path', '/pay'))], [['pager'], []]],
  [
    'it is for a label that is the deployment',
    [policy('a', 'pager', label('deployment', 'shop'))],
    [['pager'], []],
  ],
  ['another comes before it', [policy('a', 'chat'), policy('b', 'pager')], [['chat']]],
])('where %s, alerts of a rule go on so', (_, policies, ways) => {
  expect(routes(policies)).toEqual([{ channels: [], ways }])
})

it('a rule of some deployments goes only the ways that theirs go', () => {
  const policies = [policy('a', 'pager', { deployments: ['lab'] })]
  const scoped = (scope: AlertRule['scope']): Given => ({ ...NOT_READY, scope })
  expect(routes(policies, [scoped({ deployments: ['lab'], tags: null })])).toEqual([
    { channels: [], ways: [['pager']] },
  ])
  expect(routes(policies, [scoped({ deployments: null, tags: ['other'] })])).toEqual([])
})

it('rules that are off, and what is not urgent, are none of it', () => {
  const warns: Given = {
    ...NOT_READY,
    id: 'warns',
    levels: [{ severity: 'WARNING', threshold: 1, clear: 0 }],
  }
  expect(routes([policy('a', 'pager')], [{ ...NOT_READY, enabled: false }, warns])).toEqual([])
})
