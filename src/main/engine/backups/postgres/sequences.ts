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
 * Reads them within a transaction, of which nothing is left locked: nobody who drops one waits for the end of the dump. `null`: not all could be read, one
 * was dropped meanwhile or is being altered, say: that is no reason to throw a dump away.
 */
async function glance(client: Querying, sequences: readonly Table[]): Promise<Position[] | null> {
  const positions: Position[] = []
  for (let from = 0; from < sequences.length; from += AT_ONCE) {
    await client.query(`SAVEPOINT sequences; SET LOCAL lock_timeout = ${LOCK_WAIT_MS}`)
    try {
      positions.push(...(await readPositions(client, sequences.slice(from, from + AT_ONCE))))
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      return null
    } finally {
      await client.query('ROLLBACK TO sequences; RELEASE sequences').catch(() => {})
    }
  }
  return positions
}

export interface Glanced {
  readonly sequences: readonly Sequence[]
  readonly before: readonly Position[] | null
}

/** Before anything is dumped. @param all those of the snapshot, by name */
export async function glanceBefore(client: Querying, all: readonly Sequence[]): Promise<Glanced> {
  const sequences = all.slice(0, MOST_SEQUENCES)
  return { sequences, before: await glance(client, sequences) }
}

/** When all is dumped. */
export async function glanceAfter(client: Querying, { sequences, before }: Glanced): Promise<SequenceThen[]> {
  const after = before === null ? null : await glance(client, sequences)
  return sequences.map(({ schema, name, descends, cycles }, place) => {
    const first = before?.[place]
    const last = after?.[place]
    // Whoever sets one back meanwhile may have done so before the dump came to it.
    const isKnown = !cycles && first !== undefined && last !== undefined && !isBehind(last, first, descends)
    return { schema, name, ...(isKnown && { at: { ...first, descends } }) }
  })
}

/** Whether a sequence would give again what it gave by then. Pure. */
export function isBehind(found: Position, then: Position, descends: boolean): boolean {
  const ahead = (BigInt(found.last) - BigInt(then.last)) * (descends ? -1n : 1n)
  return ahead < 0n || (ahead === 0n && then.isCalled && !found.isCalled)
}
