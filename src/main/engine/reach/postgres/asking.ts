/** Runs the statements of a session on its connection, one at a time; what does not answer is cut. */
import type { Clock } from '../../clock.ts'
import { remaining } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import type { Gate } from '../gate.ts'
import type { Limits, PostgresAnswer } from '../reach.ts'
import { ReachError } from '../reach.ts'
import { withinWay } from '../silence.ts'
import type { Way } from '../way.ts'
import type { PostgresConnection } from './connection.ts'
import { statementFailure } from './failure.ts'
import { runStatement } from './statement.ts'

const MAX_ROWS = 10_000

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  readonly limits: Limits & { readonly maxRows?: number; readonly isolated?: boolean }
}

interface Asked {
  readonly answer: Promise<PostgresAnswer>
  /** What it means that no answer has come. */
  missing(seconds: number): ReachError
}

interface Asking {
  readonly clock: Clock
  readonly way: Way
  /** Round trip of an answer. */
  readonly onAnswer: (ms: number) => void
}

/**
 * Runs one statement when it is its turn, which lasts until the server is done with it, also when nobody waits any more.
 * @param connect gives the connection, in its turn
 * @param afterwards what is to be looked at before the next one has its turn
 */
export async function askInTurn(
  asking: Asking,
  { text, values, limits }: Statement,
  {
    turns,
    place,
    connect,
    afterwards,
  }: {
    turns: Gate
    place: () => Place
    connect: (limits: Limits) => PostgresConnection | Promise<PostgresConnection>
    afterwards: (connection: PostgresConnection) => Promise<void>
  },
): Promise<PostgresAnswer> {
  const { clock, way } = asking
  const startedAt = clock.monotonic()
  let asked: Asked | null = null
  const late = (): ReachError => {
    const seconds = limits.timeoutMs / 1_000
    if (asked !== null) return asked.missing(seconds)
    return failed(place(), 'protocol', 'postgres-session-busy', { seconds })
  }
  return withinWay({ clock, way }, limits, late, async (signal) => {
    const answer = Promise.withResolvers<PostgresAnswer>()
    const turn = turns.pass(signal, async () => {
      const left = { ...limits, signal, timeoutMs: remaining(clock, startedAt, limits.timeoutMs) }
      const connection = await connect(left)
      asked = ask(asking, connection, { text, values, limits: left })
      answer.resolve(asked.answer)
      await asked.answer.then(
        () => afterwards(connection),
        () => {},
      )
    })
    turn.catch(answer.reject)
    return answer.promise
  })
}

/** Runs one statement; the answer settles when the connection is free again, or cut. */
function ask(
  { clock, way, onAnswer }: Asking,
  connection: PostgresConnection,
  { text, values, limits }: Statement,
): Asked {
  const { timeoutMs, maxRows = MAX_ROWS, isolated = false } = limits
  let cutWith: ReachError | null = null
  let sentAt: number | null = null
  const missing = (seconds: number): ReachError => {
    const code =
      sentAt === null && connection.backend === null ? 'postgres-pooler-busy' : 'postgres-answer-missing'
    return failed(connection.place, 'protocol', code, { seconds })
  }
  const cancelCut = clock.after(timeoutMs, () => {
    cutWith = missing(timeoutMs / 1_000)
    // No cancel request: that would be one more connection, to a server that does not even answer this one.
    connection.giveUp(cutWith)
    way.suspect()
  })
  const answer = (async () => {
    try {
      const running = runStatement(connection, { text, values, timeoutMs, maxRows, isolated }, () => {
        sentAt = clock.monotonic()
      })
      const got = await unlessGivenUp(connection, running)
      onAnswer(clock.monotonic() - (sentAt ?? 0))
      return got
    } catch (error) {
      const cut = way.down()
      if (cut !== null) throw new ReachError(cut)
      if (cutWith !== null) throw cutWith
      throw error instanceof ReachError ? error : statementFailure(error, timeoutMs, connection.place)
    } finally {
      cancelCut()
    }
  })()
  return { answer, missing }
}

/** What was given up answers nothing, though we stay on the line. */
async function unlessGivenUp<T>({ givenUp }: PostgresConnection, running: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>()
  const onGivenUp = (): void => over.reject(givenUp.reason)
  givenUp.addEventListener('abort', onGivenUp, { once: true })
  try {
    return await Promise.race([running, over.promise])
  } finally {
    givenUp.removeEventListener('abort', onGivenUp)
  }
}
