/**
 * What of a deployment is backed up, where to, for whom, and when; left out of a profile: nothing is. The messages of these schemas are keys of
 * `locales/<language>/profile.ts`.
 */
import { z } from 'zod'
import { PostgresName, selection } from '../backup-selection.ts'
import { ClockSchedule } from '../clock-schedule.ts'
import { Directory } from './directory.ts'
import { Name } from './fields.ts'

/** A directory of the machine that the console runs on. */
export const BackupPlace = z.strictObject({ kind: z.literal('local'), directory: Directory })
export type BackupPlace = z.infer<typeof BackupPlace>

/** A public key of age: 32 bytes in Bech32. */
const Recipient = z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, 'bad-recipient')

const Keep = z
  .strictObject({
    /** The newest so many. */
    last: z.number().int().min(1).max(10_000).optional(),
    /** Those of the last so many days. */
    days: z.number().int().min(1).max(3_650).optional(),
  })
  .refine(({ last, days }) => last !== undefined || days !== undefined, 'keep-nothing-said')

/** `auto`: this machine where a program that fits is here, else the end of the SSH chain, else a container there. */
export const BackupRun = z.enum(['auto', 'local', 'host', 'container'])
export type BackupRun = z.infer<typeof BackupRun>

/** `auto`: Zstandard where the program has it, else its gzip. */
export const BackupCompression = z
  .strictObject({
    method: z.enum(['auto', 'zstd', 'gzip', 'none']),
    /** Left out: the program's own. */
    level: z.number().int().min(1).max(22).optional(),
  })
  .superRefine(({ method, level }, context) => {
    if (level === undefined || method === 'zstd' || (method === 'gzip' && level <= 9)) return
    context.addIssue({ code: 'custom', path: ['level'], message: 'compression-level' })
  })
export type BackupCompression = z.infer<typeof BackupCompression>

/** `custom` streams; `directory` is written by several sessions at once, which takes staging. */
export const BackupFormat = z.enum(['custom', 'directory'])
export type BackupFormat = z.infer<typeof BackupFormat>

/** What it takes to dump and restore with several sessions at once: a copy that lies somewhere meanwhile. */
export const BackupStaging = z.strictObject({
  /** So many sessions at once. */
  jobs: z.number().int().min(1).max(32).default(2),
  /** Where, on the machine of the console; left out: in the console's own data. */
  directory: Directory.optional(),
})
export type BackupStaging = z.infer<typeof BackupStaging>

export const Backups = z.strictObject({
  store: BackupPlace,
  /** By name; none: the one of the PostgreSQL's URL. */
  databases: z.array(PostgresName).max(100).default([]),
  /** None of either: everything. What is chosen makes backups partial: they do not count for the recovery point. */
  ...selection,
  /** Roles and what they are members of, too; never their passwords. */
  roles: z.boolean().default(true),
  /** Whom they are encrypted for besides the console's own two keys. */
  recipients: z.array(Recipient).max(20).default([]),
  /** Where PostgreSQL's programs run. */
  run: BackupRun.default('auto'),
  /** The container to run them in, where it has to be said. */
  container: z
    .string()
    .max(200)
    .regex(/^[\w][\w.-]*$/, 'bad-container')
    .optional(),
  /** What `pg_dump` writes. */
  format: BackupFormat.default('custom'),
  /** It may stage; left out: it may not. */
  staging: BackupStaging.optional(),
  /** How `pg_dump` compresses. */
  compression: BackupCompression.default({ method: 'auto' }),
  schedule: ClockSchedule.optional(),
  /** When one is restored for a trial. */
  drills: ClockSchedule.optional(),
  /** The deployment on whose server that is, by name; left out: on the console's own machine. */
  drillsOn: Name.optional(),
  /** So much work at the most may be lost. */
  recoveryPointHours: z
    .number()
    .min(1)
    .max(90 * 24)
    .default(24),
  /** How long a table that is locked is waited for. */
  lockWaitSeconds: z.number().int().min(1).max(3_600).default(30),
  /** How long the server may be kept from cleaning up what was deleted since. */
  mostHeldMinutes: z
    .number()
    .int()
    .min(1)
    .max(2 * 1_440)
    .default(240),
  /** What stays when a newer one is made; left out: all of them. */
  keep: Keep.optional(),
})
export type Backups = z.infer<typeof Backups>
