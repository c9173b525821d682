/** Files of the data directory that only their owner may read. */
import { chmodSync, readFileSync } from 'node:fs'
import { replaceFile } from '../engine/store/atomic-file.ts'

/** Replaces the file as a whole. */
export function writePrivateFile(path: string, text: string): void {
  replaceFile(path, text, 0o600)
}

/** The text, or `null` where there is no such file. A mode that lets others read is put right. */
export function readPrivateFile(path: string): string | null {
  try {
    const text = readFileSync(path, { encoding: 'utf8' })
    chmodSync(path, 0o600)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
