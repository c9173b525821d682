/**
 * In which order alerts stand, and what stands under what: deployments, and incidents over several of them, the most pressing first; in an incident the alert
 * that the others come from, and those under it. Pure.
 */
import { urgency } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'

export interface Placed {
  readonly alert: Alert
  /** It comes from the alert above it, or cannot be known because of it. */
  readonly isConsequence: boolean
  /** The first of its group: of its deployment, or of an incident over several. */
  readonly isFirst: boolean
  /** Its incident is over several deployments, which stands once, and not under each of them. */
  readonly isShared: boolean
}

/** Whether it waits for somebody: neither acknowledged, nor silenced, nor behind another. */
export function needsAttention({ state, inhibitedBy }: Pick<Alert, 'state' | 'inhibitedBy'>): boolean {
  return state === 'firing' && inhibitedBy === null
}

export function arrange(alerts: readonly Alert[]): Placed[] {
  const shared = sharedIncidents(alerts)
  // No deployment is called as an incident is: those are random.
  const groups = grouped(alerts, ({ deployment, incident }) => (shared.has(incident) ? incident : deployment))
  const placed: Placed[] = []
  for (const group of inOrder([...groups.values()])) {
    let isFirst = true
    for (const incident of inOrder([...grouped(group, (alert) => alert.incident).values()])) {
      for (const one of arrangeIncident(incident)) {
        placed.push({ ...one, isFirst, isShared: shared.has(one.alert.incident) })
        isFirst = false
      }
    }
  }
  return placed
}

function sharedIncidents(alerts: readonly Alert[]): ReadonlySet<string> {
  const firstOf = new Map<string, string>()
  const shared = new Set<string>()
  for (const { incident, deployment } of alerts) {
    const first = firstOf.get(incident)
    if (first === undefined) firstOf.set(incident, deployment)
    else if (first !== deployment) shared.add(incident)
  }
  return shared
}

function arrangeIncident(alerts: readonly Alert[]): Pick<Placed, 'alert' | 'isConsequence'>[] {
  const [head, ...others] = alerts.toSorted(headFirst)
  if (head === undefined) return []
  const under = others.filter((alert) => comesFrom(alert, head))
  const left = others.filter((alert) => !under.includes(alert))
  // What stands as near to the root as the head says another thing of the same.
  const equal = left.filter(
    (alert) => alert.cause?.code === head.cause?.code && wayToRoot(alert) === wayToRoot(head),
  )
  const beside = left.filter((alert) => !equal.includes(alert))
  return [
    ...[head, ...equal].map((alert) => ({ alert, isConsequence: false })),
    ...under.map((alert) => ({ alert, isConsequence: true })),
    // Of another cause, with consequences of its own.
    ...arrangeIncident(beside),
  ]
}

/** The nearer an alert stands to the root of what was found, the more the others come from it. */
function headFirst(a: Alert, b: Alert): number {
  return (
    Number(a.inhibitedBy !== null) - Number(b.inhibitedBy !== null) ||
    compare(wayToRoot(a), wayToRoot(b)) ||
    urgency(b.severity) - urgency(a.severity) ||
    a.since - b.since ||
    (a.id < b.id ? -1 : 1)
  )
}

/** As numbers are, also where both are infinite. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** Links between an alert and the root; nothing is nearer than what is in the chain. */
function wayToRoot({ cause }: Alert): number {
  if (cause === null || cause.certainty === 'not-found') return Number.POSITIVE_INFINITY
  return cause.isBeside ? Number.MAX_SAFE_INTEGER : cause.lines.length
}

function comesFrom(alert: Alert, head: Alert): boolean {
  if (alert.inhibitedBy !== null) return alert.inhibitedBy === head.id
  if (alert.cause === null || alert.cause.certainty === 'not-found') return false
  return alert.cause.code === head.cause?.code && wayToRoot(alert) > wayToRoot(head)
}

/** Groups, the most pressing first: by what waits for somebody, then by urgency, then the newest. */
function inOrder(groups: readonly (readonly Alert[])[]): readonly (readonly Alert[])[] {
  if (groups.length < 2) return groups
  return groups
    .map((alerts) => ({ alerts, rank: rankOf(alerts) }))
    .toSorted(
      ({ rank: a }, { rank: b }) => b.pressing - a.pressing || b.worst - a.worst || b.newest - a.newest,
    )
    .map(({ alerts }) => alerts)
}

function rankOf(alerts: readonly Alert[]) {
  const rank = { pressing: -1, worst: -1, newest: 0 }
  for (const alert of alerts) {
    const urgent = urgency(alert.severity)
    if (needsAttention(alert)) rank.pressing = Math.max(rank.pressing, urgent)
    rank.worst = Math.max(rank.worst, urgent)
    rank.newest = Math.max(rank.newest, alert.since)
  }
  return rank
}

function grouped(alerts: readonly Alert[], keyOf: (alert: Alert) => string): Map<string, Alert[]> {
  const groups = new Map<string, Alert[]>()
  for (const alert of alerts) {
    const key = keyOf(alert)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [alert])
    else group.push(alert)
  }
  return groups
}

/**
 * What somebody reads stays where it is: those that stand there keep their places, as they are now; of one that is over the last that was
 * known is shown as over; those that came since stand below.
 * @param held as they stood when the reading began
 */
export function holdStill(
  held: readonly Placed[],
  current: readonly Alert[],
  fits: (alert: Alert) => boolean,
) {
  const byId = new Map(current.map((alert) => [alert.id, alert] as const))
  const kept = held.map((placed) => {
    const alert = byId.get(placed.alert.id)
    byId.delete(placed.alert.id)
    if (alert === placed.alert) return placed
    return { ...placed, alert: alert ?? asOver(placed.alert) }
  })
  const fresh = arrange([...byId.values()].filter(fits))
  return { kept, fresh }
}

function asOver(alert: Alert): Alert {
  return alert.state === 'resolved'
    ? alert
    : { ...alert, state: 'resolved', silencedUntil: null, inhibitedBy: null }
}
