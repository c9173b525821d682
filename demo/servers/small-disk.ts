/** File systems of our own, that can be filled or made read-only. Mounting takes root, on Linux. */
import { execFileSync } from 'node:child_process'
import { rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { alreadyRemoved } from './guardian.ts'
import type { Owner } from './owner.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

export interface SmallDisk {
  readonly directory: string
  /** Leaves `spareBytes` free. */
  fill(spareBytes?: number): void
  makeRoom(): void
  makeReadOnly(): void
  release(): void
}

/** Mounts one at a directory of its own; it goes with this process. */
export function mountSmallDisk(bytes: number, owner?: Owner): SmallDisk {
  const { path: directory } = createTemporaryDirectory('disk')
  mountOver(directory, bytes, owner)
  const filler = join(directory, 'filler')
  return {
    directory,
    fill(spareBytes = 0) {
      const { bavail, bsize } = statfsSync(directory)
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - spareBytes)))
      } catch (error) {
        // Somebody else wrote there meanwhile: it is as full as it was to be.
        if (spareBytes > 0 || (error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    },
    makeRoom() {
      rmSync(filler, { force: true })
    },
    makeReadOnly() {
      execFileSync('mount', ['-o', 'remount,ro', directory])
    },
    release() {
      unmount(directory)
      rmdirSync(directory)
      alreadyRemoved(directory)
    },
  }
}

/** Puts an empty small disk over what a directory holds; `unmount` brings that back. */
export function mountOver(directory: string, bytes: number, owner?: Owner): void {
  const whose = owner === undefined ? '' : `,uid=${owner.uid},gid=${owner.gid}`
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700${whose}`, 'tmpfs', directory])
}

export function unmount(directory: string): void {
  execFileSync('umount', [directory])
}

let known: string | null | undefined

/** Why no disk can be mounted here; `null` where it can. */
export function whyNoSmallDisk(): string | null {
  if (known === undefined) known = tryIt()
  return known
}

function tryIt(): string | null {
  if (process.platform !== 'linux') return 'a small disk is mounted on Linux only'
  if (process.getuid?.() !== 0) return 'mounting a small disk takes root'
  try {
    mountSmallDisk(1024 * 1024).release()
    return null
  } catch (error) {
    return `mounting a small disk failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}
