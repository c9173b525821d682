/**
 * The alerts and incidents that are open, in memory, with those that ended just now and may come back. What is put in goes to the
 * ledger as well, which puts it on record.
 */
import { mostUrgent } from '#shared/catalogue/severities.ts'
import type { TraceEntry } from '#shared/model/alert-trace.ts'
import type { Ledger } from './record/ledger.ts'
import { type AlertRecord, type Incident, isOver } from './records.ts'

interface OfDeployment {
  /** Those that are not over, by their key. */
  readonly open: Map<string, AlertRecord>
  /** Those that ended just now and may come back, by their key. */
  readonly closed: Map<string, AlertRecord>
  /** Those that its alerts are of, by their ids. */
  readonly incidents: Set<string>
}

export interface BookOptions {
  readonly ledger: Ledger
  /** An alert is other than it was; `null`: it was not there. */
  readonly onTurn: (before: AlertRecord | null, now: AlertRecord) => void
}

const NO_TRACE: Omit<TraceEntry, 'at' | 'step'> = {
  ...{ because: null, value: null, threshold: null, severity: null, looks: null, until: null, by: null },
  ...{ notification: null, escalation: null, times: 1, last: null, earlier: [] },
}

export function createBook({ ledger, onTurn }: BookOptions) {
  const deployments = new Map<string, OfDeployment>()
  const byId = new Map<string, AlertRecord>()
  const incidents = new Map<string, Incident>()
  /** By what is down on a way the incident of those behind it. */
  const ways = new Map<string, string>()
  let turns = 0

  function of(deployment: string): OfDeployment {
    const known = deployments.get(deployment)
    if (known !== undefined) return known
    const fresh: OfDeployment = { open: new Map(), closed: new Map(), incidents: new Set() }
    deployments.set(deployment, fresh)
    return fresh
  }

  function place(record: AlertRecord): void {
    const { open, closed, incidents: its } = of(record.deployment)
    const { key } = record
    byId.set(record.id, record)
    if (record.incident !== '') its.add(record.incident)
    if (record.way !== null && !isOver(record)) ways.set(record.way, record.incident)
    if (!isOver(record)) {
      closed.delete(key)
      open.set(key, record)
      return
    }
    // An older one of the same thing may still be told of as over while a newer one fires.
    if (open.get(key)?.id === record.id) open.delete(key)
    if (!open.has(key) && (closed.get(key)?.since ?? record.since) <= record.since) closed.set(key, record)
  }

  function put(record: AlertRecord): AlertRecord {
    const before = byId.get(record.id) ?? null
    const isSame = before?.severity === record.severity && isOver(before) === isOver(record)
    if (!isSame) turns += 1
    place(record)
    ledger.alert(record)
    onTurn(before, record)
    return record
  }

  function trace(id: string, at: number, step: TraceEntry['step'], rest: Partial<TraceEntry> = {}): void {
    ledger.trace(id, { ...NO_TRACE, ...rest, at, step })
  }

  function openIn(deployment: string): AlertRecord[] {
    return [...(deployments.get(deployment)?.open.values() ?? [])]
  }

  function alertsIn(incident: Incident): AlertRecord[] {
    return incident.alerts.flatMap((id) => byId.get(id) ?? [])
  }

  function putIncident(incident: Incident): void {
    placeIncident(incident)
    ledger.incident(incident)
  }

  function placeIncident(incident: Incident): void {
    of(incident.deployment).incidents.add(incident.id)
    incidents.set(incident.id, incident)
  }

  return {
    /** What is on record, after a start. */
    restore(records: readonly AlertRecord[], known: readonly Incident[]): void {
      for (const record of records) place(record)
      for (const incident of known) placeIncident(incident)
    },

    /** In memory alone: only turns are put on record. */
    place,
    put,
    putIncident,
    trace,

    /** Counts what began, ended or changed its urgency: while it stands still, so does what matchers fit. */
    turns: () => turns,
    openIn,
    all: () => [...deployments.values()].flatMap(({ open }) => [...open.values()]),
    openAt: (deployment: string, key: string) => deployments.get(deployment)?.open.get(key) ?? null,
    closedAt: (deployment: string, key: string) => deployments.get(deployment)?.closed.get(key) ?? null,
    byId: (id: string) => byId.get(id) ?? null,
    alertsIn,
    incident: (id: string) => incidents.get(id) ?? null,
    /** That of what is down on a way, while something behind it still cannot be reached. */
    incidentOfWay(way: string): Incident | null {
      const incident = incidents.get(ways.get(way) ?? '')
      if (incident === undefined || incident.endedAt !== null) return null
      return alertsIn(incident).some((alert) => alert.way === way && !isOver(alert)) ? incident : null
    },
    openIncidents: (deployment: string) =>
      [...(deployments.get(deployment)?.incidents ?? [])]
        .flatMap((id) => incidents.get(id) ?? [])
        .filter(({ endedAt }) => endedAt === null),
    /** Those that were told of and are open, or ended at a moment or later. */
    told: (endedAfter: number) =>
      [...deployments.values()].flatMap(({ open, closed }) =>
        [...open.values(), ...closed.values()].filter(
          ({ saidAt, endedAt }) => saidAt !== null && (endedAt === null || endedAt >= endedAfter),
        ),
      ),
    deployments: () => [...deployments.keys()],
    activeIn: (deployment: string) => deployments.get(deployment)?.open.size ?? 0,
    worstIn: (deployment: string) => mostUrgent(openIn(deployment).map(({ severity }) => severity)),

    /** Lets go of what ended so long ago that it will not come back. */
    forget(now: number, longestMs: number): void {
      const isOld = (at: number | null) => at !== null && Math.abs(now - at) > longestMs
      for (const [id, { endedAt }] of incidents) if (isOld(endedAt)) incidents.delete(id)
      for (const [way, id] of ways) if (!incidents.has(id)) ways.delete(way)
      for (const { incidents: its } of deployments.values()) {
        for (const id of its) if (!incidents.has(id)) its.delete(id)
      }
      for (const [id, record] of byId) {
        const place = deployments.get(record.deployment)
        if (!isOld(record.endedAt) || incidents.has(record.incident)) continue
        if (place?.closed.get(record.key) === record) place.closed.delete(record.key)
        byId.delete(id)
      }
      for (const [name, { open, closed, incidents: its }] of deployments) {
        if (open.size + closed.size + its.size === 0) deployments.delete(name)
      }
    },
  }
}

export type Book = ReturnType<typeof createBook>
