/** Backups with the programs of a container, on a real Podman at the end of a real SSH connection. */
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type SshServer, startSshd } from '../../../demo/servers/sshd.ts'
import type { MakeJob } from '../../../src/main/engine/backups/worker/messages.ts'
import { Ssh } from '../../../src/shared/model/profile/ssh.ts'
import type { ContainerEngine } from '../../support/container-engine.ts'
import { createPodman, noPodman } from '../../support/podman.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit, untilItEnds } from './backup-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

describe.skipIf(noPodman !== null)(
  `in a container${noPodman === null ? '' : ` (left out: ${noPodman})`}`,
  () => {
    let podman: ContainerEngine
    let server: PostgresServer
    let bastion: SshServer
    let kit: BackupKit
    beforeAll(async () => {
      podman = createPodman()
      podman.build('client')
      // This machine's PostgreSQL is the container's, which sees the server as the machine does.
      podman.start('db', 'client', '--volume', '/usr:/usr:ro', '--tmpfs', '/tmp')
      ;[server, bastion] = await Promise.all([
        startPostgres(),
        startSshd({
          configure: async ({ directory }) => ({
            SetEnv: `HOME=${directory} PATH=${podman.bin}:/usr/sbin:/usr/bin:/sbin:/bin`,
          }),
        }),
      ])
      kit = await createBackupKit({ password: server.password })
      await server.query('CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 5000) g')
      await failure(kit.make(server, 'postgres', through()))
      await kit.hostKeys.accept(`127.0.0.1:${bastion.port}`, bastion.hostFingerprint)
    })
    afterAll(async () => {
      await kit.close()
      await bastion.stop()
      await server.stop()
      await podman.remove()
    })

    const through = (container: string | null = null): Partial<MakeJob> => ({
      ssh: Ssh.parse({
        hops: [
          { host: '127.0.0.1', port: bastion.port, user: bastion.user, key: `file:${bastion.clientKeyPath}` },
        ],
      }),
      wish: { run: 'container', container },
    })
    const failure = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'it succeeded',
        (error: unknown) => (error as { failure?: unknown }).failure ?? error,
      )
    const sessions = (id: string) =>
      server.query('SELECT query FROM pg_stat_activity WHERE application_name LIKE $1', {
        values: [`vakhta backup ${id.slice(0, 30)}%`],
      })
    const inContainer = () => podman.run('exec', 'db', 'sh', '-c', 'cat /proc/[0-9]*/cmdline; ls /tmp')

    it('is made with its pg_dump, where it is named, and leaves nothing there', async () => {
      const manifest = await kit.make(server, 'postgres', through('db'))
      expect(manifest.parts.map(({ tool }) => tool)).toMatchObject([
        { program: 'pg_dump', on: 'container' },
        { program: 'pg_dumpall', on: 'container' },
      ])
      expect(manifest.parts[0]?.tables).toEqual([{ schema: 'public', name: 'orders', rows: 5_000 }])
      await kit.verify(manifest)
      expect(inContainer()).not.toMatch(/pg_dump|vakhta/)
    })

    it('cancelled, its program in the container ends', async () => {
      const locker = await server.connect()
      try {
        await locker.query('BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE')
        const ending = new AbortController()
        const job = kit.job(server, 'postgres', { ...through('db'), lockWaitMs: 60_000 })
        const made = failure(kit.runJob(job, { ...untilItEnds, signal: ending.signal }))
        await until(
          async () => (await sessions(job.id)).some(({ query }) => String(query).startsWith('LOCK TABLE')),
          { what: 'a program that waits', timeoutMs: 60_000 },
        )
        expect(inContainer()).toMatch(/pg_dump/)
        ending.abort(new Error('enough'))
        await made
        await until(() => !/pg_dump|vakhta/.test(inContainer()), {
          what: 'the end of its program',
          timeoutMs: 30_000,
        })
        await until(async () => (await sessions(job.id)).length === 0, {
          what: 'the end of its sessions',
          timeoutMs: 25_000,
        })
        expect(readdirSync(kit.directory).filter((name) => name.endsWith('.part'))).toEqual([])
      } finally {
        await locker.end()
      }
    })

    it('one that is not there is told by its name', async () => {
      expect(await failure(kit.make(server, 'postgres', through('other')))).toMatchObject({
        code: 'container-missing',
        params: { container: 'other' },
      })
    })
  },
)
