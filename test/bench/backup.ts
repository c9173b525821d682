/**
 * A backup and its restore beside plain `pg_dump` and `pg_restore` with the same settings, in turns: directly, through SSH (by the program there, as it is chosen, and by
 * the one here) and in the directory format, then encrypted.
 * `VAKHTA_BENCH_MEBIBYTES` sets how large the database is.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort } from '../../demo/servers/free-port.ts'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../demo/servers/sshd.ts'
import { HERE } from '../../src/main/engine/backups/postgres/place.ts'
import type { MakeJob, RestoreJob } from '../../src/main/engine/backups/worker/messages.ts'
import { Ssh } from '../../src/shared/model/profile/ssh.ts'
import { type BackupKit, client, createBackupKit, untilItEnds } from '../servers/backups/backup-kit.ts'
import { buildDesktop } from '../support/fake-electron/build-desktop.ts'
import { until } from '../support/until.ts'
import { fill } from './backup-filling.ts'
import type { BenchLine } from './line.ts'
import { median } from './median.ts'
import { startPeer } from './tunnel.ts'

const ROUNDS = 3
const MEBIBYTES = Number(process.env.VAKHTA_BENCH_MEBIBYTES ?? 1_024)
const JOBS = 2
/** Of the budget for wall time, unencrypted. */
const MOST_TIMES = 1.1

export async function benchBackup(): Promise<BenchLine[]> {
  // As it is shipped: from source a thread takes longer to begin.
  const worker = pathToFileURL(join(dirname(await buildDesktop('backups-under-bench')), 'backup-worker.js'))
  const [server, sshd] = await Promise.all([startPostgres(), startSshd()])
  const kit = await createBackupKit({ password: server.password, worker })
  try {
    await fill(server, MEBIBYTES)
    await kit.hostKeys.accept(`127.0.0.1:${sshd.port}`, sshd.hostFingerprint)
    return await measure(server, sshd, kit)
  } finally {
    await kit.close()
    await sshd.stop()
    await server.stop()
  }
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
    const direct = await inTurns(ours({ recipients: [] }), theirs(server.port))
    const through = await inTurns(ours({ recipients: [], ssh }), theirs(peerPort))
    const fromHere = await inTurns(ours({ recipients: [], ssh, wish: HERE }), theirs(peerPort))
    const staging = { directory: join(kit.home, 'stage'), jobs: JOBS }
    const directory = await inTurns(ours({ recipients: [], staging }), () =>
      dumpDirectory(server.port, kit, passwords),
    )
    const restored = await restoring(server, kit, passwords, { ssh: null, port: server.port })
    const restoredThrough = await restoring(server, kit, passwords, { ssh, port: peerPort })
    const recipients = await kit.keys.recipients()
    const encrypted = await make(server, kit, { recipients })
    const plainMebibytes = encrypted.plainBytes / 1_048_576
    return [
      ratio(`backup of ${MEBIBYTES} MiB, not encrypted`, direct),
      ratio('  through SSH, peer through ssh -L', through),
      {
        ...ratio('  through SSH with `run: local`, peer through ssh -L', fromHere),
        // Where nothing there fits, or somebody wants it so.
        ...{ budget: 'a line of its own', ok: true },
      },
      ratio('  restored, not encrypted', restored, 'pg_restore'),
      ratio('  restored through SSH, peer through ssh -L', restoredThrough, 'pg_restore'),
      {
        ...ratio(`  in the directory format, by ${JOBS} sessions`, directory, `pg_dump -Fd -j ${JOBS}`),
        // It is packed besides, which the peer is not.
        ...{ budget: 'a line of its own', ok: true },
      },
      {
        name: '  encrypted for two keys',
        budget: 'a line of its own',
        value: `${(encrypted.ms / 1_000).toFixed(1)} s, ${((MEBIBYTES * 1_000) / encrypted.ms).toFixed(0)} MiB/s of the database, ${((plainMebibytes * 1_000) / encrypted.ms).toFixed(0)} MiB/s of the dump`,
        ok: true,
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

/**
 * Into a database that is made for it and dropped, in turns with `pg_restore` from a plain dump of the same.
 * @param ways ours, and the port at which the peer finds the server
 */
async function restoring(
  server: PostgresServer,
  kit: BackupKit,
  passwords: string,
  ways: { readonly ssh: Ssh | null; readonly port: number },
): Promise<Turns> {
  const file = join(kit.home, 'whole.dump')
  await dump(server.port, kit, passwords, [], file)
  const manifest = await kit.make(server, 'postgres', { globals: false, lockWaitMs: 60_000, recipients: [] })
  const { postgres } = kit.job(server, 'postgres')
  const intoNew = async (restore: () => Promise<unknown>) => {
    await server.query('CREATE DATABASE restored')
    await server.query('CHECKPOINT')
    const startedAt = performance.now()
    await restore()
    const ms = performance.now() - startedAt
    await server.query('DROP DATABASE restored')
    return ms
  }
  const place = { host: '127.0.0.1', port: server.port, major: 15 }
  const job: RestoreJob = {
    ...{ kind: 'restore', manifest, store: { kind: 'local', directory: kit.directory }, identity: '' },
    ...{ database: { from: 'postgres', into: 'restored' }, postgres, ssh: ways.ssh, server: place },
    ...{ name: 'vakhta bench', args: [] },
  }
  const args = ['--exit-on-error', '--dbname=restored', '--host=127.0.0.1', `--port=${ways.port}`]
  try {
    return await inTurns(
      async () => ({ ms: await intoNew(() => kit.runJob(job, untilItEnds)) }),
      async () =>
        intoNew(() =>
          run(client('pg_restore'), [...args, '--username=postgres', '--no-password', file], passwords),
        ),
    )
  } finally {
    await rm(file, { force: true })
    await kit.store.remove(manifest.id)
  }
}

/** @returns how long it took; 0: it failed */
async function dump(
  port: number,
  kit: BackupKit,
  passwords: string,
  more: string[] = [],
  kept?: string,
): Promise<number> {
  const file = kept ?? join(kit.home, 'plain.dump')
  const startedAt = performance.now()
  const args = [
    '--format=custom',
    '--host=127.0.0.1',
    `--port=${port}`,
    '--username=postgres',
    '--no-password',
  ]
  const isDone = await run(
    client('pg_dump'),
    [...args, `--file=${file}`, ...more, 'postgres'],
    passwords,
  ).then(
    () => true,
    () => false,
  )
  const ms = performance.now() - startedAt
  if (kept === undefined) await rm(file, { force: true })
  return isDone ? ms : 0
}

async function dumpDirectory(port: number, kit: BackupKit, passwords: string): Promise<number> {
  const directory = join(kit.home, 'plain.directory')
  const args = ['--format=directory', `--jobs=${JOBS}`, `--file=${directory}`, '--no-password']
  const startedAt = performance.now()
  await run(
    client('pg_dump'),
    [...args, '--host=127.0.0.1', `--port=${port}`, '--username=postgres', 'postgres'],
    passwords,
  )
  const ms = performance.now() - startedAt
  await rm(directory, { recursive: true })
  return ms
}

async function run(program: string, args: readonly string[], passwords: string): Promise<void> {
  const env = { PATH: process.env.PATH ?? '', PGPASSFILE: passwords }
  const child = spawn(program, args, { env, stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}

interface Turns {
  readonly ours: number
  readonly theirs: number
}

async function inTurns(
  ours: () => Promise<{ readonly ms: number }>,
  theirs: () => Promise<number>,
): Promise<Turns> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    times.theirs.push(await theirs())
    times.ours.push((await ours()).ms)
  }
  return { ours: median(times.ours), theirs: median(times.theirs) }
}

function ratio(name: string, { ours, theirs }: Turns, peer = 'pg_dump'): BenchLine {
  const times = ours / theirs
  return {
    name,
    budget: `≤ ${MOST_TIMES} × plain ${peer}`,
    value: `${(ours / 1_000).toFixed(1)} s, ${times.toFixed(2)} ×`,
    ok: times <= MOST_TIMES,
    peer: `${(theirs / 1_000).toFixed(1)} s`,
  }
}
