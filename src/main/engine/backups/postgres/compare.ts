/** Whether a database that was restored has what was counted when it was dumped: its rows, and what else can be lost without a word. */
import type { Client } from 'pg'
import type { Compared } from '#shared/model/compared.ts'
import { BackupError } from '../backup-error.ts'
import { comparedOf } from '../compared.ts'
import type { Part } from '../manifest.ts'
import { differingRows, keyOf, type There, toCount } from './compare-rows.ts'
import { countObjects, differingObjects, sumOf } from './objects.ts'
import { isBehind, readPositions, type SequenceThen } from './sequences.ts'
import { countRows, type Table } from './snapshot.ts'
import { unforced } from './unforced.ts'

type Querying = Pick<Client, 'query'>
type Then = Pick<Part, 'tables' | 'database' | 'counted'>

/** So many are named. */
const NAMED = 5

const THERE = `
  SELECT n.nspname AS schema, c.relname AS name, row_security_active(c.oid) AS hidden
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`

const SEQUENCES_THERE = `
  SELECT n.nspname AS schema, c.relname AS name, has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT') AS readable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S'`

interface Terms {
  readonly signal: AbortSignal
  /** Whether a transaction is open, which stays open. */
  readonly isInTransaction?: boolean
  /** Types of the entries of the dump that were left out on purpose, each as often as it was. */
  readonly left?: readonly string[]
}

export interface Comparison {
  readonly compared: Compared
  /** Kinds of things of which there are not as many as were counted, as facts of a line of words; `null`: none. */
  readonly differing: { readonly kinds: string } | null
  /** Sequences that are behind what was read, likewise. */
  readonly behind: { readonly sequences: string } | null
}

/**
 * For a proof, where everything has to be as it was counted.
 * @throws BackupError `counts-differ`, `sequences-behind`, `large-objects-differ`, `objects-differ`
 */
export async function compareCounts(client: Querying, part: Then, terms: Terms): Promise<Compared> {
  const { compared, differing, behind } = await compareData(client, part, terms)
  const database = part.database ?? ''
  if (behind !== null) throw new BackupError('sequences-behind', { database, ...behind })
  if (differing !== null) throw new BackupError('objects-differ', { database, ...differing })
  return compared
}

/**
 * For a restore, which is not broken off for what may be told instead, a number of things, or of a sequence that is there: whatever the dump has was made, and
 * somebody waits for the data.
 * Counts as whoever owns the tables, or has the rights of who does: policies leave nothing out.
 * @throws BackupError `counts-differ`, `sequences-behind` where one is missing, `large-objects-differ`
 */
export async function compareData(client: Querying, part: Then, terms: Terms): Promise<Comparison> {
  await compareRows(client, part, terms)
  terms.signal.throwIfAborted()
  const { counted, database } = part
  const asCounted = { compared: comparedOf(part), differing: null, behind: null }
  if (counted === undefined) return asCounted
  const name = database ?? ''
  const behind = await compareSequences(client, name, counted.sequences)
  if (counted.objects === undefined || counted.largeObjects === undefined) return { ...asCounted, behind }
  const now = await countObjects(client)
  if (now.largeObjects !== counted.largeObjects)
    throw new BackupError('large-objects-differ', {
      ...{ database: name, expected: counted.largeObjects, found: now.largeObjects },
    })
  const differing = differingObjects(counted.objects, now, terms.left ?? [])
  return {
    // What was left out was not compared.
    compared: { ...comparedOf(part), objects: sumOf(now.objects, counted.objects) },
    behind,
    differing:
      differing.length === 0
        ? null
        : { kinds: listed(differing.map(({ kind, expected, found }) => `${kind} ${expected} → ${found}`)) },
  }
}

async function compareRows(
  client: Querying,
  { tables, database }: Then,
  { signal, isInTransaction = false }: Terms,
): Promise<void> {
  const { rows: there } = await client.query<There>(THERE)
  const terms = { lockWaitMs: 0, signal }
  const { open, hidden } = toCount(tables, there)
  const found = await countRows({ client }, open, terms)
  // One at a time: each is locked for as long as it is counted.
  for (const table of hidden)
    found.push(
      ...(await unforced(client, table, isInTransaction, () => countRows({ client }, [table], terms))),
    )
  const differing = differingRows(tables, found)
  const [first] = differing
  if (first === undefined) return
  throw new BackupError('counts-differ', {
    table: `${database ?? ''}: ${first.schema}.${first.name}`,
    expected: first.rows,
    found: first.found,
    more: differing.length - 1,
  })
}

/** Of those that whoever compares may not read it is known that they are there. @returns those that are behind */
async function compareSequences(
  client: Querying,
  database: string,
  sequences: readonly SequenceThen[],
): Promise<Comparison['behind']> {
  if (sequences.length === 0) return null
  const { rows } = await client.query<Table & { readonly readable: boolean }>(SEQUENCES_THERE)
  const there = new Map(rows.map((one) => [keyOf(one), one.readable]))
  const missing = sequences.filter((one) => !there.has(keyOf(one)))
  if (missing.length > 0)
    throw new BackupError('sequences-behind', {
      ...{ database, sequences: listed(missing.map((one) => movedWords(one, '–'))) },
    })
  const readable = sequences.filter((one) => one.at !== undefined && there.get(keyOf(one)) === true)
  const positions = await readPositions(client, readable)
  const behind = readable.flatMap((one, place) => {
    const [then, found] = [one.at, positions[place]]
    if (then === undefined || found === undefined || !isBehind(found, then, then.descends)) return []
    return [movedWords(one, found.last)]
  })
  return behind.length === 0 ? null : { sequences: listed(behind) }
}

function movedWords({ schema, name, at }: SequenceThen, found: string): string {
  return `${schema}.${name} (${at?.last ?? '?'} → ${found})`
}

/** The first of them, and how many more there are. */
function listed(words: readonly string[]): string {
  const more = words.length - NAMED
  return `${words.slice(0, NAMED).join(', ')}${more > 0 ? `, … +${more}` : ''}`
}
