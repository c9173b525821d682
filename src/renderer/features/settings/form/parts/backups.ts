/** What of a deployment is backed up, where to and when, in the form: there and back. Pure. */
import type { BackupCompression, BackupFormat, BackupRun, Backups } from '#shared/model/profile/backups.ts'
import { type ClockDraft, clockDraft, clockOf } from './clock.ts'
import { type Kept, keptIn, NOTHING_KEPT, onTop } from './kept.ts'
import { linesOf, tableLine, tableOf } from './lines.ts'

export interface BackupsDraft {
  directory: string
  /** One a line, here and below. */
  databases: string
  schemas: string
  tables: string
  recipients: string
  roles: boolean
  run: BackupRun
  container: string
  compression: { method: BackupCompression['method']; level: number | '' }
  format: BackupFormat
  staging: { isAllowed: boolean; jobs: number | ''; directory: string }
  schedule: ClockDraft
  drills: ClockDraft
  drillsOn: string
  recoveryPointHours: number | ''
  lockWaitSeconds: number | ''
  mostHeldMinutes: number | ''
  keepLast: number | ''
  keepDays: number | ''
  kept: Kept
}

/** At night, and the drill when that is over. */
const FRESH = { schedule: '02:30', drills: '05:00' } as const

export const newBackups = (zone: string): BackupsDraft => ({
  ...backupsDraft(undefined, zone),
  kept: NOTHING_KEPT,
})

/** @param zone of whoever edits it: what a new schedule begins with */
export function backupsDraft(backups: Backups | undefined, zone: string): BackupsDraft {
  const schedule = clockDraft(backups?.schedule, { zone, time: FRESH.schedule })
  const drills = clockDraft(backups?.drills, { zone, time: FRESH.drills })
  return {
    directory: backups?.store.directory ?? '',
    databases: backups?.databases.join('\n') ?? '',
    schemas: backups?.schemas.join('\n') ?? '',
    tables: backups?.tables.map(tableLine).join('\n') ?? '',
    recipients: backups?.recipients.join('\n') ?? '',
    roles: backups?.roles ?? true,
    run: backups?.run ?? 'auto',
    container: backups?.container ?? '',
    compression: {
      method: backups?.compression.method ?? 'auto',
      level: backups?.compression.level ?? '',
    },
    format: backups?.format ?? 'custom',
    staging: {
      isAllowed: backups?.staging !== undefined,
      jobs: backups?.staging?.jobs ?? '',
      directory: backups?.staging?.directory ?? '',
    },
    // What nobody decided on yet begins with what nearly everybody wants.
    schedule: backups === undefined ? { ...schedule, kind: 'daily' } : schedule,
    drills: backups === undefined ? { ...drills, kind: 'weekly' } : drills,
    drillsOn: backups?.drillsOn ?? '',
    recoveryPointHours: backups?.recoveryPointHours ?? 24,
    lockWaitSeconds: backups?.lockWaitSeconds ?? '',
    mostHeldMinutes: backups?.mostHeldMinutes ?? '',
    keepLast: backups?.keep?.last ?? '',
    keepDays: backups?.keep?.days ?? (backups === undefined ? 30 : ''),
    kept: backups ?? NOTHING_KEPT,
  }
}

export function backupsOf(draft: BackupsDraft): Record<string, unknown> {
  const { directory, roles, recoveryPointHours, lockWaitSeconds, mostHeldMinutes, keepLast, keepDays } = draft
  const { kept, run, container, compression, format } = draft
  const keep = onTop(keptIn(kept, 'keep'), { last: keepLast, days: keepDays })
  const tables = Object.values(keptIn(kept, 'tables')) as Kept[]
  return onTop(kept, {
    store: onTop(keptIn(kept, 'store'), { kind: 'local', directory: directory.trim() }, ['directory']),
    databases: linesOf(draft.databases),
    schemas: linesOf(draft.schemas),
    tables: linesOf(draft.tables)
      .map(tableOf)
      .map(({ schema, name }) => {
        const known = tables.find((one) => one.schema === schema && one.name === name)
        return { ...known, schema, name }
      }),
    recipients: linesOf(draft.recipients),
    roles,
    run,
    // One that is named stays while it runs elsewhere for once.
    container: container.trim(),
    compression: onTop(keptIn(kept, 'compression'), compression),
    format,
    staging: stagingOf(draft),
    schedule: clockOf(draft.schedule),
    drills: clockOf(draft.drills),
    drillsOn: draft.drillsOn.trim(),
    ...{ recoveryPointHours, lockWaitSeconds, mostHeldMinutes },
    keep: Object.keys(keep).length === 0 ? undefined : keep,
  })
}

/** The directory format is staged: who chooses it allows that. */
function stagingOf({ kept, format, staging }: BackupsDraft): Record<string, unknown> | undefined {
  if (format !== 'directory' && !staging.isAllowed) return undefined
  const { jobs, directory } = staging
  return onTop(keptIn(kept, 'staging'), { jobs, directory: directory.trim() })
}
