/** What evaluating costs: 5,000 alerts that fire over 500 deployments, and looks that are well. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Alerts } from '../../src/main/engine/alerts/alerts.ts'
import { createAlerts } from '../../src/main/engine/alerts/create-alerts.ts'
import { systemClock } from '../../src/main/engine/clock.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { openStore } from '../../src/main/engine/store/open-store.ts'
import { labelled } from '../../src/shared/catalogue/labelled.ts'
import { metricsOf } from '../../src/shared/catalogue/metrics.ts'
import type { ProbeId } from '../../src/shared/catalogue/probes.ts'
import type { Observation } from '../../src/shared/model/observation.ts'
import { createDrivenClock } from '../support/driven-clock.ts'
import { longestHeldMs } from '../support/longest-held.ts'
import type { BenchLine } from './line.ts'

const DEPLOYMENTS = 500
const ALERTS = 5_000
const ROUNDS = 20
const PATHS = Array.from({ length: 20 }, (_, index) => `/path-${index}`)
/** Looks a second of 100 deployments with five probes, each every five seconds. */
const LOOKS_PER_SECOND = 100

type Values = Observation['values']

function wellOf(probe: ProbeId): Values {
  const values = Object.fromEntries(metricsOf(probe).map((name) => [name, 1]))
  return {
    ...values,
    db_pool_available: 20,
    tls_days_left: 80,
    redis_hit_rate: 99,
    ...(probe === 'traffic'
      ? Object.fromEntries(
          PATHS.flatMap((path) => [
            [labelled('http_path_duration_ms', { path }), 12],
            [labelled('http_path_duration_p95_ms', { path }), 40],
          ]),
        )
      : {}),
  }
}

const WELL: [ProbeId, string, Values][] = (['health', 'pool', 'redis', 'host', 'traffic'] as const).map(
  (probe) => [probe, probe === 'pool' ? 'postgres' : 'main', wellOf(probe)],
)
/** Ten alerts of each deployment. */
const BAD: [ProbeId, string, Values][] = [
  [
    'pool',
    'postgres',
    { ...wellOf('pool'), db_pool_utilization: 99, db_pool_available: 0, db_xid_age_percent: 90 },
  ],
  ['redis', 'main', { ...wellOf('redis'), redis_operations_per_second: 9_000, redis_last_save_ok: 0 }],
  [
    'host',
    'main',
    { ...wellOf('host'), system_cpu_percent: 99, system_memory_percent: 99, system_disk_percent: 99 },
  ],
  ['health', 'main', { ...wellOf('health'), health_ready: 0, tls_days_left: 3 }],
  ['traffic', 'main', wellOf('traffic')],
]

/** One bastion goes down, and 500 deployments are behind it: how long that takes, and how many messages it is. */
export async function benchOneBastion(): Promise<BenchLine> {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-bench-bastion-'))
  const store = openStore({ dataDirectory: directory, log: silentLog })
  const names = Array.from({ length: DEPLOYMENTS }, (_, index) => `deployment-${index}`)
  const told: string[] = []
  const error = { step: 'tcp', hop: 'ops@b1:22', on: 'path', code: 'tcp-silent', params: {} } as const
  const hop = { hop: 'ops@b1:22', kind: 'ssh', status: 'DISCONNECTED', ms: null } as const
  const clock = createDrivenClock()
  const alerts = await createAlerts({
    ...{ store, clock, log: silentLog },
    sink: { decided: (all) => void told.push(...all.map(({ kind }) => kind)), undurable() {} },
    deployments: names.map((name) => ({
      profile: { name, environment: 'production', tags: [], limits: {} },
      targets: { pool: ['postgres'] },
    })),
    latestOf: () => [],
    connectionOf: () => ({
      status: 'DISCONNECTED',
      hops: [{ ...hop, error: { ...error, recovery: 'by-itself' } }],
    }),
    causesOf: () => [],
    range: () => Promise.reject(new Error('there is no history here')),
    onTurn() {},
    onSilence() {},
  })
  try {
    let longestMs = 0
    for (let round = 0; round < 3; round += 1) {
      for (const deployment of names) {
        const beganAt = performance.now()
        alerts.observe({
          ...{ deployment, probe: 'pool', target: 'postgres', at: clock.now(), values: {} },
          ...{ status: 'UNKNOWN', reason: { code: 'pool-healthy', params: {} } },
          cost: { ms: 1, rows: 1, bytes: 1 },
        })
        longestMs = Math.max(longestMs, performance.now() - beganAt)
      }
      await clock.advance(5_000)
    }
    await clock.advance(60_000)
    return {
      name: `alerts: one bastion of ${DEPLOYMENTS} deployments goes down`,
      budget: '≤ 3 messages, ≤ 50 ms a look',
      value: `${told.length} messages (${told.join(', ')}), ${longestMs.toFixed(0)} ms the longest look`,
      ok: told.length <= 3 && longestMs <= 50 && alerts.active(null).length === DEPLOYMENTS,
    }
  } finally {
    await alerts.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Of what is held, and not of what only waits to be collected. */
function heapBytes(): number {
  collect()
  return process.memoryUsage().heapUsed
}

/**
 * All that fire acknowledged and then silenced, each in one call: what else the console is asked meanwhile waits for as long as that keeps
 * its thread. How long it takes until all of it is on record is up to the disk.
 */
async function benchBulk(alerts: Alerts): Promise<BenchLine[]> {
  const ids = alerts.active(null).map(({ id }) => id)
  const request = { until: Date.now() + 3_600_000, by: 'Anna', note: null }
  const deeds = {
    acknowledged: () => alerts.acknowledgeAll(ids, 'Anna', 'on it'),
    silenced: () => alerts.silenceAll(ids, request),
  }
  const lines: BenchLine[] = []
  for (const [name, work] of Object.entries(deeds)) {
    let done = 0
    const beganAt = performance.now()
    const heldMs = await longestHeldMs(async () => {
      done = (await work()).done.length
    })
    const tookMs = performance.now() - beganAt
    lines.push({
      name: `alerts: ${ids.length} ${name} in one call`,
      budget: 'thread kept ≤ 100 ms',
      value: `${heldMs.toFixed(0)} ms, on record in ${tookMs.toFixed(0)} ms`,
      ok: done === ids.length && heldMs <= 100,
    })
  }
  return lines
}

export async function benchAlerts(): Promise<BenchLine[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-bench-alerts-'))
  const store = openStore({ dataDirectory: directory, log: silentLog })
  const names = Array.from({ length: DEPLOYMENTS }, (_, index) => `deployment-${index}`)
  const targets = Object.fromEntries(WELL.map(([probe, target]) => [probe, [target]]))
  const alerts = await createAlerts({
    ...{ store, clock: systemClock, log: silentLog },
    sink: { decided() {}, undurable() {} },
    deployments: names.map((name) => ({
      profile: { name, environment: 'production', tags: [], limits: {} },
      targets,
    })),
    latestOf: () => [],
    connectionOf: () => ({ status: 'CONNECTED', hops: [] }),
    causesOf: () => [],
    range: () => Promise.reject(new Error('there is no history here')),
    onTurn() {},
    onSilence() {},
  })
  let at = Date.now()
  const round = (looks: typeof WELL): number => {
    const beganAt = performance.now()
    at += 5_000
    for (const deployment of names) {
      for (const [probe, target, values] of looks) {
        alerts.observe({
          ...{ deployment, probe, target, at, values, status: 'HEALTHY' },
          reason: { code: 'pool-healthy', params: {} },
          cost: { ms: 1, rows: 1, bytes: 1 },
        })
      }
    }
    return performance.now() - beganAt
  }
  const median = (looks: typeof WELL) => {
    const times = Array.from({ length: ROUNDS }, () => round(looks)).toSorted((a, b) => a - b)
    return ((times[ROUNDS / 2] ?? 0) * 1_000) / (DEPLOYMENTS * looks.length)
  }
  try {
    const well = median(WELL)
    const before = heapBytes()
    for (let turn = 0; turn < 3; turn += 1) round(BAD)
    const firing = alerts.active(null).length
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const bad = median(BAD)
    const bytes = heapBytes() - before
    const beganAt = performance.now()
    alerts.active(null)
    const listedMs = performance.now() - beganAt
    const share = (well * LOOKS_PER_SECOND) / 10_000
    const bulk = await benchBulk(alerts)
    return [
      {
        name: 'alerts: share of a core at 100 deployments × 5 probes × 5 s',
        budget: '≤ 0.5 %',
        value: `${share.toFixed(2)} % (${well.toFixed(1)} µs a look)`,
        ok: share <= 0.5,
      },
      {
        name: `alerts: a look while ${firing} alerts fire over ${DEPLOYMENTS} deployments`,
        budget: '≤ 100 µs',
        value: `${bad.toFixed(1)} µs`,
        ok: firing >= ALERTS * 0.9 && bad <= 100,
      },
      {
        name: 'alerts: memory of those',
        budget: '≤ 50 MiB',
        value: `${(bytes / 2 ** 20).toFixed(0)} MiB`,
        ok: bytes <= 50 * 2 ** 20,
      },
      {
        name: 'alerts: listing all that fire',
        budget: '≤ 100 ms',
        value: `${listedMs.toFixed(0)} ms`,
        ok: listedMs <= 100,
      },
      ...bulk,
    ]
  } finally {
    await alerts.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  }
}
