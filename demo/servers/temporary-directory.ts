/** Temporary directories that go when they are released, or with this process however it ends. */
import { chownSync, mkdtempSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alreadyRemoved, removeAfterwards } from './guardian.ts'

export interface TemporaryDirectory {
  readonly path: string
  remove(): Promise<void>
}

/** @param owner whose it is, where that is not this process' user; mode 0700 either way */
export function createTemporaryDirectory(
  name: string,
  owner?: { readonly uid: number; readonly gid: number },
): TemporaryDirectory {
  const path = mkdtempSync(join(realpathSync(tmpdir()), `vakhta-${name}-`))
  removeAfterwards(path)
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid)
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 })
      alreadyRemoved(path)
    },
  }
}
