/** A real Alertmanager takes our alerts, keeps one of each, and ends them when we do. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningAlertmanager, startAlertmanager } from '../../support/alertmanager.ts'
import { alertOf, DECIDED_AT } from '../../support/notification.ts'
import { until } from '../../support/until.ts'
import { attempt } from './notify-kit.ts'

let server: RunningAlertmanager
let url: string
beforeAll(async () => {
  server = await startAlertmanager()
  url = server.url
})
afterAll(() => server?.stop())

const known = () => server.alerts()

it('keeps each alert once under its labels, and ends it when it is over', async () => {
  const settings = { kind: 'alertmanager', name: 'am', server: url } as const
  const now = Date.now()
  const alert = alertOf({
    since: now - 60_000,
    checklist: 'https://wiki.example.com/pool',
    subject: { probe: 'traffic', target: 'api', labels: { path: '/orders', '2nd label': 'ü' } },
  })
  const firing = {
    decidedAt: now,
    alerts: [alert, alertOf({ id: 'a2', rule: 'db-slow-queries', since: now })],
  }
  expect(await attempt(settings, { notification: firing })).toMatchObject({ status: 'delivered', code: 200 })
  await attempt(settings, { notification: { ...firing, id: 'n2', kind: 'reminder' } })
  const open = await until(async () => {
    const found = await known()
    return found.length === 2 ? found : null
  })
  expect(
    open
      .map(({ labels }) => labels)
      .toSorted((a, b) => String(a.alertname).localeCompare(String(b.alertname))),
  ).toEqual([
    {
      ...{ alertname: 'db-pool-utilization-high', deployment: 'shop', severity: 'critical' },
      ...{ probe: 'traffic', target: 'api', path: '/orders', _2nd_label: 'ü' },
    },
    {
      alertname: 'db-slow-queries',
      deployment: 'shop',
      severity: 'critical',
      probe: 'pool',
      target: 'postgres',
    },
  ])
  expect(open.map(({ annotations }) => annotations.runbook_url).toSorted()).toEqual([
    'https://wiki.example.com/pool',
    undefined,
  ])
  expect(open[0]?.annotations).toMatchObject({ incident: 'i1', summary: expect.stringContaining('shop') })

  const raised = {
    ...firing,
    id: 'n3',
    kind: 'raised' as const,
    alerts: [{ ...alert, severity: 'EMERGENCY' as const }],
  }
  await attempt(settings, { notification: raised })
  const worse = await until(async () => {
    const found = (await known()).filter(({ labels }) => labels.alertname === alert.rule)
    return found.length === 1 && found[0]?.labels.severity === 'emergency' ? found[0] : null
  })
  expect(Date.parse(worse.startsAt)).toBe(alert.since)

  const over = [
    { ...alert, severity: 'EMERGENCY' as const, endedAt: now },
    alertOf({ id: 'a2', rule: 'db-slow-queries', since: now, endedAt: now }),
  ]
  await attempt(settings, { notification: { decidedAt: now, id: 'n4', kind: 'resolved', alerts: over } })
  await until(async () => (await known()).length === 0)
})

it('refuses what it does not understand, and says why', async () => {
  const settings = { kind: 'alertmanager', name: 'am', server: `${url}/no/such/place` } as const
  const refused = await attempt(settings, { notification: { decidedAt: DECIDED_AT } })
  expect(refused).toMatchObject({ status: 'refused', code: 404, failure: { code: 'channel-refused' } })
})

it('shows a test for a minute', async () => {
  const settings = { kind: 'alertmanager', name: 'am', server: url } as const
  const test = { decidedAt: Date.now(), kind: 'test' as const, alerts: [] }
  expect(await attempt(settings, { notification: test })).toMatchObject({ status: 'delivered' })
  const shown = await until(async () =>
    (await known()).find(({ labels }) => labels.alertname === 'VakhtaTest'),
  )
  expect(Date.parse(shown.endsAt)).toBe(test.decidedAt + 60_000)
})
