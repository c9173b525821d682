/** From what was pasted to a deployment that is watched: proposed, tested, saved and reached, on real servers. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import { type Client, type Connected, TRANSPORTS } from '../../contract/transports.ts'
import { startTestConsole, type TestConsole } from '../../support/test-console.ts'
import { until } from '../../support/until.ts'

let postgres: PostgresServer
let redis: RedisServer
let service: Server
let console_: TestConsole
let connected: Connected
let reader: Connected
let client: Client

beforeAll(async () => {
  ;[postgres, redis, console_] = await Promise.all([startPostgres(), startRedis(), startTestConsole()])
  service = createServer((_request, response) => response.end('{"status":"ok"}'))
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const webSocket = TRANSPORTS.find(({ name }) => name === 'WebSocket')
  if (webSocket === undefined) throw new Error('no WebSocket')
  connected = await webSocket.connect(console_, 'ADMIN')
  reader = await webSocket.connect(console_, 'OPERATOR')
  client = connected.client
}, 60_000)

afterAll(async () => {
  connected?.close()
  reader?.close()
  await console_?.stop()
  service?.close()
  await Promise.all([postgres?.stop(), redis?.stop()])
}, 60_000)

const webPort = () => (service.address() as AddressInfo).port

/** The same system, as each kind of text says it. */
const TEXTS: Record<string, () => string> = {
  urls: () => `http://127.0.0.1:${webPort()}/health
postgresql://${postgres.user}:${encodeURIComponent(postgres.password)}@127.0.0.1:${postgres.port}/postgres
redis://:${encodeURIComponent(redis.password)}@127.0.0.1:${redis.port}/0`,
  env: () => `DB_PASSWORD='${postgres.password}'
DATABASE_URL=postgresql+asyncpg://${postgres.user}:\${DB_PASSWORD}@127.0.0.1:${postgres.port}/postgres
REDIS_HOST=127.0.0.1
REDIS_PORT=${redis.port}
REDIS_PASSWORD="${redis.password}"
API_URL=http://127.0.0.1:${webPort()}/health`,
  compose: () => `services:
  db:
    image: postgres:16
    environment: { POSTGRES_USER: ${postgres.user}, POSTGRES_DB: postgres, POSTGRES_PASSWORD: "${postgres.password}" }
    ports: ["127.0.0.1:${postgres.port}:5432"]
  cache:
    image: redis:7
    command: ["redis-server", "--requirepass", "${redis.password}"]
    ports: ["127.0.0.1:${redis.port}:6379"]
  api:
    build: .
    ports: ["127.0.0.1:${webPort()}:8000"]
    healthcheck: { test: [CMD, curl, -f, "http://localhost:8000/health"] }
`,
}

async function walk(
  profile: unknown,
  draft: string | null,
): Promise<{ ok: boolean; steps: ReachStepResult[] }> {
  const steps: ReachStepResult[] = []
  const stream = await client.deployments.test({ profile, draft })
  for (let next = await stream.next(); ; next = await stream.next()) {
    if (next.done === true) return { ok: next.value.ok, steps }
    steps.push(next.value)
  }
}

describe.each(Object.keys(TEXTS))('a deployment that was pasted as %s', (kind) => {
  it('is proposed, tested, saved with its secrets, and watched', async () => {
    const name = `from-${kind}`
    const proposed = await client.deployments.propose({ text: TEXTS[kind]?.() ?? '' })
    expect(proposed.issues).toEqual([])
    expect(proposed.draft).not.toBe(null)
    const told = JSON.stringify(proposed)
    expect(told).not.toContain(postgres.password)
    expect(told).not.toContain(redis.password)
    const draft = proposed.draft?.id ?? ''
    // Of a site nobody said whether it has metrics: people take out what the test does not find.
    const services = proposed.profile?.services.map((one) => ({ ...one, metrics: null, ready: null })) ?? []
    const profile = { ...proposed.profile, name, services }

    const walked = await walk(profile, draft)
    expect(walked.steps.filter(({ status }) => status === 'failed')).toEqual([])
    expect(walked.ok).toBe(true)
    expect((await walk(profile, null)).ok).toBe(false)
    const names = (await client.secrets.list()).items.map((secret) => secret.name)
    for (const secret of proposed.secrets) expect(names).not.toContain(secret.name)

    expect(await client.deployments.save({ profile, draft })).toEqual({ name })
    const { items } = await client.secrets.list()
    for (const secret of proposed.secrets) {
      expect(items).toContainEqual(expect.objectContaining({ name: secret.name, usedBy: [name] }))
    }
    await until(
      () => {
        const { pool, redis: cache, health } = console_.engine.live.statuses(name)
        return [pool, cache, health].every((one) => one?.status === 'HEALTHY')
      },
      { timeoutMs: 30_000, what: `${name} to be seen well` },
    )
    expect(console_.logged.join('\n')).not.toContain(postgres.password)
    await client.deployments.remove({ name })
    for (const secret of proposed.secrets) await client.secrets.remove({ name: secret.name })
  }, 60_000)
})

describe('what was pasted', () => {
  it('is gone once it was saved, and says what to do', async () => {
    const { draft, profile } = await client.deployments.propose({ text: TEXTS.urls?.() ?? '' })
    const save = () =>
      client.deployments.save({ profile: { ...profile, name: 'gone' }, draft: draft?.id ?? null })
    await save()
    const again = client.deployments.save({
      profile: { ...profile, name: 'gone-2' },
      draft: draft?.id ?? null,
    })
    await expect(again).rejects.toMatchObject({
      code: 'WRONG_STATE',
      message: expect.stringContaining('Paste'),
    })
    await client.deployments.remove({ name: 'gone' })
  })

  it('leaves no secret behind where the profile is refused', async () => {
    const { draft, profile } = await client.deployments.propose({ text: TEXTS.urls?.() ?? '' })
    const refused = client.deployments.save({
      profile: { ...profile, name: 'Not a name' },
      draft: draft?.id ?? null,
    })
    await expect(refused).rejects.toMatchObject({ code: 'UNPROCESSABLE' })
    const wanted = [...JSON.stringify(profile).matchAll(/secret:([\w.-]+)/g)].map(([, name]) => name)
    expect(wanted.length).toBeGreaterThan(0)
    const { items } = await client.secrets.list()
    expect(items.filter(({ name }) => wanted.includes(name))).toEqual([])
  })

  it('is for administrators alone, and over REST too', async () => {
    await expect(reader.client.deployments.propose({ text: 'x' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    const response = await fetch(`${console_.url}/api/v1/deployments/propose`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${console_.tokens.ADMIN}`,
        'content-type': 'application/json',
        'accept-language': 'ru',
      },
      body: JSON.stringify({ text: 'mysql://root:hunter2@db/shop' }),
    })
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(text).toContain('Vakhta следит за HTTP-сервисами')
    expect(text).not.toContain('hunter2')
  })
})
