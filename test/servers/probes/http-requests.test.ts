import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { httpHealth } from '../../../src/main/engine/probes/http-health/index.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { createKit } from '../reach/reach-kit.ts'
import { serve, type TestService, watch } from './probe-kit.ts'

const services: TestService[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})

type Requests = NonNullable<NonNullable<DeploymentProfileInput['services']>[number]['requests']>
type Answer = (response: ServerResponse, request: IncomingMessage) => void

async function watcherOf(requests: Requests, paths: Record<string, Answer>) {
  const asked: string[] = []
  const service = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const answer = paths[request.url ?? '']
    if (answer !== undefined) answer(response, request)
    else if (request.url === '/health') response.end('ok')
    else response.writeHead(404).end()
  })
  services.push(service)
  const kit = await createKit()
  const profile = { services: [{ name: 'web', url: service.url, ready: null, metrics: null, requests }] }
  return { asked, watching: watch(httpHealth, kit.profile(profile), kit.reach(profile)) }
}

const json =
  (value: unknown): Answer =>
  (response) =>
    void response.end(JSON.stringify(value))

describe("the profile's own requests to a real service", () => {
  it('are a GET each, one in a look, and become metrics', async () => {
    const { asked, watching } = await watcherOf(
      [
        { name: 'orders', path: '/orders?limit=1' },
        { name: 'depth', path: '/stats', json: '/queues/0/a~1b' },
      ],
      { '/orders?limit=1': json([]), '/stats': json({ queues: [{ 'a/b': 7 }] }) },
    )
    const first = await watching.look()
    expect(first).toMatchObject({ status: 'HEALTHY', values: { 'http_probe_ok{request="orders"}': 1 } })
    expect(first.values['http_probe_latency_ms{request="orders"}']).toBeGreaterThan(0)
    const second = await watching.look()
    expect(second.values).toMatchObject({
      'http_probe_ok{request="orders"}': 1,
      'http_probe_value{request="depth"}': 7,
    })
    // Neither is due again: in a third look nothing is asked but the health itself.
    await watching.look()
    expect(asked).toEqual(['GET /health', 'GET /orders?limit=1', 'GET /health', 'GET /stats', 'GET /health'])
  })

  it.each([
    ['another status', { path: '/x', status: 204 }, json({}), 'health-request-unexpected'],
    [
      'a failure',
      { path: '/x' },
      (response: ServerResponse) => void response.writeHead(500).end(),
      'health-request-unexpected',
    ],
    ['no answer', { path: '/x' }, () => {}, 'health-request-unanswered'],
    ['no number', { path: '/x', json: '/a' }, json({ a: 'many' }), 'health-request-no-number'],
    [
      'no JSON',
      { path: '/x', json: '/a' },
      (response: ServerResponse) => void response.end('<html>'),
      'health-request-no-number',
    ],
    ['too much', { path: '/x', json: '/a', above: { warning: 5 } }, json({ a: 6 }), 'health-request-above'],
    [
      'too little',
      { path: '/x', json: '/a', below: { critical: 5 } },
      json({ a: 4 }),
      'health-request-below',
    ],
  ] as const)(
    'leave the service DEGRADED where they get %s, and say which',
    async (_, request, answer, code) => {
      const { watching } = await watcherOf([{ name: 'mine', ...request }], { '/x': answer })
      const seen = await watching.look()
      expect(seen).toMatchObject({ status: 'DEGRADED', reason: { code, params: { request: 'mine' } } })
      expect(seen.values.health_live).toBe(1)
      expect(seen.cost.ms).toBeLessThan(4_000)
    },
  )

  it('are not asked of a service that is down', async () => {
    const { asked, watching } = await watcherOf([{ name: 'mine', path: '/x' }], {
      '/health': (response) => void response.writeHead(503).end(),
    })
    expect(await watching.look()).toMatchObject({ status: 'DOWN' })
    expect(asked).toEqual(['GET /health'])
  })

  it('read no more than 64 KiB of an answer', async () => {
    const { watching } = await watcherOf([{ name: 'long', path: '/long' }], {
      '/long': (response) => void response.end('x'.repeat(20 * 2 ** 20)),
    })
    expect((await watching.look()).cost.bytes).toBeLessThan(2 * 2 ** 20)
  })
})
