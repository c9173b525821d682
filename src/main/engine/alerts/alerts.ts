/** Alerts: what fires, what is told of it, and what people do about it. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { Severity } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { AlertRule, AlertRuleSettings, AlertSettings, OwnAlertRule } from '#shared/model/alert-rule.ts'
import type { TraceEntry } from '#shared/model/alert-trace.ts'
import type { FleetAlerts } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Silence, SilenceMatchers } from '#shared/model/silence.ts'
import type { Policies } from './escalation/policies.ts'
import type { AlertQuery, CountQuery } from './record/alert-store.ts'
import type { AlertsFound } from './record/search.ts'
import type { AlertRecord } from './records.ts'
import type { Within } from './rehearsal/drawing.ts'
import type { Proposed } from './rehearsal/propose.ts'
import type { Rehearsed } from './rehearsal/rehearse.ts'
import type { Rotas } from './rota/rotas.ts'
import type { Blindness } from './rules/sight.ts'
import type { MirroredSilences } from './silences/mirrored-silences.ts'
import type { SilencedOperation } from './silences/operation-silences.ts'
import type { Counted } from './statistics/statistics.ts'
import type { Windows } from './windows/windows.ts'

/** What of a deployment alerts go by. */
export interface Edited {
  readonly profile: Pick<DeploymentProfile, 'name' | 'environment' | 'tags' | 'limits'>
  readonly targets: Partial<Record<ProbeId, readonly string[]>>
  /** Metrics that none of the targets can have, as the profile says. */
  readonly unfilled?: readonly string[]
  /** Where those are, compared as a whole: of others under the same names nothing has been read so far. */
  readonly sources?: readonly unknown[]
}

/** What came of something that somebody asked for. */
export type Answered<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false
      readonly why: 'no-such-alert' | 'over' | 'still-true' | 'no-such-silence' | 'ends-at-its-origin'
    }

/** What became of each of several alerts, by their ids. */
export interface Became {
  readonly done: readonly string[]
  /** Over meanwhile, or before. */
  readonly over: readonly string[]
  /** Not on record: never, or not any more. */
  readonly unknown: readonly string[]
  /** Only of what was to be resolved: refused, since it is there still. */
  readonly stillTrue: readonly string[]
}

export interface SilenceRequest {
  readonly matchers: SilenceMatchers
  /** Milliseconds since the epoch; `null`: until it clears, for a day at the longest. */
  readonly until: number | null
  readonly by: string
  readonly note: string | null
}

/** How many of a deployment fire, how urgent the worst is, and how many there ever were. */
export interface AlertCounts {
  readonly deployment: string
  readonly active: number
  readonly worst: Severity | null
  readonly total: number
}

/** An alert that people were told of, and the channels that messages of it go to, as those of a notification. */
export type ToldAlert = AlertRecord & { readonly goesTo: readonly string[] }

export interface Alerts {
  /** Takes a look in, after `live` and `causes` have; must not block. */
  observe(observation: Observation): void
  /** A deployment was added, altered, paused or removed (`null`). */
  edit(name: string, deployment: Edited | null): void

  /** Those that fire, also acknowledged and silenced ones; pending ones are not among them. Of one deployment, or of all. */
  active(deployment: string | null): Alert[]
  counts(): AlertCounts[]
  /** What fires of a deployment, in numbers. */
  standing(deployment: string): FleetAlerts
  /** Newest first, whether over or not. Rejects with `StoreError` where the store cannot be read. */
  history(query: AlertQuery): Promise<Alert[]>
  /** Those of them that fit, as far as it looked: through some thousand at most. Rejects as `history` does. */
  search(query: AlertQuery, fits: (alert: Alert) => boolean): Promise<AlertsFound>
  /** Those that fired within a time, or began before and had not ended by then, each as it was then, also where it came back since. Rejects as `history` does. */
  within(period: { readonly from: number; readonly to: number; readonly limit: number }): Promise<Alert[]>
  /** What is counted of those that fired since a moment, newest first. Rejects as `history` does. */
  counted(query: CountQuery): Promise<Counted[]>
  alert(id: string): Promise<Alert | null>
  /** Those of an incident, over or not, newest first: some hundred at most, as far as they are on record still. Rejects as `history` does. */
  incident(id: string): Promise<Alert[]>
  /** All of an incident that are not over. */
  openOf(incident: string): Alert[]
  /** Why somebody was told of it, or was not, oldest first. */
  trace(id: string): Promise<TraceEntry[]>
  rules(): readonly AlertRule[]
  /** Why a rule does nothing as deployments are; `null`: it may find something. */
  blindness(rule: AlertRule): Blindness | null
  settings(): AlertSettings
  /** Alerts that fire are held to it at once. */
  configure(settings: AlertSettings): Promise<void>
  /** Sets a rule of the catalogue; `null`: there is no such rule. @throws RuleRefused */
  configureRule(id: string, settings: AlertRuleSettings): Promise<AlertRule | null>
  /** A rule of somebody's own, in the place of another or a new one (`null`). @throws RuleRefused */
  saveRule(id: string | null, rule: OwnAlertRule): Promise<AlertRule | null>
  /** Removes a rule, or sets one of the catalogue back. */
  removeRule(id: string): Promise<AlertRule | null>
  /** When a rule would have fired within the last seven days on a deployment. @throws RuleRefused */
  rehearse(
    id: string | null,
    rule: OwnAlertRule,
    deployment: string,
    options?: { readonly draw?: Within | null; readonly signal?: AbortSignal | undefined },
  ): Promise<Rehearsed>
  /**
   * What of a rule's settings would have made it ring at least by half less within the last seven days, and how often it would have rung as it is;
   * `null`: there is no such rule.
   */
  propose(
    id: string,
    deployment: string,
  ): Promise<{ readonly asItIs: Rehearsed; readonly proposed: Proposed | null } | null>
  silences(): Silence[]
  /**
   * Keeps a deployment quiet while an operation changes it; durable when it resolves. What it resolves with is called once the operation
   * ended, however: the silence then lasts until every service is seen to be well, or for `minutesAfter` at the most.
   */
  during(operation: SilencedOperation): Promise<() => Promise<void>>
  /** Who has the watch. */
  readonly rotas: Rotas
  /** Whom an incident goes to that nobody acknowledges. */
  readonly policies: Policies
  /** What is kept quiet by a schedule. */
  readonly windows: Windows

  /** Each is on record when it resolves; rejects with `StoreError` where that cannot be. */
  acknowledge(id: string, by: string, note: string | null): Promise<Answered<Alert>>
  resolve(id: string, by: string): Promise<Answered<Alert>>
  silence(request: SilenceRequest): Promise<Silence>
  /** Silences one alert for as long as it is not more urgent than now. */
  silenceAlert(id: string, request: Omit<SilenceRequest, 'matchers'>): Promise<Answered<Alert>>
  /**
   * The same for several in one turn: no call answers for another's alert, and none is refused for one that is over. On record are all of
   * them when it resolves; a kill before leaves each incident as it was, or done.
   */
  acknowledgeAll(ids: readonly string[], by: string, note: string | null): Promise<Became>
  resolveAll(ids: readonly string[], by: string): Promise<Became>
  silenceAll(ids: readonly string[], request: Omit<SilenceRequest, 'matchers'>): Promise<Became>
  unsilence(id: string): Promise<Answered<Silence>>
  /** What keeps alerts quiet in an Alertmanager keeps them quiet here; what is not there any more ends. */
  readonly mirrored: MirroredSilences
  /** Who tells of a deployment's alerts is another now. */
  reconsider(deployment: string): void
  /** Those that people were told of: that fire, or ended within this time. */
  told(endedWithinMs: number): ToldAlert[]

  /** Writes what is not on record yet. */
  close(): Promise<void>
}
