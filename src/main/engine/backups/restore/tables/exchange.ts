/**
 * Gives tables other rows, in one transaction: those from before go into a schema of their own, or away; the others come out of one. The tables themselves stay
 * what they are. Foreign keys to them are taken off meanwhile, so that no row of another table goes along, and PostgreSQL itself judges all rows when it puts them
 * back. The same goes forward and back.
 */
import { escapeLiteral } from 'pg'
import type { Clock } from '../../../clock.ts'
import { OperationFailed } from '../../../operations/kind.ts'
import type { TableThen } from '../../postgres/columns-then.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Counted, Table } from '../../postgres/snapshot.ts'
import { IS_READ, isTold } from '../../postgres/untold.ts'
import type { Querying } from '../databases.ts'
import { refusedFor } from '../operating.ts'
import { asOwner } from './as-owner.ts'
import { type HeldColumn, lookAtHeld, noteComputed } from './held-columns.ts'
import { isOf } from './is-of.ts'
import { judgeColumns, judgeHeld } from './judge-columns.ts'
import {
  type ForeignKey,
  type Live,
  type LiveTable,
  lookAtTables,
  ownInbound,
  type Sequence,
} from './live.ts'
import { type Besides, beginLocked, enableTrigger } from './locking.ts'
import { freeName, heldNames, inSql, inWords } from './names.ts'
import { refuseOrphans } from './orphans.ts'
import { TEXT } from './staged.ts'
import { bystanders, refuseOthers } from './still.ts'

export interface Exchange {
  readonly tables: readonly Table[]
  /** The schema that the rows come out of; it is dropped. */
  readonly from: string
  /** The schema that those from before go into; `null`: they go away. */
  readonly to: { readonly schema: string; readonly marker: string } | null
  /** How many come into each, where that is known. */
  readonly expected: readonly Counted[] | null
  /** What the tables were like in the backup that the rows are of; without it the rows are of these tables themselves. */
  readonly dumped?: readonly TableThen[]
  /** Is called when all of it is done, within the transaction. */
  readonly done?: (client: Querying) => Promise<void>
  /** What belongs into the same transaction: tables that were not there come, or go again. */
  readonly besides?: {
    readonly locks: Besides
    /** Before any rows go, and after they came. */
    readonly first?: (client: Querying) => Promise<void>
    readonly last: (client: Querying) => Promise<void>
    /** What is gone by then, and refers to nothing any more. */
    readonly goes?: readonly Table[]
  }
}

/** @returns how many rows each table has now @throws OperationFailed where it cannot be done so; nothing is changed then */
export async function exchangeRows(
  client: Querying,
  exchange: Exchange,
  terms: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Counted[]> {
  const { tables, besides } = exchange
  await beginLocked(client, await allOf(client, tables), terms, besides?.locks)
  try {
    // As they are now that nobody else can change them.
    const live = await allOf(client, tables)
    const still = await bystanders(client, live, besides?.locks.tables ?? [])
    await refuseOthers(client, live)
    const held = await refuseUnfit(client, live, exchange)
    // Keys that are checked at the end would leave their checks behind, and no table may change before those.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    await besides?.first?.(client)
    if (exchange.to !== null) await putAside(client, live, exchange.to)
    for (const statement of takenOff(live)) await client.query(statement)
    const counted = await fillAll(client, live, exchange, held, still)
    // A partition among them has rows that others refer to.
    await besides?.last(client)
    const inbound = ownInbound(live).filter(({ from }) => besides?.goes?.some(isOf(from)) !== true)
    await refuseOrphans(client, inbound)
    for (const statement of putBack(live, inbound)) await client.query(statement)
    for (const table of live.tables)
      for (const sequence of table.sequences) await raise(client, table, sequence)
    await dropHeld(client, exchange.from)
    await exchange.done?.(client)
    terms.signal.throwIfAborted()
    await client.query('COMMIT')
    return counted
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

async function allOf(client: Querying, tables: readonly Table[]): Promise<Live> {
  const live = await lookAtTables(client, tables)
  const gone = tables.find(
    ({ schema, name }) => !live.tables.some((one) => one.schema === schema && one.name === name),
  )
  if (gone !== undefined) throw new OperationFailed('restore-tables-not-there', { table: inWords(gone) })
  return live
}

async function putAside(
  client: Querying,
  live: Live,
  { schema, marker }: NonNullable<Exchange['to']>,
): Promise<void> {
  await makeSchema(client, schema, marker)
  const names = heldNames(live.tables)
  // Where nobody reads what changes, it need not be written twice.
  const untold = await isTold(client, IS_READ)
  for (const [index, table] of live.tables.entries()) {
    if (table.kind === 'p') continue
    const into = { schema, name: names[index] ?? '' }
    await client.query(
      `CREATE ${untold ? 'UNLOGGED ' : ''}TABLE ${inSql(into)} AS SELECT * FROM ONLY ${inSql(table)}`,
    )
    if (untold) await client.query(`ALTER TABLE ${inSql(into)} SET LOGGED`)
    await noteComputed(client, into, table)
  }
}

/** Whoever owns a table may have altered it since that was looked at. @returns the columns of what waits, by table */
async function refuseUnfit(
  client: Querying,
  live: Live,
  { from, dumped }: Pick<Exchange, 'from' | 'dumped'>,
): Promise<HeldColumn[][]> {
  const names = heldNames(live.tables)
  const all = await lookAtHeld(client, from)
  const held = names.map((name) => all.filter(({ table }) => table === name))
  const [refusal] = live.tables.flatMap((table, index) => {
    if (table.kind === 'p') return []
    if (dumped === undefined) return judgeHeld(table, held[index] ?? [], from)
    return judgeColumns(table, dumped.find(isOf(table))?.columns ?? [])
  })
  if (refusal !== undefined) throw refusedFor(refusal)
  return held
}

/** Nobody but its owner sees what is in it. */
export async function makeSchema(client: Querying, schema: string, marker: string): Promise<void> {
  await client.query(`CREATE SCHEMA ${sqlName(schema)}`)
  await client.query(`COMMENT ON SCHEMA ${sqlName(schema)} IS ${escapeLiteral(marker)}`)
}

/** Drops such a schema with its tables. What somebody built on them stays, and is why it fails. */
export async function dropHeld(client: Querying, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY 1`,
    [schema],
  )
  if (rows.length > 0)
    await client.query(`DROP TABLE ${rows.map(({ name }) => inSql({ schema, name })).join(', ')}`)
  await client.query(`DROP SCHEMA IF EXISTS ${sqlName(schema)}`)
}

/** What is partitioned has its rows in others. */
function withRows({ tables }: Live): LiveTable[] {
  return tables.filter(({ kind }) => kind !== 'p')
}

function takenOff(live: Live): string[] {
  return [
    ...withRows(live).flatMap((table) => [
      ...table.triggers.map(
        ({ name }) => `ALTER TABLE ONLY ${inSql(table)} DISABLE TRIGGER ${sqlName(name)}`,
      ),
      // Rows come in as whom they are to hold for.
      ...(table.forced ? [`ALTER TABLE ONLY ${inSql(table)} NO FORCE ROW LEVEL SECURITY`] : []),
    ]),
    ...ownInbound(live).map(
      ({ from, name }) => `ALTER TABLE ${inSql(from)} DROP CONSTRAINT ${sqlName(name)}`,
    ),
  ]
}

function putBack(live: Live, inbound: readonly ForeignKey[]): string[] {
  return [
    ...inbound.flatMap(({ from, name, definition, comment }) => [
      `ALTER TABLE ${inSql(from)} ADD CONSTRAINT ${sqlName(name)} ${definition}`,
      ...(comment === null
        ? []
        : [`COMMENT ON CONSTRAINT ${sqlName(name)} ON ${inSql(from)} IS ${escapeLiteral(comment)}`]),
    ]),
    ...withRows(live).flatMap((table) => [
      ...table.triggers.map(({ name, enabled }) => enableTrigger(inSql(table), name, enabled)),
      ...(table.forced ? [`ALTER TABLE ONLY ${inSql(table)} FORCE ROW LEVEL SECURITY`] : []),
    ]),
  ]
}

/**
 * Rows are deleted, not truncated: whoever looks with an older snapshot, a backup that is being made among them, would find the table empty otherwise.
 */
async function fillAll(
  client: Querying,
  live: Live,
  { from, expected }: Pick<Exchange, 'from' | 'expected'>,
  held: readonly (readonly HeldColumn[])[],
  still: () => Promise<void>,
): Promise<Counted[]> {
  const names = heldNames(live.tables)
  const way = freeName(live.tables, 'vakhta_fill')
  for (const table of withRows(live)) await client.query(`DELETE FROM ONLY ${inSql(table)}`)
  const counted: Counted[] = []
  for (const [index, table] of live.tables.entries()) {
    if (table.kind === 'p') continue
    const source = { schema: from, name: names[index] ?? '' }
    const columns = columnsBetween(held[index] ?? [], table)
    const list = columns.map(({ name }) => sqlName(name)).join(', ')
    const values = columns.map(({ name, as }) => `${sqlName(name)}${as === null ? '' : `::${as}`}`).join(', ')
    const into = list === '' ? inSql(table) : `${inSql(table)} (${list}) OVERRIDING SYSTEM VALUE`
    const statement = `INSERT INTO ${into} SELECT ${values} FROM ${inSql(source)}`
    await asOwner(client, table, { schema: from, reads: source, way, statement })
    await still()
    const rows = await countOf(client, table)
    const wanted = expected?.find(isOf(table))?.rows ?? (await countOf(client, source))
    if (rows !== wanted)
      throw new OperationFailed('restore-tables-rows', {
        table: inWords(table),
        expected: wanted,
        found: rows,
      })
    counted.push({ schema: table.schema, name: table.name, rows })
  }
  return counted
}

async function countOf(client: Querying, table: Table): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ONLY ${inSql(table)}`)
  return Number(rows[0]?.count)
}

/** What goes over, and as which type: only what waits as text has to be told. To cast anything else would cut or round it without a word. */
function columnsBetween(
  held: readonly HeldColumn[],
  { columns }: LiveTable,
): { name: string; as: string | null }[] {
  return held.flatMap(({ name, type }) => {
    const into = columns.find((one) => one.name === name)
    // What is computed comes by itself.
    if (into === undefined || into.generated) return []
    return [{ name, as: TEXT.has(type) && type !== into.type ? into.type : null }]
  })
}

/** Where rows came in that are further than it is: never back. Others wait until this is over. */
export async function raise(client: Querying, table: LiveTable, sequence: Sequence): Promise<void> {
  const name = inSql(sequence)
  const [furthest, compare] = sequence.increment > 0n ? ['max', '>'] : ['min', '<']
  await client.query(
    `SELECT setval(${escapeLiteral(name)}::regclass, t.furthest)
       FROM (SELECT ${furthest}(${sqlName(sequence.column)})::int8 AS furthest FROM ${table.kind === 'p' ? '' : 'ONLY '}${inSql(table)}) t, ${name} s, pg_sequence q
      WHERE q.seqrelid = ${escapeLiteral(name)}::regclass AND t.furthest ${compare}= s.last_value
        AND t.furthest BETWEEN q.seqmin AND q.seqmax AND NOT (t.furthest = s.last_value AND s.is_called)`,
  )
}
