/**
 * A backup beside plain `pg_dump` with the same settings, in turns: directly and through SSH, then encrypted; what it takes of memory, and how long a question
 * of the watch takes meanwhile. `VAKHTA_BENCH_MEBIBYTES` sets how large the database is.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../demo/servers/free-port.ts'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../demo/servers/sshd.ts'
import type { MakeJob } from '../../src/main/engine/backups/worker/messages.ts'
import { Ssh } from '../../src/shared/model/profile/ssh.ts'
import { type BackupKit, client, createBackupKit } from '../servers/backups/backup-kit.ts'
import { until } from '../support/until.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'
import { startPeer } from './tunnel.ts'

const ROUNDS = 3
const MEBIBYTES = Number(process.env.VAKHTA_BENCH_MEBIBYTES ?? 1_024)
const ASK_EVERY_MS = 20
const SAMPLE_EVERY_MS = 50
/** Of the budget for wall time, unencrypted. */
const MOST_TIMES = 1.1
/** It streams: more than some buffers, and a thread, is a leak. */
const MOST_MEBIBYTES = 128

export async function benchBackup(): Promise<BenchLine[]> {
  const [server, sshd] = await Promise.all([startPostgres(), startSshd()])
  const kit = await createBackupKit({ password: server.password })
  try {
    await fill(server)
    await kit.hostKeys.accept(`127.0.0.1:${sshd.port}`, sshd.hostFingerprint)
    return await measure(server, sshd, kit)
  } finally {
    await kit.close()
    await sshd.stop()
    await server.stop()
  }
}

/** Rows as applications have them: numbers, short texts, some of it repeated. */
async function fill(server: PostgresServer): Promise<void> {
  for (let table = 1; table <= 4; table += 1) {
    await server.query(
      `CREATE TABLE orders_${table} AS SELECT g AS id, md5(g::text) AS token, repeat(md5((g % 1000)::text), 3) AS note, now() AS at
         FROM generate_series(1, ${Math.round((MEBIBYTES * 1_048_576) / 4 / 208)}) g`,
    )
  }
  await server.query('VACUUM ANALYZE')
}

async function measure(server: PostgresServer, sshd: SshServer, kit: BackupKit): Promise<BenchLine[]> {
  const ssh = Ssh.parse({
    hops: [{ host: '127.0.0.1', port: sshd.port, user: sshd.user, key: `file:${sshd.clientKeyPath}` }],
  })
  const knownHosts = join(kit.home, 'known_hosts')
  await writeFile(knownHosts, `${sshd.knownHostsLine}\n`)
  const peerPort = await freePort()
  const tunnel = startPeer(sshd, knownHosts, peerPort, server.port)
  const passwords = join(kit.home, 'pgpass')
  await writeFile(passwords, `*:*:*:*:${server.password}\n`, { mode: 0o600 })
  try {
    const ours = (changes: Partial<MakeJob>) => () => make(server, kit, changes)
    const theirs = (port: number) => () => dump(port, kit, passwords)
    await until(async () => (await dump(peerPort, kit, passwords, ['--schema-only'])) > 0, {
      what: 'the peer’s tunnel',
    })
    const idle = await whileAsking(server, () => new Promise((resolve) => setTimeout(resolve, 3_000)))
    const direct = await inTurns(ours({ recipients: [] }), theirs(server.port))
    const through = await inTurns(ours({ recipients: [], ssh }), theirs(peerPort))
    const recipients = await kit.keys.recipients()
    const before = process.memoryUsage().rss
    const sampled = sampleMemory()
    const busy = await whileAsking(server, ours({ recipients }))
    const grown = Math.max(0, sampled.stop() - before) / 1_048_576
    const plainMebibytes = busy.result.plainBytes / 1_048_576
    return [
      ratio(`backup of ${MEBIBYTES} MiB, not encrypted`, direct),
      ratio('  through SSH, peer through ssh -L', through),
      {
        name: '  encrypted for two keys',
        budget: 'a line of its own',
        value: `${(busy.result.ms / 1_000).toFixed(1)} s, ${((MEBIBYTES * 1_000) / busy.result.ms).toFixed(0)} MiB/s of the database, ${((plainMebibytes * 1_000) / busy.result.ms).toFixed(0)} MiB/s of the dump`,
        ok: true,
      },
      {
        name: '  memory that it takes at its peak',
        budget: `≤ ${MOST_MEBIBYTES} MiB`,
        value: `${grown.toFixed(0)} MiB`,
        ok: grown <= MOST_MEBIBYTES,
      },
      {
        name: '  a question of the watch meanwhile, p99',
        budget: 'a line of its own',
        value: `${busy.p99.toFixed(1)} ms`,
        ok: true,
        peer: `idle ${idle.p99.toFixed(1)} ms`,
      },
    ]
  } finally {
    tunnel.kill()
  }
}

interface Made {
  readonly ms: number
  readonly plainBytes: number
}

async function make(server: PostgresServer, kit: BackupKit, changes: Partial<MakeJob>): Promise<Made> {
  const startedAt = performance.now()
  // Plain `pg_dump` takes no roles either.
  const { id, parts } = await kit.make(server, 'postgres', { globals: false, lockWaitMs: 60_000, ...changes })
  const ms = performance.now() - startedAt
  await kit.store.remove(id)
  return { ms, plainBytes: parts.reduce((sum, part) => sum + part.plainBytes, 0) }
}

/** @returns how long it took; 0: it failed */
async function dump(port: number, kit: BackupKit, passwords: string, more: string[] = []): Promise<number> {
  const file = join(kit.home, 'plain.dump')
  const startedAt = performance.now()
  const args = [
    '--format=custom',
    '--host=127.0.0.1',
    `--port=${port}`,
    '--username=postgres',
    '--no-password',
  ]
  const child = spawn(client('pg_dump'), [...args, `--file=${file}`, ...more, 'postgres'], {
    env: { PATH: process.env.PATH ?? '', PGPASSFILE: passwords },
    stdio: 'ignore',
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  const ms = performance.now() - startedAt
  await rm(file, { force: true })
  return code === 0 ? ms : 0
}

interface Turns {
  readonly ours: number
  readonly theirs: number
}

async function inTurns(ours: () => Promise<Made>, theirs: () => Promise<number>): Promise<Turns> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    times.theirs.push(await theirs())
    times.ours.push((await ours()).ms)
  }
  return { ours: median(times.ours), theirs: median(times.theirs) }
}

function ratio(name: string, { ours, theirs }: Turns): BenchLine {
  const times = ours / theirs
  return {
    name,
    budget: `≤ ${MOST_TIMES} × plain pg_dump`,
    value: `${(ours / 1_000).toFixed(1)} s, ${times.toFixed(2)} ×`,
    ok: times <= MOST_TIMES,
    peer: `${(theirs / 1_000).toFixed(1)} s`,
  }
}

/** How long a small question takes while something else is done. */
async function whileAsking<T>(
  server: PostgresServer,
  work: () => Promise<T>,
): Promise<{ result: T; p99: number }> {
  const session = await server.connect()
  const times: number[] = []
  let isDone = false
  const asking = (async () => {
    while (!isDone) {
      const startedAt = performance.now()
      await session.query('SELECT count(*) FROM pg_stat_activity')
      times.push(performance.now() - startedAt)
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
    }
  })()
  try {
    const result = await work()
    isDone = true
    await asking
    const sorted = times.toSorted((one, other) => one - other)
    return { result, p99: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN }
  } finally {
    isDone = true
    await session.end()
  }
}

/** The most that this process takes, threads included. */
function sampleMemory() {
  let peak = process.memoryUsage().rss
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, SAMPLE_EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}
