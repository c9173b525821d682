import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { httpHealth } from '../../../src/main/engine/probes/http-health/index.ts'
import { createScheduler } from '../../../src/main/engine/probes/scheduler.ts'
import { traffic } from '../../../src/main/engine/probes/traffic/index.ts'
import type { Observation } from '../../../src/shared/model/observation.ts'
import { until } from '../../support/until.ts'
import { serve } from '../reach/http-kit.ts'
import { createKit } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

const DAY_MS = 86_400_000
const root = createAuthority()

type Answer = (response: ServerResponse) => void

async function watched(
  probe: 'health' | 'traffic',
  answer: Answer,
  more = {},
  tls?: { key: string; cert: string },
) {
  const server = await serve((_request, response) => answer(response), tls)
  const kit = await createKit({ authorities: () => [root.certificate] })
  const url = `${tls === undefined ? 'http' : 'https'}://localhost:${server.port}`
  const profile = { services: [{ name: 'web', url, ...more }] }
  const reach = kit.reach(profile)
  return {
    kit,
    reach,
    server,
    watching: watch(probe === 'health' ? httpHealth : traffic, kit.profile(profile), reach),
  }
}

describe('the certificate of a service', () => {
  it('that has expired is a negative number of days, and shown, though nothing gets through', async () => {
    const { key, chain } = root.issue({
      names: ['localhost'],
      notBefore: new Date(Date.now() - 5 * DAY_MS),
      notAfter: new Date(Date.now() - 2 * DAY_MS),
    })
    const { watching } = await watched('health', (response) => response.end('ok'), {}, { key, cert: chain })
    const seen = await watching.look()
    expect(seen).toMatchObject({
      status: 'DOWN',
      reason: { code: 'tls-expired' },
      values: { health_live: 0, tls_days_left: -2 },
    })
    expect(seen.evidence?.certificates?.map(({ subject }) => subject)).toEqual([
      'localhost',
      'Vakhta Test, Test Root',
    ])
  })

  it('that ends soon makes a service DEGRADED, also where it is an intermediate', async () => {
    const between = root.intermediate('Between', { days: 3 })
    const { key, chain } = between.issue({ names: ['localhost'], days: 300 })
    const { watching } = await watched('health', (response) => response.end('ok'), {}, { key, cert: chain })
    const seen = await watching.look()
    expect(seen).toMatchObject({ status: 'DEGRADED', reason: { code: 'health-tls-expiring' } })
    expect(seen.values.tls_days_left).toBeCloseTo(3, 0)
    expect(seen.evidence?.certificates).toHaveLength(3)
  })
})

describe('an answer that says nothing of the service', () => {
  it.each<['health' | 'traffic', Answer, string]>([
    ['health', (response) => response.writeHead(401).end(), 'health-refused'],
    [
      'health',
      (response) => response.writeHead(302, { location: '/login?next=x' }).end(),
      'health-redirected',
    ],
    ['traffic', (response) => response.writeHead(302, { location: '/login' }).end(), 'traffic-redirected'],
    ['traffic', (response) => response.writeHead(401).end(), 'traffic-refused'],
    ['traffic', (response) => response.end('<html>sign in</html>'), 'traffic-not-metrics'],
    [
      'traffic',
      (response) => response.end(Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28])),
      'traffic-not-metrics',
    ],
  ])('is UNKNOWN to %s', async (probe, answer, code) => {
    const { watching } = await watched(probe, answer)
    const seen = await watching.look()
    expect(seen).toMatchObject({ status: 'UNKNOWN', reason: { code } })
    if (probe === 'health') expect(seen.values.health_live).toBeNull()
  })

  it('is UNKNOWN where our token is refused, which is shown once', async () => {
    let requests = 0
    const refuse: Answer = (response) => {
      requests += 1
      response.writeHead(401).end()
    }
    const { kit, reach, watching } = await watched('health', refuse, { token: 'secret:token' })
    kit.secrets.set('token', 'wrong')
    for (let look = 0; look < 3; look += 1) {
      expect(await watching.look()).toMatchObject({
        status: 'UNKNOWN',
        reason: { code: 'http-credentials-refused' },
      })
    }
    expect(requests).toBe(1)
    expect(reach.connection().status).toBe('REFUSED')
  })

  it('is UNKNOWN where the token endpoint is down, with that as the reason', async () => {
    const oauth2 = { tokenUrl: 'http://127.0.0.1:9/token', clientId: 'a', clientSecret: 'secret:client' }
    const { kit, watching } = await watched('health', (response) => response.end(), { oauth2 })
    kit.secrets.set('client', 'x')
    expect(await watching.look()).toMatchObject({
      status: 'UNKNOWN',
      reason: { code: 'oauth-endpoint-failed', params: { because: 'tcp-refused' } },
    })
  })
})

describe('a service that asks to be left alone', () => {
  it.each([
    ['429 in seconds', 429, () => '2'],
    ['429 until a date', 429, () => new Date(Date.now() + 3_000).toUTCString()],
    ['503 in seconds', 503, () => '2'],
  ])('is: %s', async (_, status, after) => {
    const asked: number[] = []
    const { kit, reach, server } = await watched('health', () => {})
    server.server.removeAllListeners('request')
    server.server.on('request', (request, response) => {
      if (request.url === '/health') asked.push(performance.now())
      response.writeHead(asked.length === 1 ? status : 200, { 'retry-after': after() }).end()
    })
    const seen: Observation[] = []
    const scheduler = createScheduler({
      clock: systemClock,
      random: () => 0.5,
      log: silentLog,
      observe: (observation) => void seen.push(observation),
      notice() {},
      probes: [{ ...httpHealth, intervalMs: 200 } as never],
    })
    try {
      scheduler.add(
        kit.profile({ services: [{ name: 'web', url: `http://localhost:${server.port}` }] }),
        reach,
      )
      await until(() => asked.length >= 3)
    } finally {
      await scheduler.stop()
    }
    const [first = 0, second = 0, third = 0] = asked
    // A date has no fractions of a second.
    expect(second - first).toBeGreaterThan(1_950)
    expect(third - second).toBeLessThan(1_900)
  })
})
