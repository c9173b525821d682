/** History: observations in, ranges out. It works in a worker thread; a slow disk delays nothing but itself. */
import type { FleetMinute } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { RangeQuery, RangeResult, StatusSpan } from '#shared/model/range.ts'

export interface Retention {
  readonly rawMs: number
  readonly minuteMs: number
  readonly hourMs: number
}
/** Raw rows 7 days, minutes 90 days, hours 2 years. */
export const DEFAULT_RETENTION: Retention = {
  rawMs: 7 * 86_400_000,
  minuteMs: 90 * 86_400_000,
  hourMs: 730 * 86_400_000,
}

export interface HistoryStatistics {
  /** `null` where the worker cannot tell: it is down, or a slow disk holds it up. */
  readonly rows: number | null
  readonly bytes: number | null
  /** Observations that waited for the worker just now. */
  readonly waiting: number
  /** Observations dropped because the queue was full: the disk is too slow, or gone. */
  readonly dropped: number
  /** The last attempt to store observations failed; it ends with the first that succeeds. */
  readonly failing: boolean
}

export interface History {
  /** Queues an observation; never blocks and never throws. The queue is bounded; the oldest are dropped and counted. */
  append(observation: Observation): void
  range(query: RangeQuery): Promise<RangeResult>
  statuses(deployment: string, from: number, to: number): Promise<StatusSpan[]>
  /** The last hour by minute, for a start. */
  lastHour(deployment: string, now: number): Promise<FleetMinute[]>
  /** Everything appended so far is on disk when it resolves. */
  flush(): Promise<void>
  /** Never rejects, and answers within a second: a console says how it does also when its disk does not. */
  statistics(): Promise<HistoryStatistics>
  /** Flushes and ends the worker, within about 3 s also where the disk hangs. */
  close(): Promise<void>
}
