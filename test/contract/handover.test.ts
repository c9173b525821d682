/** Handing a watch over, over every transport: a real service that is not ready, what people did, and what they wrote. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ORPCError } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HandoverOut } from '../../src/shared/contract/handover.ts'
import { plantSecrets } from '../support/planted-secrets.ts'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { until } from '../support/until.ts'
import { type Client, type Connected, TRANSPORTS } from './transports.ts'

const secrets = plantSecrets()
const password = secrets.plant('password')
let service: Server
let console_: TestConsole
const open: Connected[] = []

beforeAll(async () => {
  service = createServer(({ url }, response) => {
    response.statusCode = url === '/ready' ? 503 : 200
    response.end('{"status":"ok"}')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const { port } = service.address() as AddressInfo
  console_ = await startTestConsole()
  await console_.engine.vault.set('shop-password', password)
  await console_.engine.deployments.importYaml(`name: shop
environment: production
services:
  - name: api
    url: http://127.0.0.1:${port}
    live: /live
    ready: /ready
    metrics: null
    basic: { user: watch, password: 'secret:shop-password' }
`)
  await until(() => console_.engine.alerts.active('shop').length > 0, {
    timeoutMs: 40_000,
    what: 'the service to have been seen not ready twice',
  })
}, 60_000)

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
  service?.close()
}, 60_000)

async function failure(call: Promise<unknown>): Promise<{ code: string; data: unknown }> {
  const error = await call.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ORPCError)) throw error
  return { code: error.code, data: error.data }
}

async function read(
  client: Client,
  input: Parameters<Client['handover']['get']>[0] = {},
): Promise<HandoverOut> {
  const answer = await client.handover.get(input)
  if (answer instanceof File) throw new Error('asked for JSON, and got a file')
  return answer
}

describe.each(TRANSPORTS)('over $name', (transport) => {
  async function as(role: Parameters<typeof transport.connect>[1], language?: string): Promise<Client> {
    const connected = await transport.connect(console_, role, language)
    open.push(connected)
    return connected.client
  }

  it('tells what fired, who did what, what is open and what people wrote', async () => {
    const client = await as('OPERATOR')
    const [alert] = (await client.alerts.active({})).items
    if (alert === undefined) throw new Error('nothing fires')
    const note = `on it over ${transport.name}`
    await client.alerts.acknowledge({ alert_id: alert.id, note })
    await client.handover.addNote({ text: `Watch shop (${transport.name})` })

    const told = await read(client)
    expect(told.totals).toMatchObject({ incidents: 1, alerts: 1, open: 1 })
    expect(told.open).toMatchObject([
      { id: alert.id, acknowledgedBy: 'operator', text: 'api is not ready', note },
    ])
    expect(told.fired).toMatchObject([
      { deployment: 'shop', incidents: [{ endedAt: null, acknowledgedBy: 'operator' }] },
    ])
    expect(told.actions?.filter((action) => action.note === note)).toMatchObject([
      { by: 'operator', action: 'alerts.acknowledge', outcome: 'succeeded' },
    ])
    expect(told.notes.map(({ text }) => text)).toContain(`Watch shop (${transport.name})`)
    expect(told.changes).toMatchObject([{ deployment: 'shop', kind: 'profile' }])
    expect(told.markdown).toContain('## Open now')
    expect(secrets.findIn({ 'the hand-over': JSON.stringify(told) })).toEqual([])
  })

  it('tells it in the language and zone of whoever reads it', async () => {
    const client = await as('OPERATOR', 'ru')
    const { markdown } = await read(client, { timeZone: 'Asia/Vladivostok' })
    expect(markdown).toMatch(/^# Передача смены/)
    expect(markdown).toContain('Asia/Vladivostok')
  })

  it('is had as a Markdown file', async () => {
    const client = await as('READONLY')
    const file = await client.handover.get({ format: 'markdown' })
    if (!(file instanceof File)) throw new Error('asked for a file, and got JSON')
    expect(file.type).toMatch(/^text\/markdown/)
    expect(await file.text()).toMatch(/^# Hand-over/)
  })

  it('shows who did what to those alone who may read the record', async () => {
    const told = await read(await as('READONLY'))
    expect(told.actions).toBeNull()
    expect(told.markdown).toContain('Only auditors')
    expect((await read(await as('AUDITOR'))).actions).not.toBeNull()
  })

  it('lets people remove their own notes, and administrators everybody’s', async () => {
    const [operator, admin] = [await as('OPERATOR'), await as('ADMIN')]
    const [own, other] = [
      await operator.handover.addNote({ text: 'mine' }),
      await admin.handover.addNote({ text: 'the administrator’s' }),
    ]
    await operator.handover.removeNote({ note: own.id })
    expect(await failure(operator.handover.removeNote({ note: other.id }))).toMatchObject({
      code: 'FORBIDDEN',
    })
    await admin.handover.removeNote({ note: other.id })
    expect(await failure(admin.handover.removeNote({ note: other.id }))).toMatchObject({ code: 'NOT_FOUND' })
    const { items } = await operator.handover.notes({})
    expect(items.map(({ id }) => id)).not.toContain(own.id)
  })

  it('refuses a time that is no shift, and a zone that there is not', async () => {
    const client = await as('READONLY')
    const [from, to] = ['2026-11-28T06:00:00Z', '2026-11-28T14:00:00Z']
    expect(await failure(client.handover.get({ from: to, to: from }))).toMatchObject({ code: 'BAD_REQUEST' })
    expect(await failure(client.handover.get({ from: '2026-01-01T00:00:00Z', to }))).toMatchObject({
      code: 'BAD_REQUEST',
    })
    expect(await failure(client.handover.get({ timeZone: 'Nowhere/Land' }))).toMatchObject({
      code: 'BAD_REQUEST',
    })
  })
})
