/** A disk that stops answering: a file system of its own that is frozen, on which whoever writes waits in the kernel until it is thawed. Takes root, on Linux. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'

/** Nobody waits for it longer, whatever becomes of the test: a process that waits there cannot be ended. */
const THAWS_AFTER_SECONDS = 120

export interface FreezableDisk {
  readonly directory: string
  freeze(): void
  thaw(): void
  release(): Promise<void>
}

export function mountFreezableDisk(mebibytes = 64): FreezableDisk {
  const home = createTemporaryDirectory('freezable')
  const image = join(home.path, 'image')
  const directory = join(home.path, 'disk')
  writeFileSync(image, '')
  truncateSync(image, mebibytes * 1_048_576)
  mkdirSync(directory)
  execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: 'pipe' })
  execFileSync('mount', ['-o', 'loop', image, directory], { stdio: 'pipe' })
  let isFrozen = false
  const thaw = () => {
    if (isFrozen) execFileSync('fsfreeze', ['--unfreeze', directory])
    isFrozen = false
  }
  return {
    directory,
    freeze() {
      const later = ['-c', `sleep ${THAWS_AFTER_SECONDS}; fsfreeze --unfreeze "$0" 2>/dev/null`, directory]
      spawn('sh', later, { detached: true, stdio: 'ignore' }).unref()
      execFileSync('fsfreeze', ['--freeze', directory])
      isFrozen = true
    },
    thaw,
    async release() {
      thaw()
      execFileSync('umount', ['--lazy', directory])
      await home.remove()
    },
  }
}

/** Why no disk can be frozen here; `null` where it can. */
export async function whyNoFreezing(): Promise<string | null> {
  if (process.platform !== 'linux') return 'a disk is frozen on Linux only'
  if (process.getuid?.() !== 0) return 'freezing a disk takes root'
  try {
    const disk = mountFreezableDisk(8)
    disk.freeze()
    await disk.release()
    return null
  } catch (error) {
    return `freezing a disk failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}
