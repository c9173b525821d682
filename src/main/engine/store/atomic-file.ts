/** Small files that are replaced as a whole: after a kill or a power cut there is the old one or the new one. */
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes `contents` beside `path` as `PATH.new`, makes it durable and moves it into place. Writers of one path must
 * exclude each other. Throws what the file system reports, with the old file as it was.
 */
export function replaceFile(path: string, contents: string, mode: number): void {
  const unfinished = `${path}.new`
  try {
    const handle = openSync(unfinished, 'w', mode)
    try {
      // A file left by a kill keeps its mode when it is opened again.
      if (process.platform !== 'win32') fchmodSync(handle, mode)
      writeFileSync(handle, contents)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(unfinished, path)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
  syncDirectory(dirname(path))
}

/** Makes a rename durable. Windows cannot open directories and needs no such thing. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
