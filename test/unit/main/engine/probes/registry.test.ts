import { expect, it } from 'vitest'
import { createProbes, targetsOf, unfilledIn } from '../../../../../src/main/engine/probes/registry.ts'
import { isLabelled } from '../../../../../src/shared/catalogue/labelled.ts'
import { METRICS } from '../../../../../src/shared/catalogue/metrics.ts'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'

const probes = createProbes()
const unfilled = (parts: object) =>
  unfilledIn(probes, DeploymentProfile.parse({ name: 'shop', environment: 'production', ...parts }))

it('what nothing in a profile fills is told, though there are targets for it', () => {
  const service = { name: 'api', url: 'http://127.0.0.1:9' }
  expect(unfilled({ services: [{ ...service, ready: null }] })).toEqual([
    ...['health_ready', 'tls_days_left', 'http_probe_ok', 'http_probe_latency_ms', 'http_probe_value'],
    ...['db_query_value', 'queue_length', 'queue_oldest_seconds'],
  ])
  const requests = [{ name: 'depth', path: '/queue', json: '/depth' }]
  const whole = {
    services: [service, { name: 'web', url: 'https://127.0.0.1:9', requests }],
    postgres: {
      url: 'postgresql://vakhta@127.0.0.1/shop',
      queries: [{ name: 'orders', sql: 'select count(*) from orders' }],
    },
    redis: [{ name: 'cache', url: 'redis://127.0.0.1', queues: ['celery'] }],
  }
  expect(unfilled(whole)).toEqual([])
  expect(
    targetsOf(probes, DeploymentProfile.parse({ name: 's', environment: 'staging', ...whole })).health,
  ).toEqual(['api', 'web'])
})

it('a certificate may be found behind a redirect', () => {
  const services = [{ name: 'api', url: 'http://127.0.0.1:9', redirects: 'any' }]
  expect(unfilled({ services })).not.toContain('tls_days_left')
})

it('names metrics that there are', () => {
  const named = unfilled({ services: [{ name: 'api', url: 'http://127.0.0.1:9', ready: null }] })
  expect(named.filter((name) => !isLabelled(name) && !Object.hasOwn(METRICS, name))).toEqual([])
})
