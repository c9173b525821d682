/**
 * The connection that people's statements run on: opened when somebody asks something, beside that of the probes, and closed
 * when nobody did for a while. Where it is not to be had, they share the probes' one.
 */
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { within } from '../deadline.ts'
import { createGate, type Gate } from '../gate.ts'
import type { Limits } from '../reach.ts'
import type { PostgresConnection, SlowLogin } from './connection.ts'
import { GIVEN_UP_AT_LAST_MS } from './slow-login.ts'

/** How long it stays open for whoever asks the next question. */
const IDLE_MS = 15_000
/** Whoever asks waits so long for it; after that the answer comes over the probes' connection. */
const PATIENCE_MS = 2_000
/** A server that is full, or slow to let in, is not asked again for each question. */
const AGAIN_AFTER_MS = 30_000

export interface People {
  /** For each statement on it: one at a time. */
  readonly turns: Gate
  /** Whether there is a connection for the next statement; opens it where that may be. Rejects where the limits' signal aborts. */
  comes(limits: Limits): Promise<boolean>
  current(): PostgresConnection | null
  /** Whether the server has, or may have, a process for it. */
  isThere(): boolean
  /** Gives it away; `null` where there is none, or a statement runs on it. */
  handOver(): PostgresConnection | null
  /**
   * Closes it, when nothing runs on it, and opens none until what this resolves with is called. Rejects where a login is under
   * way that takes long.
   */
  makeRoom(signal: AbortSignal): Promise<() => void>
  /** Takes over a login that takes long: going away would leave it at the server. */
  awaitLogin(login: SlowLogin): void
  /** Forgets that it could not be opened. */
  retry(): void
  close(): Promise<void>
}

/**
 * @param open opens it and hands it to `adopt`; rejects where it may not be opened now, or cannot be
 * @param onFree it is open, and nothing runs on it
 */
export function createPeople({
  open,
  mayOpen,
  onFree,
  clock,
  log,
}: {
  open: (signal: AbortSignal, adopt: (opened: PostgresConnection) => void) => Promise<void>
  mayOpen: () => boolean
  onFree: () => void
  clock: Clock
  log: Log
}): People {
  const ending = new AbortController()
  const turns = createGate(1)
  let connection: PostgresConnection | null = null
  let opening: Promise<void> | null = null
  let slow: SlowLogin | null = null
  let leaving: Promise<void> | null = null
  let running = 0
  let isLent = false
  let notBefore = Number.NEGATIVE_INFINITY
  let cancelIdle: () => void = () => {}

  function adopt(opened: PostgresConnection): void {
    if (ending.signal.aborted) {
      void opened.leave()
      return
    }
    connection = opened
    becomeFree()
    void opened.ended.then(() => {
      if (connection !== opened) return
      connection = null
      cancelIdle()
    })
  }

  async function openOne(): Promise<void> {
    try {
      await open(ending.signal, adopt)
    } catch (error) {
      notBefore = clock.monotonic() + AGAIN_AFTER_MS
      log.info({ err: error }, "people's statements share the probes' connection")
    } finally {
      opening = null
    }
  }

  function becomeFree(): void {
    cancelIdle()
    if (connection === null) return
    cancelIdle = clock.after(IDLE_MS, leave)
    onFree()
  }

  function leave(): void {
    const given = handOver()
    leaving =
      given?.leave().finally(() => {
        leaving = null
      }) ?? null
  }

  function handOver(): PostgresConnection | null {
    if (running > 0 || connection === null) return null
    cancelIdle()
    const given = connection
    connection = null
    return given
  }

  return {
    turns: {
      pass: (signal, work) =>
        turns.pass(signal, async (stepAside) => {
          running += 1
          try {
            return await work(stepAside)
          } finally {
            running -= 1
            becomeFree()
          }
        }),
    },
    async comes({ signal, timeoutMs }) {
      if (isLent) return false
      if (connection !== null) return true
      if (slow !== null || leaving !== null || !mayOpen() || clock.monotonic() < notBefore) return false
      opening ??= openOne()
      const waiting = opening
      const patience = { signal, timeoutMs: Math.min(PATIENCE_MS, timeoutMs / 3) }
      const late = () => new Error('it takes too long')
      await within(clock, patience, late, () => waiting).catch(() => {})
      signal.throwIfAborted()
      return connection !== null
    },
    current: () => connection,
    isThere: () => connection !== null || slow !== null || leaving !== null || isLent,
    handOver,
    async makeRoom(signal) {
      isLent = true
      try {
        await opening
        if (slow !== null) throw slow.why()
        await turns.pass(signal, async () => handOver()?.leave())
        await leaving
      } catch (error) {
        isLent = false
        throw error
      }
      return () => {
        isLent = false
        onFree()
      }
    },
    awaitLogin(login) {
      slow = login
      const cancel = clock.after(GIVEN_UP_AT_LAST_MS, () => void login.abandon())
      const over = (): void => {
        cancel()
        slow = null
      }
      login.outcome.then(
        (opened) => {
          over()
          adopt(opened)
        },
        () => over(),
      )
    },
    retry() {
      notBefore = Number.NEGATIVE_INFINITY
    },
    async close() {
      ending.abort(new Error('the watch ended'))
      cancelIdle()
      const last = connection
      connection = null
      await Promise.all([slow?.abandon(), opening, leaving, last?.leave()])
    },
  }
}
