/**
 * Whether the machine sleeps, and when it slept unnoticed: where the host hears of power events it tells; elsewhere time in
 * which nothing ran gives it away.
 */
import type { Clock } from '../clock.ts'

/** Two and a half of the shortest intervals: whatever was due has been due for longer than any look takes. */
const GAP_MS = 12_500
/** So far the wall clock does not run ahead of the monotonic one by itself: that one stood, in a sleep however short, or somebody set the clock. */
const SLIP_MS = 2_000
const TICK_MS = 5_000
/** The machine evidently runs though nobody said that it woke: so many ticks on time end the sleep. */
const TICKS_AWAKE = 12

export interface SleepWatchOptions {
  readonly clock: Clock
  /** Nothing ran since then (wall clock): the machine slept, or the console was stopped and continued. */
  readonly onGap: (since: number) => void
  readonly onSleep: () => void
  readonly onWake: () => void
}

export interface SleepWatch {
  isAsleep(): boolean
  /** Begins to tick; what went by before is no gap. */
  begin(): void
  /** Called whenever anything runs. @returns whether there was a gap, which has been told then */
  check(): boolean
  /** The machine goes to sleep, or came back, where the host hears of it. */
  slept(): void
  woke(): void
  stop(): void
}

export function createSleepWatch({ clock, onGap, onSleep, onWake }: SleepWatchOptions): SleepWatch {
  let wall = clock.now()
  let monotonic = clock.monotonic()
  let asleep = false
  let ticksAsleep = 0
  let cancelTick: (() => void) | null = null

  /**
   * Some systems stop the monotonic clock in sleep and some do not: a leap of either is a gap. Where it stops, rates over even a short
   * sleep would be too high: what was counted in it would be divided by the time without it.
   */
  function gapSince(): number | null {
    const since = wall
    const gone = { wall: clock.now() - wall, monotonic: clock.monotonic() - monotonic }
    wall = clock.now()
    monotonic = clock.monotonic()
    const isGap = Math.max(gone.wall, gone.monotonic) > GAP_MS || gone.wall - gone.monotonic > SLIP_MS
    return isGap ? since : null
  }

  function check(): boolean {
    const since = gapSince()
    if (since === null || asleep) return false
    onGap(since)
    return true
  }

  function woke(): void {
    if (!asleep) {
      check()
      return
    }
    asleep = false
    gapSince()
    onWake()
  }

  function tick(): void {
    cancelTick = clock.after(TICK_MS, tick)
    if (check() || !asleep) return
    ticksAsleep++
    if (ticksAsleep >= TICKS_AWAKE) woke()
  }

  return {
    isAsleep: () => asleep,
    begin() {
      cancelTick ??= clock.after(TICK_MS, tick)
      gapSince()
    },
    check,
    slept() {
      if (asleep) return
      asleep = true
      ticksAsleep = 0
      onSleep()
    },
    woke,
    stop: () => cancelTick?.(),
  }
}
