/**
 * Looks at every target of every deployment in its interval: spread with jitter, never a series beside itself, so many at
 * once at most. It knows sleep and its own lack of network: what was not looked at is `UNOBSERVED`, never down.
 */
import type { Notice } from '#shared/model/change.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Reach } from '../reach/reach.ts'
import type { Standing } from '../standing.ts'
import { type LookOutcome, lookOnce } from './look-once.ts'
import { createNetworkWatch, hasOutsideInterface } from './network-watch.ts'
import { addedDelay, failedSlowly, firstDelay, nextDelay, untilMark } from './pace.ts'
import { createPlaces } from './places.ts'
import type { Probe } from './probe.ts'
import type { ReasonCode } from './reason.ts'
import { createProbes } from './registry.ts'
import { type Series, seriesOf, unobserved } from './series.ts'
import { createSleepWatch } from './sleep-watch.ts'

const STOP_TIMEOUT_MS = 2_000
/** After the way came back a failed series looks again this soon, but not more often than this. */
const RECOVERY_MS = 1_000

export interface SchedulerOptions {
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly log: Log
  /** Takes every observation, in the order of looks, with what lasts of the target; must not block. */
  readonly observe: (observation: Observation, standings: readonly Standing[]) => void
  readonly notice: (notice: Notice) => void
  /** Nothing ran for so long; called before anything is looked at again. */
  readonly onSlept?: (ms: number) => void
  readonly probes?: readonly Probe[]
  /** Whether any network interface leads outside. */
  readonly hasInterface?: () => boolean
}

export interface Scheduler {
  /** Watches a deployment through its reach, in place of what was watched under its name. */
  add(profile: DeploymentProfile, reach: Reach): void
  /** What is watched stays the same, and is judged by another profile from the next looks on. */
  alter(profile: DeploymentProfile): void
  /** Stops watching; looks under way are cut off, and have ended (or are abandoned after 2 s) when it resolves. */
  remove(name: string): Promise<void>
  /** Stops watching, and notes for each series that it is paused. */
  pause(profile: DeploymentProfile): void
  /** How many looks are under way. */
  running(): number
  /** The machine goes to sleep, or came back, where the host hears of it. */
  slept(): void
  woke(): void
  /** Ends everything; resolves within about 2 s. */
  stop(): Promise<void>
}

export function createScheduler({
  clock,
  random,
  log,
  observe,
  notice,
  onSlept = () => {},
  probes = createProbes(),
  hasInterface = hasOutsideInterface,
}: SchedulerOptions): Scheduler {
  const watched = new Map<string, { series: Series[]; unsubscribe: () => void }>()
  const places = createPlaces<Series>()
  const network = createNetworkWatch({ clock, notice, hasInterface })
  const sleep = createSleepWatch({
    clock,
    onGap(since) {
      log.info({ since, until: clock.now() }, 'nothing ran for a while: the machine slept, or was stopped')
      gapFrom(since)
      spread()
      onSlept(clock.now() - since)
    },
    onSleep() {
      sleepsSince = clock.now()
      gapFrom(sleepsSince)
    },
    onWake() {
      spread()
      onSlept(clock.now() - sleepsSince)
    },
  })
  let sleepsSince = clock.now()
  /** Of those that were added, by monotonic time: the moments for their first looks. */
  let takenUntil = Number.NEGATIVE_INFINITY
  let stopped = false

  const all = () => [...watched.values()].flatMap(({ series }) => series)

  function record(observation: Observation, standings: readonly Standing[] = []): void {
    try {
      observe(observation, standings)
    } catch (error) {
      log.error({ deployment: observation.deployment, err: error }, 'an observation could not be taken in')
    }
  }

  /** From `at` on nobody looks at a series; said once, and what it remembered for rates is worth nothing afterwards. */
  function lose(series: Series, at: number, code: ReasonCode): void {
    series.memory = null
    if (series.previous?.status === 'UNOBSERVED') return
    // What was never looked at lost nothing while the console slept.
    if (series.previous === null && code === 'console-slept') return
    series.previous = unobserved(series, at, code)
    record(series.previous)
  }

  function halt(series: Series): void {
    series.cancelTimer()
    places.leave(series)
    series.look?.abort.abort()
  }

  function schedule(series: Series, delayMs: number): void {
    series.cancelTimer()
    series.cancelTimer = clock.after(delayMs, () => due(series))
  }

  function spread(): void {
    const everything = all()
    for (const series of everything) {
      schedule(series, firstDelay(series.probe.intervalMs, everything.length, random()))
    }
  }

  function gapFrom(at: number): void {
    network.keep(new Set())
    for (const series of all()) {
      halt(series)
      lose(series, at, 'console-slept')
    }
  }

  function due(series: Series): void {
    // After a gap everything has been scheduled anew.
    if (sleep.check() || sleep.isAsleep() || stopped) return
    // A look that was cut off and has not ended yet still counts: a series is never looked at twice at once.
    if (series.look !== null) schedule(series, RECOVERY_MS)
    else if (places.take(series)) start(series)
  }

  function start(series: Series): void {
    const abort = new AbortController()
    series.startedAt = clock.monotonic()
    const ended = lookOnce({ clock, log, ...series, signal: abort.signal })
      .then((outcome) => {
        // A look that a sleep cut through ends after it, before anything else has noticed: it says nothing.
        sleep.check()
        if (!abort.signal.aborted) take(series, outcome)
      })
      .catch((error: unknown) => log.error({ err: error }, 'the scheduler could not take a look in'))
      .finally(() => {
        series.look = null
        const next = places.free(series)
        if (next !== null) due(next)
      })
    series.look = { abort, ended }
  }

  function take(series: Series, outcome: LookOutcome): void {
    if (series.entry !== null) network.note(series.entry, outcome.failure)
    const tookMs = clock.monotonic() - series.startedAt
    const { intervalMs } = series.probe
    series.failing = outcome.failure !== null
    series.slowFailures = series.failing && failedSlowly(tookMs, intervalMs) ? series.slowFailures + 1 : 0
    const isLost = series.previous?.reason.code === 'console-offline'
    if (series.entry !== null && outcome.failure !== null && network.explains(outcome.failure, isLost)) {
      lose(series, outcome.observation.at, 'console-offline')
    } else {
      series.memory = outcome.memory
      series.previous = outcome.observation
      record(outcome.observation, outcome.standings)
    }
    const pace = { intervalMs, tookMs, slowFailures: series.slowFailures, retryAfterMs: outcome.retryAfterMs }
    schedule(series, untilMark(clock.monotonic(), nextDelay({ ...pace, random: random() })))
  }

  /** The way changed: what failed looks again soon, instead of at the end of a long pause. */
  function recover(name: string): void {
    if (sleep.isAsleep() || stopped) return
    for (const series of watched.get(name)?.series ?? []) {
      if (!series.failing || series.look !== null || places.waits(series)) continue
      const rested = clock.monotonic() - series.startedAt
      schedule(series, Math.max(0, RECOVERY_MS - rested) + random() * 200)
    }
  }

  async function remove(name: string): Promise<void> {
    const entry = watched.get(name)
    if (entry === undefined) return
    watched.delete(name)
    entry.unsubscribe()
    for (const series of entry.series) halt(series)
    network.keep(new Set(all().map((series) => series.entry)))
    await ended(entry.series)
  }

  async function ended(series: readonly Series[]): Promise<void> {
    const looks = series.map(({ look }) => look?.ended).filter((look) => look !== undefined)
    if (looks.length === 0) return
    const late = Promise.withResolvers<void>()
    const cancel = clock.after(STOP_TIMEOUT_MS, late.resolve)
    await Promise.race([Promise.all(looks), late.promise])
    cancel()
  }

  return {
    add(profile, reach) {
      if (stopped) return
      void remove(profile.name)
      const series = seriesOf(probes, profile, reach)
      watched.set(profile.name, { series, unsubscribe: reach.onChange(() => recover(profile.name)) })
      if (watched.size === 1) sleep.begin()
      if (sleep.isAsleep()) return
      for (const one of series) {
        const now = clock.monotonic()
        const first = addedDelay(one.probe.intervalMs, Math.max(0, takenUntil - now), random())
        takenUntil = now + first.aheadMs
        schedule(one, first.delayMs)
      }
    },

    alter(profile) {
      for (const series of watched.get(profile.name)?.series ?? []) series.profile = profile
    },

    remove,

    pause(profile) {
      void remove(profile.name)
      for (const probe of probes) {
        for (const target of probe.targets(profile)) {
          record(unobserved({ profile, probe, target, previous: null }, clock.now(), 'paused'))
        }
      }
    },

    running: places.taken,
    slept: sleep.slept,
    woke: sleep.woke,

    async stop() {
      stopped = true
      sleep.stop()
      const everything = all()
      for (const { unsubscribe } of watched.values()) unsubscribe()
      for (const series of everything) halt(series)
      watched.clear()
      await ended(everything)
    },
  }
}
