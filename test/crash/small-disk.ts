/** File systems of a test's own, that can be filled or made read-only. Mounting takes root. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly directory: string
  /** Leaves `spareBytes` free. */
  fill(spareBytes?: number): void
  makeRoom(): void
  makeReadOnly(): void
  release(): void
}

/** Why no disk can be mounted here; `null` where it can. */
export const cannotMount: string | null = probe()

export function mountSmallDisk(bytes: number): SmallDisk {
  const directory = mkdtempSync(join(tmpdir(), 'vakhta-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', directory])
  const filler = join(directory, 'filler')
  return {
    directory,
    fill(spareBytes = 0) {
      const { bavail, bsize } = statfsSync(directory)
      writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - spareBytes)))
    },
    makeRoom() {
      rmSync(filler, { force: true })
    },
    makeReadOnly() {
      execFileSync('mount', ['-o', 'remount,ro', directory])
    },
    release() {
      execFileSync('umount', [directory])
      rmdirSync(directory)
    },
  }
}

function probe(): string | null {
  if (process.platform !== 'linux') return 'tmpfs is mounted on Linux only'
  if (process.getuid?.() !== 0) return 'mounting a small disk takes root'
  try {
    mountSmallDisk(1024 * 1024).release()
    return null
  } catch (error) {
    return `mounting a small disk failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}

if (cannotMount !== null) console.warn(`Tests of full and read-only disks are skipped: ${cannotMount}.`)
