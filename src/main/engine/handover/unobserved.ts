/** What could not be observed of each deployment, put together over its targets. Pure, in turns. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { StatusSpan } from '#shared/model/range.ts'
import type { TimelineEvent } from '#shared/model/timeline.ts'
import { inTurns } from '../in-turns.ts'
import type { Period } from './facts.ts'

export interface Unobserved {
  readonly deployment: string
  /** All stretches together, in milliseconds; what was missed at several targets at once counts once. */
  readonly ms: number
  readonly stretches: number
  readonly longest: Period
  readonly probes: readonly ProbeId[]
}

/** Less than this is a start, or one look that did not come. */
const WORTH_MS = 60_000

/**
 * What was missed longest first.
 * @param events of the period: before a deployment was added there was nothing to observe
 */
export async function unobservedOf(
  spans: ReadonlyMap<string, readonly StatusSpan[]>,
  period: Period,
  events: readonly TimelineEvent[],
): Promise<Unobserved[]> {
  const added = addedAt(events)
  const found = await inTurns([...spans], ([deployment, all]) =>
    unobservedIn(deployment, all, { ...period, from: added.get(deployment) ?? period.from }),
  )
  return found.flat().toSorted((a, b) => b.ms - a.ms || (a.deployment < b.deployment ? -1 : 1))
}

/** Of deployments that were not there when the first was heard of them. */
function addedAt(events: readonly TimelineEvent[]): ReadonlyMap<string, number> {
  const first = new Map<string, TimelineEvent>()
  for (const event of events) {
    if (event.kind === 'profile' && event.at < (first.get(event.deployment)?.at ?? Number.POSITIVE_INFINITY))
      first.set(event.deployment, event)
  }
  return new Map(
    [...first].flatMap(([name, { at, reason }]) => (reason.code === 'profile-added' ? [[name, at]] : [])),
  )
}

function unobservedIn(deployment: string, spans: readonly StatusSpan[], period: Period): Unobserved[] {
  const missed = spans
    .filter(({ status }) => status === 'UNOBSERVED')
    .map((span) => ({
      ...span,
      from: Math.max(span.from, period.from),
      to: Math.min(span.to, period.to),
    }))
    .filter(({ from, to }) => to - from >= WORTH_MS)
  const stretches = merged(missed)
  const [longest] = stretches.toSorted((a, b) => b.to - b.from - (a.to - a.from))
  if (longest === undefined) return []
  const ms = stretches.reduce((sum, { from, to }) => sum + to - from, 0)
  const probes = [...new Set(missed.map(({ probe }) => probe))]
  return [{ deployment, ms, stretches: stretches.length, longest, probes }]
}

/** Stretches that touch or overlap are one. */
function merged(all: readonly Period[]): Period[] {
  const stretches: Period[] = []
  for (const { from, to } of all.toSorted((a, b) => a.from - b.from)) {
    const last = stretches.at(-1)
    if (last === undefined || from > last.to) stretches.push({ from, to })
    else stretches[stretches.length - 1] = { from: last.from, to: Math.max(last.to, to) }
  }
  return stretches
}
