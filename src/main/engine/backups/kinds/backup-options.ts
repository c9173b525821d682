/** What somebody may ask of a backup, filled in from the profile; and what that makes of it. Pure. */
import { z } from 'zod'
import type { Backup } from '#shared/model/backup.ts'
import { PostgresName, selection } from '#shared/model/backup-selection.ts'
import type { Backups } from '#shared/model/profile/backups.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import type { RunWish } from '../postgres/place.ts'
import { isPartial, type Selection } from '../postgres/selection.ts'

/** Left out: as the profile wants it. */
export const BackupOptions = z.strictObject({
  databases: z.array(PostgresName).min(1).max(100).optional(),
  schemas: selection.schemas.optional(),
  tables: selection.tables.optional(),
  /** Nothing is dumped: a dump of this machine that others made becomes a backup. */
  register: z
    .strictObject({
      /** Its path. */
      file: z.string().min(1).max(4096),
      /** What the database is called that it is of. */
      database: PostgresName,
    })
    .optional(),
})
export type SettledBackup = z.infer<typeof BackupOptions>

/** The databases that the profile wants. */
export function databasesOf({ postgres, backups }: DeploymentProfile): string[] {
  if (backups === undefined || postgres === undefined) return []
  return backups.databases.length > 0 ? backups.databases : [parsePostgresUrl(postgres.url).database]
}

export function settleBackup(options: SettledBackup, profile: DeploymentProfile): SettledBackup {
  const { backups } = profile
  if (backups === undefined || options.register !== undefined) return options
  // Who chooses schemas or tables chooses both: the profile's would add what was not asked for.
  const chosen = options.schemas !== undefined || options.tables !== undefined ? options : backups
  return {
    databases: options.databases ?? databasesOf(profile),
    schemas: chosen.schemas ?? [],
    tables: chosen.tables ?? [],
  }
}

/** Where the profile wants PostgreSQL's programs to run. */
export function wishOf({ run, container }: Pick<Backups, 'run' | 'container'>): RunWish {
  return { run, container: container ?? null }
}

export function selectionOf({ schemas = [], tables = [] }: SettledBackup): Selection {
  return { schemas, tables }
}

/** It is not everything that the profile wants to be safe. */
export function isPartialBackup(options: SettledBackup, profile: DeploymentProfile): boolean {
  const wanted = databasesOf(profile)
  return isPartial(selectionOf(options)) || wanted.some((name) => options.databases?.includes(name) !== true)
}

/** The newest that was made of the same. @param backups newest first */
export function lastLike(backups: readonly Backup[], options: SettledBackup): Backup | null {
  const of = (databases: readonly string[], chosen: Selection) =>
    JSON.stringify([databases.toSorted(), chosen.schemas, chosen.tables])
  if (options.register !== undefined) return null
  const same = of(options.databases ?? [], selectionOf(options))
  return (
    backups.find(
      ({ databases, selection, foreign, problem }) =>
        problem === null &&
        foreign === null &&
        of(
          databases.map(({ name }) => name),
          selection,
        ) === same,
    ) ?? null
  )
}
