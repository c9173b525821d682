/** The engine: wires everything in one straight line, and starts and stops it within bounds. */
import type { Change, Changes, ChangesQuery } from '#shared/model/change.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { DeploymentProfile, ProfileIssue } from '#shared/model/deployment.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import type { FleetRow, ProbeCost } from '#shared/model/fleet.ts'
import type { Audit } from './audit/audit.ts'
import type { Clock } from './clock.ts'
import type { Deployments } from './deployments/deployments.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { History, Retention } from './metrics/history.ts'
import type { Actor } from './policy/actor.ts'
import type { HostKeys } from './reach/host-keys.ts'
import type { Vault } from './vault/vault.ts'

export interface EngineOptions {
  /** Created with mode 0700 where it is missing. */
  readonly dataDirectory: string
  readonly vault: Vault
  /** URL of the history's worker entry: a named build input in the desktop bundle, the source file elsewhere. */
  readonly historyWorker: URL
  readonly clock: Clock
  readonly log: Log
  readonly retention?: Retention
}

/** What people prefer, kept per actor as JSON. */
export interface Preferences {
  get(actor: Actor): Promise<Record<string, unknown>>
  set(actor: Actor, preferences: Record<string, unknown>): Promise<void>
}

/** What the console costs and how it does: its own `/ready` and `/metrics`. */
export interface Condition {
  readonly ready: boolean
  /** Why it is not ready; `null` when it is. */
  readonly reason: string | null
  readonly startedAt: number
  readonly looks: { readonly total: number; readonly failed: number; readonly running: number }
  readonly history: {
    readonly waiting: number
    readonly dropped: number
    readonly rows: number
    readonly bytes: number
  }
}

export interface Engine {
  readonly audit: Audit
  readonly vault: Vault
  readonly deployments: Deployments
  readonly hostKeys: HostKeys
  readonly live: Live
  readonly history: History
  readonly preferences: Preferences
  /** The live path to a deployment; `DISCONNECTED` without hops where it is paused or unknown. */
  connection(deployment: string): Connection
  /** Cost of the latest look of each probe and target. */
  costs(deployment: string): ProbeCost[]
  fleetRow(deployment: string): FleetRow | null
  /** Tries again at once whatever waits for a person or for its backoff. */
  retry(deployment: string): void
  /** Walks the way to everything in a profile, a step at a time; opens its own connections and closes them. */
  testReach(profile: DeploymentProfile, signal: AbortSignal): AsyncGenerator<ReachStepResult, { ok: boolean }>
  /** Parses profile YAML without saving it. */
  validate(yaml: string): { profiles: DeploymentProfile[]; issues: ProfileIssue[] }
  exportYaml(profile: DeploymentProfile): string
  /** Waits for and answers with what changed since a cursor. Not more than one answer every 250 ms per caller's loop. */
  changes(query: ChangesQuery, signal: AbortSignal): Promise<Changes>
  /** Internal feed of single changes, as they happen; for tests and hosts (tray, title). */
  onChange(listener: (change: Change['kind'], name: string) => void): () => void
  condition(): Promise<Condition>
  /** The machine went to sleep or came back: power events, where the host knows of them. */
  slept(): void
  woke(): void
  start(): Promise<void>
  /** Stops probing, closes every connection, flushes the history, ends the worker; at most about 5 s. */
  stop(): Promise<void>
}
