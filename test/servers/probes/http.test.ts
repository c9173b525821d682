import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { httpHealth } from '../../../src/main/engine/probes/http-health/index.ts'
import { traffic } from '../../../src/main/engine/probes/traffic/index.ts'
import { createKit } from '../reach/reach-kit.ts'
import { serve, type TestService, watch } from './probe-kit.ts'

const services: TestService[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})

type Paths = Record<string, (response: ServerResponse) => void>

async function watcherOf(probe: 'health' | 'traffic', paths: Paths, processes = 1) {
  const service = await serve((request, response) => {
    const answer = paths[request.url ?? '']
    if (answer === undefined) response.writeHead(404).end()
    else answer(response)
  })
  services.push(service)
  const kit = await createKit()
  const profile = { services: [{ name: 'web', url: service.url, processes }] }
  const watched = probe === 'health' ? httpHealth : traffic
  return { service, watching: watch(watched, kit.profile(profile), kit.reach(profile)) }
}

const ok = (response: ServerResponse) => void response.end('ok')

describe('a service over HTTP', () => {
  it('is HEALTHY where it is live and ready', async () => {
    const { watching } = await watcherOf('health', { '/health': ok, '/ready': ok })
    const seen = await watching.look()
    expect(seen.status).toBe('HEALTHY')
    expect(seen.values).toMatchObject({ health_live: 1, health_ready: 1, tls_days_left: null })
    expect(seen.values.health_latency_ms).toBeGreaterThan(0)
  })

  it('is DEGRADED where it is not ready, and names what it waits for without repeating errors', async () => {
    const { watching } = await watcherOf('health', {
      '/health': ok,
      '/ready': (response) =>
        void response.writeHead(503).end(
          JSON.stringify({
            status: 'error',
            dependencies: { database: 'could not connect to postgres://app:hunter2@db', redis: 'ok' },
          }),
        ),
    })
    const seen = await watching.look()
    expect(seen.status).toBe('DEGRADED')
    expect(seen.reason).toMatchObject({
      code: 'health-not-ready-because',
      params: { dependencies: 'database' },
    })
    expect(seen.evidence?.dependencies).toEqual({ database: 'failing', redis: 'ok' })
    expect(JSON.stringify(seen)).not.toContain('hunter2')
  })

  it('is DOWN where it fails or refuses connections', async () => {
    const { watching, service } = await watcherOf('health', {
      '/health': (response) => void response.writeHead(500).end(),
      '/ready': ok,
    })
    const failing = await watching.look()
    expect(failing).toMatchObject({ status: 'DOWN', reason: { code: 'health-not-live' } })
    await service.close()
    services.length = 0
    const refused = await watching.look()
    expect(refused).toMatchObject({
      status: 'DOWN',
      values: { health_live: 0 },
      reason: { code: 'tcp-refused' },
    })
  })

  it('is limited, not down, where it answers 429, and is left alone for as long as it asks', async () => {
    const { watching } = await watcherOf('health', {
      '/health': (response) => void response.writeHead(429, { 'retry-after': '40' }).end(),
      '/ready': ok,
    })
    const seen = await watching.look()
    expect(seen).toMatchObject({
      status: 'UNKNOWN',
      reason: { code: 'health-limited', params: { seconds: 40 } },
    })
    expect(seen.values.health_live).toBeNull()
    expect(httpHealth.retryAfterMs?.(seen)).toBe(40_000)
  })
})

describe('traffic from /metrics', () => {
  it('tells rates, errors, mean and 95th percentile of the last interval', async () => {
    let requests = 1000
    let errors = 50
    let fast = 800
    const body = () => `# TYPE http_requests_total counter
http_requests_total{method="GET",status="200"} ${requests}
http_requests_total{method="GET",status="503"} ${errors}
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.1"} ${fast}
http_request_duration_seconds_bucket{le="0.5"} ${requests + errors}
http_request_duration_seconds_bucket{le="+Inf"} ${requests + errors}
http_request_duration_seconds_sum ${(requests + errors) * 0.2}
http_request_duration_seconds_count ${requests + errors}
`
    const { watching } = await watcherOf('traffic', { '/metrics': (response) => void response.end(body()) })
    const first = await watching.look()
    expect(first).toMatchObject({ status: 'UNKNOWN', reason: { code: 'traffic-first-look' } })
    expect(Object.values(first.values)).toEqual([null, null, null, null])
    requests += 90
    errors += 10
    fast += 90
    const second = await watching.look()
    expect(second.values.http_request_duration_ms).toBeCloseTo(200, 0)
    expect(second.values.http_request_duration_p95_ms).toBeCloseTo(300, 0)
    expect(second.values.http_requests_per_second).toBeGreaterThan(10)
    expect(second.evidence?.facts).toMatchObject({
      requestsFrom: 'http_requests_total',
      durationsFrom: 'http_request_duration_seconds',
    })
    requests = 3
    errors = 0
    fast = 3
    const restarted = await watching.look()
    expect(Object.values(restarted.values)).toEqual([null, null, null, null])
    expect(restarted.reason.code).toBe('traffic-first-look')
  })

  it('names the path that is slow, and what each path does', async () => {
    let slow = 0
    const body = () => `process_start_time_seconds 7
http_requests_total{route="/",status="200"} ${1000 + slow * 20}
http_requests_total{route="/report/{id}",status="200"} ${slow}
http_request_duration_seconds_sum{route="/"} 1
http_request_duration_seconds_count{route="/"} ${1000 + slow * 20}
http_request_duration_seconds_sum{route="/report/{id}"} ${slow * 6}
http_request_duration_seconds_count{route="/report/{id}"} ${slow}
`
    const { watching } = await watcherOf('traffic', { '/metrics': (response) => void response.end(body()) })
    await watching.look()
    slow = 4
    expect(await watching.look()).toMatchObject({ status: 'HEALTHY' })
    slow = 6
    const seen = await watching.look()
    expect(seen).toMatchObject({
      status: 'WARNING',
      reason: { code: 'traffic-slow-path-mean', params: { path: '/report/{id}', value: 6000, limit: 5000 } },
    })
    expect(seen.values['http_path_duration_ms{path="/report/{id}"}']).toBe(6000)
    // All of it together is quick: nobody would have seen it there.
    expect(seen.values.http_request_duration_ms).toBeLessThan(500)
  })

  it.each([
    ['200 MB', 200 * 2 ** 20],
    ['no end', Number.POSITIVE_INFINITY],
  ])('cuts an exposition of %s, says so, and keeps memory flat', async (_, length) => {
    const chunk = Buffer.from('http_requests_total{path="/a/very/long/path",status="200"} 1\n'.repeat(1000))
    let sent = 0
    const { watching } = await watcherOf('traffic', {
      '/metrics': (response) => {
        const write = () => {
          while (sent < length) {
            sent += chunk.length
            if (!response.write(chunk)) return void response.once('drain', write)
          }
          response.end()
        }
        write()
      },
    })
    const before = process.memoryUsage().rss
    const seen = await watching.look()
    expect(seen).toMatchObject({
      status: 'UNKNOWN',
      reason: { code: 'traffic-too-long', params: { limitMiB: 8 } },
    })
    expect(seen.cost.bytes).toBeLessThanOrEqual(8 * 2 ** 20 + 128 * 1024)
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 2 ** 20)
    expect(traffic.retryAfterMs?.(seen)).toBe(60_000)
  })

  it.each([
    ['traffic-not-metrics', '<html>welcome</html>'],
    ['traffic-no-known-names', 'go_goroutines 7\n'],
  ])('says %s of what is no use to it', async (code, body) => {
    const { watching } = await watcherOf('traffic', { '/metrics': (response) => void response.end(body) })
    expect(await watching.look()).toMatchObject({ status: 'UNKNOWN', reason: { code } })
  })

  it('compares each process behind one address with itself only', async () => {
    const processes = [
      { start: 1, total: 100 },
      { start: 2, total: 90_000 },
    ]
    let turn = 0
    const { watching } = await watcherOf(
      'traffic',
      {
        '/metrics': (response) => {
          const answering = processes[turn++ % 2]
          response.end(
            `process_start_time_seconds ${answering?.start}\nhttp_requests_total{status="200"} ${answering?.total}\n`,
          )
        },
      },
      2,
    )
    for (let look = 0; look < 6; look++) {
      const seen = await watching.look()
      expect(seen.values.http_requests_per_second ?? 0).toBe(0)
    }
  })
})
