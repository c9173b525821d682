/** Holds a new connection to being one of two, together with what is left of those that broke. */
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { failed } from '../failed.ts'
import { ReachError } from '../reach.ts'
import type { PostgresConnection } from './connection.ts'
import { statementFailure } from './failure.ts'
import type { Orphans } from './orphans.ts'

/** For one question after what is left of broken connections. */
export const BURIAL_TIMEOUT_MS = 2_000
export const MOST_CONNECTIONS = 2

/**
 * Ends what is left of broken connections through one that works, which is given up again where it would be the third.
 * Throws a `ReachError`; the connection is closed then.
 * @param beside how many others of ours are open
 */
export async function asOneOfTwo(
  connection: PostgresConnection,
  beside: number,
  { orphans, clock, signal }: { orphans: Orphans; clock: Clock; signal: AbortSignal },
): Promise<PostgresConnection> {
  if (orphans.count() === 0 || connection.backend === null) return connection
  const { client, place, server } = connection
  const seconds = BURIAL_TIMEOUT_MS / 1_000
  const late = () => failed(place, 'protocol', 'postgres-answer-missing', { seconds })
  const run = (text: string, values: readonly unknown[]) =>
    within(clock, { signal, timeoutMs: BURIAL_TIMEOUT_MS }, late, () => client.query(text, [...values]))
  try {
    const left = await orphans.bury(server, async (text, values) => (await run(text, values)).rows)
    if (left === null || orphans.count() + beside + 1 <= MOST_CONNECTIONS) return connection
    throw failed(place, 'protocol', 'postgres-backend-hangs', { pid: left.pid })
  } catch (error) {
    await connection.leave()
    throw error instanceof ReachError ? error : statementFailure(error, BURIAL_TIMEOUT_MS, place)
  }
}
