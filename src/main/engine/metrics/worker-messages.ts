/** What the history and its worker say to each other. Everything here is copied between threads. */
import type { FleetMinute } from '#shared/model/fleet.ts'
import type { RangeQuery, RangeResult, StatusSpan } from '#shared/model/range.ts'
import type { StoreError } from '../store/store.ts'
import type { Sighting } from './archive.ts'
import type { Retention } from './history.ts'

/** `workerData` of the worker. */
export interface WorkerSetting {
  readonly dataDirectory: string
  readonly retention: Retention
}

/** The calls that the worker answers, by name: what goes in and what comes out. */
export interface WorkerCalls {
  store: { in: { sightings: readonly Sighting[] }; out: null }
  /** A turn of sealing and retention. */
  upkeep: { in: { now: number }; out: { more: boolean } }
  range: { in: { query: RangeQuery; now: number }; out: RangeResult }
  statuses: { in: { deployment: string; from: number; to: number; now: number }; out: StatusSpan[] }
  lastHour: { in: { deployment: string; now: number }; out: FleetMinute[] }
  size: { in: Record<string, never>; out: { rows: number; bytes: number } }
  close: { in: Record<string, never>; out: null }
}
export type WorkerCall = keyof WorkerCalls

export type WorkerRequest = {
  [Call in WorkerCall]: { readonly id: number; readonly call: Call; readonly input: WorkerCalls[Call]['in'] }
}[WorkerCall]

/** An error as it crosses threads; `code` where it is a `StoreError`. */
export interface WorkerFailure {
  readonly message: string
  readonly code: StoreError['code'] | null
}

export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly failure: WorkerFailure }
  /** Something to log: a chunk that cannot be read. */
  | { readonly kind: 'damage'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly output: WorkerCalls[WorkerCall]['out'] }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: WorkerFailure }
