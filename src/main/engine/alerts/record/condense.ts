/**
 * The trace of an alert within a bound, however long it comes and goes: how it began and what came last as it was, and of what is between them
 * repeated decisions as one with how often it was and from when to when. What people did stands between those that came before and after it. Pure.
 */
import type { TraceEntry } from '#shared/model/alert-trace.ts'

/** So many entries are left as they are. */
export const MOST_ENTRIES = 400
const FIRST = 50
const NEWEST = 250
/** Of so many notifications beside the newest that one stands for it is still known what became of them. */
const EARLIER = 4

/** @param entries oldest first, some of which may stand for several already */
export function condensed(entries: readonly TraceEntry[]): TraceEntry[] {
  if (entries.length <= MOST_ENTRIES) return [...entries]
  const between = entries.slice(FIRST, -NEWEST)
  const apart = stretches(between).flatMap(folded)
  // So much was done that it does not fit one by one.
  const fits = apart.length <= MOST_ENTRIES - FIRST - NEWEST
  return [...entries.slice(0, FIRST), ...(fits ? apart : folded(apart)), ...entries.slice(-NEWEST)]
}

/** From one thing that somebody did to the next, which is a stretch of its own. */
function stretches(entries: readonly TraceEntry[]): TraceEntry[][] {
  const found: TraceEntry[][] = []
  let current: TraceEntry[] = []
  for (const entry of entries) {
    if (!isDeed(entry)) {
      current.push(entry)
      continue
    }
    found.push(current, [entry])
    current = []
  }
  return [...found, current]
}

function isDeed({ step, because }: TraceEntry): boolean {
  return step === 'acknowledged' || step === 'silenced' || (step === 'ended' && because === 'by-hand')
}

/** One of each kind, in the order of the first, as the newest was. */
function folded(entries: readonly TraceEntry[]): TraceEntry[] {
  const kinds = new Map<string, TraceEntry>()
  for (const entry of entries) {
    const { step, because, severity, notification, escalation } = entry
    const called = escalation === null ? null : [escalation.policy, escalation.step]
    const kind = JSON.stringify([step, because, severity, notification?.kind ?? null, called])
    const before = kinds.get(kind)
    kinds.set(kind, before === undefined ? entry : together(before, entry))
  }
  return [...kinds.values()]
}

function together(before: TraceEntry, entry: TraceEntry): TraceEntry {
  const earlier = [
    ...entry.earlier,
    ...(before.notification === null ? [] : [before.notification.id]),
    ...before.earlier,
  ]
  return {
    ...entry,
    ...{ at: before.at, times: before.times + entry.times, last: entry.last ?? entry.at },
    earlier: earlier.slice(0, EARLIER),
  }
}
