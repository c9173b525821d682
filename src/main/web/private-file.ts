/** Files of the data directory that only their owner may read: written whole or not at all. */
import { randomUUID } from 'node:crypto'
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** Replaces the file in one step, with mode 0600 from its first byte. */
export function writePrivateFile(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
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
