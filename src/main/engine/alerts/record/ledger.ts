/**
 * What is not on record yet, and how it gets there: what came of one moment in one transaction, of thousands what is of one incident, and what
 * was decided to be told handed on once it is durable. Where the disk fails nothing is held up: it is told all the same, marked as a possible
 * repeat, and written as soon as that works again.
 */
import { setImmediate } from 'node:timers/promises'
import type { TraceEntry } from '#shared/model/alert-trace.ts'
import type { Notification } from '#shared/model/notification.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { AlertRecord, Incident } from '../records.ts'
import type { AlertStore, Unwritten } from './alert-store.ts'
import type { NotificationSink } from './outbox.ts'
import { joined, partsOf } from './parts.ts'

/** What comes together is written together: a bastion that goes down takes hundreds with it. */
const TOGETHER_MS = 100
const AGAIN_AFTER_MS = 5_000
const RETAIN_EVERY_MS = 3_600_000
const MOST_TRACES_WAITING = 50_000

export interface Ledger {
  alert(record: AlertRecord): void
  incident(incident: Incident): void
  silence(silence: Silence): void
  begun(deployment: string): void
  trace(alert: string, entry: TraceEntry): void
  notification(notification: Notification): void
  /** Writes what is there at this moment; rejects where that fails, and it is tried again all the same. */
  flush(): Promise<void>
  close(): Promise<void>
}

export function createLedger({
  records,
  sink,
  clock,
  log,
}: {
  readonly records: AlertStore
  readonly sink: NotificationSink
  readonly clock: Clock
  readonly log: Log
}): Ledger {
  const alerts = new Map<string, AlertRecord>()
  const incidents = new Map<string, Incident>()
  const silences = new Map<string, Silence>()
  const begun = new Map<string, number>()
  let trace: (TraceEntry & { alert: string })[] = []
  let notifications: Notification[] = []
  /** Handed on before they were durable: once. */
  const handedOn = new Set<string>()
  let cancelTimer: (() => void) | null = null
  let writing: Promise<void> = Promise.resolve()
  let tidying: Promise<void> = Promise.resolve()
  let isFailing = false
  let isClosed = false
  let wroteAt = Number.NEGATIVE_INFINITY
  let retainedAt = Number.NEGATIVE_INFINITY

  function later(ms: number): void {
    if (isClosed) return
    cancelTimer ??= clock.after(ms, () => {
      cancelTimer = null
      flush().catch(() => {})
    })
  }

  /** The first after a quiet while is written at once, what follows close upon it together. */
  function soon(): void {
    if (isFailing) return
    later(Math.max(0, TOGETHER_MS - (clock.monotonic() - wroteAt)))
  }

  function take(): Unwritten {
    const taken: Unwritten = {
      alerts: new Map(alerts),
      incidents: new Map(incidents),
      silences: new Map(silences),
      begun: new Map(begun),
      trace,
      notifications,
    }
    for (const map of [alerts, incidents, silences, begun]) map.clear()
    trace = []
    notifications = []
    return taken
  }

  /** What could not be written waits; what changed since is newer. */
  function putBack(taken: Unwritten): void {
    for (const [id, one] of taken.alerts) if (!alerts.has(id)) alerts.set(id, one)
    for (const [id, one] of taken.incidents) if (!incidents.has(id)) incidents.set(id, one)
    for (const [id, one] of taken.silences) if (!silences.has(id)) silences.set(id, one)
    for (const [name, count] of taken.begun) begun.set(name, (begun.get(name) ?? 0) + count)
    trace = [...taken.trace, ...trace]
    notifications = [...taken.notifications, ...notifications]
  }

  function flush(): Promise<void> {
    const done = writing.then(write)
    writing = done.catch(() => {})
    return done
  }

  function isEmpty(): boolean {
    return alerts.size + incidents.size + silences.size + trace.length + notifications.length === 0
  }

  async function write(): Promise<void> {
    if (isEmpty()) return
    wroteAt = clock.monotonic()
    let parts = partsOf(take())
    for (let next = parts.shift(); next !== undefined; next = parts.shift()) {
      await writePart(next, parts)
      if (parts.length === 0) break
      await setImmediate()
      // What began meanwhile goes before the rest: nobody is to hear of it later because thousands are being written.
      if (isEmpty()) continue
      putBack(joined(parts))
      parts = partsOf(take())
    }
    retain()
  }

  /** @param rest what is written after it; where the disk fails, it waits with it, and is as urgent */
  async function writePart(part: Unwritten, rest: readonly Unwritten[]): Promise<void> {
    try {
      await records.write(part)
    } catch (error) {
      if (!isFailing)
        log.error({ err: error }, 'alerts cannot be written; they are told, kept and tried again')
      isFailing = true
      const left = joined([part, ...rest])
      const repeated = left.notifications.map((one) => ({ ...one, possibleRepeat: true }))
      putBack({ ...left, notifications: repeated })
      trace = trace.slice(-MOST_TRACES_WAITING)
      const undurable = repeated.filter(({ id }) => !handedOn.has(id))
      for (const { id } of undurable) handedOn.add(id)
      if (undurable.length > 0) sink.undurable(undurable)
      later(AGAIN_AFTER_MS)
      throw error
    }
    isFailing = false
    for (const { id } of part.notifications) handedOn.delete(id)
    if (part.notifications.length > 0) sink.decided(part.notifications)
  }

  /** Beside what is written next: that must not wait for it. */
  function retain(): void {
    if (wroteAt - retainedAt < RETAIN_EVERY_MS) return
    retainedAt = wroteAt
    tidying = tidying.then(tidy).catch((error: unknown) => {
      log.warn({ err: error }, 'what is on record of alerts could not be tidied up')
    })
  }

  /** Lets go of what is over for long, and brings long traces within their bound, one at a time. */
  async function tidy(): Promise<void> {
    if (isClosed) return
    await records.retain(clock.now())
    for (const alert of await records.overlong()) {
      if (isClosed) return
      await records.condense(alert)
      await setImmediate()
    }
  }

  return {
    alert(record) {
      alerts.set(record.id, record)
      soon()
    },
    incident(incident) {
      incidents.set(incident.id, incident)
      soon()
    },
    silence(silence) {
      silences.set(silence.id, silence)
      soon()
    },
    begun: (deployment) => void begun.set(deployment, (begun.get(deployment) ?? 0) + 1),
    trace(alert, entry) {
      trace.push({ ...entry, alert })
      soon()
    },
    notification(notification) {
      notifications.push(notification)
      soon()
    },
    flush,
    async close() {
      cancelTimer?.()
      await flush().catch(() => {})
      isClosed = true
      cancelTimer?.()
      await tidying
    },
  }
}
