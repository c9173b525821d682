/** Backups in the directory format: dumped by several sessions at once, kept as one file that the standard tools restore, and nothing left where it was staged. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { mountSmallDisk } from '../../../demo/servers/small-disk.ts'
import type { MakeJob } from '../../../src/main/engine/backups/worker/messages.ts'
import { Cancelled } from '../../../src/main/engine/backups/worker/told.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { mountFreezableDisk, whyNoFreezing } from '../../support/frozen-disk.ts'
import { until } from '../../support/until.ts'
import { age, type BackupKit, client, createBackupKit, untilItEnds } from './backup-kit.ts'
import { contentsOf } from './contents.ts'
import { countsOf, everything } from './everything.ts'

const cannotFreeze = await whyNoFreezing()
if (cannotFreeze !== null)
  console.warn(`The test of a disk that stops answering is skipped: ${cannotFreeze}.`)

const STRANGE = `Лавка "Ёж" = 'x\\y' /?`
const JOBS = 3

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const { rows: ROWS } = countsOf()

let server: PostgresServer
let kit: BackupKit
let stage: string
let locker: Client | null = null
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  // The server of a drill runs as somebody else, who has to come in there.
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'vd-'))
  chmodSync(process.env.TMPDIR, 0o755)
  stage = join(kit.home, 'stage')
  mkdirSync(stage)
  for (const database of [STRANGE, 'empty', 'shop'])
    await server.query(`CREATE DATABASE "${database.replaceAll('"', '""')}"`)
  await server.query(everything(), { database: STRANGE })
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS note FROM generate_series(1, 60000) g;
     CREATE TABLE other (id int);
     -- Long enough to be met in its middle.
     CREATE TABLE large AS SELECT g AS id, md5(g::text) || md5((g * 7)::text) AS note FROM generate_series(1, 400000) g`,
    { database: 'shop' },
  )
})
afterAll(async () => {
  rmSync(tmpdir(), { recursive: true })
  await kit.close()
  await server.stop()
})
afterEach(async () => {
  await locker?.end()
  locker = null
  await until(async () => (await sessions()).length === 0, { what: 'the end of our sessions' })
  expect(programs()).toEqual([])
  expect([...readdirSync(stage), ...readdirSync(tmpdir())]).toEqual([])
})

const make = (database: string, changes: Partial<MakeJob> = {}) =>
  kit.make(server, database, { staging: { directory: stage, jobs: JOBS }, ...changes })

const sessions = (): Promise<Record<string, unknown>[]> =>
  server.query(
    `SELECT pid, wait_event_type AS waits, query FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup%'`,
  )

/** The programs that run for us. */
const programs = (): number[] =>
  descendantsOf(process.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('pg_dump')
    } catch {
      return false
    }
  })

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { failure?: unknown }).failure ?? error,
  )

/** Its first process, and one of those that it started: rows are under way. */
const untilItDumps = () =>
  until(
    async () => {
      const [leader, ...workers] = programs()
      const copies = (await sessions()).some(({ query }) => /COPY .*large/.test(String(query)))
      return leader !== undefined && workers[0] !== undefined && copies && { leader, worker: workers[0] }
    },
    { what: 'sessions that dump', timeoutMs: 60_000 },
  )

it('everything a database has comes back by hand with age, tar and pg_restore', async () => {
  const manifest = await make(STRANGE)
  const [part] = manifest.parts
  expect(part).toMatchObject({ file: 'database-1.tar.age', directory: { jobs: JOBS }, content: 'database' })
  const home = join(kit.home, 'by-hand')
  mkdirSync(home)
  writeFileSync(join(kit.home, 'key.txt'), `${await kit.keys.drillIdentity()}\n`, { mode: 0o600 })
  execFileSync(
    'sh',
    [
      '-c',
      '"$1" -d -i "$2" "$3" | tar x',
      'sh',
      age,
      join(kit.home, 'key.txt'),
      join(kit.directory, manifest.id, part?.file ?? ''),
    ],
    {
      cwd: home,
    },
  )
  expect(readdirSync(home)).toEqual(['database-1'])
  expect(statSync(join(home, 'database-1')).mode & 0o777).toBe(0o700)
  await server.query('CREATE DATABASE by_hand TEMPLATE template0')
  execFileSync(
    client('pg_restore'),
    ['-Fd', '-j', '2', '--exit-on-error', '--no-password', '-d', 'by_hand', join(home, 'database-1')],
    {
      env: {
        ...{ PGHOST: '127.0.0.1', PGPORT: String(server.port), PGUSER: 'postgres' },
        PGPASSWORD: server.password,
      },
    },
  )
  expect(await contentsOf(server, 'by_hand')).toEqual(await contentsOf(server, STRANGE))
})

it('is read back, and proven by a drill that restores by several sessions', async () => {
  const manifest = await make(STRANGE)
  expect(await kit.verify(manifest)).toEqual({ isManifestWhole: true })
  const drilled = await kit.runJob(
    {
      ...{ kind: 'drill', manifest, store: { kind: 'local', directory: kit.directory } },
      ...{ identity: await kit.keys.drillIdentity(), staging: { directory: stage, jobs: 2 } },
    },
    untilItEnds,
  )
  expect(drilled).toMatchObject({
    compared: { tables: manifest.parts[0]?.tables.length, rows: ROWS },
  })
})

it('a file that is missing in the archive, a byte that is another, and what is no archive are found', async () => {
  const manifest = await make('shop', {
    ...{ recipients: [], globals: false },
    selection: { schemas: [], tables: [{ schema: 'public', name: 'orders' }] },
  })
  const [part] = manifest.parts
  if (part === undefined) throw new TypeError('it has a database')
  const file = join(kit.directory, manifest.id, part.file)
  const whole = readFileSync(file)
  const verified = (bytes: Buffer, signed = manifest) => {
    writeFileSync(file, bytes)
    return failure(kit.verify(signed))
  }
  // As if it had been written so.
  const written = (bytes: Buffer) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return verified(bytes, { ...manifest, parts: [{ ...part, bytes: bytes.length, sha256 }] })
  }
  const flipped = Buffer.from(whole)
  flipped.writeUInt8(flipped.readUInt8(20_000) ^ 1, 20_000)
  expect(await verified(flipped)).toMatchObject({ code: 'file-altered' })
  const rows = /database-1\/\d+\.dat(?:\.\w+)?/.exec(
    execFileSync('tar', ['tf', '-'], { input: whole, encoding: 'utf8' }),
  )?.[0]
  const without = execFileSync('tar', ['--delete', '-f', '-', rows ?? ''], { input: whole })
  expect(await written(without)).toMatchObject({
    code: 'contents-missing',
    params: { missing: 1, tables: 1 },
  })
  expect(await written(Buffer.alloc(2_048, 'x'))).toMatchObject({ code: 'contents-unreadable' })
  expect(await written(whole.subarray(0, whole.length - 40_000))).toMatchObject({
    code: 'contents-unreadable',
  })
  writeFileSync(file, whole)
  expect(await kit.verify(manifest)).toEqual({ isManifestWhole: true })
})

it('a large object that is missing in the archive, or the list of them, is found', async () => {
  const manifest = await make(STRANGE, { recipients: [], globals: false })
  const [part] = manifest.parts
  if (part === undefined) throw new TypeError('it has a database')
  const file = join(kit.directory, manifest.id, part.file)
  const whole = readFileSync(file)
  const names = execFileSync('tar', ['tf', '-'], { input: whole, encoding: 'utf8' }).split('\n')
  const without = async (pattern: RegExp) => {
    const lost = names.find((name) => pattern.test(name)) ?? ''
    const bytes = execFileSync('tar', ['--delete', '-f', '-', lost], { input: whole })
    writeFileSync(file, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return failure(kit.verify({ ...manifest, parts: [{ ...part, bytes: bytes.length, sha256 }] }))
  }
  const missing = { code: 'objects-missing', params: { file: part.file, missing: 1 } }
  expect(await without(/blob_\d+\.dat/)).toEqual(missing)
  expect(await without(/blobs.*\.toc/)).toEqual(missing)
  writeFileSync(file, whole)
  expect(await kit.verify(manifest)).toEqual({ isManifestWhole: true })
})

it('an empty database, and chosen tables, are backups like any other', async () => {
  expect(await kit.verify(await make('empty'))).toEqual({ isManifestWhole: true })
  const selection = { schemas: [], tables: [{ schema: 'public', name: 'orders' }] }
  const manifest = await make('shop', { selection, recipients: [] })
  expect(manifest.parts[0]).toMatchObject({
    file: 'database-1.tar',
    tables: [{ name: 'orders', rows: 60_000 }],
  })
  await kit.verify(manifest)
})

it('keeps the server from cleaning up for no longer than it is dumped, and shows the password to nobody', async () => {
  const made = make('shop')
  const { leader, worker } = await untilItDumps()
  for (const pid of [leader, worker])
    for (const file of ['cmdline', 'environ'])
      expect(readFileSync(`/proc/${pid}/${file}`, 'utf8')).not.toContain(server.password)
  const [name = ''] = readdirSync(stage)
  expect(name).toMatch(/^vakhta-stage-/)
  expect(statSync(join(stage, name)).mode & 0o777).toBe(0o700)
  const [part] = (await made).parts
  expect(part?.heldMs).toBeLessThan(part?.tookMs ?? 0)
})

it('cancelling ends the program with its sessions, and what was staged is gone', async () => {
  const ending = new AbortController()
  const job = kit.job(server, 'shop', { staging: { directory: stage, jobs: JOBS } })
  const made = failure(kit.runJob(job, { signal: ending.signal, onProgress() {} }))
  await untilItDumps()
  ending.abort()
  expect(await made).toBeInstanceOf(Cancelled)
  expect(await kit.store.list()).not.toContain(job.id)
})

it('a program that is killed is told as that, and takes those along that it started', async () => {
  const kept = readdirSync(kit.directory)
  const made = failure(make('shop'))
  process.kill((await untilItDumps()).leader, 'SIGKILL')
  expect(await made).toMatchObject({ code: 'tool-killed', params: { program: 'pg_dump', signal: 'SIGKILL' } })
  expect(readdirSync(kit.directory)).toEqual(kept)
})

it('one of its processes that is killed ends it', async () => {
  const kept = readdirSync(kit.directory)
  const made = failure(make('shop'))
  process.kill((await untilItDumps()).worker, 'SIGKILL')
  expect(await made).toMatchObject({
    code: 'tool-failed',
    params: { program: 'pg_dump', words: expect.stringContaining('worker process died') },
  })
  expect(readdirSync(kit.directory)).toEqual(kept)
})

it('a table that stays locked ends it, by name', async () => {
  locker = await server.connect('shop')
  await locker.query('BEGIN; LOCK TABLE other IN ACCESS EXCLUSIVE MODE')
  expect(await failure(make('shop', { lockWaitMs: 400 }))).toMatchObject({
    code: 'lock-timeout',
    params: { table: 'public.other' },
  })
})

it('what cannot be staged anywhere is told before anything is dumped', async () => {
  const file = join(kit.home, 'a-file')
  writeFileSync(file, '')
  expect(await failure(make('empty', { staging: { directory: file, jobs: 2 } }))).toMatchObject({
    code: 'staging-unwritable',
    params: { directory: file },
  })
})

it.skipIf(cannotMount !== null)(
  `a full disk is told where it is full, when it is dumped and when it is unpacked${cannotMount === null ? '' : ` (${cannotMount})`}`,
  async () => {
    const disk = mountSmallDisk(1024 * 1024)
    const staging = { directory: disk.directory, jobs: 2 }
    try {
      const kept = readdirSync(kit.directory)
      const selection = { schemas: [], tables: [{ schema: 'public', name: 'orders' }] }
      const full = { code: 'staging-full', params: { directory: disk.directory } }
      expect(await failure(make('shop', { staging, selection }))).toMatchObject(full)
      expect(readdirSync(disk.directory)).toEqual([])
      expect(readdirSync(kit.directory)).toEqual(kept)
      const manifest = await make('shop', { selection })
      const drill = kit.runJob(
        {
          ...{ kind: 'drill', manifest, store: { kind: 'local', directory: kit.directory } },
          ...{ identity: await kit.keys.drillIdentity(), staging },
        },
        untilItEnds,
      )
      expect(await failure(drill)).toMatchObject(full)
      expect(readdirSync(disk.directory)).toEqual([])
    } finally {
      disk.release()
    }
  },
)

it.skipIf(cannotMount !== null)(
  `what others live from is left to them where it is staged${cannotMount === null ? '' : ` (${cannotMount})`}`,
  async () => {
    const disk = mountSmallDisk(64 * 1_048_576)
    const staging = { directory: disk.directory, jobs: 2 }
    try {
      // It would have room enough.
      disk.fill(400 * 1024)
      expect(await failure(make('empty', { staging }))).toMatchObject({
        code: 'staging-full',
        params: { directory: disk.directory },
      })
      expect(readdirSync(disk.directory)).toEqual(['filler'])
      disk.makeRoom()
      await make('empty', { staging })
    } finally {
      disk.release()
    }
  },
)

it.skipIf(cannotFreeze !== null)(
  `a disk that stops answering where it is staged keeps neither the server nor the next backup elsewhere${cannotFreeze === null ? '' : ` (${cannotFreeze})`}`,
  async () => {
    const disk = mountFreezableDisk(256)
    const staging = { directory: disk.directory, jobs: 2 }
    const left = () => readdirSync(disk.directory).filter((name) => name.startsWith('vakhta-'))
    try {
      locker = await server.connect('shop')
      await locker.query('BEGIN; LOCK TABLE other IN ACCESS EXCLUSIVE MODE')
      const made = failure(make('shop', { staging, lockWaitMs: 60_000, mostHeldMs: 15_000 }))
      await until(
        async () =>
          (await sessions()).some(
            ({ waits, query }) => waits === 'Lock' && String(query).startsWith('LOCK TABLE'),
          ),
        { what: 'a program that waits', timeoutMs: 60_000 },
      )
      disk.freeze()
      await locker.query('ROLLBACK')
      expect(await made).toMatchObject({ code: 'staging-stuck', params: { directory: disk.directory } })
      expect(await sessions()).toEqual([])
      // No second thread waits for it; other directories are none the worse.
      expect(await failure(make('empty', { staging }))).toMatchObject({
        ...{ code: 'store-silent', params: { place: disk.directory } },
      })
      expect(await failure(make('empty'))).toBe('it succeeded')
      expect(left()).toHaveLength(1)
      disk.thaw()
      await until(() => left().length === 0, { what: 'what was staged to be removed', timeoutMs: 30_000 })
      await until(async () => (await failure(make('empty', { staging }))) === 'it succeeded', {
        what: 'a backup over the disk that answers again',
        timeoutMs: 30_000,
      })
    } finally {
      await disk.release()
    }
  },
)
