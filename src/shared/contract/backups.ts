/** Backups: what there is, how a deployment stands with them, the key of last resort. They are made and tried as operations (`backup`, `drill`). */
import { z } from 'zod'
import {
  Backup,
  BackupFailure,
  BackupSummary,
  DrillOutcome,
  RecoveryKey,
  RecoveryKeyUse,
} from '#shared/model/backup.ts'
import { PostgresName } from '#shared/model/backup-selection.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { SpokenReason } from './deployments.ts'
import { administers, listOf, Moment, procedure, reads } from './procedure.ts'

export const MOST_BACKUPS_LISTED = 500
export const MOST_TABLES_LISTED = 1_000

/** What is wrong with one, in words. */
const SpokenProblem = BackupFailure.extend({ text: z.string() }).nullable()

const NamedTable = z.object({ schema: z.string(), name: z.string() })

const ListedTable = NamedTable.extend({
  rows: z.number(),
  /** How many tables a partitioned one stands for, whose rows its are; `null`: it is no such. */
  partitions: z.number().nullable(),
  /** What it is a partition of, the nearest first; whoever chooses one of these chooses it, too. */
  partOf: z.array(NamedTable),
})
export type ListedTable = z.infer<typeof ListedTable>

export const BackupOut = Backup.extend({
  startedAt: Moment,
  endedAt: Moment,
  verifiedAt: Moment.nullable(),
  provenAt: Moment.nullable(),
  problem: SpokenProblem,
})
export type BackupOut = z.infer<typeof BackupOut>

export const BackupSummaryOut = BackupSummary.extend({
  lastComplete: BackupOut.nullable(),
  lastProven: BackupOut.nullable(),
  lastDrill: DrillOutcome.extend({ at: Moment, problem: SpokenReason.nullable() }).nullable(),
  next: z.object({ backup: Moment.nullable(), drill: Moment.nullable() }),
  notBegun: z.array(
    z.object({ what: z.enum(['backup', 'drill']), at: Moment, waits: z.boolean(), reason: SpokenReason }),
  ),
})
export type BackupSummaryOut = z.infer<typeof BackupSummaryOut>

const RecoveryKeyOut = RecoveryKey.extend({ madeAt: Moment, provenAt: Moment.nullable() })

const RecoveryKeyUseOut = RecoveryKeyUse.extend({
  madeAt: Moment.nullable(),
  provenAt: Moment.nullable(),
  usedUntil: Moment.nullable(),
  backups: z.object({ count: z.number(), first: Moment, last: Moment }).nullable(),
})

const Id = z.string().max(200)

export const backups = {
  list: reads()
    .route({
      ...{ method: 'GET', path: '/backups', tags: ['backups'] },
      summary: 'The backups that are kept, newest first',
    })
    .input(
      z.object({
        deployment: Name.optional(),
        limit: z.coerce.number().int().min(1).max(MOST_BACKUPS_LISTED).default(100),
        cursor: z
          .string()
          .regex(/^\d{1,16}:.{1,200}$/, 'expected the nextCursor of an answer')
          .optional(),
      }),
    )
    .output(listOf(BackupOut)),
  tables: reads()
    .route({
      ...{ method: 'GET', path: '/backups/{backup}/tables', tags: ['backups'] },
      summary:
        'The tables that are in a backup, by schema and name, with the rows that were counted for it; partitions behind their partitioned table',
    })
    .input(
      z.object({
        backup: Id,
        /** Left out: the only one that is in it. */
        database: PostgresName.optional(),
        /** Those alone that have this in `schema.name`, whatever the case of its letters. */
        containing: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(MOST_TABLES_LISTED).default(200),
        cursor: z
          .string()
          .regex(/^\d{1,9}$/, 'expected the nextCursor of an answer')
          .optional(),
      }),
    )
    .output(listOf(ListedTable).extend({ total: z.number() })),
  summary: reads()
    .route({
      ...{ method: 'GET', path: '/backups/summary', tags: ['backups'] },
      summary: 'How each deployment stands with its backups: the last ones, drills, the recovery point',
    })
    .input(z.object({ deployment: Name.optional() }))
    .output(listOf(BackupSummaryOut)),
  recoveryKey: reads()
    .route({
      ...{ method: 'GET', path: '/backups/recovery-key', tags: ['backups'] },
      summary: 'The recovery key: its public half, and whether its sheet was proven',
    })
    .output(z.object({ key: RecoveryKeyOut.nullable() })),
  recoveryKeys: reads()
    .route({
      ...{ method: 'GET', path: '/backups/recovery-keys', tags: ['backups'] },
      summary:
        'The public halves of all recovery keys that there were, and which of the kept backups each opens',
    })
    .output(listOf(RecoveryKeyUseOut)),
  makeRecoveryKey: administers()
    .route({
      ...{ method: 'POST', path: '/backups/recovery-key', tags: ['backups'] },
      summary: 'Make a new recovery key; its sheet is given this once, to be printed, and kept nowhere',
    })
    .input(z.object({}))
    .output(
      RecoveryKeyOut.extend({
        /** A page of its own, to be printed. The secret half stands on it. */
        sheet: z.string(),
      }),
    ),
  proveRecoveryKey: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      ...{ method: 'POST', path: '/backups/recovery-key/prove', tags: ['backups'] },
      summary: 'Type the recovery key in from its sheet: it is decrypted with, and not kept',
    })
    .input(z.object({ typed: z.string().min(1).max(1_000) }))
    .output(RecoveryKeyOut),
  rescan: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      ...{ method: 'POST', path: '/backups/rescan', tags: ['backups'] },
      summary: "Make the list again from what lies in a deployment's place; leftovers of what was cut off go",
    })
    .input(z.object({ deployment: Name }))
    .output(
      z.object({
        added: z.array(z.string()),
        gone: z.array(z.string()),
        /** Ids of what was cut off in its middle, and removed. */
        cleared: z.array(z.string()),
        problems: z.array(z.object({ id: z.string(), text: z.string() })),
      }),
    ),
  remove: procedure({ role: 'OPERATOR', effect: 'destroys' })
    .route({
      ...{ method: 'DELETE', path: '/backups/{id}', tags: ['backups'] },
      summary: 'Remove a backup with its files',
    })
    .input(
      z.object({
        id: Id,
        /** The deployment's name: asked for where it is production, and for the last good one anywhere. */
        confirm: z.string().max(200).optional(),
      }),
    )
    .output(z.object({ removed: z.string() })),
}
