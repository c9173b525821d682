/**
 * What is to be written, in parts that are each a transaction: one of thousands of rows would keep the thread from everything else. What belongs
 * to one incident stays together, so that after a kill each is as it was decided or as it was before. Pure.
 */
import type { Silence } from '#shared/model/silence.ts'
import type { AlertRecord, Incident } from '../records.ts'
import type { Unwritten } from './alert-store.ts'

/** Rows of a part, about: some tens of milliseconds, and each part waits for the disk once. An incident is never taken apart. */
export const MOST_ROWS = 800
/** The group of silences over several alerts: no incident is called so. */
const OF_SILENCES = ''

interface Part extends Unwritten {
  readonly alerts: Map<string, AlertRecord>
  readonly incidents: Map<string, Incident>
  readonly silences: Map<string, Silence>
  readonly begun: Map<string, number>
  readonly trace: Unwritten['trace'][number][]
  readonly notifications: Unwritten['notifications'][number][]
}

export function partsOf(unwritten: Unwritten): Unwritten[] {
  const { alerts, incidents, silences, begun, trace, notifications } = unwritten
  if (rowsOf(unwritten) <= MOST_ROWS) return [unwritten]
  // Whom an alert went on to is traced, and changes only its incident, which knows its alerts.
  const incidentOf = new Map([
    ...[...incidents.values()].flatMap(({ id, alerts: members }) => members.map((one) => [one, id] as const)),
    ...[...alerts.values()].map(({ id, incident }) => [id, incident || id] as const),
  ])
  const groups = new Map<string, Part>()
  /** What is known of no incident here goes by itself. */
  const groupOf = (incident: string) => {
    const known = groups.get(incident) ?? emptyPart()
    groups.set(incident, known)
    return known
  }
  const ofAlert = (alert: string) => groupOf(incidentOf.get(alert) ?? alert)
  // What is announced of several silences is decided once: they stay with it.
  const isAnnounced = notifications.some(({ kind }) => kind === 'silence-ending')
  // A silence is there before what goes under it.
  for (const silence of silences.values()) {
    const { alert } = silence.matchers
    const group = isAnnounced || alert === null ? groupOf(OF_SILENCES) : ofAlert(alert)
    group.silences.set(silence.id, silence)
  }
  for (const alert of alerts.values()) ofAlert(alert.id).alerts.set(alert.id, alert)
  for (const incident of incidents.values()) groupOf(incident.id).incidents.set(incident.id, incident)
  for (const entry of trace) ofAlert(entry.alert).trace.push(entry)
  for (const notification of notifications) {
    const { kind, incident } = notification
    groupOf(kind === 'silence-ending' ? OF_SILENCES : incident).notifications.push(notification)
  }
  const [first, ...others] = [...groups.values()]
  if (first === undefined) return [unwritten]
  for (const [name, count] of begun) first.begun.set(name, count)
  return packed([first, ...others])
}

/** Parts as one again, in their order. */
export function joined(parts: readonly Unwritten[]): Unwritten {
  const all = emptyPart()
  for (const part of parts) add(all, part)
  return all
}

/** Groups in their order, as many in a part as fit. */
function packed(groups: readonly Part[]): Part[] {
  const parts: Part[] = []
  for (const group of groups) {
    const last = parts.at(-1)
    if (last === undefined || rowsOf(last) + rowsOf(group) > MOST_ROWS) parts.push(group)
    else add(last, group)
  }
  return parts
}

function add(part: Part, { alerts, incidents, silences, begun, trace, notifications }: Unwritten): void {
  for (const [id, one] of alerts) part.alerts.set(id, one)
  for (const [id, one] of incidents) part.incidents.set(id, one)
  for (const [id, one] of silences) part.silences.set(id, one)
  for (const [name, count] of begun) part.begun.set(name, count)
  for (const entry of trace) part.trace.push(entry)
  for (const notification of notifications) part.notifications.push(notification)
}

function emptyPart(): Part {
  return {
    ...{ alerts: new Map(), incidents: new Map(), silences: new Map(), begun: new Map() },
    ...{ trace: [], notifications: [] },
  }
}

function rowsOf({ alerts, incidents, silences, trace, notifications }: Unwritten): number {
  return alerts.size + incidents.size + silences.size + trace.length + notifications.length
}
