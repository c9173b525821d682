/** A backup by a program of this machine through SSH: over a connection of its own, which is closed again and whose failures are told as what they are. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import { HERE } from '../../../src/main/engine/backups/postgres/place.ts'
import type { MakeJob } from '../../../src/main/engine/backups/worker/messages.ts'
import { Ssh } from '../../../src/shared/model/profile/ssh.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit } from './backup-kit.ts'

let server: PostgresServer
let bastion: SshServer
let kit: BackupKit
beforeAll(async () => {
  ;[server, bastion] = await Promise.all([startPostgres(), startSshd()])
  kit = await createBackupKit({ password: server.password })
  await server.query(
    `CREATE TABLE orders AS SELECT g AS id, md5(g::text) AS note FROM generate_series(1, 20000) g`,
  )
})
afterAll(async () => {
  await kit.close()
  await bastion.stop()
  await server.stop()
})

const through = (): Partial<MakeJob> => ({
  ssh: Ssh.parse({
    hops: [
      { host: '127.0.0.1', port: bastion.port, user: bastion.user, key: `file:${bastion.clientKeyPath}` },
    ],
  }),
  wish: HERE,
})
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { failure?: unknown }).failure ?? error,
  )

it('an unknown host is refused, and noted for a person to accept', async () => {
  expect(await failure(kit.make(server, 'postgres', through()))).toMatchObject({ code: 'host-key-unknown' })
  expect(await kit.hostKeys.list()).toMatchObject([
    { state: 'offered', fingerprint: bastion.hostFingerprint },
  ])
  expect(readdirSync(kit.directory)).toEqual([])
})

it('is the same as without, and leaves no connection', async () => {
  await kit.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
  const manifest = await kit.make(server, 'postgres', through())
  expect(manifest.parts[0]?.tables).toEqual([{ schema: 'public', name: 'orders', rows: 20_000 }])
  await kit.verify(manifest)
  await until(() => bastion.sessions() === 0, { what: 'the end of its connection' })
})

it('a way that is cut in the middle is told, and nothing looks whole', async () => {
  const before = readdirSync(kit.directory)
  const locker = await server.connect()
  await locker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
  const made = failure(kit.make(server, 'postgres', { ...through(), lockWaitMs: 60_000 }))
  await until(
    async () => {
      const [row] = await server.query(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup%' AND query LIKE 'LOCK TABLE%'`,
      )
      return Number(row?.waiting) > 0
    },
    { what: 'a program that waits' },
  )
  await bastion.halt()
  expect(await made).toMatchObject({ code: expect.stringMatching(/^(ssh|postgres|tool)-/) })
  await locker.end()
  expect(readdirSync(kit.directory)).toEqual(before)
  await until(
    async () =>
      (await server.query(`SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'vakhta backup%'`))
        .length === 0,
    { what: 'the end of our sessions', timeoutMs: 25_000 },
  )
  await bastion.restart()
})
