/**
 * What lies beside each backup and says what is in it: canonical JSON, signed with the key of the console that made it. From
 * manifests alone the catalogue can be made again.
 */
import { z } from 'zod'
import { canonicalJson } from '../audit/canonical-json.ts'
import { isSignedBy } from '../vault/primitives.ts'
import { BackupError } from './backup-error.ts'
import { Selection } from './postgres/selection.ts'
import { SequenceThen } from './postgres/sequences.ts'

export const MANIFEST_FILE = 'manifest.json'
/** Tens of thousands of tables take a few MiB. */
export const LONGEST_MANIFEST_BYTES = 64 * 1024 * 1024

const Count = z.number().int().min(0)
/** Milliseconds since the epoch that a `Date` can hold. */
const Moment = Count.max(8.64e15)

const Named = z.object({ schema: z.string(), name: z.string() })

export const Part = z.object({
  /** Its file beside the manifest. */
  file: z.string(),
  content: z.enum(['database', 'globals']),
  /** `null` for what is the server's as a whole: roles and tablespaces, without passwords. */
  database: z.string().nullable(),
  /** Of the file, and of what is encrypted in it. */
  bytes: Count,
  plainBytes: Count,
  /** Of the file, hex. */
  sha256: z.string(),
  /** Rows of each table at the moment that it is of. */
  tables: z.array(Named.extend({ rows: Count })),
  /** Tables of which the rows are in others, and in which; left out: it was not looked for. */
  partitioned: z.array(Named.extend({ partitions: z.array(Named) })).optional(),
  /** What else is compared with what a restore has; left out: nothing else was counted. */
  counted: z
    .object({
      /** The first thousand by name. */
      sequences: z.array(SequenceThen),
      /** By kind, as PostgreSQL calls it: there may be kinds that only a newer console knows. Left out, as are large objects: it is of chosen tables. */
      objects: z.record(z.string(), Count).optional(),
      largeObjects: Count.optional(),
    })
    .optional(),
  /** How long the server was kept from cleaning up. */
  heldMs: Count,
  tookMs: Count,
  /** How the program compressed it; left out: it did not say. */
  compression: z
    .object({ method: z.enum(['zstd', 'gzip', 'none']), level: z.number().nullable() })
    .optional(),
  /** It is a tar archive of what `pg_dump` wrote in its directory format, by so many sessions at once; left out: its custom format, which streamed. */
  directory: z.object({ jobs: Count }).optional(),
  tool: z.object({
    program: z.string(),
    version: z.string(),
    /** Where it ran, where that was not the console's own machine. */
    on: z.enum(['host', 'container']).optional(),
  }),
})
export type Part = z.infer<typeof Part>

export const Manifest = z.object({
  format: z.literal('vakhta-backup'),
  version: z.literal(1),
  id: z.string(),
  deployment: z.string(),
  /** Of what kind of target it is. */
  kind: z.literal('postgres'),
  /** The console that made it, as people name it. */
  console: z.string(),
  startedAt: Moment,
  endedAt: Moment,
  /** It is not everything of its databases: it never counts for the recovery point. */
  partial: z.boolean(),
  selection: Selection,
  server: z.object({ version: z.number(), name: z.string() }),
  /** The public keys that it is encrypted for; empty: it is not encrypted. */
  recipients: z.array(z.string()),
  parts: z.array(Part),
  /** It was not made by Vakhta, but of a dump that somebody gave it: what that was, and what it says of itself. */
  foreign: z
    .object({
      /** Where it lay, and the SHA-256 of its content there. */
      file: z.string(),
      sha256: z.string(),
      format: z.enum(['plain', 'custom']),
      isGzip: z.boolean(),
      extensions: z.array(z.string()),
      /** Whom it gives what is in it to. */
      owners: z.array(z.string()),
    })
    .optional(),
})
export type Manifest = z.infer<typeof Manifest>

/** What tells one of a version to come. */
const Later = z.object({ format: z.literal('vakhta-backup'), version: z.number().int().min(2) })

const SignedManifest = z.object({
  manifest: z.unknown(),
  signature: z.object({ key: z.string(), value: z.string() }),
})

/** The text that is signed. */
export function manifestText(manifest: Manifest): string {
  return canonicalJson(manifest)
}

/** The file's text. */
export function signedManifest(manifest: Manifest, signature: { key: string; value: string }): string {
  return `${canonicalJson({ manifest, signature })}\n`
}

/**
 * Reads a manifest and checks its signature.
 * @param ownKey what this console's signatures are checked with
 * @returns `signedBy`: this console, or another whose key is told by the file itself
 * @throws BackupError `manifest-unreadable`, `manifest-altered`, `manifest-newer`
 */
export function readManifest(
  text: string,
  id: string,
  ownKey: string,
): { manifest: Manifest; signedBy: 'this-console' | 'another' } {
  const read = SignedManifest.safeParse(jsonOf(text)).data
  if (read === undefined) throw new BackupError('manifest-unreadable', { id })
  const { key, value } = read.signature
  if (!isSignedBy(key, canonicalJson(read.manifest), value)) throw new BackupError('manifest-altered', { id })
  const manifest = Manifest.safeParse(read.manifest).data
  if (Later.safeParse(read.manifest).success) throw new BackupError('manifest-newer', { id })
  if (manifest === undefined) throw new BackupError('manifest-unreadable', { id })
  // Another backup's, put beside this one's files.
  if (manifest.id !== id) throw new BackupError('manifest-altered', { id })
  return { manifest, signedBy: key === ownKey ? 'this-console' : 'another' }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
