/** Every bad status in few words, but for what a broken way hides. A target that could not be reached says how. */
import { TONE } from '#shared/catalogue/statuses.ts'
import { failures } from '#shared/locales/en/failures.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { behind, type Finding, type Found, idOf, seen, symptom, words } from '../finding.ts'
import { figure, type Situation } from '../situation.ts'

/** What these say needs no cause: it is one, or it is how things are set up. */
const PLAIN: ReadonlySet<string> = new Set([
  'health-tls-expiring',
  'health-refused',
  'health-ready-refused',
  'health-redirected',
  'health-limited',
  'traffic-limited',
  'traffic-refused',
  'traffic-redirected',
  'traffic-unexpected',
  'traffic-too-long',
  'traffic-not-metrics',
  'traffic-no-known-names',
  'pool-privilege-missing',
  'pool-replication-hidden',
  'pool-xid-age-high',
  'pool-archive-failing',
  'pool-archive-never',
  'pool-mxid-age-high',
  'pool-prepared-transaction-old',
  'pool-checksums-wrong',
  'redis-cpu-high',
  'redis-info-forbidden',
  'redis-info-renamed',
  'redis-memory-high',
  'redis-out-of-memory',
  'redis-writes-refused',
  'redis-loading-progress',
  'redis-replication-copying',
  'redis-clients-full',
  'host-disk-high',
  'host-inodes-high',
  'host-disk-silent',
  'host-unreadable',
  'host-not-node-exporter',
  'exposition-nothing-kept',
  'exposition-above',
  'exposition-below',
  'look-timed-out',
  'probe-failed',
])
/** Nothing was learned yet: the next look tells, and until then there is nothing to explain. */
const NOT_KNOWN_YET: ReadonlySet<string> = new Set(['traffic-first-look', 'not-yet-observed'])
const POOL_USED: ReadonlySet<string> = new Set([
  'pool-utilization-high',
  'pool-available-low',
  'pool-used-up-by-locks',
  'pool-used-up-idle-in-transaction',
])

export function symptoms(situation: Situation): Found {
  const findings: Finding[] = []
  const edges = []
  for (const one of situation.observations) {
    if (!isBad(one) || isOfTheWay(situation, one)) continue
    const since = situation.since(one.probe, one.target)
    const reason = inFewWords(one)
    findings.push(symptom(one, since, reason, { plain: PLAIN.has(one.reason.code) }))
    const id = endOf(one)
    if (id === idOf(one)) continue
    findings.push(behind(id, one.reason, { probe: one.probe, target: one.target, since }))
    edges.push(seen(id, idOf(one)))
  }
  return { findings, edges }
}

/** The finding that says last what was seen of a bad status itself: the failure behind it, where there was one. */
export function endOf(one: Observation): string {
  return isFailure(one.reason) && !PLAIN.has(one.reason.code) ? `failure/${idOf(one)}` : idOf(one)
}

/** Not well, or not known though somebody looked who could have told. */
export function isBad({ status, reason }: Pick<Observation, 'status' | 'reason'>): boolean {
  return TONE[status] !== 'good' && status !== 'UNOBSERVED' && !NOT_KNOWN_YET.has(reason.code)
}

function isFailure({ code }: Reason): boolean {
  return Object.hasOwn(failures, code)
}

/** Whether what failed is a hop that others stand behind too. */
export function isOfTheWay({ connection }: Situation, { reason }: Pick<Observation, 'reason'>): boolean {
  return connection.hops.some(
    ({ kind, error }) => kind === 'ssh' && error !== null && error.hop === reason.params.hop,
  )
}

function inFewWords(one: Observation): Reason {
  const { probe, target, status, reason } = one
  if (PLAIN.has(reason.code)) return reason
  switch (probe) {
    case 'health':
      if (status === 'DOWN') return words('service-down', { service: target })
      return words(status === 'DEGRADED' ? 'service-not-ready' : 'service-unknown', { service: target })
    case 'pool':
      if (figure(one, 'db_up') === 0) return words('database-down')
      if (POOL_USED.has(reason.code)) {
        return words('pool-used', {
          percent: figure(one, 'db_pool_utilization'),
          checkedOut: figure(one, 'db_pool_checked_out'),
          size: figure(one, 'db_pool_size'),
        })
      }
      if (reason.code === 'postgres-too-many-clients') return words('database-full')
      return isFailure(reason) ? words('database-unknown') : reason
    case 'redis':
      if (figure(one, 'redis_connected') === 0) return words('redis-down', { redis: target })
      if (reason.code === 'redis-evicting') {
        return words('redis-evicts', { redis: target, value: figure(one, 'redis_evictions_per_second') })
      }
      return isFailure(reason) ? words('redis-unknown', { redis: target }) : reason
    case 'host':
      return isFailure(reason) ? words('host-unknown', { host: target }) : reason
    case 'traffic':
      return isFailure(reason) ? words('traffic-unknown', { service: target }) : reason
    case 'exposition':
      return isFailure(reason) ? words('exposition-unknown', { name: target }) : reason
  }
}
