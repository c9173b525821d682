/** Files of the data directory that only their owner may read. */
import { chmodSync, readFileSync } from 'node:fs'
import { replaceFile } from '../engine/store/atomic-file.ts'
import { asStoreError } from '../engine/store/sqlite-error.ts'

/** Replaces the file as a whole. @throws StoreError where it cannot be written */
export function writePrivateFile(path: string, text: string): void {
  try {
    replaceFile(path, text, 0o600)
  } catch (error) {
    throw asStoreError(error, path, 'write to it')
  }
}

/** The text, or `null` where there is no such file. A mode that lets others read is put right. @throws StoreError */
export function readPrivateFile(path: string): string | null {
  try {
    const text = readFileSync(path, { encoding: 'utf8' })
    chmodSync(path, 0o600)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw asStoreError(error, path, 'read it')
  }
}
