/**
 * The one clock of everything that is begun by a schedule: looks what is due, and begins it; a few at once, one for each deployment. What was missed
 * while the console slept or was stopped is begun once. What could not be begun is tried again for a while, and then told; what only waits for something else
 * waits for longer, and begins as soon as that is over.
 */
import type { ClockSchedule } from '#shared/model/clock-schedule.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { dueSince, spreadMs } from './due.ts'

/** Something that is begun again and again. */
export interface Scheduled {
  readonly deployment: string
  readonly what: string
  readonly schedule: ClockSchedule
}

/** `retry`: it may be begun in a while. `busy`: once something else is over; `free` settles then, where that is known. */
export type Begun<Why> =
  | { readonly kind: 'begun'; readonly ended: Promise<unknown> }
  | {
      readonly kind: 'not-begun'
      readonly why: Why
      readonly retry: boolean
      readonly busy?: { readonly free: Promise<unknown> | null }
    }

export interface ScheduleClockOptions<Why> {
  readonly clock: Clock
  readonly log: Log
  /** What there is to begin, as it is at this moment. */
  readonly scheduled: () => readonly Scheduled[]
  /** Up to when what was due was seen to; `null`: it was never looked at. */
  readonly seenTo: (one: Scheduled) => Promise<number | null>
  readonly see: (one: Scheduled, at: number) => Promise<void>
  /**
   * @param due the moment
   * @param seen up to when it was seen to before; with the same two it is not to be begun twice, also where it is asked for twice. The moment alone
   * comes again where a clock that was ahead is set back.
   */
  readonly begin: (one: Scheduled, due: number, seen: number) => Promise<Begun<Why>>
  /** Since when it waits that was due at that moment, also since before this start; `null`: it does not. Milliseconds since the epoch. */
  readonly waitsSince: (one: Scheduled, due: number) => Promise<number | null>
  /** It is due and waits. @param why `null`: for others that schedules began */
  readonly waiting: (one: Scheduled, due: number, since: number, why: Why | null) => Promise<void>
  /** It was due and was not begun, for good. */
  readonly missed: (one: Scheduled, due: number, why: Why) => Promise<void>
}

interface Due {
  readonly one: Scheduled
  readonly due: number
  readonly seen: number
}

function keyOf({ one, due }: Omit<Due, 'seen'>): string {
  return JSON.stringify([one.deployment, one.what, due])
}

const TICK_MS = 10_000
const MOST_AT_ONCE = 2
/** Those with the same moment are begun within so long. */
const SPREAD_MS = 5 * 60_000
const RETRY_EVERY_MS = 5 * 60_000
const RETRIED_FOR_MS = 3_600_000
/** Longer than backups take; what is due the next night takes its place anyway. */
const WAITS_FOR_MS = 12 * 3_600_000

export interface ScheduleClock {
  start(): void
  /** Nothing is begun any more; what was begun goes on by itself. */
  stop(): Promise<void>
}

export function createScheduleClock<Why>({
  clock,
  log,
  scheduled,
  seenTo,
  see,
  begin,
  waitsSince,
  waiting,
  missed,
}: ScheduleClockOptions<Why>): ScheduleClock {
  /** Deployments that something of ours is under way on. */
  const busy = new Set<string>()
  /** When what was not begun is tried again, and since when it could not be begun with nothing in its way; by name and moment, by the clock that no one sets. */
  const waits = new Map<string, { again: number; readonly failingSince: number | null }>()
  /** Of these it was told that they wait for others of ours. */
  const queued = new Set<string>()
  /** These are being begun at the moment. */
  const attempted = new Set<string>()
  let cancel = () => {}
  let isStopped = false
  let looking: Promise<void> = Promise.resolve()
  /** What is being begun at the moment. */
  const beginning = new Set<Promise<unknown>>()

  async function look(): Promise<void> {
    const now = clock.now()
    const all: Due[] = []
    for (const one of scheduled()) {
      const due = await dueOf(one, now).catch((error: unknown) => tellOf(one, error))
      if (due !== null) all.push({ one, ...due })
    }
    // What waits longest comes first: in the order of a list its last would never have their turn.
    for (const each of all.toSorted((first, second) => first.due - second.due)) {
      if (isStopped) return
      if (attempted.has(keyOf(each))) continue
      if (busy.size >= MOST_AT_ONCE || busy.has(each.one.deployment)) {
        await queue(each, now).catch((error: unknown) => tellOf(each.one, error))
        continue
      }
      // Not waited for: one that hangs takes its own turn, and nobody else's.
      const begun = attempt(each)
        .catch((error: unknown) => tellOf(each.one, error))
        .finally(() => beginning.delete(begun))
      beginning.add(begun)
    }
  }

  /** It has its turn when what is before it is over: that is told once. */
  async function queue(each: Due, now: number): Promise<void> {
    const key = keyOf(each)
    if (queued.has(key)) return
    queued.add(key)
    await waiting(each.one, each.due, (await waitsSince(each.one, each.due)) ?? now, null)
  }

  function tellOf({ deployment, what }: Scheduled, error: unknown): null {
    log.error({ err: error, deployment, what }, 'a schedule could not be kept')
    return null
  }

  /** The moment that it is due for, where it is to be begun now. */
  async function dueOf(one: Scheduled, now: number): Promise<Omit<Due, 'one'> | null> {
    const seen = await seenTo(one)
    // Later than now it was seen to by a clock that was ahead: nothing would be due before that.
    if (seen === null || seen > now) {
      await see(one, now)
      return null
    }
    const due = dueSince(one.schedule, seen, now)
    if (due === null || now < due + spreadMs(`${one.what} ${one.deployment}`, SPREAD_MS)) return null
    const waited = waits.get(keyOf({ one, due }))
    return waited !== undefined && clock.monotonic() < waited.again ? null : { due, seen }
  }

  async function attempt({ one, due, seen }: Due): Promise<void> {
    const key = keyOf({ one, due })
    queued.delete(key)
    attempted.add(key)
    busy.add(one.deployment)
    const free = () => busy.delete(one.deployment)
    try {
      const begun = await begin(one, due, seen)
      if (begun.kind === 'begun') {
        waits.delete(key)
        await see(one, due)
        void begun.ended.then(free, free)
        return
      }
      free()
      const [now, monotonic] = [clock.now(), clock.monotonic()]
      const since = (await waitsSince(one, due)) ?? now
      // However long it had to wait before, it is tried again for as long.
      const failingSince = begun.busy === undefined ? (waits.get(key)?.failingSince ?? monotonic) : null
      const isInTime = failingSince === null || monotonic - failingSince < RETRIED_FOR_MS
      if (begun.retry && isInTime && now - since < WAITS_FOR_MS) {
        const wait = { again: monotonic + RETRY_EVERY_MS, failingSince }
        waits.set(key, wait)
        const soon = () => {
          wait.again = 0
        }
        void begun.busy?.free?.then(soon, soon)
        await waiting(one, due, since, begun.why)
        return
      }
      waits.delete(key)
      await see(one, due)
      await missed(one, due, begun.why)
    } catch (error) {
      free()
      const failingSince = waits.get(key)?.failingSince ?? null
      waits.set(key, { again: clock.monotonic() + RETRY_EVERY_MS, failingSince })
      throw error
    } finally {
      attempted.delete(key)
    }
  }

  function tick(): void {
    looking = look().finally(() => {
      if (!isStopped) cancel = clock.after(TICK_MS, tick)
    })
  }

  return {
    start: tick,
    async stop() {
      isStopped = true
      cancel()
      await looking
      await Promise.all(beginning)
    },
  }
}
