/** Writes changes into the query cache, touching only what they concern, so that only those rows are drawn again. */
import { type QueryClient, replaceEqualDeep } from '@tanstack/react-query'
import { z } from 'zod'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import { badness } from '#shared/catalogue/statuses.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { Change, Notice } from '#shared/model/change.ts'
import type { FleetRow, ProbeStatus } from '#shared/model/fleet.ts'
import { withNow } from '#shared/model/fleet-now.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { AlertsView, DeploymentView, FleetView } from './client.ts'
import type { Keys } from './keys.ts'

const NOTICES_KEPT = 20

/** Applies one answer's changes in one pass: one cache write for the fleet, one for each deployment concerned. */
export function applyChanges(cache: QueryClient, keys: Keys, changes: readonly Change[]): void {
  const rows = new Map<string, RowChange[]>()
  const details = new Map<string, Change[]>()
  const alerts = new Map<string, readonly Alert[]>()
  const backedUp = new Set<string>()
  for (const change of changes) {
    switch (change.kind) {
      case 'fleet-row':
      case 'fleet-now':
        push(rows, change.name, change)
        push(details, change.name, change)
        break
      case 'fleet-row-removed':
        push(rows, change.name, change)
        alerts.set(change.name, [])
        cache.removeQueries({ queryKey: keys.deployment(change.name) })
        break
      case 'observation':
        push(details, change.observation.deployment, change)
        break
      case 'causes':
      case 'connection':
        push(details, change.deployment, change)
        break
      case 'deployment-edited':
        void cache.invalidateQueries({ queryKey: keys.profiles })
        void cache.invalidateQueries({ queryKey: keys.secrets })
        void cache.invalidateQueries({ queryKey: keys.hosts })
        // Their schedule, or their limit, may be another.
        backedUp.add(change.deployment)
        void cache.invalidateQueries({ queryKey: keys.deployment(change.deployment) })
        break
      case 'timeline':
        void cache.invalidateQueries({ queryKey: keys.timeline(change.deployment) })
        break
      case 'alerts':
        alerts.set(change.deployment, change.alerts)
        void cache.invalidateQueries({ queryKey: keys.silences })
        break
      case 'operation':
        // What somebody is about to begin stays as they saw it.
        void cache.invalidateQueries({ queryKey: keys.operations, predicate: isNoPreview })
        break
      case 'operation-settings':
        // Also what somebody is about to begin: it is refused by now, or is no longer.
        void cache.invalidateQueries({ queryKey: keys.operations })
        break
      case 'backups':
        backedUp.add(change.deployment)
        break
      case 'questions':
        void cache.invalidateQueries({ queryKey: keys.questions })
        break
      case 'notice':
        addNotice(cache, keys, change.notice)
        break
    }
  }
  // Those of many turn at once when the console starts.
  if (backedUp.size > 0) {
    for (const queryKey of keys.backups)
      void cache.invalidateQueries({ queryKey, predicate: isOfAny(backedUp) })
    // How all stand is a long answer: one that is on its way is waited for, or it would never come while many turn.
    void cache.invalidateQueries({ queryKey: keys.standings, exact: true }, { cancelRefetch: false })
  }
  if (rows.size > 0) {
    cache.setQueryData<FleetView>(keys.fleet, (old) => old && { rows: patchRows(old.rows, rows) })
  }
  if (alerts.size > 0) {
    cache.setQueryData<AlertsView>(
      keys.alerts,
      (old) => old && { ...old, alerts: patchAlerts(old.alerts, alerts) },
    )
  }
  for (const [name, list] of details) {
    cache.setQueryData<DeploymentView>(keys.deployment(name), (old) => old && patchDeployment(old, list))
  }
}

function isNoPreview({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return !JSON.stringify(queryKey[0]).includes('preview')
}

const OfDeployment = z.tuple([z.unknown(), z.object({ input: z.object({ deployment: z.string() }) })])

function isOfAny(names: ReadonlySet<string>): (query: { readonly queryKey: readonly unknown[] }) => boolean {
  return ({ queryKey }) => {
    const asked = OfDeployment.safeParse(queryKey).data
    return asked !== undefined && names.has(asked[1].input.deployment)
  }
}

type RowChange = Extract<Change, { kind: 'fleet-row' | 'fleet-now' | 'fleet-row-removed' }>

/** Replaces, adds and removes rows; rows that did not change stay the same objects. */
export function patchRows(old: FleetRow[], changed: ReadonlyMap<string, readonly RowChange[]>): FleetRow[] {
  const known = new Set(old.map((row) => row.name))
  const kept = old.flatMap((row) => patchRow(row, changed.get(row.name) ?? []) ?? [])
  const added = [...changed].flatMap(([name, changes]) =>
    known.has(name) ? [] : (patchRow(undefined, changes) ?? []),
  )
  return [...kept, ...added]
}

function patchRow(row: FleetRow | undefined, changes: readonly RowChange[]): FleetRow | undefined {
  return changes.reduce<FleetRow | undefined>((old, change) => {
    if (change.kind === 'fleet-row-removed') return undefined
    if (change.kind === 'fleet-row') return replaceEqualDeep(old, change.row)
    // Of a row that is not here nothing but its minutes is missing: it comes whole.
    return old && replaceEqualDeep(old, withNow(old, change.now))
  }, row)
}

/** Replaces the alerts of some deployments; those that did not change stay the same objects, in their place. */
export function patchAlerts(old: readonly Alert[], changed: ReadonlyMap<string, readonly Alert[]>): Alert[] {
  const next = new Map([...changed.values()].flat().map((alert) => [alert.id, alert] as const))
  const kept = old.flatMap((alert) => {
    if (!changed.has(alert.deployment)) return [alert]
    const now = next.get(alert.id)
    next.delete(alert.id)
    return now === undefined ? [] : [replaceEqualDeep(alert, now)]
  })
  return [...kept, ...next.values()]
}

function patchDeployment(old: DeploymentView, changes: readonly Change[]): DeploymentView {
  let next = old
  for (const change of changes) {
    if (change.kind === 'fleet-row') next = { ...next, row: replaceEqualDeep(next.row, change.row) }
    if (change.kind === 'fleet-now') {
      next = { ...next, row: replaceEqualDeep(next.row, withNow(next.row, change.now)) }
    }
    if (change.kind === 'connection') {
      next = { ...next, connection: replaceEqualDeep(next.connection, change.connection) }
    }
    if (change.kind === 'causes') next = { ...next, causes: replaceEqualDeep(next.causes, change.causes) }
    if (change.kind === 'observation') {
      const observations = patchObservations(next.observations, change.observation)
      const { probe } = change.observation
      next = { ...next, observations, statuses: { ...next.statuses, [probe]: statusOf(observations, probe) } }
    }
  }
  return next
}

function patchObservations(old: Observation[], seen: Observation): Observation[] {
  const same = (one: Observation) => one.probe === seen.probe && one.target === seen.target
  return old.some(same) ? old.map((one) => (same(one) && one.at <= seen.at ? seen : one)) : [...old, seen]
}

/** The worst of a probe's targets, as the console derives it; the first of equals. */
function statusOf(observations: readonly Observation[], probe: ProbeId): ProbeStatus | undefined {
  const worst = observations
    .filter((one) => one.probe === probe)
    .reduce<Observation | undefined>(
      (found, one) => (found === undefined || badness(one.status) > badness(found.status) ? one : found),
      undefined,
    )
  return worst && { status: worst.status, reason: worst.reason, at: worst.at }
}

function addNotice(cache: QueryClient, keys: Keys, notice: Notice) {
  cache.setQueryData<Notice[]>(keys.notices, (old) => [notice, ...(old ?? [])].slice(0, NOTICES_KEPT))
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V) {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
