/** How the record of an alert changes with what its rule decides and what people do: pure, a record in and a record out. */

import { type Severity, urgency } from '#shared/catalogue/severities.ts'
import type { AlertEnding } from '#shared/model/alert.ts'
import type { Silence } from '#shared/model/silence.ts'
import { type AlertRecord, Episode, isOver, MOST_EPISODES } from './records.ts'
import type { Hold } from './telling/decide-notice.ts'

/** An alert that fires again within this time after it cleared is the same one. */
export const REOPENS_WITHIN_MS = 10 * 60_000
/** So many times within this time is flapping; after this long without a turn it is over. */
const FLAPS = 4
const FLAPS_WITHIN_MS = 30 * 60_000
const SETTLES_AFTER_MS = 10 * 60_000

/** What a look measured. */
export type Measured = Pick<AlertRecord, 'value' | 'threshold' | 'unit' | 'reason'>

export function reopened(
  record: AlertRecord,
  at: number,
  severity: Severity,
  measured: Measured & Pick<AlertRecord, 'pendingSince' | 'level' | 'blamed' | 'cause'>,
): AlertRecord {
  const firedAt = [...record.firedAt, at].slice(-FLAPS)
  const first = firedAt[0] ?? at
  const flaps = firedAt.length === FLAPS && at - first <= FLAPS_WITHIN_MS && at >= first
  return {
    ...record,
    ...measured,
    past: [...record.past, Episode.parse(record)].slice(-MOST_EPISODES),
    severity,
    peak: worse(record.peak, severity),
    state: 'firing',
    since: at,
    endedAt: null,
    ending: null,
    resolvedBy: null,
    // Whoever had acknowledged it did so until it was over.
    acknowledgedBy: null,
    acknowledgedAt: null,
    note: null,
    reopened: record.reopened + 1,
    firedAt,
    flapping: record.flapping || flaps,
    owed: 'firing',
    owesFlapping: record.owesFlapping || (flaps && !record.flapping),
  }
}

export function ended(record: AlertRecord, at: number, ending: AlertEnding, by: string | null): AlertRecord {
  return {
    ...record,
    state: 'resolved',
    endedAt: Math.max(at, record.since),
    ending,
    resolvedBy: by,
    silencedBy: null,
    silencedUntil: null,
    inhibitedBy: null,
    owed: null,
    // One that will not come back has nothing to settle.
    flapping: record.flapping && ending === 'cleared',
    owesFlapping: false,
  }
}

/** Its urgency turned. What gets worse is told whoever had acknowledged it: they knew of less. */
export function turned(record: AlertRecord, level: number, severity: Severity): AlertRecord {
  const isWorse = urgency(severity) > urgency(record.severity)
  return {
    ...record,
    level,
    severity,
    peak: worse(record.peak, severity),
    owed: isWorse ? 'raised' : record.owed,
  }
}

export function acknowledged(record: AlertRecord, by: string, note: string | null, at: number): AlertRecord {
  return {
    ...record,
    acknowledgedBy: by,
    acknowledgedAt: at,
    note,
    owed: null,
    owesFlapping: false,
    ...stateOf({ ...record, acknowledgedBy: by }),
  }
}

/** Under a silence, or out of it: what is still there when it ends is told again. */
export function underSilence(record: AlertRecord, silence: Silence | null): AlertRecord {
  const silenced = {
    ...record,
    silencedBy: silence?.id ?? null,
    silencedUntil: silence?.until ?? null,
  }
  const isEnding = record.silencedBy !== null && silence === null && record.acknowledgedBy === null
  return {
    ...silenced,
    ...stateOf(silenced),
    owed: isEnding && record.owed === null ? (record.saidAt === null ? 'firing' : 'reminder') : record.owed,
  }
}

/** A silence shows over an acknowledgement: when it ends, that still stands. */
function stateOf({
  acknowledgedBy,
  silencedBy,
}: Pick<AlertRecord, 'acknowledgedBy' | 'silencedBy'>): Pick<AlertRecord, 'state'> {
  if (silencedBy !== null) return { state: 'silenced' }
  return { state: acknowledgedBy === null ? 'firing' : 'acknowledged' }
}

function lastTurn({ since, endedAt }: AlertRecord): number {
  return endedAt ?? since
}

/** It has come and gone, and stays as it is now. */
export function isSettled(record: AlertRecord, now: number): boolean {
  const quietMs = now - lastTurn(record)
  return record.flapping && (quietMs >= SETTLES_AFTER_MS || quietMs < 0)
}

export function settled(record: AlertRecord): AlertRecord {
  const isHeard = isOver(record) || record.acknowledgedBy !== null
  return { ...record, flapping: false, owed: isHeard ? record.owed : (record.owed ?? 'reminder') }
}

/** What keeps an alert quiet at a moment; of a clock that was set back nothing is kept quiet by what lies ahead of it. */
export function holdOf(record: AlertRecord, now: number): Hold | null {
  if (!isOver(record)) {
    if (record.silencedBy !== null) {
      return { because: 'silenced', until: record.silencedUntil, by: record.silencedBy }
    }
    if (record.inhibitedBy !== null) return { because: 'inhibited', until: null, by: record.inhibitedBy }
  }
  if (record.flapping && !isSettled(record, now)) {
    return { because: 'flapping', until: lastTurn(record) + SETTLES_AFTER_MS, by: null }
  }
  const { owed, saidAt, saidSeverity, severity } = record
  if (owed !== 'firing' || saidAt === null || saidSeverity === null) return null
  const until = saidAt + record.cooldownSeconds * 1_000
  const isSame = urgency(saidSeverity) >= urgency(severity)
  return isSame && now >= saidAt && now < until ? { because: 'cooldown', until, by: null } : null
}

/** It was told of. */
export function told(record: AlertRecord, at: number): AlertRecord {
  return {
    ...record,
    saidAt: at,
    saidSeverity: record.severity,
    owed: null,
    owesFlapping: false,
  }
}

function worse(a: Severity, b: Severity): Severity {
  return urgency(b) > urgency(a) ? b : a
}
