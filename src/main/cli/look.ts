/** Looks at one deployment with every probe: twice where a probe remembers, so that its rates have an interval. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Connection, ConnectionHop } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../engine/clock.ts'
import type { Log } from '../engine/log.ts'
import { lookOnce } from '../engine/probes/look-once.ts'
import type { Probe } from '../engine/probes/probe.ts'
import { createReach, type ReachDependencies } from '../engine/reach/create-reach.ts'
import { createLinks } from '../engine/reach/links/links.ts'
import type { Reach } from '../engine/reach/reach.ts'

/** Between the two looks. */
const INTERVAL_MS = 2_000
/** For the connections to stand, or to say why they do not. */
const SETTLE_MS = 12_000

export interface Looked {
  readonly connection: Connection
  /** One of each probe and target, in the order of the catalogue. */
  readonly observations: Observation[]
}

/** Opens connections of its own, and has closed them when it resolves. */
export async function lookAt(
  profile: DeploymentProfile,
  probes: readonly Probe[],
  dependencies: ReachDependencies,
  signal: AbortSignal,
): Promise<Looked> {
  const { clock, log } = dependencies
  const links = createLinks(dependencies)
  const reach = createReach({ ...dependencies, profile, links })
  try {
    await settled(reach, signal)
    const subjects = probes.flatMap((probe) => probe.targets(profile).map((target) => ({ probe, target })))
    const observations = await Promise.all(
      subjects.map(({ probe, target }) => lookTwice({ probe, target, profile, reach, clock, log, signal })),
    )
    return { connection: reach.connection(), observations }
  } finally {
    await reach.close()
    await links.close()
  }
}

/** Resolves when nothing is still connecting, or the time for it is over. */
async function settled(reach: Reach, signal: AbortSignal): Promise<void> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(SETTLE_MS)])
  const done = Promise.withResolvers<void>()
  const look = () => {
    if (reach.connection().hops.every(isSettled)) done.resolve()
  }
  const stop = reach.onChange(look)
  over.addEventListener('abort', () => done.resolve(), { once: true })
  look()
  await done.promise
  stop()
  signal.throwIfAborted()
}

/** HTTP connects with its first request, and so with the first look. */
function isSettled({ kind, status }: ConnectionHop): boolean {
  return kind === 'http' || status !== 'CONNECTING'
}

interface Subject {
  readonly probe: Probe
  readonly target: string
  readonly profile: DeploymentProfile
  readonly reach: Reach
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
}

async function lookTwice(subject: Subject): Promise<Observation> {
  const first = await lookOnce({ ...subject, memory: null })
  subject.signal.throwIfAborted()
  if (first.memory === null) return first.observation
  await wait(INTERVAL_MS, undefined, { signal: subject.signal })
  const second = await lookOnce({ ...subject, memory: first.memory })
  subject.signal.throwIfAborted()
  return second.observation
}
