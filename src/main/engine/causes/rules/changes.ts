/** What was changed shortly before something went bad is suspected of it. */
import { CHANGE_KINDS, type TimelineEvent } from '#shared/model/timeline.ts'
import { behind, type Edge, type Finding, type Found, idOf, likely } from '../finding.ts'
import type { Situation } from '../situation.ts'
import { isBad, isOfTheWay } from './symptoms.ts'

/** A change this long before a status went bad may be behind it. */
const SUSPECT_MS = 10 * 60_000
/** A change is seen a look or two after it happened: what it broke may be seen first. */
const SEEN_LATE_MS = 30_000

export function changes(situation: Situation): Found {
  const findings: Finding[] = []
  const edges: Edge[] = []
  const bad = situation.observations.filter((one) => isBad(one) && !isOfTheWay(situation, one))
  for (const event of situation.events.filter(isChange)) {
    const followed = bad.filter(({ probe, target }) => {
      const since = situation.since(probe, target)
      return since !== null && since >= event.at - SEEN_LATE_MS && since <= event.at + SUSPECT_MS
    })
    if (followed.length === 0) continue
    const id = `change/${event.id}`
    findings.push(behind(id, event.reason, { probe: event.probe, target: event.target, since: event.at }))
    edges.push(...followed.map((one) => likely(id, idOf(one))))
  }
  return { findings, edges }
}

function isChange({ kind }: TimelineEvent): boolean {
  return CHANGE_KINDS.some((one) => one === kind)
}
