/** The history as the engine has it: an outbox in front of the worker thread, and turns of upkeep by the clock. */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { History, Retention } from './history.ts'
import { createOutbox } from './outbox.ts'
import { openWorkerLink } from './worker-link.ts'

export interface HistoryOptions {
  /** Exists already, and is claimed. `metrics.db` is opened or created in it. */
  readonly dataDirectory: string
  /** `metrics/worker.ts`, or the file that it is bundled to. */
  readonly worker: URL
  readonly clock: Clock
  readonly retention: Retention
  readonly log: Log
}

const FIRST_UPKEEP_MS = 5_000
const UPKEEP_EVERY_MS = 30_000
/** While there is more to seal; between two turns the worker does other work. */
const NEXT_TURN_MS = 200
const SIZE_TIMEOUT_MS = 1_000
/** The last observations get this long on their way out; behind a disk that hangs they are lost. */
const LAST_FLUSH_MS = 1_500

/**
 * Rejects with `StoreError` where `metrics.db` is corrupt, newer, read-only or occupied, or the disk is full. Later
 * failures of the disk delay and at last drop observations; they are logged and counted, and end by themselves.
 */
export async function createHistory(options: HistoryOptions): Promise<History> {
  const { dataDirectory, worker, clock, retention, log } = options
  const link = await openWorkerLink({
    worker,
    setting: { dataDirectory, retention },
    clock,
    log,
    onRestart: () => outbox.resume(),
  })
  const outbox = createOutbox({
    isOpen: link.isUp,
    store: (sightings) => link.call('store', { sightings }),
    clock,
    log,
  })

  let isClosed = false
  let isUpkeepFailing = false
  let cancelUpkeep = clock.after(FIRST_UPKEEP_MS, () => void turn())

  async function turn(): Promise<void> {
    let pauseMs = UPKEEP_EVERY_MS
    try {
      const { more } = await link.call('upkeep', { now: clock.now() })
      isUpkeepFailing = false
      if (more) pauseMs = NEXT_TURN_MS
    } catch (error) {
      if (!isUpkeepFailing && !isClosed)
        log.warn({ err: error }, 'the history cannot be sealed; it is tried again')
      isUpkeepFailing = true
    }
    if (!isClosed) cancelUpkeep = clock.after(pauseMs, () => void turn())
  }

  /** Rejects where the worker does not answer in time. */
  async function soon<T>(work: Promise<T>, ms: number): Promise<T> {
    const late = Promise.withResolvers<never>()
    const cancel = clock.after(ms, () => late.reject(new Error(`no answer of the history within ${ms} ms`)))
    try {
      return await Promise.race([work, late.promise])
    } finally {
      cancel()
    }
  }

  return {
    append({ deployment, probe, target, at, status, values }) {
      outbox.append({ deployment, probe, target, at, status, values })
    },
    range: (query) => link.call('range', { query, now: clock.now() }),
    statuses: (deployment, from, to) => link.call('statuses', { deployment, from, to, now: clock.now() }),
    lastHour: (deployment, now) => link.call('lastHour', { deployment, now }),
    flush: () => outbox.flush(),
    async statistics() {
      const size = await soon(link.call('size', {}), SIZE_TIMEOUT_MS).catch(() => null)
      return {
        rows: size?.rows ?? null,
        bytes: size?.bytes ?? null,
        waiting: outbox.waiting(),
        dropped: outbox.dropped(),
        failing: outbox.failing(),
      }
    },
    async close() {
      if (isClosed) return
      isClosed = true
      cancelUpkeep()
      await soon(outbox.flush(), LAST_FLUSH_MS).catch((error: unknown) =>
        log.error({ err: error, lost: outbox.waiting() }, 'the last observations are lost'),
      )
      outbox.close()
      await link.close()
    },
  }
}
