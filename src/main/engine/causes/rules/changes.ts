/** What was changed shortly before something went bad is suspected of it. */
import { CHANGE_KINDS, type EventKind, type TimelineEvent } from '#shared/model/timeline.ts'
import { behind, type Edge, type Finding, type Found, idOf, likely } from '../finding.ts'
import type { Situation } from '../situation.ts'
import { endOf, isBad, isOfTheWay } from './symptoms.ts'

/** A change this long before a status went bad may be behind it: what was altered stays so, a restart is over soon. */
const SUSPECT_MS: Partial<Record<EventKind, number>> = { restart: 90_000, role: 90_000 }
const ALTERED_MS = 10 * 60_000
/** A change is seen a look or two after it happened: what it broke may be seen first. */
const SEEN_LATE_MS = 30_000
const ONE_CHANGE_MS = 60_000

export function changes(situation: Situation): Found {
  const findings: Finding[] = []
  const edges: Edge[] = []
  const bad = situation.observations.filter((one) => isBad(one) && !isOfTheWay(situation, one))
  const suspects = situation.events.filter(isChange)
  for (const event of suspects.filter((one) => !suspects.some((other) => isPartOf(one, other)))) {
    const followed = bad.filter(({ probe, target }) => {
      const since = situation.since(probe, target)
      return (
        since !== null &&
        since >= event.at - SEEN_LATE_MS &&
        since <= event.at + (SUSPECT_MS[event.kind] ?? ALTERED_MS)
      )
    })
    if (followed.length === 0) continue
    const id = `change/${event.id}`
    findings.push(
      behind(id, event.reason, {
        probe: event.probe,
        target: event.target,
        since: event.at,
        isChange: true,
      }),
    )
    // What ended is why nobody answers there, and so the last link of that.
    const isEnd = event.reason.code.startsWith('ended')
    edges.push(
      ...followed.map((one) => likely(id, isEnd && one.target === event.target ? endOf(one) : idOf(one))),
    )
  }
  return { findings, edges }
}

/** That a deployment was added here, or is watched again, alters nothing about it. */
function isChange({ kind, reason }: TimelineEvent): boolean {
  if (kind === 'profile') return reason.code === 'profile-edited'
  return CHANGE_KINDS.some((one) => one === kind)
}

/** A deploy restarts what it deploys, and shows as another image and as another version: that is one change. */
function isPartOf(one: TimelineEvent, other: TimelineEvent): boolean {
  return (
    other.kind === 'deploy' &&
    (one.kind === 'restart' || (one.kind === 'deploy' && one.id > other.id)) &&
    one.target === other.target &&
    Math.abs(one.at - other.at) <= ONE_CHANGE_MS
  )
}
