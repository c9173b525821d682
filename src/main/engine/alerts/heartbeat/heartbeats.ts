/**
 * The dead man's switches of this console: kept in `state.db`, beaten as long as something is really looked at. A console
 * that sleeps, died or watches nothing is silent, which is what whoever listens notices.
 */
import { isDeepStrictEqual } from 'node:util'
import type { DeliveryAnswer, DeliveryAttempt } from '#shared/model/delivery.ts'
import {
  HELD_BACK_MOST_SECONDS,
  Heartbeat,
  type HeartbeatInput,
  type HeartbeatOf,
  type HeartbeatStanding,
} from '#shared/model/heartbeat.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import type { Attempt } from '../notify/registry.ts'
import { beatOnce, tryOnce } from './beat.ts'
import { endPagerDuty, type Turn } from './pagerduty.ts'

export interface HeartbeatDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly attempt: Attempt
}

export interface Heartbeats {
  /** In the order of their names. */
  list(): readonly { readonly heartbeat: Heartbeat; readonly standing: HeartbeatStanding }[]
  /** @param replaces the name that it had; `null` for a new one */
  save(heartbeat: HeartbeatInput, replaces: string | null): Promise<'saved' | 'name-taken' | 'missing'>
  remove(name: string): Promise<boolean>
  /** Beats once, whether or not something is watched, and leaves nothing that pages later. */
  test(heartbeat: Heartbeat, signal: AbortSignal): Promise<DeliveryAnswer>
  /** Something was looked at just now. */
  looked(): void
  start(): void
  stop(): void
}

/** Looks come every few seconds; without one for so long nothing is watched. */
export const WATCHING_FOR_MS = 60_000
/** Whoever did not take one is tried again sooner than its turn. */
const AGAIN_AFTER_MS = 10_000
/** For so long what a switch has left is taken back, where that cannot be done at once. */
const TAKEN_BACK_FOR_MS = 3_600_000

interface Kept {
  readonly heartbeat: Heartbeat
  beatAt: number | null
  latest: DeliveryAttempt | null
  /** Nothing was watched when it was its turn. */
  isSilent: boolean
  cancel: () => void
  /** Of the two events that PagerDuty holds, the one that the next beat leaves. */
  turn: Turn
  /** Which of the two the console before left is not known: until both were taken back, one of them may be old. */
  isFresh: boolean
}

export async function createHeartbeats(dependencies: HeartbeatDependencies): Promise<Heartbeats> {
  const { store, clock, log, attempt } = dependencies
  const kept = new Map<string, Kept>()
  const stopping = new AbortController()
  /** What is said of one name goes one after the other: of what is left and what is taken back, the last counts. */
  const saying = new Map<string, Promise<unknown>>()
  const retries = new Set<() => void>()
  let isStarted = false
  let lookedAt: number | null = null

  const rows = await store.all<{ name: string; heartbeat: string }>('SELECT name, heartbeat FROM heartbeats')
  for (const row of rows) {
    const { data } = Heartbeat.safeParse(withinHold(JSON.parse(row.heartbeat)))
    if (data === undefined)
      log.error({ heartbeat: row.name }, 'a heartbeat on record is not understood, and is left out')
    else keep(data)
  }

  /** @param before what it takes the place of, and has left the same events */
  function keep(heartbeat: Heartbeat, before: Kept | null = null): void {
    const one: Kept = {
      ...{ heartbeat, beatAt: null, latest: null, isSilent: false, cancel: () => {} },
      ...{ turn: before?.turn ?? 0, isFresh: before?.isFresh ?? true },
    }
    kept.set(heartbeat.name, one)
    if (isStarted) plan(one, 0)
  }

  function forget(name: string): void {
    kept.get(name)?.cancel()
    kept.delete(name)
  }

  function isWatching(): boolean {
    return lookedAt !== null && clock.monotonic() - lookedAt < WATCHING_FOR_MS
  }

  function plan(one: Kept, ms: number): void {
    one.cancel()
    if (!one.heartbeat.enabled || stopping.signal.aborted) return
    one.cancel = clock.after(ms, () => void turn(one))
  }

  async function turn(one: Kept): Promise<void> {
    one.isSilent = !isWatching()
    // The next look brings it back.
    if (one.isSilent) return
    const everyMs = one.heartbeat.everySeconds * 1_000
    const at = clock.now()
    try {
      const { retryAfterMs, ...answer } = await inOrder(one.heartbeat.name, () =>
        attempt(
          one.heartbeat.name,
          (tools) => beatOnce(one.heartbeat, one.turn, tools, stopping.signal),
          stopping.signal,
        ),
      )
      const isTaken = answer.status === 'delivered'
      if (!isTaken && one.latest?.answer.status !== answer.status) {
        log.warn({ heartbeat: one.heartbeat.name, failure: answer.failure }, 'a heartbeat was not taken')
      }
      one.latest = { at, answer }
      const isSoon = isTaken && one.heartbeat.kind === 'pagerduty' && one.isFresh
      if (isTaken) {
        one.beatAt = at
        one.turn = one.turn === 0 ? 1 : 0
        one.isFresh = false
      }
      // Its settings may have changed meanwhile, and another one taken its place.
      if (kept.get(one.heartbeat.name) !== one) return
      plan(one, isTaken && !isSoon ? everyMs : Math.max(Math.min(everyMs, AGAIN_AFTER_MS), retryAfterMs ?? 0))
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error({ err: error, heartbeat: one.heartbeat.name }, 'a heartbeat failed')
    }
  }

  function inOrder<T>(name: string, say: () => Promise<T>): Promise<T> {
    const said = (saying.get(name) ?? Promise.resolve()).then(say)
    const quiet = said.catch(() => {})
    saying.set(name, quiet)
    void quiet.then(() => {
      if (saying.get(name) === quiet) saying.delete(name)
    })
    return said
  }

  /** What it has left would page, and nobody beats for it any more. */
  function takeBack(heartbeat: Heartbeat): void {
    if (heartbeat.kind === 'pagerduty' && heartbeat.enabled)
      void takenBack(heartbeat, clock.monotonic(), null)
  }

  /** @param before what became of it the last time */
  async function takenBack(
    heartbeat: HeartbeatOf<'pagerduty'>,
    since: number,
    before: DeliveryAnswer['status'] | null,
  ): Promise<void> {
    const { name } = heartbeat
    try {
      const { status, failure } = await inOrder(name, () =>
        attempt(name, (tools) => endPagerDuty(heartbeat, tools, stopping.signal), stopping.signal),
      )
      if (status === 'delivered') return
      if (status !== before) log.warn({ heartbeat: name, failure }, 'what it has left was not taken back')
      if (status === 'refused' || clock.monotonic() - since >= TAKEN_BACK_FOR_MS) return
      const cancel = clock.after(AGAIN_AFTER_MS, () => {
        retries.delete(cancel)
        // Somebody may have it beat again meanwhile: then what is there is of that one.
        const now = kept.get(name)?.heartbeat
        if (now === undefined || !leavesTheSame(heartbeat, now)) void takenBack(heartbeat, since, status)
      })
      retries.add(cancel)
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error, heartbeat: name }, 'a heartbeat failed')
    }
  }

  function standingOf({ heartbeat, latest, beatAt, isSilent }: Kept): HeartbeatStanding {
    const state = !heartbeat.enabled
      ? 'off'
      : isSilent || (isStarted && !isWatching())
        ? 'silent'
        : latest === null
          ? 'starting'
          : latest.answer.status === 'delivered'
            ? 'beating'
            : 'failing'
    return { state, beatAt, latest }
  }

  return {
    list: () =>
      [...kept.values()]
        .map((one) => ({ heartbeat: one.heartbeat, standing: standingOf(one) }))
        .sort((a, b) => a.heartbeat.name.localeCompare(b.heartbeat.name)),
    async save(input, replaces) {
      const heartbeat = Heartbeat.parse(input)
      const { name } = heartbeat
      if (replaces !== null && !kept.has(replaces)) return 'missing'
      if (name !== replaces && kept.has(name)) return 'name-taken'
      await store.write((database) => {
        if (replaces !== null) database.prepare('DELETE FROM heartbeats WHERE name = ?').run(replaces)
        database
          .prepare('INSERT INTO heartbeats (name, heartbeat, updated_at) VALUES (?, ?, ?)')
          .run(name, JSON.stringify(heartbeat), clock.now())
      })
      const before = replaces === null ? null : (kept.get(replaces) ?? null)
      if (replaces !== null) forget(replaces)
      const goesOn = before !== null && leavesTheSame(before.heartbeat, heartbeat)
      if (before !== null && !goesOn) takeBack(before.heartbeat)
      keep(heartbeat, goesOn ? before : null)
      return 'saved'
    },
    async remove(name) {
      const one = kept.get(name)
      if (one === undefined) return false
      await store.write((database) => database.prepare('DELETE FROM heartbeats WHERE name = ?').run(name))
      forget(name)
      takeBack(one.heartbeat)
      return true
    },
    async test(heartbeat, signal) {
      const { retryAfterMs: _, ...answer } = await attempt(
        heartbeat.name,
        (tools) => tryOnce(heartbeat, tools, signal),
        signal,
      )
      return answer
    },
    looked() {
      lookedAt = clock.monotonic()
      for (const one of kept.values()) {
        if (!one.isSilent) continue
        one.isSilent = false
        plan(one, 0)
      }
    },
    start() {
      isStarted = true
      for (const one of kept.values()) plan(one, 0)
    },
    stop() {
      isStarted = false
      stopping.abort(new Error('the console stops'))
      for (const one of kept.values()) one.cancel()
      for (const cancel of retries) cancel()
    },
  }
}

/** Whether the second one, too, beats, and goes on with what the first one left at PagerDuty. */
function leavesTheSame(before: Heartbeat, after: Heartbeat): boolean {
  const of = (one: Heartbeat) =>
    one.kind === 'pagerduty' && one.enabled ? [one.name, one.server, one.routingKey] : null
  return of(before) !== null && isDeepStrictEqual(of(before), of(after))
}

/** On record there may be one from before it was bounded: it beats more often rather than not at all. */
function withinHold(recorded: { kind?: unknown; everySeconds?: unknown }) {
  const { kind, everySeconds } = recorded
  return kind === 'pagerduty' && Number(everySeconds) > HELD_BACK_MOST_SECONDS
    ? { ...recorded, everySeconds: HELD_BACK_MOST_SECONDS }
    : recorded
}
