/** The manifest as it lies beside its backup: what is read of it, and whether it is what is known. */
import { BackupError } from './backup-error.ts'
import { isItsOwnFault } from './faults.ts'
import {
  LONGEST_MANIFEST_BYTES,
  MANIFEST_FILE,
  type Manifest,
  manifestText,
  readManifest,
} from './manifest.ts'
import type { BackupStore } from './stores/store.ts'

type Reads = Pick<BackupStore, 'read'>

/** @throws BackupError as the store does, and where it is longer than any */
export async function manifestFileText(store: Reads, id: string): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of store.read(id, MANIFEST_FILE)) {
    bytes += piece.length
    if (bytes > LONGEST_MANIFEST_BYTES) throw new BackupError('manifest-unreadable', { id })
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Whether a console that has nothing else would find what is known here. @throws BackupError where the place cannot be read */
export async function isManifestWhole(store: Reads, known: Manifest): Promise<boolean> {
  try {
    const { manifest } = readManifest(await manifestFileText(store, known.id), known.id, '')
    return manifestText(manifest) === manifestText(known)
  } catch (error) {
    if (error instanceof BackupError && isItsOwnFault(error.failure)) return false
    throw error
  }
}
