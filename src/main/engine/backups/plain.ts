/** A part of a backup as it was dumped: read from where it is kept, checked, decrypted. */
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { sha256OfStream } from '../vault/primitives.ts'
import { openStream } from './age/payload.ts'
import { BackupError } from './backup-error.ts'
import type { Manifest, Part } from './manifest.ts'
import type { RunWish } from './postgres/place.ts'
import type { There } from './postgres/there/there.ts'
import type { Tools } from './postgres/tools.ts'
import type { BackupStore } from './stores/store.ts'

export interface VerifyDependencies {
  readonly store: BackupStore
  readonly tools: Tools
  /** The secret key to decrypt with. */
  readonly identity: string
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
  /** Where `pg_restore` may run if none that fits is here; left out: nowhere. */
  readonly elsewhere?: Elsewhere
}

export interface Elsewhere {
  readonly there: There
  readonly wish: RunWish
  /** Containers are known by what they see of it. */
  readonly server: PostgresServer
}

/** What an older `pg_restore` cannot read a newer `pg_dump` may have written. */
export function readableFrom({ server }: Pick<Manifest, 'server'>, { tool }: Pick<Part, 'tool'>): number {
  return Math.max(Number.parseInt(tool.version, 10), Math.floor(server.version / 10_000))
}

/** A part of a backup as it was dumped. What it gives is only known to be right at its end. */
export function plainOf(
  { store, identity, signal, onBytes }: Omit<VerifyDependencies, 'tools'>,
  manifest: Manifest,
  { file, sha256 }: Part,
): AsyncIterable<Buffer> {
  const { id, recipients } = manifest
  const hash = sha256OfStream()
  async function* stored(): AsyncGenerator<Buffer> {
    for await (const chunk of store.read(id, file)) {
      signal.throwIfAborted()
      hash.update(chunk)
      onBytes(chunk.length)
      yield chunk
    }
    if (hash.digest('hex') !== sha256) throw new BackupError('file-altered', { file, id })
  }
  return recipients.length === 0 ? stored() : openStream(stored(), identity)
}
