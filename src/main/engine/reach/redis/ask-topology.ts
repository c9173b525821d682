/** Asks a node of a cluster which nodes there are. */
import { isFailure } from '#shared/model/failure.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import type { Endpoint, OnStep } from '../way.ts'
import { readTopology, type Topology } from './cluster-topology.ts'
import { openRedis, type RedisDependencies, type RedisServer } from './connection.ts'

const ANSWER_TIMEOUT_MS = 10_000

/** Throws a `ReachError` where it does not tell, or is no node of a cluster. */
export async function askTopology(
  call: (command: string, args: readonly string[]) => Promise<unknown>,
  endpoint: Endpoint,
  place: Place,
): Promise<Topology> {
  let refused: ReachError | null = null
  const ask = async (subcommand: string): Promise<unknown> => {
    try {
      return await call('CLUSTER', [subcommand])
    } catch (error) {
      if (!(error instanceof ReachError)) throw error
      const { failure } = error
      if (
        isFailure(failure, 'redis-command-failed') &&
        /cluster support disabled/i.test(String(failure.params.words))
      ) {
        throw failed(place, 'protocol', 'redis-not-a-cluster')
      }
      if (!isFailure(failure, 'redis-command-denied', 'redis-command-unknown', 'redis-command-failed'))
        throw error
      refused = error
      return null
    }
  }
  const nodes = await ask('NODES')
  const slots = await ask('SLOTS')
  const topology = readTopology(nodes, slots, 'host' in endpoint ? endpoint.host : '')
  if (topology.length > 0) return topology
  throw refused ?? failed(place, 'protocol', 'redis-cluster-unread', { words: 'the answer names no nodes' })
}

/** The same on a connection of its own, which is closed when this resolves or rejects. */
export async function askTopologyAt(
  server: RedisServer,
  dependencies: RedisDependencies,
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<Topology> {
  const connection = await openRedis(server, dependencies, signal, onStep)
  const { place, endpoint } = server
  const limits = { signal, timeoutMs: ANSWER_TIMEOUT_MS }
  try {
    return await within(
      dependencies.clock,
      limits,
      () =>
        failed(place, 'protocol', 'redis-answer-missing', {
          command: 'CLUSTER',
          seconds: ANSWER_TIMEOUT_MS / 1_000,
        }),
      () => askTopology(connection.call, endpoint, place),
    )
  } finally {
    await connection.close()
  }
}
