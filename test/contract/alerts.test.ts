/** Alerts over every transport: a real service that is not ready, and everything that people do about it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settingsOf } from '../../src/main/engine/alerts/rules/rule-book.ts'
import { RULE_IDS } from '../../src/shared/catalogue/rules.ts'
import { builtInRule } from '../../src/shared/model/alert-rule.ts'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { until } from '../support/until.ts'
import { failure } from './failure.ts'
import { type Client, type Connected, TRANSPORTS } from './transports.ts'

let service: Server
let console_: TestConsole
/** Deployments whose service is ready, by the path that it is asked under. */
const ready = new Set<string>()
const open: Connected[] = []
const nameOf = (transport: string) => `shop-${transport.toLowerCase().replaceAll(' ', '-')}`

beforeAll(async () => {
  service = createServer(({ url = '' }, response) => {
    const [, deployment = '', path] = url.split('/')
    response.statusCode = path === 'ready' && !ready.has(deployment) ? 503 : 200
    response.end('{"status":"ok"}')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  console_ = await startTestConsole()
  const { port } = service.address() as AddressInfo
  const hook = { name: 'hook', kind: 'webhook', url: `http://127.0.0.1:${port}/hook` } as const
  await console_.engine.notify.channels.save(hook, null)
  for (const { name } of TRANSPORTS) await console_.engine.deployments.importYaml(yamlOf(nameOf(name)))
  await firing()
}, 60_000)

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
  service?.close()
}, 60_000)

function yamlOf(name: string): string {
  const { port } = service.address() as AddressInfo
  return `name: ${name}
environment: production
services:
  - name: api
    url: http://127.0.0.1:${port}
    live: /${name}/live
    ready: /${name}/ready
    metrics: null
`
}

function firing(): Promise<unknown> {
  const names = TRANSPORTS.map(({ name }) => nameOf(name))
  return until(() => names.every((name) => console_.engine.alerts.active(name).length > 0), {
    timeoutMs: 40_000,
    what: 'each service to have been seen not ready twice',
  })
}

describe.each(TRANSPORTS)('over $name', (transport) => {
  const deployment = nameOf(transport.name)
  let client: Client
  let reader: Client

  beforeAll(async () => {
    const connections = await Promise.all([
      transport.connect(console_, 'OPERATOR'),
      transport.connect(console_, 'READONLY'),
    ])
    open.push(...connections)
    client = connections[0].client
    reader = connections[1].client
  })

  async function alert() {
    const { items } = await client.alerts.active({ deployment })
    const [only] = items
    if (only === undefined) throw new Error(`nothing fires on ${deployment}`)
    return only
  }

  it('tells what fires, in the shape that scripts go by', async () => {
    const seen = await alert()
    expect(seen).toMatchObject({
      rule: 'service-not-ready',
      ...{ deployment, severity: 'EMERGENCY', state: 'firing', value: 0, threshold: 1 },
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      ...{ acknowledgedBy: null, note: null, silencedUntil: null },
      subject: { probe: 'health', target: 'api', labels: {} },
      reason: { code: 'alert-service-not-ready', text: 'api is not ready' },
    })
    expect(seen.cause?.text).toMatch(/api/)
    expect((await client.alerts.active({})).items.map((one) => one.deployment)).toContain(deployment)
    // Screens hold those as they are, over what carries them.
    if (!transport.whole) return
    const { alerts } = await client.alerts.live({ deployments: [deployment] })
    expect(alerts.map(({ id }) => id)).toEqual([seen.id])
  })

  it('counts it in the overview', async () => {
    const { alerts } = await reader.dashboard.overview({ deployment })
    expect(alerts).toEqual({ active: 1, bySeverity: { INFO: 0, WARNING: 0, CRITICAL: 0, EMERGENCY: 1 } })
  })

  it('lists the rules, and says which of them are inert', async () => {
    const { items } = await reader.alerts.rules()
    expect(items.map(({ id }) => id)).toEqual(expect.arrayContaining([...RULE_IDS]))
    const idsOf = (code: string | undefined) =>
      items.filter(({ inert }) => inert?.code === code).map(({ id }) => id)
    expect(idsOf('no-backups')).toEqual(['backup-stale'])
    expect(idsOf('no-drills')).toEqual(['drill-failed'])
    // There are services without metrics, and nothing else.
    expect(idsOf(undefined)).toEqual([
      ...['alerts-active-high', 'service-not-ready', 'deployment-unreachable', 'host-key-changed'],
    ])
    expect(items.find(({ id }) => id === 'redis-memory-high')?.inert).toEqual({
      code: 'sees-nothing',
      text: expect.stringMatching(/^Sees nothing now: none of its deployments \(.+\) has a Redis$/),
    })
    expect(items.find(({ id }) => id === 'service-not-ready')).toMatchObject({
      name: 'Service not ready',
      fireAfter: 2,
      clearAfter: 3,
      cooldownSeconds: 300,
    })
  })

  it('takes rules of one’s own, rehearses them, and refuses bad ones with every fault', async () => {
    const connected = await transport.connect(console_, 'ADMIN')
    open.push(connected)
    const admin = connected.client
    const definition = {
      title: 'Slow health',
      condition: { kind: 'metrics' as const, metrics: ['health_latency_ms'] },
      direction: 'above' as const,
      levels: [{ severity: 'WARNING' as const, threshold: 60_000, clear: 50_000 }],
      ...{ enabled: true, fireAfter: 2, clearAfter: 3, cooldownSeconds: 300, channels: [], checklist: null },
      scope: { deployments: [deployment], tags: null },
    }
    const bad = { ...definition, condition: { kind: 'metrics' as const, metrics: ['health_latency'] } }
    expect(await failure(admin.alerts.saveRule({ rule: null, definition: bad }))).toMatchObject({
      ...{ code: 'UNPROCESSABLE', status: 422 },
      data: { issues: [{ path: 'condition.metrics[0]', reason: { code: 'rule-unknown-metric' } }] },
    })
    const blind = { ...definition, condition: { kind: 'metrics' as const, metrics: ['db_lock_waiting'] } }
    const told = { ...blind, channels: ['no-such-channel'] }
    const text = `none of the deployments that it is for (${deployment}) has a PostgreSQL, from which db_lock_waiting comes`
    for (const refused of [
      failure(admin.alerts.saveRule({ rule: null, definition: told })),
      failure(reader.alerts.rehearse({ rule: null, definition: told, deployment })),
    ]) {
      expect(await refused).toMatchObject({
        code: 'UNPROCESSABLE',
        data: {
          issues: [
            {
              ...{ path: 'condition.metrics[0]', reason: { code: 'rule-sees-nothing' } },
              message: expect.stringContaining(text),
            },
            { path: 'channels[0]', message: expect.stringMatching(/^there is no channel no-such-channel/) },
          ],
        },
      })
    }
    const settings = settingsOf(builtInRule('service-not-ready'))
    const misnamed = { rule: 'service-not-ready', settings: { ...settings, channels: ['hock'] } }
    expect(await failure(admin.alerts.configureRule(misnamed))).toMatchObject({
      data: {
        issues: [
          { path: 'channels[0]', message: expect.stringMatching(/no channel hock; there are: .*hook/) },
        ],
      },
    })
    const saved = await admin.alerts.saveRule({ rule: null, definition })
    expect(await failure(admin.alerts.saveRule({ rule: null, definition }))).toMatchObject({
      data: {
        issues: [{ path: '', reason: { code: 'rule-said-already', params: { name: 'Slow health' } } }],
      },
    })
    expect(saved).toMatchObject({ title: 'Slow health', isBuiltIn: false, unit: 'milliseconds' })
    const rehearsed = await reader.alerts.rehearse({ rule: saved.id, definition, deployment })
    expect(rehearsed).toMatchObject({ fired: 0, seconds: 0 })
    const names = async () => (await reader.alerts.rules()).items.map(({ name }) => name)
    expect(await names()).toContain('Slow health')
    await admin.alerts.removeRule({ rule: saved.id })
    expect(await names()).not.toContain('Slow health')
    expect(await failure(admin.alerts.removeRule({ rule: saved.id }))).toMatchObject({ status: 404 })
  })

  it('refuses to resolve what is still true', async () => {
    const { id } = await alert()
    expect(await failure(client.alerts.resolve({ alert_id: id }))).toEqual({
      code: 'WRONG_STATE',
      status: 409,
      data: { reason: 'still-true' },
    })
  })

  it('keeps a reader from acting, and says what there is not', async () => {
    const { id } = await alert()
    expect(await failure(reader.alerts.acknowledge({ alert_id: id, note: null }))).toMatchObject({
      status: 403,
    })
    expect(await failure(client.alerts.acknowledge({ alert_id: 'none', note: null }))).toEqual({
      ...{ code: 'NOT_FOUND', status: 404 },
      data: { what: 'alert', name: 'none' },
    })
    expect(
      await failure(client.alerts.silence({ alert_id: id, minutes: 5, untilClears: true })),
    ).toMatchObject({
      ...{ code: 'BAD_REQUEST', status: 400 },
      data: { issues: [{ path: 'until' }] },
    })
  })

  it('acknowledges with a note, and silences for a while; a silence shows over it', async () => {
    const { id } = await alert()
    expect(await client.alerts.acknowledge({ alert_id: id, note: 'on it' })).toMatchObject({
      ...{ state: 'acknowledged', acknowledgedBy: 'operator', note: 'on it' },
    })
    const silenced = await client.alerts.silence({ alert_id: id, minutes: 30 })
    expect(silenced).toMatchObject({ state: 'silenced', acknowledgedBy: 'operator' })
    const { items } = await reader.silences.list()
    const own = items.find(({ matchers }) => matchers.alert === id)
    expect(own).toMatchObject({ until: silenced.silencedUntil, createdBy: 'operator', untilClears: false })
    await client.silences.end({ silence: own?.id ?? '' })
    expect(await alert()).toMatchObject({ state: 'acknowledged', silencedUntil: null })
    expect(await failure(client.silences.end({ silence: own?.id ?? '' }))).toMatchObject({ status: 404 })
    const [asked, done] = (await console_.engine.audit.list({ limit: 500 }))
      .filter(({ action, target }) => action === 'alerts.acknowledge' && target === id)
      .toReversed()
      .filter(({ actor }) => actor.role === 'OPERATOR')
    expect([asked?.outcome, done?.outcome]).toEqual(['asked', 'succeeded'])
    const timeline = await reader.timeline.list({ name: deployment, kinds: ['alert', 'silence'] })
    expect(timeline.items.map(({ reason }) => reason.text).toReversed()).toEqual([
      'alert (Emergency): api is not ready',
      'operator looks into the alert: api is not ready',
      'silence over one alert for 30 min (operator)',
      expect.stringMatching(/^silence over one alert was ended after \d+ s$/),
    ])
  })

  it('does the same for several in one call, and says what became of each', async () => {
    const { id } = await alert()
    const before = await console_.engine.audit.list({ limit: 1 })
    const became = await client.alerts.acknowledgeAll({ alerts: [id, 'none', id], note: 'all of it' })
    expect(became).toEqual({ done: [id], over: [], unknown: ['none'], stillTrue: [] })
    expect(await alert()).toMatchObject({ state: 'acknowledged', note: 'all of it' })
    expect(await client.alerts.resolveAll({ alerts: [id] })).toMatchObject({ done: [], stillTrue: [id] })
    const since = (await console_.engine.audit.list({ limit: 20 })).filter(
      (one) => one.id > (before[0]?.id ?? 0) && one.action === 'alerts.acknowledgeAll',
    )
    expect(since.toReversed().map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['asked', { note: 'all of it', alerts: 3, alertsFirst: [id, 'none', id] }],
      ['succeeded', { done: 1, doneFirst: [id], over: 0, unknown: 1, unknownFirst: ['none'], stillTrue: 0 }],
    ])
    expect(await failure(reader.alerts.silenceAll({ alerts: [id], minutes: 5 }))).toMatchObject({
      status: 403,
    })
    const most = Array.from({ length: 5_000 }, (_, index) => `${'0'.repeat(60)}${index}`.slice(-64))
    expect((await client.alerts.silenceAll({ alerts: most, minutes: 5 })).unknown.length).toBe(5_000)
    expect(await failure(client.alerts.silenceAll({ alerts: [...most, id], minutes: 5 }))).toMatchObject({
      status: 400,
    })
  })

  it('shows beforehand what a silence would have kept quiet', async () => {
    const matchers = { alert: null, deployments: [deployment], rules: null, severities: null, labels: null }
    const preview = await reader.silences.preview({ matchers })
    expect(preview).toMatchObject({ matched: 1, now: 1, isCut: false })
    expect(preview.of).toBeGreaterThanOrEqual(TRANSPORTS.length)
  })

  it('says why somebody was told', async () => {
    const { id } = await alert()
    await until(
      async () => (await reader.alerts.trace({ alert_id: id })).deliveries[0]?.state === 'delivered',
      {
        timeoutMs: 20_000,
        what: 'the receiver to have answered',
      },
    )
    const { items, deliveries } = await reader.alerts.trace({ alert_id: id })
    expect(deliveries[0]).toMatchObject({ channel: 'hook', tried: [{ answer: { code: 200 } }] })
    expect(items.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['pending', 'fires', 'told', 'acknowledged', 'silenced', 'unsilenced']),
    )
    expect(items.find(({ step }) => step === 'told')).toMatchObject({
      because: 'first-of-incident',
      notification: { kind: 'firing' },
    })
  })

  it('keeps it in the history once it is over, and counts it', async () => {
    const { id } = await alert()
    ready.add(deployment)
    await until(() => console_.engine.alerts.active(deployment).length === 0, {
      timeoutMs: 40_000,
      what: 'three looks that are well',
    })
    const { items, nextCursor } = await reader.alerts.history({ deployment, limit: 1 })
    expect(items).toMatchObject([{ id, state: 'resolved', ending: 'cleared', acknowledgedBy: 'operator' }])
    expect(nextCursor).toBe(null)
    const history = async (narrowed: object) =>
      (await reader.alerts.history({ deployment, ...narrowed })).items.map((one) => one.id)
    expect(await history({ rule: 'service-not-ready', severity: 'EMERGENCY' })).toEqual([id])
    expect(await history({ rule: 'postgres-down' })).toEqual([])
    expect(await history({ text: 'OPERATOR ready' })).toEqual([id])
    expect(await history({ text: 'operator nothing-of-the-kind' })).toEqual([])
    // For screens alone, like what is live.
    if (transport.whole) {
      expect(await reader.alerts.about({ alert_id: id })).toMatchObject({
        alert: { id, state: 'resolved' },
        incident: [{ id, resolvedBy: null }],
      })
      expect(await failure(reader.alerts.about({ alert_id: 'nothing' }))).toMatchObject({ code: 'NOT_FOUND' })
    }
    expect(await failure(client.alerts.acknowledge({ alert_id: id, note: null }))).toMatchObject({
      ...{ code: 'WRONG_STATE', data: { reason: 'over' } },
    })
    const { fired, active, total, byRule, hours } = await reader.alerts.statistics({ deployment })
    expect({ fired, active, total }).toEqual({ fired: 1, active: 0, total: 1 })
    expect(byRule).toMatchObject([{ rule: 'service-not-ready', fired: 1 }])
    expect(hours.reduce((sum, count) => sum + count, 0)).toBe(1)
  }, 60_000)
})
