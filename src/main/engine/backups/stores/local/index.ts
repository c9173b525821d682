/**
 * Backups in a directory of this machine, each a directory of its own. It is written under a name that tells whose it is,
 * and renamed once everything in it is durable: what has its name is whole, whenever power or process ended.
 */
import { createReadStream, type Dirent } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { errorCode, errorWords } from '../../../reach/failed.ts'
import { BackupError } from '../../backup-error.ts'
import { isAlive } from '../../is-alive.ts'
import { isRoomSpent, roomAt, sparingRoom } from '../../spared-room.ts'
import type { BackupStore, Draft, StoredFile } from '../store.ts'
import { exists, isLink, isNothingThere, isOfFileSystem, nearest, newest, sync, writeWhole } from './disk.ts'
import { draftName, isLeftover, isOwnName, readDraftName, writerOf } from './draft-name.ts'

/** What lies there holds everything that the database does. */
const DIRECTORY_MODE = 0o700
const FILE_MODE = 0o600
/** By it a place of backups is known, and told from the directory that its disk is not mounted at. */
export const MARK_FILE = '.vakhta-backups'
const MARK_TEXT =
  'Vakhta keeps backups here. Without this file it takes the place for one whose disk is not mounted.\n'
/** Read in pieces that are few, and small enough to be forgotten. */
const READ_BYTES = 256 * 1024

export interface LocalStoreOptions {
  readonly directory: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Whether this very process is writing the backup of that id: another thread of it may. */
  readonly isBeingWritten: (id: string) => boolean
  /** The console's id: others may write there, too, on machines of the same name. */
  readonly console: string
  /** Whether what is spared of its disk has been come to. */
  readonly isSpent?: (directory: string) => Promise<boolean>
}

export function createLocalStore({
  directory,
  now,
  isBeingWritten,
  console,
  isSpent = isRoomSpent,
}: LocalStoreOptions): BackupStore {
  const us = writerOf(hostname(), process.pid, console)
  const at = (...parts: string[]): string => join(directory, ...parts)

  async function entries(): Promise<Dirent[]> {
    try {
      return await readdir(directory, { withFileTypes: true })
    } catch (error) {
      // Nothing was written there yet.
      if (errorCode(error) === 'ENOENT') return []
      throw unreadable(error)
    }
  }

  function unreadable(error: unknown): BackupError {
    return new BackupError('store-unreadable', { place: directory, words: errorWords(error) }, error)
  }

  async function isMarked(): Promise<boolean> {
    try {
      await lstat(at(MARK_FILE))
      return true
    } catch (error) {
      if (isNothingThere(error)) return false
      throw unreadable(error)
    }
  }

  async function mark(): Promise<void> {
    try {
      await writeFile(at(MARK_FILE), MARK_TEXT, { flag: 'wx', mode: FILE_MODE })
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw unwritable(error)
    }
  }

  /** What it leads to lies elsewhere: it is neither read nor removed as if it lay here. */
  async function refuseLink(id: string): Promise<void> {
    if (await isLink(at(id))) throw new BackupError('backup-is-link', { id, place: directory })
  }

  /** Of a place that is not there nothing is known, least of all that something is missing in it. */
  async function refuseUnmarked(): Promise<void> {
    if (!(await isMarked()))
      throw new BackupError('store-not-there', { place: directory, file: at(MARK_FILE) })
  }

  function unwritable(error: unknown): BackupError {
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
      throw unwritable(error)
    }
    const full = () => new BackupError('store-full', { place: directory })
    // Many small files take as much as a large one.
    const spare = sparingRoom(directory, full, isSpent)
    return {
      async write(name, content) {
        let file: FileHandle | null = null
        try {
          file = await open(join(draft, name), 'wx', FILE_MODE)
          for await (const chunk of content) {
            await spare(chunk.length)
            await writeWhole(file, chunk)
          }
          await file.sync()
        } catch (error) {
          // What the content itself failed with goes on as it is.
          throw isOfFileSystem(error) ? unwritable(error) : error
        } finally {
          await file?.close()
        }
      },
      async commit() {
        try {
          await sync(draft)
          await mark()
          // Onto an empty directory it would go; ours never is one.
          await rename(draft, at(id))
          await sync(directory)
        } catch (error) {
          throw unwritable(error)
        }
      },
      abandon: () => rm(draft, { recursive: true, force: true }).catch(() => {}),
    }
  }

  /** A sector that is gone is the fault of what lies on it, where the place can be read otherwise. */
  async function isSpoilt(error: unknown, id: string): Promise<boolean> {
    if (errorCode(error) !== 'EIO') return false
    return readdir(at(id)).then(
      () => true,
      () => false,
    )
  }

  return {
    ...{ name: directory, markedBy: at(MARK_FILE) },
    async room() {
      try {
        return await roomAt(await nearest(directory))
      } catch {
        return null
      }
    },
    ...{ begin, isMarked, mark },
    async identity() {
      // Two profiles may call one directory by two names, of which one leads to the other.
      const found = await stat(directory, { bigint: true }).catch(() => null)
      return found === null ? null : `${found.dev}:${found.ino}`
    },
    async list() {
      const found = (await entries()).filter((one) => one.isDirectory() && isOwnName(one.name))
      return found.map(({ name }) => name).sort()
    },
    async links() {
      const found = (await entries()).filter((one) => one.isSymbolicLink() && isOwnName(one.name))
      return found.map(({ name }) => name).sort()
    },
    async files(id) {
      try {
        if (isOwnName(id)) await refuseLink(id)
        const found = isOwnName(id) ? await readdir(at(id)) : []
        if (found.length === 0) throw new BackupError('backup-missing', { id, place: directory })
        const files: StoredFile[] = []
        // One after the other: where a disk hangs, only one of the process's few threads waits for it.
        for (const name of found.sort()) {
          const one = await lstat(at(id, name))
          files.push({ name, bytes: one.isSymbolicLink() ? null : one.size })
        }
        return files
      } catch (error) {
        if (error instanceof BackupError) throw error
        if (!isNothingThere(error)) throw unreadable(error)
        await refuseUnmarked()
        throw new BackupError('backup-missing', { id, place: directory }, error)
      }
    },
    async *read(id, name) {
      try {
        await refuseLink(id)
        if (await isLink(at(id, name)))
          throw new BackupError('file-is-link', { file: name, id, place: directory })
        yield* createReadStream(at(id, name), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>
      } catch (error) {
        if (!isOfFileSystem(error)) throw error
        if (await isSpoilt(error, id)) {
          const params = { file: name, id, place: directory, words: errorWords(error) }
          throw new BackupError('file-unreadable', params, error)
        }
        if (!isNothingThere(error)) throw unreadable(error)
        await refuseUnmarked()
        throw new BackupError('file-missing', { file: name, id, place: directory }, error)
      }
    },
    async replace(id, name, content) {
      if (!isOwnName(id)) throw new TypeError('files are replaced in backups alone')
      const coming = at(id, `.${name}`)
      try {
        await refuseLink(id)
        // Of an attempt before this one.
        await rm(coming, { force: true })
        await writeFile(coming, content, { mode: FILE_MODE, flush: true, flag: 'wx' })
        await rename(coming, at(id, name))
        await sync(at(id))
      } catch (error) {
        throw unwritable(error)
      }
    },
    async remove(id) {
      if (!isOwnName(id)) return false
      if (!(await exists(at(id)))) {
        await refuseUnmarked()
        return false
      }
      // First out of sight: what is half removed must not look whole.
      const going = at(draftName(id, us))
      try {
        await refuseLink(id)
        await rename(at(id), going)
        await sync(directory)
        await rm(going, { recursive: true, force: true })
      } catch (error) {
        throw unwritable(error)
      }
      return true
    },
    async clear() {
      const cleared: string[] = []
      const stuck: string[] = []
      for (const entry of await entries()) {
        const { name } = entry
        const draft = readDraftName(name)
        if (draft === null || !entry.isDirectory()) continue
        const { mtimeMs } = await stat(at(name)).catch(() => ({ mtimeMs: now() }))
        const facts = { us, isAlive, isBeingWritten, untouchedMs: now() - (await newest(at(name), mtimeMs)) }
        if (!isLeftover(draft, facts)) continue
        // One that cannot be removed is in the way of nothing.
        await rm(at(name), { recursive: true, force: true }).then(
          () => cleared.push(draft.id),
          () => stuck.push(draft.id),
        )
      }
      return { cleared, stuck }
    },
  }
}
