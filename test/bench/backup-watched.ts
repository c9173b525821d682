/**
 * A real console that backs up what it watches, a small database and a large one: what the console takes of memory at its peak, and how long its looks take
 * meanwhile. `VAKHTA_BENCH_LARGE_MEBIBYTES` sets how large the large one is.
 */
import { setTimeout as pass } from 'node:timers/promises'
import { startPostgres } from '../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { fill } from './backup-filling.ts'
import { type ConsoleProcess, startConsole } from './console-process.ts'
import type { BenchLine } from './line.ts'
import { startService } from './targets.ts'

const SMALL_MEBIBYTES = 100
const LARGE_MEBIBYTES = Number(process.env.VAKHTA_BENCH_LARGE_MEBIBYTES ?? 5_120)
const SETTLE_MS = 20_000
const IDLE_MS = 30_000
const SAMPLE_EVERY_MS = 250
/** More than this between the two is a leak: what streams takes as much for 5 GB as for 100 MB. */
const MOST_MORE_MEBIBYTES = 64
const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'interrupted'])

export async function benchBackupWatched(): Promise<BenchLine[]> {
  const small = await backedUp(SMALL_MEBIBYTES)
  const large = await backedUp(LARGE_MEBIBYTES)
  const more = large.peakMebibytes - small.peakMebibytes
  const looks = (probe: 'pool' | 'health'): BenchLine => ({
    name: `  a look at ${probe} meanwhile, p95`,
    budget: 'a line of its own',
    value: `${percentile(large.busy[probe], 0.95).toFixed(1)} ms`,
    ok: true,
    peer: `idle ${percentile(large.idle[probe], 0.95).toFixed(1)} ms`,
  })
  return [
    {
      name: `backup by a console: memory at its peak, ${SMALL_MEBIBYTES} and ${LARGE_MEBIBYTES} MiB`,
      budget: `≤ ${MOST_MORE_MEBIBYTES} MiB apart`,
      value: `${small.peakMebibytes.toFixed(0)} and ${large.peakMebibytes.toFixed(0)} MiB (before: ${large.beforeMebibytes.toFixed(0)}), in ${(large.ms / 1_000).toFixed(0)} s`,
      ok: more <= MOST_MORE_MEBIBYTES,
    },
    looks('pool'),
    looks('health'),
  ]
}

interface Looks {
  readonly pool: number[]
  readonly health: number[]
}

async function backedUp(mebibytes: number) {
  const [postgres, service] = await Promise.all([startPostgres(), startService()])
  const kept = createTemporaryDirectory('bench-kept')
  const console = await startConsole()
  try {
    await fill(postgres, mebibytes)
    await console.ask('PUT', '/api/v1/secrets/shop', { value: postgres.password })
    const profile = {
      name: 'shop',
      environment: 'staging',
      services: [{ name: 'api', url: service.url }],
      postgres: { url: `postgresql://postgres@127.0.0.1:${postgres.port}/postgres`, password: 'secret:shop' },
      backups: { store: { kind: 'local', directory: kept.path } },
    }
    await console.ask('PUT', '/api/v1/deployments', { profile })
    await pass(SETTLE_MS)
    const idle: Looks = { pool: [], health: [] }
    for (const until = Date.now() + IDLE_MS; Date.now() < until; await pass(SAMPLE_EVERY_MS))
      await look(console, idle)
    const busy: Looks = { pool: [], health: [] }
    const beforeMebibytes = console.usage().residentMiB
    let peakMebibytes = beforeMebibytes
    const startedAt = performance.now()
    const { id } = (await console.ask('POST', '/api/v1/operations', {
      kind: 'backup',
      deployment: 'shop',
    })) as { id: string }
    for (;;) {
      await look(console, busy)
      peakMebibytes = Math.max(peakMebibytes, console.usage().residentMiB)
      const { state } = (await console.ask('GET', `/api/v1/operations/${id}`)) as { state: string }
      if (state === 'succeeded') break
      if (ENDED.has(state)) throw new Error(`the backup ended: ${state}`)
      await pass(SAMPLE_EVERY_MS)
    }
    return { idle, busy, beforeMebibytes, peakMebibytes, ms: performance.now() - startedAt }
  } finally {
    await console.stop()
    await Promise.all([service.stop(), postgres.stop(), kept.remove()])
  }
}

/** How long the last looks took, as the console tells it. */
async function look(console: ConsoleProcess, into: Looks): Promise<void> {
  const { costs } = (await console.ask('GET', '/api/v1/deployments/shop')) as {
    costs: { probe: string; ms: number }[]
  }
  for (const { probe, ms } of costs) if (probe === 'pool' || probe === 'health') into[probe].push(ms)
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length * share)] ?? Number.NaN
}
