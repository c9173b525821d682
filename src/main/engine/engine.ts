/** The engine, as its hosts have it: everything that the interface over it may ask. */
import type { Changes, ChangesQuery } from '#shared/model/change.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { NoteOutcome } from '#shared/model/desktop-note.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import type { FleetRow, ProbeCost } from '#shared/model/fleet.ts'
import type { Lease } from '#shared/model/lease.ts'
import type { DeploymentProfile, ProfileIssue } from '#shared/model/profile/deployment.ts'
import type { Unheard } from '#shared/model/unheard.ts'
import type { Alerts } from './alerts/alerts.ts'
import type { Heartbeats } from './alerts/heartbeat/heartbeats.ts'
import type { AlertmanagerTies } from './alerts/notify/alertmanager/ties.ts'
import type { Desktop } from './alerts/notify/desktop/desktop.ts'
import type { Notify } from './alerts/notify/notify.ts'
import type { Audit } from './audit/audit.ts'
import type { Backups } from './backups/backups.ts'
import type { Causes } from './causes/causes.ts'
import type { Clock } from './clock.ts'
import type { Condition } from './condition.ts'
import type { Deployments } from './deployments/deployments.ts'
import type { DraftOf, Proposals } from './deployments/proposals/drafts.ts'
import type { Forecasts } from './forecasts/forecasts.ts'
import type { Handover } from './handover/handover.ts'
import type { Inspections } from './inspections.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { History, Retention } from './metrics/history.ts'
import type { Operations } from './operations/operations.ts'
import type { Preferences } from './preferences.ts'
import type { HostKeys } from './reach/host-keys.ts'
import type { Questions } from './reach/questions.ts'
import type { Timeline } from './timeline/timeline.ts'
import type { Vault } from './vault/vault.ts'

export interface EngineOptions {
  /** Created with mode 0700 where it is missing. */
  readonly dataDirectory: string
  readonly vault: Vault
  /** URL of the history's worker entry: a named build input in the desktop bundle, the source file elsewhere. */
  readonly historyWorker: URL
  /** URL of the entry of a backup's thread, as that of the history's. */
  readonly backupWorker: URL
  readonly clock: Clock
  readonly log: Log
  readonly retention?: Retention
  /** The host has a short page for each incident: links in messages lead there. */
  readonly hasPages?: boolean
  /** Where people reach the host from outside; links in messages begin with it unless the settings name another. */
  readonly publicUrl?: string | null
  /** Left out where the host has no desktop to show notifications on: they go to the pages that are open then. */
  readonly desktop?: Desktop
}

export interface Engine extends Inspections {
  readonly audit: Audit
  readonly vault: Vault
  readonly deployments: Deployments
  readonly proposals: Proposals
  readonly hostKeys: HostKeys
  /** What far sides ask of people while logging in. */
  readonly questions: Questions
  readonly live: Live
  readonly history: History
  /** When something is full if it goes on as it has. */
  readonly forecasts: Forecasts
  /** What happened within a stretch of time, for whoever takes the watch over. */
  readonly handover: Handover
  readonly preferences: Preferences
  /** The live path to a deployment; `DISCONNECTED` without hops where it is paused or unknown. */
  connection(deployment: string): Connection
  readonly causes: Causes
  /** What fires, what is told of it, and what people do about it. */
  readonly alerts: Alerts
  /** What changed, and what came of it. */
  readonly timeline: Timeline
  /** What changes a deployment, and what becomes of that. */
  readonly operations: Operations
  /** What is backed up, and how far that is proven. */
  readonly backups: Backups
  /** As people know this console. */
  consoleName(): string
  /** Channels, and what became of what was sent to them. */
  readonly notify: Notify
  /** That what is critical would reach nobody, and why; `null`: it reaches somebody, or nothing is watched. */
  unheard(): Promise<Unheard | null>
  /** What a page says became of a note that it was to show. Whether anybody still waits for that. */
  noteAnswered(id: string, outcome: NoteOutcome): boolean
  /** A page can show notes from now on: what waits for one is tried at once. */
  pageAttended(): Promise<void>
  /** Who tells of a deployment's alerts, where several consoles watch it. */
  lease(deployment: string): Lease
  /** What is pushed again and again to Alertmanagers, and mirrored from them. */
  readonly alertmanagers: AlertmanagerTies
  /** Dead man's switches: whoever notices outside that this console has fallen silent. */
  readonly heartbeats: Heartbeats
  /** Cost of the latest look of each probe and target. */
  costs(deployment: string): ProbeCost[]
  fleetRow(deployment: string): FleetRow | null
  /** Tries again at once whatever waits for a person or for its backoff. */
  retry(deployment: string): void
  /**
   * Walks the way to everything in a profile, a step at a time; opens its own connections and closes them, at a PostgreSQL
   * that is watched in the place of people's. Secrets of a draft go before those of the vault. @throws DraftGone
   */
  testReach(
    profile: DeploymentProfile,
    signal: AbortSignal,
    draft: DraftOf | null,
  ): AsyncGenerator<ReachStepResult, { ok: boolean }>
  /** Parses profile YAML without saving it. */
  validate(yaml: string): { profiles: DeploymentProfile[]; issues: ProfileIssue[] }
  exportYaml(profile: DeploymentProfile): string
  /** Waits for and answers with what changed since a cursor. Not more than one answer every 250 ms per caller's loop. */
  changes(query: ChangesQuery, signal: AbortSignal): Promise<Changes>
  /** Never rejects; within about a second also where the disk hangs. */
  condition(): Promise<Condition>
  /** The machine went to sleep or came back: power events, where the host knows of them. */
  slept(): void
  woke(): void
  start(): Promise<void>
  /** Stops probing, closes every connection, flushes the history, ends the worker; at most about 5 s. */
  stop(): Promise<void>
}
