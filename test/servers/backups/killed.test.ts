/** A console that is killed while it makes a backup: its program and sessions end, and what it wrote is known for what it is. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { removeAbandoned } from '../../../src/main/engine/backups/temporary.ts'
import { until } from '../../support/until.ts'
import { createBackupKit } from './backup-kit.ts'

it('leaves no program, no session, and nothing that looks whole', async () => {
  const server = await startPostgres()
  const kit = await createBackupKit({ password: server.password })
  const passwordFile = join(kit.home, 'password')
  writeFileSync(passwordFile, server.password, { mode: 0o600 })
  const locker = await server.connect()
  try {
    await locker.query('CREATE TABLE orders (id int)')
    await locker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
    const script = join(import.meta.dirname, 'children/back-up.ts')
    const child = spawn(process.execPath, [script, String(server.port), passwordFile, kit.directory], {
      env: { ...process.env, TMPDIR: kit.home },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const sessions = () =>
      server.query(`SELECT query FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup%'`)
    await until(async () => (await sessions()).some(({ query }) => String(query).startsWith('LOCK TABLE')), {
      what: 'a program that waits',
      timeoutMs: 20_000,
    })
    const programs = descendantsOf(child.pid ?? 0)
    expect(programs.length).toBeGreaterThan(0)
    // It waits for its lock, and has the password still.
    expect(filesWith(kit.home, server.password)).toEqual([passwordFile])
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(filesWith(kit.home, server.password)).toEqual([passwordFile])
    expect(await kit.store.list()).toEqual([])
    expect(readdirSync(kit.directory)).toEqual([expect.stringMatching(/^\.killed,.+\.part$/)])
    // At once, whatever it waits for at the server, which it reached without us in between.
    await until(() => programs.every((pid) => !isRunning(pid)), { what: 'the end of its programs' })
    await locker.query('COMMIT')
    await until(async () => (await sessions()).length === 0, {
      what: 'the end of its sessions',
      timeoutMs: 25_000,
    })
    expect(await kit.store.clear()).toEqual({ cleared: ['killed'], stuck: [] })
    expect(readdirSync(kit.directory)).toEqual([])
  } finally {
    await locker.end()
    await kit.close()
    await server.stop()
  }
})

it('leaves nothing where it staged, but for what the next start removes', async () => {
  const server = await startPostgres()
  const kit = await createBackupKit({ password: server.password })
  const passwordFile = join(kit.home, 'password')
  const stage = join(kit.home, 'stage')
  writeFileSync(passwordFile, server.password, { mode: 0o600 })
  try {
    await server.query(
      // Long enough to be met in its middle.
      `CREATE TABLE orders AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS note FROM generate_series(1, 800000) g`,
    )
    const script = join(import.meta.dirname, 'children/back-up.ts')
    const args = [script, String(server.port), passwordFile, kit.directory, stage]
    const child = spawn(process.execPath, args, {
      env: { ...process.env, TMPDIR: kit.home },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const sessions = () =>
      server.query(`SELECT query FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup%'`)
    await until(async () => (await sessions()).some(({ query }) => /^COPY .*orders/.test(String(query))), {
      what: 'a session that dumps',
      timeoutMs: 60_000,
    })
    const programs = descendantsOf(child.pid ?? 0)
    // The one that was started, and its two.
    expect(programs.length).toBeGreaterThanOrEqual(3)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await until(() => programs.every((pid) => !isRunning(pid)), {
      what: 'the end of its programs',
      timeoutMs: 25_000,
    })
    await until(async () => (await sessions()).length === 0, {
      what: 'the end of its sessions',
      timeoutMs: 25_000,
    })
    expect(await kit.store.list()).toEqual([])
    expect(filesWith(kit.home, server.password)).toEqual([passwordFile])
    const [left = ''] = readdirSync(stage)
    expect(left).toMatch(/^vakhta-stage-/)
    expect((await removeAbandoned([stage])).removed).toContain(join(stage, left))
    expect(readdirSync(stage)).toEqual([])
  } finally {
    await kit.close()
    await server.stop()
  }
}, 180_000)

/** Files in a directory that a secret can be read in. */
function filesWith(directory: string, secret: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(secret))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
