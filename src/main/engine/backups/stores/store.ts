/** Where backups are kept: each under its id as a whole of some files, which is there or is not. */
import type { Room } from '../spared-room.ts'

/** A backup that is being written. Nobody sees it before `commit`. */
export interface Draft {
  /**
   * Writes a file as its content comes; durable when it resolves. @param signal the writer is to stop: where the content ends with it, too, only the disk is
   * waited for @throws BackupError `store-full`, `store-unwritable`
   */
  write(name: string, content: AsyncIterable<Buffer>, signal?: AbortSignal): Promise<void>
  /** Makes it the backup of its id: whole, durable, and from now on listed. */
  commit(): Promise<void>
  /** Takes everything back that was written; what cannot be is a leftover. Never rejects: whoever abandons it has a reason, which is to be told. */
  abandon(): Promise<void>
}

export interface StoredFile {
  readonly name: string
  /** `null`: it only leads elsewhere. */
  readonly bytes: number | null
}

export interface BackupStore {
  /** As people name it. */
  readonly name: string
  /** How much may still be written; `null`: it does not say. */
  room(): Promise<Room | null>
  /** @throws BackupError also where there is a backup of that id */
  begin(id: string): Promise<Draft>
  /** What tells the place from others, however it is called; `null`: it is not there, or does not say. */
  identity(): Promise<string | null>
  /** Ids of what is whole. */
  list(): Promise<string[]>
  /** Ids of what only leads elsewhere: it is none of the place's backups, and is left as it is. */
  links(): Promise<string[]>
  /** What makes a place known as one of backups, as people find it. */
  readonly markedBy: string
  /** Whether what makes a place known as one of backups is there: without it, it may be where the disk of the backups is not mounted. */
  isMarked(): Promise<boolean>
  /** Makes it known as one; a backup that is written does so, too. */
  mark(): Promise<void>
  /** Files of a backup with their sizes. @throws BackupError `backup-missing`, `backup-is-link`, `store-not-there` */
  files(id: string): Promise<StoredFile[]>
  /** A file as it is. @throws BackupError while it is read, where it is not there, leads elsewhere or cannot be read */
  read(id: string, name: string): AsyncIterable<Buffer>
  /** Puts a file in the place of one of a backup's, or where it is missing: as a whole, durable when it resolves. */
  replace(id: string, name: string, content: string): Promise<void>
  /** Whether there was one. @throws BackupError `backup-is-link`, `store-not-there` */
  remove(id: string): Promise<boolean>
  /** Removes what writers left that were ended in their middle. @returns ids; `stuck`: of what cannot be removed */
  clear(): Promise<{ cleared: string[]; stuck: string[] }>
}
