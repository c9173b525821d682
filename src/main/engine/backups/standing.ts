/** How a deployment stands with its backups: from what there is, what is wanted, and the time. Pure. */
import type { Backup, BackupSummary, DrillOutcome } from '#shared/model/backup.ts'
import type { Backups as Wanted } from '#shared/model/profile/backups.ts'

/** The usual run time is that of the longest among so many newest. */
const USUAL_OF = 5

/** It has everything that was wanted, and nothing wrong with it. */
export function isGood({ partial, problem }: Pick<Backup, 'partial' | 'problem'>): boolean {
  return !partial && problem === null
}

/** So much clocks differ without anything being wrong with one. */
const CLOCK_LEEWAY_MS = 5 * 60_000

/** It was dated by a clock that was ahead: nobody knows what moment it is of. */
export function isDatedAhead({ startedAt }: Pick<Backup, 'startedAt'>, now: number): boolean {
  return startedAt > now + CLOCK_LEEWAY_MS
}

/** It counts for how a deployment stands: what another console made does so once it was read back with a key of ours. */
export function counts(
  backup: Pick<Backup, 'partial' | 'problem' | 'startedAt' | 'signedBy' | 'state'>,
  now: number,
): boolean {
  const isReadable = backup.signedBy === 'this-console' || backup.state !== 'complete'
  return isGood(backup) && isReadable && !isDatedAhead(backup, now)
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
  readonly notBegun: BackupSummary['notBegun']
}

export function summaryOf(known: Known, now: number): BackupSummary {
  const { deployment, wanted, backups, lastDrill, next, notBegun } = known
  const good = backups.filter((one) => counts(one, now))
  const lastProven = lastProvenOf(good)
  return {
    ...{ deployment, lastDrill, lastProven, next, notBegun },
    configured: wanted !== null,
    place: wanted?.store.directory ?? null,
    count: backups.length,
    bytes: backups.reduce((sum, { bytes }) => sum + bytes, 0),
    faulty: backups.filter(({ problem }) => problem !== null).length,
    good: good.length,
    lastComplete: good[0] ?? null,
    recoveryMs: lastProven?.recoveryMs ?? null,
    recoveryOn: lastProven?.recoveryOn ?? null,
    recoveryPoint: recoveryPointOf(known, now),
  }
}

/** @param good newest first */
export function lastProvenOf(good: readonly Backup[]): Backup | null {
  return good.find(({ state }) => state === 'proven') ?? null
}

function recoveryPointOf(
  known: Pick<Known, 'wanted' | 'wantedSince' | 'backups'>,
  now: number,
): BackupSummary['recoveryPoint'] {
  const last = known.backups.find((one) => counts(one, now))
  const ageSeconds = last === undefined ? null : secondsSince(last.startedAt, now)
  if (known.wanted === null) return { ageSeconds, limitSeconds: null, isStale: false }
  const point = recoveryPoint(known, now)
  return {
    ageSeconds,
    limitSeconds: known.wanted.recoveryPointHours * 3_600,
    isStale: point !== null && point.age > point.limit,
  }
}

/**
 * How old what could be restored is, and how old it may be, in seconds: what may be lost, and the time that a backup takes. The moment of a backup is when it
 * began, so that until the next one is whole it is older than the time between two by as long as that takes. Where there is none, it is as old as the wish for one.
 * @returns `null`: none is wanted, or it is not known since when
 */
export function recoveryPoint(
  { wanted, wantedSince, backups }: Pick<Known, 'wanted' | 'wantedSince' | 'backups'>,
  now: number,
): { readonly age: number; readonly limit: number } | null {
  if (wanted === null) return null
  const good = backups.filter((one) => counts(one, now))
  const since = good[0]?.startedAt ?? wantedSince
  if (since === null) return null
  const usualMs = Math.max(0, ...good.slice(0, USUAL_OF).map(({ startedAt, endedAt }) => endedAt - startedAt))
  return {
    age: secondsSince(since, now),
    limit: wanted.recoveryPointHours * 3_600 + Math.ceil(usualMs / 1_000),
  }
}

function secondsSince(at: number, now: number): number {
  return Math.max(0, Math.round((now - at) / 1_000))
}
