/**
 * Observations on their way to the disk: a bounded queue, sent in batches, one at a time. A disk that fails is tried again
 * with growing pauses; meanwhile the oldest observations give way to new ones, and are counted.
 */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { StoreError } from '../store/store.ts'
import type { Sighting } from './archive.ts'
import { WorkerGone } from './worker-link.ts'

export interface Outbox {
  append(sighting: Sighting): void
  /** Resolves when everything appended so far is stored; rejects, after one attempt, with why it cannot be. */
  flush(): Promise<void>
  /** The way to the disk is open again: what waits for a pause to end is sent now. */
  resume(): void
  waiting(): number
  dropped(): number
  /** Whether the last batch could not be stored. */
  failing(): boolean
  close(): void
}

export interface OutboxOptions {
  /** Whether there is anybody to store; `resume` tells when there is again. */
  readonly isOpen: () => boolean
  readonly store: (sightings: readonly Sighting[]) => Promise<unknown>
  readonly clock: Clock
  readonly log: Log
}

export const OUTBOX_LIMIT = 20_000
const BATCH = 1_000
const BATCH_EVERY_MS = 1_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
/** A batch with which the worker crashed so often is what crashes it. */
const CRASHES = 2

export function createOutbox({ isOpen, store, clock, log }: OutboxOptions): Outbox {
  let queue: Sighting[] = []
  let sending: { batch: Sighting[]; done: Promise<void> } | null = null
  let crashes = 0
  let dropped = 0
  /** How many observations were appended, and how many of them are stored or given up. */
  let appended = 0
  let settled = 0
  let pauseMs = FIRST_PAUSE_MS
  let isFailing = false
  let isClosed = false
  let cancelTimer: (() => void) | null = null

  function later(ms: number): void {
    if (cancelTimer !== null || isClosed) return
    cancelTimer = clock.after(ms, () => {
      cancelTimer = null
      pump()
    })
  }

  function stopTimer(): void {
    cancelTimer?.()
    cancelTimer = null
  }

  function pump(): void {
    // Failures are dealt with in `send`; only `flush` wants to hear of them.
    send().catch(() => undefined)
  }

  /** Sends one batch, or waits for the one that is on its way. */
  function send(): Promise<void> {
    if (sending !== null) return sending.done
    if (queue.length === 0) return Promise.resolve()
    if (!isOpen()) return Promise.reject(new WorkerGone("the history's worker is not running"))
    stopTimer()
    const batch = queue.splice(0, BATCH)
    const done = store(batch).then(
      () => succeeded(batch),
      (error: unknown) => {
        failed(batch, error)
        throw error
      },
    )
    sending = { batch, done }
    return done
  }

  function succeeded(batch: Sighting[]): void {
    sending = null
    crashes = 0
    settled += batch.length
    pauseMs = FIRST_PAUSE_MS
    if (isFailing) {
      isFailing = false
      log.info({ waiting: queue.length, dropped }, 'the history is written again')
    }
    if (queue.length >= BATCH) pump()
    else if (queue.length > 0) later(BATCH_EVERY_MS)
  }

  function failed(batch: Sighting[], error: unknown): void {
    sending = null
    if (!isFailing) {
      isFailing = true
      log.error({ err: error }, 'the history cannot be written; observations wait, and it is tried again')
    }
    if (error instanceof WorkerGone) crashes += 1
    const isBatchToBlame =
      !(error instanceof StoreError) && (!(error instanceof WorkerGone) || crashes > CRASHES)
    if (isBatchToBlame) {
      crashes = 0
      dropped += batch.length
      settled += batch.length
      log.error(
        { err: error, dropped: batch.length },
        'observations that the history cannot take were dropped',
      )
    } else {
      queue = batch.concat(queue)
      bound()
    }
    if (queue.length > 0) later(pauseMs)
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }

  function bound(): void {
    const excess = queue.length + (sending?.batch.length ?? 0) - OUTBOX_LIMIT
    if (excess <= 0) return
    dropped += excess
    settled += excess
    queue.splice(0, excess)
  }

  return {
    append(sighting) {
      queue.push(sighting)
      appended += 1
      bound()
      if (queue.length >= BATCH && !isFailing) pump()
      else later(BATCH_EVERY_MS)
    },
    async flush() {
      const target = appended
      while (settled < target) await send()
    },
    resume() {
      stopTimer()
      pump()
    },
    waiting: () => queue.length + (sending?.batch.length ?? 0),
    failing: () => isFailing,
    dropped: () => dropped,
    close() {
      isClosed = true
      stopTimer()
    },
  }
}
