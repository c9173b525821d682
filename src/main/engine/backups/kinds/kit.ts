/** What the kinds of operations on backups are given. */
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import type { BackupsOfEngine } from '../backups.ts'
import type { Tools } from '../postgres/tools.ts'
import type { StorePlace } from '../worker/messages.ts'
import type { RunJob } from '../worker/run-job.ts'

export interface BackupKindsOptions {
  readonly backedUp: BackupsOfEngine
  readonly runJob: RunJob
  /** For a key that somebody names. */
  readonly resolveSecret: SecretResolver
  /** The programs of this machine. */
  readonly tools: Tools
  readonly clock: Clock
  /** Where it stages what no profile names a directory for. */
  readonly stagingDirectory: string
  /** As people name this console. */
  readonly consoleName: () => string
}

/** The place of a backup that is in the catalogue. */
export function placeOf({ place }: { readonly place: string }): StorePlace {
  return { kind: 'local', directory: place }
}
