/**
 * Tests the way to a Redis: the login, and whether the user may run what is watched with; through sentinels to the primary
 * that they name, and from the nodes of a cluster that are named to each that they know.
 */
import { isFailure, type ReachStep, type StepDetail } from '#shared/model/failure.ts'
import type { Redis } from '#shared/model/profile/redis.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { type LegContext, QUESTION_TIMEOUT_MS, type TargetLeg } from '../walk.ts'
import type { Endpoint, OnStep } from '../way.ts'
import { endpointName, type RedisLogin, redisAddress, sentinelPlace, serverPlace } from './address.ts'
import { askTopologyAt } from './ask-topology.ts'
import { watchedOf } from './cluster-topology.ts'
import { openRedis, type RedisConnection } from './connection.ts'
import { grantFor } from './grants.ts'
import { askSentinel, openPrimary, type Sentinels, sentinelsOf } from './sentinel.ts'

/** What is watched with, and whether the watch is blind without it. */
const QUESTIONS = [
  { command: 'INFO', args: ['server'], isNeeded: true },
  { command: 'SLOWLOG', args: ['GET', 1], isNeeded: true },
  { command: 'CONFIG', args: ['GET', 'save'], isNeeded: false },
] as const

const REFUSED = ['redis-command-denied', 'redis-command-unknown'] as const

/** A leg to each server that the profile names. */
export function redisLegs(redis: Redis): TargetLeg[] {
  const address = redisAddress(redis)
  const { endpoints, login } = address
  if (redis.sentinel !== undefined) {
    const sentinels = sentinelsOf(redis.sentinel.primary, address)
    const named = new Set<string>()
    return endpoints.map((endpoint) => sentinelLeg(sentinels, endpoint, login, named))
  }
  if (redis.cluster) {
    const walked = new Set<string>()
    return endpoints.map((endpoint) => clusterLeg(endpoint, login, walked))
  }
  return endpoints.map((endpoint) => ({
    ...serverLeg(
      serverPlace(endpoint),
      login,
      (place, context, onStep, signal) => openRedis({ endpoint, login, place }, context, signal, onStep),
      true,
    ),
    isSocketFile: 'path' in endpoint,
  }))
}

function serverLeg(
  place: Place,
  login: RedisLogin,
  open: (place: Place, context: LegContext, onStep: OnStep, signal: AbortSignal) => Promise<RedisConnection>,
  isAlone = false,
): TargetLeg {
  return {
    place,
    planned: [...loginSteps(login), 'privilege'],
    async walk(context, onStep, signal) {
      const connection = await open(place, context, onStep, signal)
      try {
        onStep('privilege', await askAll(connection, login, place, context, signal, isAlone))
        return []
      } finally {
        await connection.close()
      }
    },
  }
}

function loginSteps(login: RedisLogin): ReachStep[] {
  return [...(login.tls === null ? [] : (['tls'] as const)), 'protocol', 'authentication']
}

/**
 * @param isAlone whether the profile gives it as one server
 * @returns what may be asked. Throws where something of it that the watch needs may not, naming all that may not.
 */
async function askAll(
  connection: RedisConnection,
  { user }: RedisLogin,
  place: Place,
  { clock }: LegContext,
  signal: AbortSignal,
  isAlone: boolean,
): Promise<StepDetail> {
  const refused = new Map<string, ReachError>()
  let mode: string | null = null
  for (const { command, args } of QUESTIONS) {
    const seconds = QUESTION_TIMEOUT_MS / 1_000
    try {
      const answer = await within(
        clock,
        { signal, timeoutMs: QUESTION_TIMEOUT_MS },
        () => failed(place, 'protocol', 'redis-answer-missing', { command, seconds }),
        () => connection.call(command, args),
      )
      // Valkey 8 says `server_mode`.
      if (command === 'INFO') mode = /^(?:redis|server)_mode:(\w+)/m.exec(String(answer))?.[1] ?? null
      if (mode === 'sentinel') throw failed(place, 'protocol', 'redis-is-sentinel')
    } catch (error) {
      if (!(error instanceof ReachError) || !isFailure(error.failure, ...REFUSED)) throw error
      refused.set(command, error)
    }
  }
  const needed = QUESTIONS.filter(({ command, isNeeded }) => isNeeded && refused.has(command))
  const denied = [...refused].filter(([, { failure }]) => isFailure(failure, 'redis-command-denied'))
  const [first] = needed
  if (first !== undefined) {
    if (denied.length === 0) {
      const command = needed.map((one) => one.command).join(', ')
      throw failed(place, 'privilege', 'redis-command-unknown', { command })
    }
    const names = denied.map(([command]) => command)
    throw failed(place, 'privilege', 'redis-command-denied', {
      command: names.join(', '),
      words: denied[0]?.[1].failure.params.words ?? null,
      grant: grantFor(user, names),
    })
  }
  const answered = QUESTIONS.filter(({ command }) => !refused.has(command))
    .map(({ command }) => command)
    .join(', ')
  return mode === 'cluster' && isAlone
    ? { code: 'redis-node-of-cluster', params: { commands: answered } }
    : answered
}

/** @param named the primaries that sentinels before this one named, which are walked to already */
function sentinelLeg(
  sentinels: Sentinels,
  endpoint: Endpoint,
  login: RedisLogin,
  named: Set<string>,
): TargetLeg {
  const place = sentinelPlace(endpoint)
  const { primary } = sentinels
  return {
    place,
    planned: [...loginSteps(sentinels.login), 'privilege'],
    async walk(context, onStep, signal) {
      const found = await askSentinel(sentinels, endpoint, context, signal, onStep)
      if (found === null) {
        const asked = endpointName(endpoint)
        throw failed(place, 'protocol', 'sentinel-primary-unknown', { primary, asked })
      }
      const name = endpointName(found.endpoint)
      onStep('privilege', `${primary}: ${name}`)
      if (named.has(name)) return []
      named.add(name)
      const at: Place = { hop: `${serverPlace(found.endpoint).hop} (${primary})`, on: 'target' }
      return [
        serverLeg(at, login, (server, inner, step, innerSignal) =>
          openPrimary(primary, { endpoint: found.endpoint, login, place: server }, inner, innerSignal, step),
        ),
      ]
    },
  }
}

/** @param walked the nodes that are walked to already, from those that were named before */
function clusterLeg(endpoint: Endpoint, login: RedisLogin, walked: Set<string>): TargetLeg {
  const place: Place = { hop: `Redis cluster ${endpointName(endpoint)}`, on: 'target' }
  return {
    place,
    planned: [...loginSteps(login), 'privilege'],
    async walk(context, onStep, signal) {
      const topology = await askTopologyAt({ endpoint, login, place }, context, signal, onStep)
      const nodes = watchedOf(topology)
      onStep('privilege', { code: 'redis-cluster-known', params: { nodes: topology.length } })
      return nodes.flatMap(({ endpoint: at }) => {
        if (at === null || walked.has(endpointName(at))) return []
        walked.add(endpointName(at))
        return [
          serverLeg(serverPlace(at), login, (server, inner, step, innerSignal) =>
            openRedis({ endpoint: at, login, place: server }, inner, innerSignal, step),
          ),
        ]
      })
    },
  }
}
