/**
 * Tests the way to everything in a profile, a step at a time, on connections of its own that are all closed at the end:
 * what works, how long it took, and at which hop it stops.
 */
import type { DeploymentProfile, Host, Postgres, Redis, Service, SshHop } from '#shared/model/deployment.ts'
import type { ReachStep, ReachStepResult } from '#shared/model/failure.ts'
import type { ReachDependencies } from './create-reach.ts'
import { within } from './deadline.ts'
import { createDirectWay } from './direct.ts'
import { failed, type Place } from './failed.ts'
import { createLocalHost } from './host/local.ts'
import { createHttpSession, httpPlace } from './http/session.ts'
import { hopPlace, openHop } from './links/hop.ts'
import type { SshConnection } from './links/ssh-connection.ts'
import { postgresAddress, postgresPlace } from './postgres/address.ts'
import { openPostgres } from './postgres/connection.ts'
import type { ExecAnswer, Limits } from './reach.ts'
import { redisAddress, redisPlace } from './redis/address.ts'
import { openRedis } from './redis/connection.ts'
import { replyFailure } from './redis/failure.ts'
import { trustedAuthorities } from './trust.ts'
import { type Leg, walk } from './walk.ts'
import type { OnStep, Way } from './way.ts'

const ANSWER_TIMEOUT_MS = 10_000
const seconds = ANSWER_TIMEOUT_MS / 1_000

/** @returns whether every step was passed */
export async function* diagnose(
  profile: DeploymentProfile,
  dependencies: ReachDependencies,
  signal: AbortSignal,
): AsyncGenerator<ReachStepResult, { ok: boolean }> {
  const { resolveSecret, clock, authorities = trustedAuthorities } = dependencies
  const knownHostsFiles = profile.ssh?.knownHosts === undefined ? [] : [profile.ssh.knownHosts]
  const closes: (() => Promise<void>)[] = []
  const direct = createDirectWay({ clock })
  let ok = true

  /** Walks one leg, and gives what it opened; `null` where it failed or could not be begun. */
  async function* go<T>(leg: Leg<T> | null, place: Place, planned: readonly ReachStep[]) {
    const outcome: T | null = yield* walk(leg, place, planned, clock, signal)
    if (outcome === null) ok = false
    return outcome
  }

  async function pass(spec: SshHop, way: Way, onStep: OnStep, inner: AbortSignal): Promise<SshConnection> {
    const connection = await openHop({ spec, way, knownHostsFiles, dependencies }, inner, onStep)
    closes.push(connection.close)
    return connection
  }

  async function* chain(hops: readonly SshHop[], start: SshConnection | null) {
    let end: SshConnection | null = start
    let passable = true
    for (const [index, spec] of hops.entries()) {
      const way: Way = end === null ? direct : through(end)
      const leg: Leg<SshConnection> | null = passable
        ? (onStep, inner) => pass(spec, way, onStep, inner)
        : null
      const first: ReachStep[] = index === 0 && start === null ? ['resolve', 'tcp'] : ['forward']
      end = yield* go<SshConnection>(leg, hopPlace(spec), [...first, 'host-key', 'ssh-authentication'])
      passable = end !== null
    }
    return end
  }

  try {
    const hops = profile.ssh?.hops ?? []
    const end: SshConnection | null = yield* chain(hops, null)
    const way = hops.length === 0 ? direct : end === null ? null : through(end)
    const arrive: ReachStep[] = hops.length === 0 ? ['resolve', 'tcp'] : ['forward']

    if (profile.postgres !== undefined)
      yield* go(way && askPostgres(profile.postgres, way), ...postgresPlan(profile.postgres))
    for (const redis of profile.redis) yield* go(way && askRedis(redis, way), ...redisPlan(redis))
    for (const service of profile.services)
      yield* go(way && askService(service, way), ...servicePlan(service))
    for (const host of profile.hosts) yield* askHost(host, end)

    function postgresPlan(postgres: Postgres): [Place, ReachStep[]] {
      const tls: ReachStep[] = postgresAddress(postgres).sslmode === 'disable' ? [] : ['tls']
      return [postgresPlace(postgres), [...arrive, ...tls, 'protocol', 'authentication', 'privilege']]
    }
    function redisPlan(redis: Redis): [Place, ReachStep[]] {
      const tls: ReachStep[] = redisAddress(redis).tls ? ['tls'] : []
      return [redisPlace(redis), [...arrive, ...tls, 'protocol', 'authentication', 'privilege']]
    }
    function servicePlan(service: Service): [Place, ReachStep[]] {
      const tls: ReachStep[] = service.url.startsWith('https:') ? ['tls'] : []
      return [httpPlace(service), [...arrive, ...tls, 'protocol', 'authentication']]
    }
    return { ok }
  } finally {
    // The far ends first: they run inside the nearer ones.
    for (const close of closes.toReversed()) await close()
  }

  function askPostgres(postgres: Postgres, way: Way): Leg<true> {
    const place = postgresPlace(postgres)
    return async (onStep, inner) => {
      const connection = await openPostgres(
        { postgres, place, way, resolveSecret, authorities, clock },
        inner,
        onStep,
      )
      try {
        const { rows } = await within(
          clock,
          limitsOf(inner),
          () => failed(place, 'protocol', 'postgres-answer-missing', { seconds }),
          () =>
            connection.client.query<{ superuser: boolean; monitor: boolean }>(
              `SELECT rolsuper AS superuser, pg_has_role(current_user, 'pg_monitor', 'member') AS monitor
             FROM pg_roles WHERE rolname = current_user`,
            ),
        )
        const role = rows[0]
        if (role?.superuser !== true && role?.monitor !== true) {
          throw failed(place, 'privilege', 'postgres-monitor-missing', {
            user: postgresAddress(postgres).user,
          })
        }
        onStep('privilege', role.superuser ? 'superuser' : 'pg_monitor')
        return true
      } finally {
        await connection.close()
      }
    }
  }

  function askRedis(redis: Redis, way: Way): Leg<true> {
    const place = redisPlace(redis)
    return async (onStep, inner) => {
      const connection = await openRedis(
        { redis, place, way, resolveSecret, authorities, clock },
        inner,
        onStep,
      )
      try {
        for (const [command, argument] of [
          ['INFO', 'server'],
          ['SLOWLOG', 'LEN'],
        ] as const) {
          await within(
            clock,
            limitsOf(inner),
            () => failed(place, 'protocol', 'redis-answer-missing', { command, seconds }),
            () =>
              connection.client.call(command, [argument]).catch((error: unknown) => {
                throw replyFailure(error, command, place)
              }),
          )
        }
        onStep('privilege', 'INFO, SLOWLOG')
        return true
      } finally {
        await connection.close()
      }
    }
  }

  function askService(service: Service, way: Way): Leg<true> {
    const place = httpPlace(service)
    return async (onStep, inner) => {
      const http = createHttpSession({
        service,
        way,
        resolveSecret,
        authorities,
        clock,
        onChange() {},
        onStep,
      })
      try {
        const { status } = await http.session.get(service.live, {
          ...limitsOf(inner),
          maxBytes: 65_536,
        })
        const params = { host: new URL(service.url).host, path: service.live, status }
        if (status !== 401 && status !== 403 && status >= 400)
          throw failed(place, 'protocol', 'http-unhealthy', params)
        onStep('protocol', `HTTP ${status}`)
        if (status === 401 || status === 403)
          throw failed(place, 'authentication', 'http-not-admitted', params)
        onStep('authentication', service.token === undefined ? null : service.token)
        return true
      } finally {
        http.close()
      }
    }
  }

  async function* askHost(host: Host, end: SshConnection | null) {
    const place: Place = { hop: `host ${host.name}`, on: 'target' }
    const last = host.hop === undefined ? end : yield* furtherHop(host.hop, end)
    yield* go(runner(host, place, last), place, ['protocol'])
  }

  async function* furtherHop(hop: SshHop, end: SshConnection | null) {
    if (profile.ssh === undefined || end !== null) return yield* chain([hop], end)
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
      const { code, stdout, stderr } = await run({ ...limitsOf(inner), maxBytes: 1_000 })
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

function limitsOf(signal: AbortSignal): Limits {
  return { signal, timeoutMs: ANSWER_TIMEOUT_MS }
}

/** A connection that is used once needs no supervision: it is a way while it stands. */
function through(connection: SshConnection): Way {
  return { dial: connection.dial, suspect: connection.suspect, down: connection.down, onUp: () => () => {} }
}
