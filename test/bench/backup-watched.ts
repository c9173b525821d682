/**
 * A real console that backs up what it watches and restores it beside, a small database and a large one: what the console and its programs take of memory at their peak,
 * beside plain `pg_dump` and `pg_restore` of the large one, and how long its looks take meanwhile. `VAKHTA_BENCH_LARGE_MEBIBYTES` sets how large that is.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { descendantsOf } from '../../demo/servers/process-tree.ts'
import { postgresDirectories, requireProgram } from '../../demo/servers/programs.ts'
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
  const small = await measured(SMALL_MEBIBYTES, false)
  const large = await measured(LARGE_MEBIBYTES, true)
  const sizes = `${SMALL_MEBIBYTES} and ${LARGE_MEBIBYTES} MiB`
  const memory = (what: 'backup' | 'restore', program: string): BenchLine => {
    const [few, much] = [small[what], large[what]]
    const before = `before: ${much.beforeMebibytes.toFixed(0)}`
    return {
      name: `${what} by a console: memory at its peak, ${sizes}`,
      budget: `≤ ${MOST_MORE_MEBIBYTES} MiB apart`,
      value: `${few.peakMebibytes.toFixed(0)} and ${much.peakMebibytes.toFixed(0)} MiB (${before}), ${program} ${much.programMebibytes.toFixed(0)} MiB, in ${(much.ms / 1_000).toFixed(0)} s`,
      ok: much.peakMebibytes - few.peakMebibytes <= MOST_MORE_MEBIBYTES,
      peer: `${program} ${(large.plain?.[what] ?? Number.NaN).toFixed(0)} MiB`,
    }
  }
  const looks = (probe: 'pool' | 'health'): BenchLine => ({
    name: `  a look at ${probe} during the backup, p95`,
    budget: 'a line of its own',
    value: `${percentile(large.backup.looks[probe], 0.95).toFixed(1)} ms`,
    ok: true,
    peer: `idle ${percentile(large.idle[probe], 0.95).toFixed(1)} ms`,
  })
  return [memory('backup', 'pg_dump'), looks('pool'), looks('health'), memory('restore', 'pg_restore')]
}

interface Looks {
  readonly pool: number[]
  readonly health: number[]
}

async function measured(mebibytes: number, besidePlain: boolean) {
  const [postgres, service] = await Promise.all([startPostgres(), startService()])
  const kept = createTemporaryDirectory('bench-kept')
  const console = await startConsole()
  try {
    await postgres.query('CREATE DATABASE shop')
    await fill(postgres, mebibytes, 'shop')
    await console.ask('PUT', '/api/v1/secrets/shop', { value: postgres.password })
    const password = 'secret:shop'
    const profile = {
      name: 'shop',
      environment: 'staging',
      services: [{ name: 'api', url: service.url }],
      postgres: {
        url: `postgresql://postgres@127.0.0.1:${postgres.port}/shop`,
        ...{ password, operate: { user: 'postgres', password } },
      },
      backups: { store: { kind: 'local', directory: kept.path } },
    }
    await console.ask('PUT', '/api/v1/deployments', { profile })
    await pass(SETTLE_MS)
    const idle: Looks = { pool: [], health: [] }
    for (const until = Date.now() + IDLE_MS; Date.now() < until; await pass(SAMPLE_EVERY_MS))
      await look(console, idle)
    const backup = await operated(console, 'backup', {})
    const options = { mode: 'side-by-side', backup: backup.result.backup, swap: false }
    const restore = await operated(console, 'restore', options)
    return { idle, backup, restore, plain: besidePlain ? await plainly(postgres, kept.path) : null }
  } finally {
    await console.stop()
    await Promise.all([service.stop(), postgres.stop(), kept.remove()])
  }
}

/** What the console and the largest of its programs take until it has succeeded. */
async function operated(console: ConsoleProcess, kind: string, options: object) {
  const looks: Looks = { pool: [], health: [] }
  const beforeMebibytes = console.usage().residentMiB
  let [peakMebibytes, programMebibytes] = [beforeMebibytes, 0]
  const startedAt = performance.now()
  const asked = { kind, deployment: 'shop', options }
  const { id } = (await console.ask('POST', '/api/v1/operations', asked)) as { id: string }
  for (;;) {
    await look(console, looks)
    peakMebibytes = Math.max(peakMebibytes, console.usage().residentMiB)
    for (const pid of descendantsOf(console.pid)) programMebibytes = Math.max(programMebibytes, peakOf(pid))
    const one = (await console.ask('GET', `/api/v1/operations/${id}`)) as {
      state: string
      result: { backup?: string }
    }
    if (one.state === 'succeeded') {
      const ms = performance.now() - startedAt
      return { looks, beforeMebibytes, peakMebibytes, programMebibytes, ms, result: one.result }
    }
    if (ENDED.has(one.state)) throw new Error(`the ${kind} ended: ${one.state}`)
    await pass(SAMPLE_EVERY_MS)
  }
}

/** What plain `pg_dump` and `pg_restore` take at their peak, in MiB. */
async function plainly({ port, password, query }: PostgresServer, directory: string) {
  const file = join(directory, 'plain.dump')
  const at = ['--host=127.0.0.1', `--port=${port}`, '--username=postgres', '--no-password']
  await query('CREATE DATABASE plain')
  return {
    backup: await peakOfRun('pg_dump', ['--format=custom', `--file=${file}`, ...at, 'shop'], password),
    restore: await peakOfRun('pg_restore', ['--dbname=plain', ...at, file], password),
  }
}

async function peakOfRun(name: string, args: readonly string[], password: string): Promise<number> {
  const env = { PATH: process.env.PATH ?? '', PGPASSWORD: password }
  const child = spawn(requireProgram(name, postgresDirectories(15)), args, { env, stdio: 'ignore' })
  let peak = 0
  const sampling = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid ?? 0))
  }, SAMPLE_EVERY_MS)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearInterval(sampling)
  if (code !== 0) throw new Error(`${name} ended with ${code}`)
  return peak
}

/** In MiB; 0: it has ended. */
function peakOf(pid: number): number {
  try {
    const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(peak ?? 0) / 1_024
  } catch {
    return 0
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
