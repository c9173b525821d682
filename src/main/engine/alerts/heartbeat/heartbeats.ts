/**
 * The dead man's switches of this console: kept in `state.db`, beaten as long as something is really looked at. A console
 * that sleeps, died or watches nothing is silent, which is what whoever listens notices.
 */

import type { DeliveryAnswer, DeliveryAttempt } from '#shared/model/delivery.ts'
import { Heartbeat, type HeartbeatInput, type HeartbeatStanding } from '#shared/model/heartbeat.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import type { Attempt } from '../notify/registry.ts'
import { beatOnce } from './beat.ts'

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
  /** Beats once, whether or not something is watched. */
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

interface Kept {
  readonly heartbeat: Heartbeat
  beatAt: number | null
  latest: DeliveryAttempt | null
  /** Nothing was watched when it was its turn. */
  isSilent: boolean
  cancel: () => void
}

export async function createHeartbeats(dependencies: HeartbeatDependencies): Promise<Heartbeats> {
  const { store, clock, log, attempt } = dependencies
  const kept = new Map<string, Kept>()
  const stopping = new AbortController()
  let isStarted = false
  let lookedAt: number | null = null

  const rows = await store.all<{ name: string; heartbeat: string }>('SELECT name, heartbeat FROM heartbeats')
  for (const row of rows) {
    const { data } = Heartbeat.safeParse(JSON.parse(row.heartbeat))
    if (data === undefined)
      log.error({ heartbeat: row.name }, 'a heartbeat on record is not understood, and is left out')
    else keep(data)
  }

  function keep(heartbeat: Heartbeat): void {
    const one: Kept = { heartbeat, beatAt: null, latest: null, isSilent: false, cancel: () => {} }
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
      const { retryAfterMs, ...answer } = await beat(one.heartbeat, stopping.signal)
      const isTaken = answer.status === 'delivered'
      if (!isTaken && one.latest?.answer.status !== answer.status) {
        log.warn({ heartbeat: one.heartbeat.name, failure: answer.failure }, 'a heartbeat was not taken')
      }
      one.latest = { at, answer }
      if (isTaken) one.beatAt = at
      // Its settings may have changed meanwhile, and another one taken its place.
      if (kept.get(one.heartbeat.name) !== one) return
      plan(one, isTaken ? everyMs : Math.max(Math.min(everyMs, AGAIN_AFTER_MS), retryAfterMs ?? 0))
    } catch (error) {
      if (!stopping.signal.aborted)
        log.error({ err: error, heartbeat: one.heartbeat.name }, 'a heartbeat failed')
    }
  }

  function beat(heartbeat: Heartbeat, signal: AbortSignal) {
    return attempt(heartbeat.name, (tools) => beatOnce(heartbeat, tools, signal), signal)
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
      if (replaces !== null) forget(replaces)
      keep(heartbeat)
      return 'saved'
    },
    async remove(name) {
      if (!kept.has(name)) return false
      await store.write((database) => database.prepare('DELETE FROM heartbeats WHERE name = ?').run(name))
      forget(name)
      return true
    },
    async test(heartbeat, signal) {
      const { retryAfterMs: _, ...answer } = await beat(heartbeat, signal)
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
    },
  }
}
