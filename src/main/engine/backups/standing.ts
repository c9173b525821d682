/** How a deployment stands with its backups: from what there is, what is wanted, and the time. Pure. */
import type { Backup, BackupSummary, DrillOutcome } from '#shared/model/backup.ts'
import type { Backups as Wanted } from '#shared/model/profile/backups.ts'

const HOUR_MS = 3_600_000
/** The usual run time is that of the longest among so many newest. */
const USUAL_OF = 5

/** It has everything that was wanted, and nothing wrong with it. */
export function isGood({ partial, problem }: Pick<Backup, 'partial' | 'problem'>): boolean {
  return !partial && problem === null
}

/** What a summary is made of. */
export interface Known {
  readonly deployment: string
  /** `null`: its profile wants no backups. */
  readonly wanted: Wanted | null
  /** Since when they are wanted; `null`: not known. */
  readonly wantedSince: number | null
  /** Newest first. */
  readonly backups: readonly Backup[]
  readonly lastDrill: DrillOutcome | null
  readonly next: BackupSummary['next']
}

export function summaryOf(known: Known, now: number): BackupSummary {
  const { deployment, wanted, backups, lastDrill, next } = known
  const good = backups.filter(isGood)
  const lastProven = backups.find(({ state, problem }) => state === 'proven' && problem === null) ?? null
  return {
    ...{ deployment, lastDrill, lastProven, next },
    configured: wanted !== null,
    place: wanted?.store.directory ?? null,
    count: backups.length,
    bytes: backups.reduce((sum, { bytes }) => sum + bytes, 0),
    faulty: backups.filter(({ problem }) => problem !== null).length,
    lastComplete: good[0] ?? null,
    recoveryMs: lastProven?.recoveryMs ?? null,
    recoveryPoint: recoveryPointOf(known, good, now),
  }
}

function recoveryPointOf(
  { wanted }: Pick<Known, 'wanted'>,
  good: readonly Backup[],
  now: number,
): BackupSummary['recoveryPoint'] {
  const [last] = good
  const ageSeconds = last === undefined ? null : Math.max(0, Math.round((now - last.startedAt) / 1_000))
  if (wanted === null) return { ageSeconds, limitSeconds: null, isStale: false }
  const limitSeconds = wanted.recoveryPointHours * 3_600
  const isStale = last === undefined || now - last.startedAt > limitSeconds * 1_000 + usualMs(good)
  return { ageSeconds, limitSeconds, isStale }
}

/**
 * How late the next complete backup is: seconds beyond what may be lost and the time that one takes; 0: it is not. The moment of a backup is when it began,
 * so that until the next one is whole it is older than the time between two by as long as that takes.
 * @returns `null`: none is wanted, or it is not known since when
 */
export function lateSeconds(
  { wanted, wantedSince, backups }: Pick<Known, 'wanted' | 'wantedSince' | 'backups'>,
  now: number,
): number | null {
  if (wanted === null) return null
  const good = backups.filter(isGood)
  const since = good[0]?.startedAt ?? wantedSince
  if (since === null) return null
  const late = now - since - wanted.recoveryPointHours * HOUR_MS - usualMs(good)
  return Math.max(0, Math.round(late / 1_000))
}

function usualMs(good: readonly Backup[]): number {
  return Math.max(0, ...good.slice(0, USUAL_OF).map(({ startedAt, endedAt }) => endedAt - startedAt))
}
