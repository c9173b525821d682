/** Which failures say that a backup itself is of no use. Everything else says something of the machine, the place, the keys or the server, and marks no backup. Pure. */
import type { BackupFailure, BackupFailureCode } from '#shared/model/backup.ts'

/** What reading it back finds, and reading it without a fault clears. */
const FOUND_BY_READING: readonly BackupFailureCode[] = [
  'backup-missing',
  'backup-is-link',
  'file-missing',
  'file-is-link',
  'file-cut',
  'file-altered',
  'file-unreadable',
  'header-altered',
  'content-altered',
  'content-cut',
  'not-age',
  'manifest-unreadable',
  'manifest-altered',
  'contents-unreadable',
  'contents-missing',
  'objects-missing',
]
/** What only a restore finds: it stays until one succeeds, whatever reading says. */
export const FOUND_BY_RESTORING: readonly BackupFailureCode[] = [
  'counts-differ',
  'sequences-behind',
  'large-objects-differ',
  'objects-differ',
]

const OWN: ReadonlySet<string> = new Set([...FOUND_BY_READING, ...FOUND_BY_RESTORING])

export function isItsOwnFault({ code }: BackupFailure): boolean {
  return OWN.has(code)
}
