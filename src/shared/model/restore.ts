/** What is asked of a restore of PostgreSQL: the options of the operation `restore`, by its mode. */
import { z } from 'zod'
import { SecretReference } from './profile/fields.ts'

const PostgresName = z.string().min(1).max(63)

/** So many tables are restored at once. */
export const MOST_RESTORED_TABLES = 100

/** Beside the database that there is, which is then swapped for it; the swap is taken back until the old one is dropped. */
export const RestoreBeside = z.strictObject({
  mode: z.literal('side-by-side'),
  /** Its id in the catalogue. */
  backup: z.string().min(1).max(200),
  /** Left out: the only one that is in the backup. */
  database: PostgresName.optional(),
  /** `false`: it stays beside the one that there is, for people to look at. */
  swap: z.boolean().default(true),
  /** The secret key to decrypt with, where it is not this console's own. */
  key: SecretReference.optional(),
  /** It may be restored also where another console signed it: what stands in it is run as who operates. */
  another: z.boolean().default(false),
})
export type RestoreBeside = z.infer<typeof RestoreBeside>

/**
 * In the place of the database that there is. Where the server has room for a second copy that is side by side with its swap; where it has none, a safety backup is
 * made, and one transaction replaces what is in the database.
 */
export const RestoreInPlace = RestoreBeside.omit({ swap: true }).extend({
  mode: z.literal('in-place'),
  /** For a second copy. Left out, the console looks, where it can. */
  room: z.enum(['enough', 'none']).optional(),
})
export type RestoreInPlace = z.infer<typeof RestoreInPlace>

/** Chosen tables get the rows that they had in a backup; what they had before is kept beside them until that is dropped. */
export const RestoreTables = z.strictObject({
  mode: z.literal('tables'),
  backup: z.string().min(1).max(200),
  database: PostgresName.optional(),
  tables: z
    .array(z.strictObject({ schema: PostgresName, name: PostgresName }))
    .min(1)
    .max(MOST_RESTORED_TABLES),
  key: SecretReference.optional(),
  another: z.boolean().default(false),
})
export type RestoreTables = z.infer<typeof RestoreTables>

/** Keeps what an earlier restore swapped in: drops the database, or the rows of tables, from before. */
export const RestoreKeep = z.strictObject({
  mode: z.literal('keep'),
  /** The operation that swapped. */
  operation: z.uuid(),
  /** Filled in by the console. */
  database: PostgresName.optional(),
})
export type RestoreKeep = z.infer<typeof RestoreKeep>

/** To a server that has no such database: another one, a blank one, or the same after the database was dropped. */
export const RestoreElsewhere = RestoreBeside.omit({ swap: true }).extend({
  mode: z.literal('elsewhere'),
  /** The deployment that the backup is of, which may be the target itself: said each time, so that no backup of another is taken by a slip. */
  from: z.string().min(1).max(200),
  /** What the database is called there; left out: as in the backup. */
  as: PostgresName.refine((name) => new TextEncoder().encode(name).length <= 63).optional(),
})
export type RestoreElsewhere = z.infer<typeof RestoreElsewhere>

export const RestoreOptions = z.discriminatedUnion('mode', [
  RestoreBeside,
  RestoreInPlace,
  RestoreElsewhere,
  RestoreTables,
  RestoreKeep,
])
export type RestoreOptions = z.infer<typeof RestoreOptions>
/** As they are asked for. */
export type RestoreOptionsInput = z.input<typeof RestoreOptions>

/** What a restore ends with: facts of its operation's `result`. */
export const RestoreResult = z.object({
  backup: z.string(),
  database: z.string(),
  /** What the database from before is called now, and its oid; `null`: nothing was swapped. */
  before: z.string().nullable(),
  beforeOid: z.number().nullable(),
  /** Of chosen tables it is a schema in that database. */
  beforeIs: z.literal('schema').optional(),
  /** What was restored, and its oid; of chosen tables the database that they are in. */
  restored: z.string(),
  restoredOid: z.number(),
  tables: z.number(),
  rows: z.number(),
  /** When it was swapped in, milliseconds since the epoch. */
  swappedAt: z.number().nullable(),
  /** Elsewhere: the roles that were made, and those of them that log in and need a password. */
  roles: z.array(z.string()).optional(),
  withoutPassword: z.array(z.string()).optional(),
  /** In place, in one transaction: the backup of what was there, which the way back restores. */
  safety: z.string().optional(),
})
export type RestoreResult = z.infer<typeof RestoreResult>

/** Of it, what is told as soon as it was swapped in, for whoever goes back or lets go of what was there: also of one that was given up right after. */
export const RestoreSwapped = RestoreResult.pick({
  ...{ database: true, before: true, beforeOid: true, beforeIs: true, swappedAt: true, safety: true },
})
export type RestoreSwapped = z.infer<typeof RestoreSwapped>
