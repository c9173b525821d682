/** Backups, as far as they cross a process: what there is, how far it is proven, how a deployment stands, and how one fails. */
import { z } from 'zod'
import type { backups } from '#shared/locales/en/backups.ts'
import { BackupSelection } from './backup-selection.ts'
import { Compared } from './compared.ts'
import { Reason } from './reason.ts'

/** A key of `locales/<language>/backups.ts` that says what went wrong and what to do. */
export type BackupFailureCode = Exclude<keyof typeof backups, `sheet-${string}`>

export const BackupFailure = z.object({
  /** Its text is in `locales/<language>/backups.ts`. Any string: another version may have told it. */
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type BackupFailure = z.infer<typeof BackupFailure>

/** How far it is proven: written, read back, restored in a drill. */
export const BackupState = z.enum(['complete', 'verified', 'proven'])
export type BackupState = z.infer<typeof BackupState>

/** `another`: its manifest is signed by another console, or by this one before its key was lost. */
export const BackupSigner = z.enum(['this-console', 'another'])
export type BackupSigner = z.infer<typeof BackupSigner>

/** What of a database is in a backup. */
export const BackupDatabase = z.object({
  name: z.string(),
  /** Of its file, and of what `pg_dump` wrote. */
  bytes: z.number(),
  plainBytes: z.number(),
  ...Compared.shape,
  /** How long the server was kept from cleaning up. */
  heldMs: z.number(),
})

export const Backup = z.object({
  id: z.string(),
  deployment: z.string(),
  /** The moment that it is of, milliseconds since the epoch, and when it was whole. */
  startedAt: z.number(),
  endedAt: z.number(),
  /** Of all its files. */
  bytes: z.number(),
  databases: z.array(BackupDatabase),
  /** Whether roles are in it. */
  roles: z.boolean(),
  selection: BackupSelection,
  /** It is not everything of its databases: it never counts for the recovery point. */
  partial: z.boolean(),
  state: BackupState,
  verifiedAt: z.number().nullable(),
  provenAt: z.number().nullable(),
  /** How long its latest drill took from nothing to databases that can be used. */
  recoveryMs: z.number().nullable(),
  /** The deployment on whose server that was measured; `null`: on the console's own machine. */
  recoveryOn: z.string().nullable(),
  /** What the latest look found wrong with it: it is of no use then. `null`: nothing. */
  problem: BackupFailure.nullable(),
  /** Where it is kept. */
  place: z.string(),
  signedBy: BackupSigner,
  /** The console that made it, as people name it. */
  console: z.string(),
  /** The server's version, and of each program that made it. */
  server: z.string(),
  tools: z.array(z.string()),
  /** How its databases were compressed, each way once; empty: nothing tells. A level of `null` is the program's own. */
  compression: z.array(z.object({ method: z.enum(['zstd', 'gzip', 'none']), level: z.number().nullable() })),
  /** What `pg_dump` wrote; and by how many sessions at once, where it was the directory format: `null`, where it streamed. */
  format: z.enum(['custom', 'directory', 'plain']),
  jobs: z.number().nullable(),
  /** How many public keys it is encrypted for; 0: it is not. */
  recipients: z.number(),
  /** It was made of a dump that others made: where that lay, and its SHA-256. Such a one is never proven, and never counts. `null`: Vakhta dumped it itself. */
  foreign: z.object({ file: z.string(), sha256: z.string() }).nullable(),
})
export type Backup = z.infer<typeof Backup>

/** The latest drill of a deployment. */
export const DrillOutcome = z.object({
  at: z.number(),
  backup: z.string(),
  /** `null` where it failed. */
  recoveryMs: z.number().nullable(),
  /** The deployment on whose server it was; `null`: on the console's own machine. */
  on: z.string().nullable(),
  /** Why it failed, in words of backups, operations or the way; `null`: it did not. */
  problem: Reason.nullable(),
})
export type DrillOutcome = z.infer<typeof DrillOutcome>

/** How a deployment stands with its backups. Moments are milliseconds since the epoch. */
export const BackupSummary = z.object({
  deployment: z.string(),
  /** Its profile says what is backed up. */
  configured: z.boolean(),
  place: z.string().nullable(),
  /** Of all that is kept. */
  count: z.number(),
  bytes: z.number(),
  /** How many of them are of no use. */
  faulty: z.number(),
  /** How many of them count: whole, with nothing wrong, and known to be readable. */
  good: z.number(),
  /** The newest that has everything and nothing wrong with it. */
  lastComplete: Backup.nullable(),
  /** The newest that a drill restored. */
  lastProven: Backup.nullable(),
  lastDrill: DrillOutcome.nullable(),
  /** How long it took to have it all again, the last time that was tried. */
  recoveryMs: z.number().nullable(),
  /** The deployment on whose server that was; `null`: on the console's own machine. */
  recoveryOn: z.string().nullable(),
  recoveryPoint: z.object({
    /** How long ago the moment of the last complete one was; `null`: there is none. */
    ageSeconds: z.number().nullable(),
    /** As the profile allows; `null`: it has no backups. */
    limitSeconds: z.number().nullable(),
    /** It is older than allowed, with the time that a backup takes; where there is none, since one is wanted. */
    isStale: z.boolean(),
  }),
  /** When each is begun by itself the next time; `null`: never. */
  next: z.object({ backup: z.number().nullable(), drill: z.number().nullable() }),
  /** What was due by a schedule and is not begun, with a reason of `operations`: it waits, and begins by itself; or it was missed. */
  notBegun: z.array(
    z.object({ what: z.enum(['backup', 'drill']), at: z.number(), waits: z.boolean(), reason: Reason }),
  ),
})
export type BackupSummary = z.infer<typeof BackupSummary>

/** The key of last resort: its secret half is on a printed sheet alone. */
export const RecoveryKey = z.object({
  /** The public half, `age1…`. */
  recipient: z.string(),
  madeAt: z.number(),
  /** When somebody typed it in from its sheet, and it was right; `null`: never yet. */
  provenAt: z.number().nullable(),
})
export type RecoveryKey = z.infer<typeof RecoveryKey>

/** One that another took the place of. */
export const FormerRecoveryKey = RecoveryKey.extend({
  /** Until when backups were encrypted for it; `null`: they still are, because the sheet of the one after it is not proven yet. */
  usedUntil: z.number().nullable(),
})
export type FormerRecoveryKey = z.infer<typeof FormerRecoveryKey>

/** A recovery key, and what it opens of the backups that are kept. */
export const RecoveryKeyUse = FormerRecoveryKey.extend({
  /** `null`: it is only known from backups. */
  madeAt: z.number().nullable(),
  isCurrent: z.boolean(),
  /** It was made on this console since keys are listed. */
  isKnown: z.boolean(),
  /** Moments that the oldest and the newest are of; `null`: none that is kept is for it. */
  backups: z.object({ count: z.number(), first: z.number(), last: z.number() }).nullable(),
  /** Whose these are. */
  deployments: z.array(z.string()),
})
export type RecoveryKeyUse = z.infer<typeof RecoveryKeyUse>
