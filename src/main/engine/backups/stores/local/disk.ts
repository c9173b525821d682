/** What a store in a directory asks of its disk. */
import { type FileHandle, lstat, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../../reach/failed.ts'

/** A write may take less than it was given. */
export async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
}

/** Makes names in a directory durable. Windows cannot open directories and needs no such thing. */
export async function sync(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** When something in it was last written. */
export async function newest(draft: string, mtimeMs: number): Promise<number> {
  const files = await readdir(draft).catch(() => [])
  const times = [mtimeMs]
  for (const name of files) times.push((await stat(join(draft, name)).catch(() => ({ mtimeMs }))).mtimeMs)
  return Math.max(...times)
}

/** That there is nothing is for whoever looks into it. */
export async function isLink(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isNothingThere(error)) return null
    throw error
  })
  return found?.isSymbolicLink() === true
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** The directory itself, or that which it will be made in. */
export async function nearest(directory: string): Promise<string> {
  for (let path = directory; ; path = join(path, '..')) {
    if ((await exists(path)) || path === join(path, '..')) return path
  }
}

export function isNothingThere(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')
}

export function isOfFileSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
