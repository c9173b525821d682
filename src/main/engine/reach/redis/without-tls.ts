/**
 * A Redis that expects no TLS says nothing to a TLS greeting: it waits for the end of a line that never comes. Whether that is
 * so, one more question tells, without TLS and without saying who we are.
 */
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import type { Endpoint, Wire } from '../way.ts'
import type { RedisDependencies } from './connection.ts'

/** Whoever greets back does it within round trips; whoever speaks no TLS never does. */
export const GREETING_TIMEOUT_MS = 4_000
const QUESTION_TIMEOUT_MS = 1_500

/** Whether the server answers as Redis does without TLS. The connection for that is closed when this resolves. */
export async function answersWithoutTls(
  endpoint: Endpoint,
  place: Place,
  { way, clock }: Pick<RedisDependencies, 'way' | 'clock'>,
  signal: AbortSignal,
): Promise<boolean> {
  const limits = { signal, timeoutMs: QUESTION_TIMEOUT_MS }
  let wire: Wire | null = null
  try {
    wire = await way.dial(endpoint, place, limits)
    const asked = wire
    const answer = await within(
      clock,
      limits,
      () => failed(place, 'protocol', 'redis-silent', { seconds: QUESTION_TIMEOUT_MS / 1_000 }),
      () => firstAnswer(asked),
    )
    // `+PONG`, `-NOAUTH …`, `-ERR max number of clients reached`, `-DENIED …`
    return /^(\+PONG|-[A-Z]+ )/.test(answer)
  } catch (error) {
    if (!(error instanceof ReachError)) throw error
    return false
  } finally {
    wire?.destroy()
  }
}

function firstAnswer(wire: Wire): Promise<string> {
  return new Promise((resolve) => {
    wire.once('data', (chunk: Buffer) => resolve(chunk.toString('latin1')))
    wire.once('close', () => resolve(''))
    wire.on('error', () => resolve(''))
    wire.write('PING\r\n')
  })
}
