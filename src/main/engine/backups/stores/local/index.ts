/**
 * Backups in a directory of this machine, each a directory of its own. It is written under a name that tells whose it is,
 * and renamed once everything in it is durable: what has its name is whole, whenever power or process ended.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { errorCode, errorWords } from '../../../reach/failed.ts'
import { BackupError } from '../../backup-error.ts'
import type { BackupStore, Draft } from '../store.ts'
import { draftName, isLeftover, isOwnName, readDraftName, writerOf } from './draft-name.ts'

/** What lies there holds everything that the database does. */
const DIRECTORY_MODE = 0o700
const FILE_MODE = 0o600
/** Read in pieces that are few, and small enough to be forgotten. */
const READ_BYTES = 256 * 1024

export interface LocalStoreOptions {
  readonly directory: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Whether this very process is writing the backup of that id: another thread of it may. */
  readonly isBeingWritten: (id: string) => boolean
}

export function createLocalStore({ directory, now, isBeingWritten }: LocalStoreOptions): BackupStore {
  const us = writerOf(hostname(), process.pid)
  const at = (...parts: string[]): string => join(directory, ...parts)

  async function names(): Promise<string[]> {
    try {
      return await readdir(directory)
    } catch (error) {
      // Nothing was written there yet.
      if (errorCode(error) === 'ENOENT') return []
      throw unreadable(error)
    }
  }

  function unreadable(error: unknown): BackupError {
    return new BackupError('store-unreadable', { place: directory, words: errorWords(error) }, error)
  }

  async function unwritable(error: unknown): Promise<BackupError> {
    if (error instanceof BackupError) return error
    const isFull = ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '')
    if (!isFull)
      return new BackupError('store-unwritable', { place: directory, words: errorWords(error) }, error)
    return new BackupError('store-full', { place: directory }, error)
  }

  async function begin(id: string): Promise<Draft> {
    const draft = at(draftName(id, us))
    try {
      await mkdir(directory, { recursive: true, mode: DIRECTORY_MODE })
      if (await exists(at(id))) throw new BackupError('backup-there', { id, place: directory })
      // Our own, of an attempt before this one.
      await rm(draft, { recursive: true, force: true })
      await mkdir(draft, { mode: DIRECTORY_MODE })
    } catch (error) {
      throw await unwritable(error)
    }
    return {
      async write(name, content) {
        let file: FileHandle | null = null
        try {
          file = await open(join(draft, name), 'wx', FILE_MODE)
          for await (const chunk of content) await writeWhole(file, chunk)
          await file.sync()
        } catch (error) {
          // What the content itself failed with goes on as it is.
          throw isOfFileSystem(error) ? await unwritable(error) : error
        } finally {
          await file?.close()
        }
      },
      async commit() {
        try {
          await sync(draft)
          // Onto an empty directory it would go; ours never is one.
          await rename(draft, at(id))
          await sync(directory)
        } catch (error) {
          throw await unwritable(error)
        }
      },
      abandon: () => rm(draft, { recursive: true, force: true }),
    }
  }

  return {
    name: directory,
    async freeBytes() {
      try {
        const { bavail, bsize } = await statfs(await nearest(directory))
        return bavail * bsize
      } catch {
        return null
      }
    },
    begin,
    async list() {
      const found = (await names()).filter(isOwnName)
      const whole = await Promise.all(found.map(async (name) => (await lstat(at(name))).isDirectory()))
      return found.filter((_, index) => whole[index]).sort()
    },
    async files(id) {
      try {
        const found = isOwnName(id) ? await readdir(at(id)) : []
        if (found.length === 0) throw new BackupError('backup-missing', { id, place: directory })
        return await Promise.all(
          found.sort().map(async (name) => ({ name, bytes: (await stat(at(id, name))).size })),
        )
      } catch (error) {
        if (errorCode(error) === 'ENOENT')
          throw new BackupError('backup-missing', { id, place: directory }, error)
        throw error instanceof BackupError ? error : unreadable(error)
      }
    },
    async *read(id, name) {
      try {
        yield* createReadStream(at(id, name), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>
      } catch (error) {
        if (!isOfFileSystem(error)) throw error
        if (errorCode(error) !== 'ENOENT') throw unreadable(error)
        throw new BackupError('file-missing', { file: name, id, place: directory }, error)
      }
    },
    async remove(id) {
      if (!isOwnName(id) || !(await exists(at(id)))) return false
      // First out of sight: what is half removed must not look whole.
      const going = at(draftName(id, us))
      try {
        await rename(at(id), going)
        await sync(directory)
        await rm(going, { recursive: true, force: true })
      } catch (error) {
        throw await unwritable(error)
      }
      return true
    },
    async clear() {
      const cleared: string[] = []
      for (const name of await names()) {
        const draft = readDraftName(name)
        if (draft === null) continue
        const { mtimeMs } = await stat(at(name)).catch(() => ({ mtimeMs: now() }))
        const facts = { us, isAlive, isBeingWritten, untouchedMs: now() - (await newest(at(name), mtimeMs)) }
        if (!isLeftover(draft, facts)) continue
        await rm(at(name), { recursive: true, force: true })
        cleared.push(draft.id)
      }
      return cleared
    },
  }
}

/** A write may take less than it was given. */
async function writeWhole(file: FileHandle, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
}

/** Makes names in a directory durable. Windows cannot open directories and needs no such thing. */
async function sync(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** When something in it was last written. */
async function newest(draft: string, mtimeMs: number): Promise<number> {
  const files = await readdir(draft).catch(() => [])
  const times = await Promise.all(
    files.map(async (name) => (await stat(join(draft, name)).catch(() => ({ mtimeMs }))).mtimeMs),
  )
  return Math.max(mtimeMs, ...times)
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

/** The directory itself, or that which it will be made in. */
async function nearest(directory: string): Promise<string> {
  for (let path = directory; ; path = join(path, '..')) {
    if ((await exists(path)) || path === join(path, '..')) return path
  }
}

function isOfFileSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It is there, and somebody else's.
    return errorCode(error) === 'EPERM'
  }
}
