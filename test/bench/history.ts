/** How much room a day of history takes, how fast it is read back, and how many observations a second it takes in. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../src/main/engine/clock.ts'
import { silentLog } from '../../src/main/engine/log.ts'
import { openArchive } from '../../src/main/engine/metrics/archive.ts'
import { createHistory } from '../../src/main/engine/metrics/create-history.ts'
import { DEFAULT_RETENTION } from '../../src/main/engine/metrics/history.ts'
import { createRanges } from '../../src/main/engine/metrics/ranges.ts'
import { createUpkeep } from '../../src/main/engine/metrics/upkeep.ts'
import { PROBE_IDS, PROBE_INTERVAL_MS } from '../../src/shared/catalogue/probes.ts'
import type { Observation } from '../../src/shared/model/observation.ts'
import type { BenchLine } from './line.ts'
import { syntheticDay } from './synthetic-day.ts'

const WORKER = new URL('../../src/main/engine/metrics/worker.ts', import.meta.url)
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const START = Date.UTC(2026, 0, 5)

export async function benchHistory(): Promise<BenchLine[]> {
  return [...aDay(), ...(await intake())]
}

/** One deployment, five probes, a day, and the two hours after which all of it is sealed. */
function aDay(): BenchLine[] {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-bench-'))
  const archive = openArchive({ dataDirectory: directory, onDamage: (message) => console.error(message) })
  try {
    const upkeep = createUpkeep({ archive, retention: DEFAULT_RETENTION })
    let samples = 0
    let sealingMs = 0
    for (let from = START; from < START + DAY_MS; from += HOUR_MS) {
      const batch: Observation[] = []
      for (const probe of PROBE_IDS) {
        // A day is one run of the generator; its hours are cut from it as they come.
        for (const observation of dayOf(probe)) {
          if (observation.at < from) continue
          if (observation.at >= from + HOUR_MS) break
          batch.push(observation)
          samples += Object.keys(observation.values).length
        }
      }
      archive.store(batch)
      const begun = performance.now()
      upkeep.turn({ now: from + HOUR_MS, budgetMs: 60_000, monotonic: () => performance.now() })
      sealingMs += performance.now() - begun
    }
    const now = START + DAY_MS
    // The newest two hours stay rows: their day, read as people do, while they are open.
    const ranges = createRanges({ archive, retention: DEFAULT_RETENTION })
    const query = { deployment: 'shop', from: START, to: now, points: 300 }
    const oneMetric = median(() => ranges.range({ ...query, metrics: ['redis_operations_per_second'] }, now))
    const everyMetric = median(() =>
      ranges.range(
        {
          ...query,
          metrics: [
            'db_pool_utilization',
            'redis_memory_usage',
            'system_cpu_percent',
            'http_errors_per_minute',
          ],
        },
        now,
      ),
    )
    const hour = median(() =>
      ranges.range({ ...query, from: now - HOUR_MS, metrics: ['redis_operations_per_second'] }, now),
    )
    const full = median(() =>
      ranges.range({ ...query, points: 2_000, metrics: ['redis_operations_per_second'] }, now),
    )

    upkeep.turn({ now: now + 2 * HOUR_MS, budgetMs: 60_000, monotonic: () => performance.now() })
    const bytes = archive.read((database) => {
      const row = database
        .prepare(
          'SELECT sum(length(blob)) AS all_of_it, sum(iif(grain = 0, length(blob), 0)) AS raw FROM chunks',
        )
        .get()
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return { all: Number(row?.all_of_it), raw: Number(row?.raw) }
    })
    const share = (100 * 100 * (sealingMs / 24)) / HOUR_MS
    const perSample = bytes.raw / samples
    const withRollups = bytes.all / samples
    return [
      {
        name: 'history: bytes per sample after a day, sealed observations',
        budget: '≤ 2 [1]',
        value: perSample.toFixed(2),
        ok: perSample <= 2,
      },
      {
        name: 'history: bytes per sample with minutes and hours',
        budget: '≤ 2 [1]',
        value: withRollups.toFixed(2),
        ok: withRollups <= 2,
      },
      line('history: 24 h of one metric, 300 points', 50, oneMetric, ' [10]'),
      line('history: 24 h of the four fleet metrics, 300 points', 50, everyMetric),
      line('history: 24 h of one metric from raw, 2000 points', 50, full),
      line('history: the last hour of one metric', 50, hour, ' [10]'),
      {
        name: 'history: share of a core that sealing 100 deployments takes',
        budget: '≤ 1 %',
        value: `${share.toFixed(2)} %`,
        ok: share <= 1,
      },
    ]
  } finally {
    archive.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

const days = new Map<string, Observation[]>()
function dayOf(probe: (typeof PROBE_IDS)[number]): Observation[] {
  let day = days.get(probe)
  if (day === undefined) {
    day = [...syntheticDay('shop', probe, START)]
    days.set(probe, day)
  }
  return day
}

/** What 500 deployments see in 20 s, as fast as the history takes it. */
async function intake(): Promise<BenchLine[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-bench-'))
  const history = await createHistory({
    dataDirectory: directory,
    worker: WORKER,
    clock: systemClock,
    retention: DEFAULT_RETENTION,
    log: silentLog,
  })
  try {
    const now = Date.now()
    const perDeployment = PROBE_IDS.flatMap((probe) => [
      ...syntheticDay('any', probe, now - 20_000, 20_000),
    ]).sort((a, b) => a.at - b.at)
    let count = 0
    const begun = performance.now()
    for (const observation of perDeployment) {
      for (let deployment = 0; deployment < 500; deployment++) {
        history.append({ ...observation, deployment: `deployment-${deployment}` })
        count += 1
        if (count % 5_000 === 0) await history.flush()
      }
    }
    await history.flush()
    const perSecond = count / ((performance.now() - begun) / 1_000)
    const needed = Math.round(
      500 * PROBE_IDS.reduce((sum, probe) => sum + 1_000 / PROBE_INTERVAL_MS[probe], 0),
    )
    return [
      {
        name: `history: observations taken in per second (500 deployments make ${needed})`,
        budget: `≥ ${needed}`,
        value: perSecond.toFixed(0),
        ok: perSecond >= needed,
      },
    ]
  } finally {
    await history.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

function line(name: string, budgetMs: number, ms: number, stretch = ''): BenchLine {
  return { name, budget: `≤ ${budgetMs}${stretch} ms`, value: `${ms.toFixed(1)} ms`, ok: ms <= budgetMs }
}

function median(work: () => unknown): number {
  const times = Array.from({ length: 21 }, () => {
    const begun = performance.now()
    work()
    return performance.now() - begun
  })
  return times.sort((a, b) => a - b)[10] ?? 0
}
