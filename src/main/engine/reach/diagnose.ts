/**
 * Tests the way to everything in a profile, a step at a time, on connections of its own that are all closed at the end:
 * what works, how long it took, and at which hop it stops.
 */
import type { ReachStep, ReachStepResult } from '#shared/model/failure.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Host } from '#shared/model/profile/host.ts'
import type { SshHop } from '#shared/model/profile/ssh.ts'
import type { ReachDependencies } from './create-reach.ts'
import { createDirectWay } from './direct.ts'
import { failed, type Place } from './failed.ts'
import { createLocalHost } from './host/local.ts'
import { serviceLeg } from './http/leg.ts'
import { metricsIn, scrapedServices } from './http/scraped.ts'
import { openHop } from './links/hop.ts'
import type { Login } from './links/logins.ts'
import { routeOf } from './links/routes.ts'
import type { SshConnection } from './links/ssh-connection.ts'
import { hopPlace, type Route, stopPlace } from './links/stop.ts'
import { postgresLegs } from './postgres/leg.ts'
import { type ExecAnswer, type Limits, type Reach, ReachError } from './reach.ts'
import { redisLegs } from './redis/leg.ts'
import { trustedAuthorities } from './trust.ts'
import { type Leg, QUESTION_TIMEOUT_MS, type TargetLeg, walk } from './walk.ts'
import type { Way } from './way.ts'

/** A server that was logged in to, and how it was got to. */
interface End {
  readonly route: Route
  readonly connection: SshConnection
}

/**
 * Where `logins` are given, what was logged in to stays for whoever they are shared with, and is passed once.
 * @param watched the reach of what is tested, where that is watched: the connections of both are counted together
 * @returns whether every step was passed
 */
export async function* diagnose(
  profile: DeploymentProfile,
  dependencies: ReachDependencies,
  signal: AbortSignal,
  watched: Reach | null = null,
): AsyncGenerator<ReachStepResult, { ok: boolean }> {
  const postgresRoom = watched?.postgres?.room ?? null
  const { resolveSecret, clock, logins, authorities = trustedAuthorities } = dependencies
  const closes: (() => Promise<void>)[] = []
  const direct = createDirectWay({ clock })
  let ok = true

  /** Walks one leg, and gives what it opened; `null` where it failed or could not be begun. */
  async function* go<T>(leg: Leg<T> | null, place: Place, planned: readonly ReachStep[]) {
    const outcome: T | null = yield* walk(leg, place, planned, clock, signal)
    if (outcome === null) ok = false
    return outcome
  }

  /** Logs in to the last stop of a route, over the way to it. */
  function entering(route: Route, way: Way, steps: readonly ReachStepResult[]): Leg<End> | null {
    const stop = route.at(-1)
    if (stop === undefined) return null
    return async (onStep, inner) => {
      const connection = await openHop({ stop, way, dependencies }, inner, onStep)
      if (logins === undefined) closes.push(connection.close)
      else logins.keep(route, { connection, steps })
      return { route, connection }
    }
  }

  async function* chain(route: Route, start: End | null) {
    let end: End | null = start
    let passable = true
    for (const [index, stop] of route.entries()) {
      const path: Route = [...(end?.route ?? []), stop]
      const known: Login | null | undefined = passable ? logins?.find(path) : null
      if (known != null) {
        yield* known.steps
        end = known.connection && { route: path, connection: known.connection }
        if (end === null) ok = false
      } else {
        const steps: ReachStepResult[] = []
        const leg: Leg<End> | null = passable
          ? entering(path, end === null ? direct : through(end.connection), steps)
          : null
        const first: ReachStep[] =
          index > 0 || start !== null
            ? ['forward']
            : stop.proxyCommand === null
              ? ['resolve', 'tcp']
              : ['tcp']
        const planned: ReachStep[] = [...first, 'host-key', 'ssh-authentication']
        end = yield* noting(go<End>(leg, stopPlace(stop), planned), steps)
        if (steps.some(waitsForPerson)) logins?.keep(path, { connection: null, steps })
      }
      passable = end !== null
    }
    return end
  }

  /** Walks to a target, and on to what was found there. */
  async function* reachTarget(
    { place, isSocketFile = false, planned, walk: ask }: TargetLeg,
    way: Way | null,
    arrive: ReachStep[],
  ): AsyncGenerator<ReachStepResult, void> {
    const leg: Leg<readonly TargetLeg[]> | null =
      way && ((onStep, inner) => ask({ way, resolveSecret, authorities, clock, postgresRoom }, onStep, inner))
    const further = yield* go(leg, place, [
      ...arrive.filter((step) => step !== 'resolve' || !isSocketFile),
      ...planned,
    ])
    for (const next of further ?? []) yield* reachTarget(next, way, arrive)
  }

  try {
    const hops = profile.ssh?.hops ?? []
    const end: End | null = hops.length === 0 ? null : yield* enter(hops, null)
    const way = hops.length === 0 ? direct : end && through(end.connection)
    const arrive: ReachStep[] = hops.length === 0 ? ['resolve', 'tcp'] : ['forward']
    const targets = [
      ...(profile.postgres === undefined ? [] : postgresLegs(profile.postgres)),
      ...profile.redis.flatMap(redisLegs),
      ...profile.services.map((service) => serviceLeg(service)),
      ...scrapedServices(profile).map(({ kind, service }) => serviceLeg(service, metricsIn(kind))),
    ]
    for (const target of targets) yield* reachTarget(target, way, arrive)
    for (const host of profile.hosts) if (host.exporter === undefined) yield* askHost(host, end)
    return { ok }
  } finally {
    // The far ends first: they run inside the nearer ones.
    for (const close of closes.toReversed()) await close()
  }

  /** Hops as the profile names them, from the end of others; where they cannot be understood, that is what is told. */
  async function* enter(hops: readonly SshHop[], start: End | null) {
    const [first] = hops
    let route: Route
    try {
      route = routeOf(hops, profile.ssh ?? {}, dependencies.machine, start !== null)
    } catch (error) {
      if (!(error instanceof ReachError) || first === undefined) throw error
      const refuse: Leg<End> = () => Promise.reject(error)
      return yield* go<End>(refuse, hopPlace(first), ['resolve', 'tcp', 'host-key', 'ssh-authentication'])
    }
    return yield* chain(route, start)
  }

  async function* askHost(host: Host, end: End | null) {
    const place: Place = { hop: `host ${host.name}`, on: 'target' }
    const last = host.hop === undefined ? end : yield* furtherHop(host.hop, end)
    yield* go(runner(host, place, last?.connection ?? null), place, ['protocol'])
  }

  async function* furtherHop(hop: SshHop, end: End | null) {
    if (profile.ssh === undefined || end !== null) return yield* enter([hop], end)
    yield* go(null, hopPlace(hop), ['forward', 'host-key', 'ssh-authentication'])
    return null
  }

  function runner(host: Host, place: Place, end: SshConnection | null): Leg<true> | null {
    const argv = ['uname', '-sr']
    const run: ((bounds: Limits & { maxBytes: number }) => Promise<ExecAnswer>) | null =
      host.over === 'local'
        ? (bounds) => createLocalHost({ place, clock }).run(argv, bounds)
        : end && ((bounds) => end.run(argv, place, bounds))
    if (run === null) return null
    return async (onStep, inner) => {
      const limits = { signal: inner, timeoutMs: QUESTION_TIMEOUT_MS, maxBytes: 1_000 }
      const { code, stdout, stderr } = await run(limits)
      if (code !== 0) {
        throw failed(place, 'protocol', 'command-failed', {
          command: 'uname',
          words: stderr.trim().slice(0, 200),
        })
      }
      onStep('protocol', stdout.trim())
      return true
    }
  }
}

/** Walks on, and notes what is told. */
async function* noting(
  walking: AsyncGenerator<ReachStepResult, End | null>,
  steps: ReachStepResult[],
): AsyncGenerator<ReachStepResult, End | null> {
  try {
    for (;;) {
      const { done, value } = await walking.next()
      if (done === true) return value
      steps.push(value)
      yield value
    }
  } finally {
    await walking.return(null)
  }
}

function waitsForPerson({ failure }: ReachStepResult): boolean {
  return failure?.recovery === 'person'
}

/** A connection as the way to what lies behind it. */
function through(connection: SshConnection): Way {
  return {
    dial: connection.dial,
    suspect: connection.suspect,
    down: connection.down,
    onUp: () => () => {},
  }
}
