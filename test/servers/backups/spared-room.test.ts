/** What others live from is left to them on a real disk, also a small one, whatever a backup is made up of; and where it is full that is told. */
import { mkdtempSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { mountSmallDisk, type SmallDisk } from '../../../demo/servers/small-disk.ts'
import { unpackContents } from '../../../src/main/engine/backups/staging/unpack.ts'
import { createLocalStore } from '../../../src/main/engine/backups/stores/local/index.ts'
import { type TarFile, tarOf } from '../../../src/main/engine/backups/tar/write.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { createBackupKit, untilItEnds } from './backup-kit.ts'

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const MEBIBYTE = 1_048_576
const DISK_BYTES = 32 * MEBIBYTE
const TOO_MUCH = 2 * DISK_BYTES
const SPARED_BYTES = DISK_BYTES / 100

const named = cannotMount === null ? '' : ` (${cannotMount})`
describe.skipIf(cannotMount !== null)(`on a small disk${named}`, () => {
  let disk: SmallDisk
  beforeEach(() => {
    disk = mountSmallDisk(DISK_BYTES)
  })
  afterEach(() => disk.release())

  const free = () => {
    const { bavail, bsize } = statfsSync(disk.directory)
    return bavail * bsize
  }
  async function* pieces(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; left -= 64 * 1024) yield Buffer.alloc(64 * 1024, 1)
  }

  it('a backup ends while half of what is spared is left at the least, in one file or in many', async () => {
    const store = () =>
      createLocalStore({
        ...{ directory: disk.directory, now: Date.now, isBeingWritten: () => true, console: 'us' },
      })
    const full = { failure: { code: 'store-full', params: { place: disk.directory } } }
    const draft = await store().begin('a')
    await expect(draft.write('large', pieces(TOO_MUCH))).rejects.toMatchObject(full)
    expect(free()).toBeGreaterThanOrEqual(SPARED_BYTES / 2)
    await draft.abandon()

    const other = await store().begin('b')
    const inMany = async () => {
      for (let at = 0; at < TOO_MUCH / (64 * 1024); at += 1) await other.write(`small-${at}`, pieces(1))
    }
    await expect(inMany()).rejects.toMatchObject(full)
    expect(free()).toBeGreaterThanOrEqual(SPARED_BYTES / 2)
    await other.abandon()
    // Nothing is begun where that much is not there.
    disk.fill(SPARED_BYTES / 2)
    const late = await store().begin('c')
    await expect(late.write('small', pieces(1))).rejects.toMatchObject(full)
    await late.abandon()
  })

  it('a list of contents that is made up ends before it takes all', async () => {
    async function* files(): AsyncGenerator<TarFile> {
      const at = Date.now()
      yield { name: 'database-1/', bytes: 0, at, async *content() {} }
      yield { name: 'database-1/toc.dat', bytes: TOO_MUCH, at, content: () => pieces(TOO_MUCH) }
    }
    const into = mkdtempSync(join(disk.directory, 'contents-'))
    await expect(unpackContents(tarOf(files()), { into, parent: disk.directory })).rejects.toMatchObject({
      failure: { code: 'staging-full', params: { directory: disk.directory } },
    })
    expect(free()).toBeGreaterThanOrEqual(SPARED_BYTES / 2)
  })

  describe('of a backup in the directory format', () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
      await server.query('CREATE TABLE orders AS SELECT 1 AS id')
    })
    afterAll(() => server.stop())

    it('a list of contents that has no room is told as that', async () => {
      const kit = await createBackupKit({ password: server.password })
      const own = process.env.TMPDIR
      try {
        const staging = { directory: join(kit.home, 'stage'), jobs: 1 }
        const manifest = await kit.make(server, 'postgres', { recipients: [], staging })
        disk.fill()
        process.env.TMPDIR = disk.directory
        const read = kit.runJob(
          {
            ...{ kind: 'archive', manifest, database: 'postgres', identity: '' },
            store: { kind: 'local', directory: kit.directory },
          },
          untilItEnds,
        )
        await expect(read).rejects.toMatchObject({
          failure: { code: 'staging-full', params: { directory: disk.directory } },
        })
      } finally {
        if (own === undefined) delete process.env.TMPDIR
        else process.env.TMPDIR = own
        await kit.close()
      }
    })
  })
})
