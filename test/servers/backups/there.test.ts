/** Backups whose programs run at the end of the SSH chain, by a real sshd: what comes out, what others see meanwhile, and what is left however it ends. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { BackupError } from '../../../src/main/engine/backups/backup-error.ts'
import { WHEREVER } from '../../../src/main/engine/backups/postgres/place.ts'
import type { Tools } from '../../../src/main/engine/backups/postgres/tools.ts'
import type { MakeJob, VerifyJob } from '../../../src/main/engine/backups/worker/messages.ts'
import { verify } from '../../../src/main/engine/backups/worker/verify.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { Ssh } from '../../../src/shared/model/profile/ssh.ts'
import { startCuttingRelay } from '../../support/cutting-relay.ts'
import { until } from '../../support/until.ts'
import { hopOf } from '../engine/engine-kit.ts'
import { askOf, type BackupKit, client, createBackupKit, untilItEnds } from './backup-kit.ts'
import { contentsOf } from './contents.ts'
import { everything } from './everything.ts'
import { NEVER, startBackedUp } from './operation-kit.ts'

const PASSWORD = `it's "a\\b:c" $HOME`
const STRANGE = `Лавка "Ёж" = 'x\\y' /?`

let server: PostgresServer
let bastion: SshServer
let kit: BackupKit
beforeAll(async () => {
  ;[server, bastion] = await Promise.all([
    startPostgres(),
    startSshd({
      configure: async ({ directory }) => ({
        SetEnv: `HOME=${directory} TMPDIR=${directory}`,
        // A login that greets, as start-up files of some do.
        ForceCommand: `echo 'Welcome to the bastion'; eval "$SSH_ORIGINAL_COMMAND"`,
      }),
    }),
  ])
  await server.query(`CREATE ROLE backup SUPERUSER LOGIN PASSWORD '${PASSWORD.replaceAll("'", "''")}'`)
  kit = await createBackupKit({ password: PASSWORD })
  await kit.vault.set('postgres', PASSWORD)
  await server.query(`CREATE DATABASE "${STRANGE.replaceAll('"', '""')}"`)
  await server.query(everything(), { database: STRANGE })
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, md5(g::text) AS note FROM generate_series(1, 200000) g`,
  )
})
afterAll(async () => {
  await kit.close()
  await bastion.stop()
  await server.stop()
})

const through = (port = bastion.port): Partial<MakeJob> => ({
  ssh: Ssh.parse({
    hops: [{ host: '127.0.0.1', port, user: bastion.user, key: `file:${bastion.clientKeyPath}` }],
  }),
  wish: { run: 'host', container: null },
  postgres: {
    ...kit.job(server, STRANGE).postgres,
    url: `postgresql://backup@127.0.0.1:${server.port}/postgres`,
  },
})
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { failure?: unknown }).failure ?? error,
  )
const left = () => readdirSync(bastion.directory).filter((name) => name.startsWith('vakhta-'))
/** Programs that run with these words in their arguments. */
const running = (words: string) =>
  processes().filter(({ pid }) => read(pid, 'cmdline').includes(words) && pid !== process.pid)
const processes = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name) }))
const read = (pid: number, what: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}

async function whileLocked(
  work: (made: Promise<unknown>, id: string, ending: AbortController) => Promise<void>,
  port?: number,
) {
  const locker = await server.connect()
  await locker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
  const ending = new AbortController()
  const job = kit.job(server, 'postgres', { ...through(port), lockWaitMs: 60_000 })
  const made = failure(kit.runJob(job, { ...untilItEnds, signal: ending.signal }))
  try {
    await until(
      async () => (await sessions(job.id)).some(({ query }) => String(query).startsWith('LOCK TABLE')),
      { what: 'a program that waits' },
    )
    await work(made, job.id, ending)
  } finally {
    await locker.end()
  }
}
const sessions = (id: string) =>
  server.query(
    `SELECT query FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup ${id.slice(0, 30)}%'`,
  )
async function nothingIsLeft(id: string) {
  await until(
    () =>
      running(id.slice(0, 20)).length +
        running('pg_dump').filter(({ pid }) => read(pid, 'environ').includes(id.slice(0, 20))).length ===
      0,
    { what: 'the end of its programs', timeoutMs: 20_000 },
  )
  await until(() => left().length === 0, { what: 'the end of its files' })
  await until(async () => (await sessions(id)).length === 0, {
    what: 'the end of its sessions',
    timeoutMs: 25_000,
  })
}

it('is what it is with the programs of this machine, whatever names need quoting and whatever a login prints', async () => {
  await failure(kit.make(server, STRANGE, through()))
  await kit.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
  const manifest = await kit.make(server, STRANGE, through())
  expect(manifest.parts.map(({ tool }) => tool)).toMatchObject([
    { program: 'pg_dump', on: 'host' },
    { program: 'pg_dumpall', on: 'host' },
  ])
  await kit.verify(manifest)
  const before = await contentsOf(server, STRANGE)
  await server.query('CREATE DATABASE again TEMPLATE template0')
  execFileSync(client('pg_restore'), ['--exit-on-error', '--no-password', '-d', 'again'], {
    input: await kit.plain(manifest, manifest.parts[0]?.file ?? ''),
    env: {
      PGHOST: '127.0.0.1',
      PGPORT: String(server.port),
      PGUSER: 'postgres',
      PGPASSWORD: server.password,
    },
  })
  expect(await contentsOf(server, 'again')).toEqual(before)
  expect(left()).toEqual([])
})

it('nobody else sees the password, which is gone when it has logged in', async () => {
  await whileLocked(async (made, id, ending) => {
    const others = processes().filter(({ pid }) => pid !== process.pid)
    const seen = others.filter(({ pid }) =>
      `${read(pid, 'cmdline')}${read(pid, 'environ')}`.includes(PASSWORD),
    )
    expect(seen).toEqual([])
    const [directory = ''] = left()
    expect(statSync(join(bastion.directory, directory)).mode & 0o777).toBe(0o700)
    expect(statSync(join(bastion.directory, directory, 'password')).mode & 0o777).toBe(0o600)
    ending.abort(new Error('enough'))
    await made
    await nothingIsLeft(id)
  })
})

it('runs there by itself, and yields to what the machine is there for', async () => {
  const manifest = await kit.make(server, 'postgres', { ...through(), wish: WHEREVER })
  expect(manifest.parts.map(({ tool }) => tool.on)).toEqual(['host', 'host'])
  await whileLocked(async (made, id, ending) => {
    const [program] = running('--lock-wait-timeout').map(({ pid }) => read(pid, 'stat'))
    // The 19th field of `proc_pid_stat(5)`, behind a name in parentheses.
    expect(Number(program?.split(') ').at(-1)?.split(' ')[16])).toBe(Math.min(19, getPriority() + 10))
    ending.abort(new Error('enough'))
    await made
    await nothingIsLeft(id)
  })
})

it('cancelled, its program there ends', async () => {
  await whileLocked(async (made, id, ending) => {
    ending.abort(new Error('enough'))
    expect(await made).toMatchObject({ name: 'Cancelled' })
    await nothingIsLeft(id)
  })
})

it('with its way cut, its program there ends, and the way is told as what failed', async () => {
  const relay = await startCuttingRelay(bastion.port)
  await failure(kit.make(server, 'postgres', through(relay.port)))
  await kit.hostKeys.accept(`127.0.0.1:${relay.port}`, bastion.hostFingerprint)
  await whileLocked(async (made, id) => {
    await relay.stop()
    expect(await made).toMatchObject({ code: expect.stringMatching(/^(ssh|postgres)-/) })
    await nothingIsLeft(id)
  }, relay.port)
  expect(readdirSync(kit.directory).filter((name) => name.endsWith('.part'))).toEqual([])
})

it.each([
  ['host', 'backup-runs-there-wanted'],
  ['auto', 'backup-runs-there-nearer'],
] as const)(
  'is previewed with where it runs and why, and run so by a console (%s)',
  {
    timeout: 120_000,
  },
  async (run, why) => {
    const knownHosts = join(kit.home, 'known_hosts')
    writeFileSync(knownHosts, `${bastion.knownHostsLine}\n`)
    const console = await startBackedUp(server, {
      changes: { ssh: { hops: [hopOf(bastion)], knownHosts } },
      wanted: { run },
    })
    expect(await console.preview('backup')).toEqual({
      refusals: [],
      warnings: ['store-made-anew', 'no-recovery-key'],
      changes: [
        ...['writes-backup', 'backup-streams', 'backup-tool-host', why],
        ...['backup-compressed', 'holds-cleanup'],
      ],
    })
    expect(await console.run('backup')).toMatchObject({ state: 'succeeded', target: 'unchanged' })
    expect(left()).toEqual([])
  },
)

it('is read back there, where this machine has no pg_restore that fits', async () => {
  const manifest = await kit.make(server, STRANGE, through())
  const { ssh } = through()
  if (ssh == null) throw new TypeError('it is reached through SSH')
  const wish = { run: 'auto', container: null } as const
  const address = { host: '127.0.0.1', port: server.port }
  const nothingHere: Tools = {
    all: async () => [],
    fitting: async (program, major) => {
      throw new BackupError('tool-missing', { program, major })
    },
  }
  const readBack = async (job: VerifyJob) =>
    failure(
      verify(
        {
          ...{
            store: kit.store,
            tools: nothingHere,
            identity: job.identity,
            signal: NEVER,
            onBytes: () => {},
          },
          ...{ ask: askOf(kit), clock: systemClock },
        },
        job,
      ),
    )
  const job: VerifyJob = {
    ...{ kind: 'verify', manifest, store: { kind: 'local', directory: kit.directory } },
    identity: await kit.keys.drillIdentity(),
  }
  expect(await readBack(job)).toMatchObject({ code: 'tool-missing' })
  const elsewhere = { ssh, wish, server: address }
  expect(await readBack({ ...job, elsewhere })).toBe('it succeeded')
  // It would not do, either, for what another pg_dump has left out.
  const [part, ...parts] = manifest.parts
  if (part === undefined) throw new TypeError('there is one')
  const more = { ...part, tables: [...part.tables, { schema: 'public', name: 'not there', rows: 1 }] }
  const claims = { ...manifest, parts: [more, ...parts] }
  expect(await readBack({ ...job, manifest: claims, elsewhere })).toMatchObject({ code: 'contents-missing' })
  expect(left()).toEqual([])
})
