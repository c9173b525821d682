/**
 * How far sequences are. No snapshot holds them still: they are read before a dump begins and after it ended, and what a restore has of one must not be behind
 * what was read first.
 */
import { DatabaseError } from 'pg'
import { z } from 'zod'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { sqlName } from './quote.ts'
import type { Table } from './snapshot.ts'

type Querying = Pick<PostgresConnection['client'], 'query'>

/** So many of a database are compared, by their names; of all others it is compared how many there are. */
export const MOST_SEQUENCES = 1_000
/** For each that is read the server keeps a lock, until the savepoint before it is gone back to. */
const AT_ONCE = 250
/** Whoever alters or drops one for longer than that is not waited for, and does not wait for us. */
const LOCK_WAIT_MS = 1_000
/** While it is sought in halves: it was waited for already. */
const SHORT_LOCK_WAIT_MS = 100
/** Enough to find two of a database that cannot be read; with more, others may stay unknown along with them. */
const MOST_SPLITS = 16

export interface Sequence extends Table {
  readonly descends: boolean
  /** At its end it begins anew: it may be anywhere. */
  readonly cycles: boolean
}

const Position = z.object({
  /** A `bigint`. */
  last: z.string().regex(/^-?\d{1,19}$/),
  /** Otherwise the next one is `last` itself. */
  isCalled: z.boolean(),
})
export type Position = z.infer<typeof Position>

/** As a manifest has it. */
export const SequenceThen = z.object({
  schema: z.string(),
  name: z.string(),
  /** It was as far when the dump began, and was not set back while it was made; left out: it may be anywhere. */
  at: Position.extend({ descends: z.boolean() }).optional(),
})
export type SequenceThen = z.infer<typeof SequenceThen>

/** @returns in the order that they are named in */
export async function readPositions(client: Querying, sequences: readonly Table[]): Promise<Position[]> {
  const positions: Position[] = []
  for (let from = 0; from < sequences.length; from += AT_ONCE) {
    const each = sequences
      .slice(from, from + AT_ONCE)
      .map(
        ({ schema, name }, place) =>
          `SELECT ${place} AS place, last_value::text AS last, is_called AS "isCalled" FROM ${sqlName(schema)}.${sqlName(name)}`,
      )
    const { rows } = await client.query(`${each.join(' UNION ALL ')} ORDER BY place`)
    positions.push(...z.array(Position).parse(rows))
  }
  return positions
}

/**
 * Reads them within a transaction, of which nothing is left locked: nobody who drops one waits for the end of the dump. `null`: it could not be read, it was
 * dropped meanwhile or is being altered, say: that is no reason to throw a dump away, and says nothing of the others.
 */
async function glance(client: Querying, sequences: readonly Table[]): Promise<(Position | null)[]> {
  let splits = MOST_SPLITS
  async function read(some: readonly Table[], lockWaitMs: number): Promise<(Position | null)[]> {
    const positions = await attempt(client, some, lockWaitMs)
    if (positions !== null) return positions
    if (some.length === 1 || splits === 0) return some.map(() => null)
    splits -= 1
    const half = Math.ceil(some.length / 2)
    return [
      ...(await read(some.slice(0, half), SHORT_LOCK_WAIT_MS)),
      ...(await read(some.slice(half), SHORT_LOCK_WAIT_MS)),
    ]
  }
  const positions: (Position | null)[] = []
  for (let from = 0; from < sequences.length; from += AT_ONCE)
    positions.push(...(await read(sequences.slice(from, from + AT_ONCE), LOCK_WAIT_MS)))
  return positions
}

/** All of them; `null`: one cannot be read. */
async function attempt(
  client: Querying,
  sequences: readonly Table[],
  lockWaitMs: number,
): Promise<Position[] | null> {
  await client.query(`SAVEPOINT sequences; SET LOCAL lock_timeout = ${lockWaitMs}`)
  try {
    return await readPositions(client, sequences)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return null
  } finally {
    await client.query('ROLLBACK TO sequences; RELEASE sequences').catch(() => {})
  }
}

export interface Glanced {
  readonly sequences: readonly Sequence[]
  readonly before: readonly (Position | null)[]
}

/** Before anything is dumped. @param all those of the snapshot, by name */
export async function glanceBefore(client: Querying, all: readonly Sequence[]): Promise<Glanced> {
  const sequences = all.slice(0, MOST_SEQUENCES)
  return { sequences, before: await glance(client, sequences) }
}

/** When all is dumped. */
export async function glanceAfter(client: Querying, { sequences, before }: Glanced): Promise<SequenceThen[]> {
  const after = await glance(client, sequences)
  return sequences.map(({ schema, name, descends, cycles }, place) => {
    const [first, last] = [before[place] ?? null, after[place] ?? null]
    // Whoever sets one back meanwhile may have done so before the dump came to it.
    const isKnown = !cycles && first !== null && last !== null && !isBehind(last, first, descends)
    return { schema, name, ...(isKnown && { at: { ...first, descends } }) }
  })
}

/** Whether a sequence would give again what it gave by then. Pure. */
export function isBehind(found: Position, then: Position, descends: boolean): boolean {
  const ahead = (BigInt(found.last) - BigInt(then.last)) * (descends ? -1n : 1n)
  return ahead < 0n || (ahead === 0n && then.isCalled && !found.isCalled)
}
