/** Programs where the way is encrypted, or `sslmode` tries both and `pg_hba.conf` admits one alone: they go as the server let our session in. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { HERE } from '../../../src/main/engine/backups/postgres/place.ts'
import type { MakeJob, RestoreJob } from '../../../src/main/engine/backups/worker/messages.ts'
import { Postgres } from '../../../src/shared/model/profile/postgres.ts'
import { Ssh } from '../../../src/shared/model/profile/ssh.ts'
import { type BackupKit, createBackupKit, untilItEnds } from './backup-kit.ts'

// Each is threads and programs that begin.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const ADMITTED = {
  'with TLS alone, where clear is tried first': { sslmode: 'allow', rule: 'hostnossl', isEncrypted: true },
  'without TLS alone, where TLS is tried first': { sslmode: 'prefer', rule: 'hostssl', isEncrypted: false },
  'both ways, where TLS is tried first': { sslmode: 'prefer', rule: null, isEncrypted: true },
} as const
const ROWS = 2_000

let server: PostgresServer
let bastion: SshServer
let kit: BackupKit
let root: string
beforeAll(async () => {
  ;[server, bastion] = await Promise.all([
    startPostgres({ settings: { log_connections: 'on' } }),
    // Programs at its end find what they need at home.
    startSshd({ configure: async ({ directory }) => ({ SetEnv: `HOME=${directory} TMPDIR=${directory}` }) }),
  ])
  kit = await createBackupKit({ password: server.password })
  const authority = createAuthority('Ours')
  const { key, chain } = authority.issue({ names: ['127.0.0.1'] })
  await server.encrypt({ key, certificate: chain })
  root = join(kit.home, 'root.pem')
  writeFileSync(root, authority.certificate)
  await server.query(`CREATE ROLE backup SUPERUSER LOGIN PASSWORD '${server.password}'`)
  await server.query(`CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, ${ROWS}) g`)
  // It is known from here on.
  await kit.make(server, 'postgres', { ssh: ssh() }).catch(() => {})
  await kit.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
})
afterAll(async () => {
  await kit.close()
  await bastion.stop()
  await server.stop()
})

const ssh = (): Ssh =>
  Ssh.parse({
    hops: [
      { host: '127.0.0.1', port: bastion.port, user: bastion.user, key: `file:${bastion.clientKeyPath}` },
    ],
  })
const postgresWith = (query: string) =>
  Postgres.parse({
    url: `postgresql://backup@127.0.0.1:${server.port}/postgres?${query}`,
    password: 'secret:postgres',
  })

/** Backs up and restores over the same way. @returns the rows that came back */
async function thereAndBack(postgres: Postgres, changes: Partial<MakeJob>): Promise<number> {
  const manifest = await kit.make(server, 'postgres', { postgres, ...changes })
  expect(manifest.parts.map(({ content }) => content)).toEqual(['database', 'globals'])
  const { ssh = null, staging } = changes
  await server.query('CREATE DATABASE back TEMPLATE template0')
  try {
    const job: RestoreJob = {
      ...{ kind: 'restore', manifest, store: { kind: 'local', directory: kit.directory } },
      ...{ identity: await kit.keys.drillIdentity(), name: 'vakhta restore', args: [], ssh, postgres },
      ...{ database: { from: 'postgres', into: 'back' }, ...(staging !== undefined && { staging }) },
      server: { host: '127.0.0.1', port: server.port, major: 15 },
    }
    await kit.runJob(job, untilItEnds)
    const rows = await server.query('SELECT count(*)::int AS n FROM orders', { database: 'back' })
    return Number(rows[0]?.n)
  } finally {
    await server.query('DROP DATABASE back')
  }
}

describe.each(Object.entries(ADMITTED))('a server that admits %s', (_, { sslmode, rule, isEncrypted }) => {
  beforeAll(() => server.admit(rule === null ? '' : `${rule} all backup 127.0.0.1/32 reject`))
  afterAll(() => server.admit(''))

  it('is backed up and restored directly', async () => {
    const before = readFileSync(server.logFile, 'utf8').length
    expect(await thereAndBack(postgresWith(`sslmode=${sslmode}`), {})).toBe(ROWS)
    const entered = readFileSync(server.logFile, 'utf8')
      .slice(before)
      .split('\n')
      .filter((line) => /connection authorized: .*application_name=vakhta (backup|restore)/.test(line))
    expect(entered.map((line) => line.includes('SSL enabled'))).toEqual(Array(3).fill(isEncrypted))
  })

  it('is by several sessions at once', async () => {
    const directory = mkdtempSync(join(kit.home, 'stage-'))
    const staging = { directory, jobs: 2 }
    expect(await thereAndBack(postgresWith(`sslmode=${sslmode}`), { staging })).toBe(ROWS)
  })

  it('is through SSH', async () => {
    expect(await thereAndBack(postgresWith(`sslmode=${sslmode}`), { ssh: ssh(), wish: HERE })).toBe(ROWS)
  })

  it('is by programs at the end of the chain, also where a certificate would be checked', async () => {
    for (const query of [`sslmode=${sslmode}`, `sslmode=${sslmode}&sslrootcert=${root}`]) {
      const manifest = await kit.make(server, 'postgres', {
        ...{ postgres: postgresWith(query), ssh: ssh(), wish: { run: 'host', container: null } },
      })
      expect(manifest.parts.map(({ tool }) => tool.on)).toEqual(['host', 'host'])
    }
  })
})

it('a login that has to be bound to its encryption is refused to programs that go through us, in words', async () => {
  const postgres = postgresWith('sslmode=require&channel_binding=require')
  await expect(kit.make(server, 'postgres', { postgres })).rejects.toMatchObject({
    failure: { code: 'channel-binding-not-through' },
  })
})
