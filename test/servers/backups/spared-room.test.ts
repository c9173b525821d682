/** What others live from is left to them on a real disk, also a small one, whatever a backup is made up of; and where it is full that is told. */
import { statfsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mountSmallDisk, type SmallDisk } from '../../../demo/servers/small-disk.ts'
import { createLocalStore } from '../../../src/main/engine/backups/stores/local/index.ts'
import { cannotMount } from '../../crash/small-disk.ts'

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
})
