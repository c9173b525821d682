/** No secret leaves the console: planted ones are looked for in all that it answers, writes, logs and records. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { contract } from '../../../src/shared/contract/contract.ts'
import { TRANSPORTS } from '../../contract/transports.ts'
import { ask } from '../../support/http-request.ts'
import { plantSecrets } from '../../support/planted-secrets.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'
import { until } from '../../support/until.ts'

const secrets = plantSecrets()
const token = crypto.randomUUID()
const wrongPassword = secrets.plant('postgres-password')
const literal = secrets.plant('statement-literal')

let running: TestConsole
let postgres: PostgresServer
let redis: RedisServer
let service: Server
/** A chat that lets in whoever knows its address, and repeats that. */
let chat: Server
/** Where the service's log is. */
let directory: string
let sentToken: string | undefined
/** What receivers outside were sent, without the address, which is a secret that they know. */
const received: { readonly kind: 'chat' | 'hook'; readonly sent: string }[] = []

beforeAll(async () => {
  const redisPassword = `planted-redis-${crypto.randomUUID()}`
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis({ password: redisPassword })])
  service = createServer((request: IncomingMessage, response) => {
    sentToken = request.headers.authorization
    response.statusCode = 500
    response.end('failed')
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  chat = createServer((request, response) => {
    const isHook = request.url === '/hook'
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sent = `${JSON.stringify(request.headers)}\n${Buffer.concat(chunks).toString('utf8')}`
      received.push({ kind: isHook ? 'hook' : 'chat', sent })
      response.statusCode = isHook ? 200 : 404
      response.end(`no_service at ${request.url}`)
    })
  })
  await new Promise<void>((resolve) => chat.listen(0, '127.0.0.1', resolve))
  running = await startTestConsole()
  secrets.plantValue('redis-password', redisPassword)
  secrets.plantValue('service-token', token)
  secrets.plantValue('right-postgres-password', postgres.password)
  directory = await mkdtemp(join(tmpdir(), 'vakhta-secrets-'))
  const logFile = join(directory, 'api.log')
  await writeFile(
    logFile,
    [
      `2026-11-28T12:00:00Z INFO connected to redis://:${redisPassword}@cache:6379/0`,
      `2026-11-28T12:00:01Z ERROR upstream refused ${token}`,
      `2026-11-28T12:00:02Z ERROR password authentication failed with ${wrongPassword}, then ${postgres.password}`,
      `2026-11-28T12:00:03Z ERROR no customer named '${literal}'`,
      '',
    ].join('\n'),
  )
  const { url, tokens } = running
  const put = (name: string, value: string) =>
    ask(`${url}/api/v1/secrets/${name}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${tokens.ADMIN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ value }),
    })
  expect((await put('right', postgres.password)).status).toBe(200)
  expect((await put('wrong', wrongPassword)).status).toBe(200)
  expect((await put('redis', redisPassword)).status).toBe(200)
  expect((await put('token', token)).status).toBe(200)
  const chatPath = `/services/planted-${crypto.randomUUID()}`
  secrets.plantValue('chat-path', chatPath)
  const chatUrl = `http://127.0.0.1:${(chat.address() as AddressInfo).port}${chatPath}`
  expect((await put('chat', chatUrl)).status).toBe(200)
  const signing = secrets.plant('signing-secret')
  expect((await put('signing', signing)).status).toBe(200)
  const hookUrl = new URL('/hook', chatUrl).href
  const { notify, heartbeats } = running.engine
  const { rotas } = running.engine.alerts
  await notify.channels.save({ kind: 'slack', name: 'chat', url: 'secret:chat' }, null)
  await notify.channels.save(
    { kind: 'webhook', name: 'hook', url: hookUrl, signingSecret: 'secret:signing' },
    null,
  )
  await heartbeats.save({ kind: 'url', name: 'beat', url: 'secret:chat', everySeconds: 10 }, null)
  await rotas.savePerson({ name: 'Olga', channels: ['chat'] }, null)
  for (const name of ['good', 'bad']) {
    const rota = { name, people: ['Olga'], startsOn: '2026-01-05', time: '09:00', zone: 'UTC', shiftDays: 7 }
    await rotas.save(rota, null)
  }
  const profile = (name: string, password: string) => `name: ${name}
environment: production
services:
  - {name: api, url: "http://127.0.0.1:${(service.address() as AddressInfo).port}", token: "secret:token"}
postgres:
  url: "postgresql://${postgres.user}@127.0.0.1:${postgres.port}/postgres"
  password: "secret:${password}"
  operate: {user: "${postgres.user}", password: "secret:right"}
redis:
  - {name: cache, url: "redis://127.0.0.1:${redis.port}", password: "secret:redis"}
logs:
  - {name: api, over: local, file: "${logFile}"}
`
  await running.engine.deployments.importYaml(`${profile('good', 'right')}---\n${profile('bad', 'wrong')}`)
}, 90_000)

afterAll(async () => {
  await running?.stop()
  service?.close()
  chat?.close()
  await rm(directory, { recursive: true, force: true })
  await Promise.all([postgres?.stop(), redis?.stop()])
}, 60_000)

/** Ends a session whose last statement holds what must not be shown; answers with the operation's id. */
async function operate(): Promise<string> {
  const { url, tokens } = running
  const session = await postgres.connect()
  // It is ended by what is tested.
  session.on('error', () => {})
  await session.query(`BEGIN; SELECT $$${literal}$$`)
  const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const request = { kind: 'terminate-backend', deployment: 'good', options: { pid: rows[0]?.pid ?? 0 } }
  const { status, text } = await ask(`${url}/api/v1/operations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.ADMIN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, confirm: 'good', reason: 'it was forgotten' }),
  })
  expect({ status, text }).toMatchObject({ status: 202 })
  const { id } = JSON.parse(text) as { id: string }
  await until(async () => (await running.engine.operations.get(id)).state === 'succeeded', {
    what: 'the end of the operation',
  })
  return id
}

it('shows, logs, stores and records none of the planted secrets', async () => {
  const { engine, url, tokens } = running
  const slow = await postgres.connect()
  const client = await redis.connect()
  await client.config('SET', 'slowlog-log-slower-than', '0')
  await client.set('customer', literal)
  const asleep = slow.query(`SELECT pg_sleep(30), $$${literal}$$`).catch(() => null)
  await until(
    () =>
      engine.live.latestOf('good', 'pool')?.evidence?.statements?.length &&
      engine.live.latestOf('good', 'redis')?.evidence?.slowLog?.length &&
      engine.live.statuses('bad').pool?.at &&
      engine.live.statuses('good').health?.at,
    { timeoutMs: 30_000, what: 'a look at everything' },
  )
  expect(sentToken).toBe(`Bearer ${token}`)
  // An alert of a service that is down goes to the chat, which refuses it with its own address.
  await until(async () => (await engine.notify.standing('chat')).latest?.answer.text.includes('no_service'), {
    timeoutMs: 30_000,
    what: 'what the chat answered to an alert',
  })
  await until(() => engine.heartbeats.list()[0]?.standing.latest)
  // Of both deployments: also of the one whose password is refused.
  const told = (deployment: string) =>
    received.some(({ kind, sent }) => kind === 'hook' && sent.includes(`"deployment":"${deployment}"`))
  await until(() => told('good') && told('bad'), { timeoutMs: 30_000, what: 'what was told of both' })

  const answers: Record<string, string> = {}
  const headers = { authorization: `Bearer ${tokens.ADMIN}` }
  const active = await ask(`${url}/api/v1/monitoring/alerts/active`, { headers })
  const [alert] = (JSON.parse(active.text) as { items: { id: string }[] }).items
  const operation = await operate()
  for (const domain of Object.values(contract)) {
    for (const procedure of Object.values(domain)) {
      const { method, path } = procedure['~orpc'].route
      if (path === undefined || method !== 'GET') continue
      for (const name of ['good', 'bad']) {
        const filled = path
          .replace('{name}', name)
          .replace('{target}', 'cache')
          .replace('{source}', 'api')
          .replace('{notification}', 'none')
          .replace('{alert_id}', alert?.id ?? 'none')
          .replace('{backup}', 'none')
          .replace('{id}', operation)
        const full = `/api/v1${filled}?deployment=${name}`
        const { status, text, headers: sent } = await ask(`${url}${full}`, { headers })
        // PostgreSQL does not let the bad one in: what a person asks it for says so, and without the password.
        const isRefused = name === 'bad' && path.includes('/database/')
        // There is no backup to look into.
        const isMissing = path.includes('{backup}')
        expect({ full, status }).toEqual({ full, status: isRefused ? 502 : isMissing ? 404 : 200 })
        answers[full] = text + JSON.stringify(sent)
      }
    }
  }
  for (const path of ['/metrics', '/openapi.json', '/docs', '/ready', '/health']) {
    answers[path] = (await ask(`${url}${path}`, { headers })).text
  }
  for (const [path, body] of [
    ['/channels/test', { channel: { kind: 'slack', name: 'chat', url: 'secret:chat' } }],
    ['/heartbeats/test', { heartbeat: { kind: 'url', name: 'beat', url: 'secret:chat' } }],
  ] as const) {
    const { status, text } = await ask(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(status).toBe(200)
    expect(text).toContain('no_service at')
    answers[path] = text
  }
  const [, webSocket] = TRANSPORTS
  const connected = await webSocket?.connect(running, 'ADMIN')
  if (connected === undefined) throw new Error('no WebSocket')
  for (const name of ['good', 'bad']) {
    const detail = await connected.client.live.deployment({ name })
    answers[`live ${name}`] = JSON.stringify(detail)
    const stream = await connected.client.deployments.test({ profile: detail.profile })
    for await (const step of stream)
      answers[`test ${name}`] = `${answers[`test ${name}`] ?? ''}${JSON.stringify(step)}`
  }
  answers['live fleet'] = JSON.stringify(await connected.client.live.fleet())
  connected.close()
  // A value in the wrong place is refused without being repeated.
  const refused = await ask(`${url}/api/v1/deployments/import`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      yaml: `name: x\nenvironment: staging\npostgres: {url: "postgresql://u:${token}@h/db", password: ${token}}\n`,
    }),
  })
  expect(refused.status).toBe(422)
  answers['a refused profile'] = refused.text

  // They were there to be found.
  expect(answers['/api/v1/deployments/good/logs/api?deployment=good']).toContain('upstream refused •••')
  expect(secrets.findIn(answers)).toEqual([])
  const outside = received.map(({ kind, sent }, index) => [`${kind} ${index}`, sent] as const)
  expect(received.some(({ kind, sent }) => kind === 'chat' && sent.includes('"attachments":'))).toBe(true)
  expect(secrets.findIn(Object.fromEntries(outside))).toEqual([])
  expect(secrets.findIn({ log: running.logged.join('\n') })).toEqual([])
  expect(secrets.findIn({ audit: JSON.stringify(await engine.audit.list({ limit: 1000 })) })).toEqual([])
  await engine.history.flush()
  expect(secrets.findInFiles(running.dataDirectory)).toEqual([])

  const other = await postgres.connect()
  await other.query(
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()",
  )
  await Promise.all([asleep, other.end()])
  await slow.end()
  client.disconnect()
}, 60_000)

it('scans for what it could find: a planted secret that is shown is found in each of its guises', () => {
  const shown = secrets.plant('shown')
  for (const guise of [
    shown,
    JSON.stringify(shown),
    encodeURIComponent(shown),
    Buffer.from(shown).toString('base64'),
  ]) {
    expect(secrets.findIn({ answer: `before ${guise} after` })).toEqual(['shown in answer'])
  }
})
