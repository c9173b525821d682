/** The leases of all deployments that ask for one: a turn at each every few seconds, and what came of it. */
import { isDeepStrictEqual } from 'node:util'
import type { Lease } from '#shared/model/lease.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { ReachError } from '../../reach/reach.ts'
import { reachedPostgres, reachedRedis } from '../../reach/reached.ts'
import { type Known, leaseOf, stateOf, TURN_EVERY_MS, type Voice, voiceOf } from './lease.ts'
import type { Seats } from './seats.ts'

export type Leased = Pick<DeploymentProfile, 'name' | 'lease' | 'redis' | 'postgres'>

export interface LeasesOptions {
  readonly seats: Seats
  readonly consoleName: () => string
  /** Whether what this console tells arrives anywhere. */
  readonly isHeard: () => Promise<boolean>
  /** Who tells of a deployment's alerts is another now. */
  readonly onTurn: (deployment: string) => void
  readonly clock: Clock
  readonly log: Log
}

export interface Leases {
  voice(deployment: string): Voice
  of(deployment: string): Lease
  /** A deployment was added or altered, or is not watched any more (`null`). */
  edit(name: string, profile: Leased | null): void
  start(): void
  /** Leaves all of them to others, within a moment. */
  stop(): Promise<void>
}

interface Held {
  readonly profile: Leased
  known: Known
  since: number
  state: ReturnType<typeof stateOf>
  cancel: () => void
}

const LEAVE_WITHIN_MS = 1_000

export function createLeases(options: LeasesOptions): Leases {
  const { seats, consoleName, isHeard, onTurn, clock, log } = options
  const leases = new Map<string, Held>()
  const stopping = new AbortController()
  let isStarted = false
  let askedAt = Number.NEGATIVE_INFINITY
  let isHeardNow: Promise<boolean> = Promise.resolve(true)

  function edit(name: string, profile: Leased | null): void {
    const before = leases.get(name)
    // To leave it and come again would hand the alerts over to another console, and back.
    if (before !== undefined && profile !== null && isHeldAlike(before.profile, profile)) return
    before?.cancel()
    leases.delete(name)
    if (before !== undefined) void leave(before).then(() => seats.forget(name))
    if (profile === null || profile.lease === undefined || profile.lease === 'none') return
    const now = clock.now()
    const known: Known = {
      ...{ place: profile.lease, startedAt: now, answered: null, failure: null, isUnheard: false },
    }
    const one: Held = { profile, known, since: now, state: stateOf(known, now), cancel() {} }
    leases.set(name, one)
    if (isStarted) void turn(one)
  }

  async function turn(one: Held): Promise<void> {
    try {
      note(one, await asked(one))
    } catch (error) {
      if (stopping.signal.aborted) return
      const isExpected = error instanceof ReachError
      if (!isExpected) log.error({ err: error, deployment: one.profile.name }, 'a turn at a lease failed')
      note(one, { ...one.known, failure: isExpected ? error.failure : one.known.failure })
    }
    if (leases.get(one.profile.name) === one && !stopping.signal.aborted) {
      one.cancel = clock.after(TURN_EVERY_MS, () => void turn(one))
    }
  }

  async function asked({ profile, known }: Held): Promise<Known> {
    const seat = seats.of(profile)
    if (!(await heard())) {
      if (!known.isUnheard) await seat?.leave(stopping.signal)
      return { ...known, isUnheard: true, answered: null }
    }
    if (seat === null) return { ...known, isUnheard: false }
    const found = await seat.turn(stopping.signal)
    return { ...known, isUnheard: false, failure: null, answered: { at: clock.now(), found } }
  }

  /** Asked once for all of a round. */
  async function heard(): Promise<boolean> {
    if (clock.monotonic() - askedAt >= TURN_EVERY_MS / 2) {
      askedAt = clock.monotonic()
      isHeardNow = isHeard()
    }
    return isHeardNow
  }

  function note(one: Held, known: Known): void {
    const { name } = one.profile
    const now = clock.now()
    const before = one.state
    one.known = known
    one.state = stateOf(known, now)
    if (one.state === before || leases.get(name) !== one) return
    one.since = now
    const { state, holder } = leaseOf(known, consoleName(), now, now)
    log.info({ deployment: name, lease: state, holder }, 'who tells of its alerts changed')
    onTurn(name)
  }

  async function leave({ profile }: Held): Promise<void> {
    const signal = AbortSignal.timeout(LEAVE_WITHIN_MS)
    // Where it cannot be said, others find out.
    await seats
      .of(profile)
      ?.leave(signal)
      .catch(() => {})
  }

  return {
    voice: (name) => voiceOf(leases.get(name)?.known ?? null, clock.now()),
    of(name) {
      const one = leases.get(name)
      const now = clock.now()
      return leaseOf(one?.known ?? null, consoleName(), one?.since ?? now, now)
    },
    edit,
    start() {
      isStarted = true
      for (const one of leases.values()) {
        one.known = { ...one.known, startedAt: clock.now() }
        void turn(one)
      }
    },
    async stop() {
      isStarted = false
      for (const { cancel } of leases.values()) cancel()
      stopping.abort(new Error('the console stops'))
      await Promise.all([...leases.values()].map(leave))
    },
  }
}

function isHeldAlike(before: Leased, after: Leased): boolean {
  const of = ({ lease, redis, postgres }: Leased) => [lease, reachedRedis(redis), reachedPostgres(postgres)]
  return isDeepStrictEqual(of(before), of(after))
}
