/**
 * Gives tables that were made anew their place, in the transaction that exchanges rows: name, owner, sequences, triggers, policies, grants, and the foreign keys
 * from and to them. Nothing of it runs what stands in a definition, or what types are read or cast with, as us; what was built is looked at first, since whoever built it had no rights, and we have.
 */
import { DatabaseError, escapeLiteral } from 'pg'
import type { OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed } from '../../../operations/kind.ts'
import { errorWords } from '../../../reach/failed.ts'
import { BackupError } from '../../backup-error.ts'
import { oneStatement } from '../../postgres/one-statement.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { readsPlainly } from '../../postgres/statement-pieces.ts'
import type { ForeignKeyThen, TableDefinition } from '../../postgres/table-definitions.ts'
import type { Built } from '../../worker/messages.ts'
import type { Querying } from '../databases.ts'
import { keysThatCall } from './calling.ts'
import { raise } from './exchange.ts'
import { isOf } from './is-of.ts'
import { besidesMissing, grantsLeftOut, keysAgain } from './judge-missing.ts'
import { type ForeignKey, type LiveTable, lookAtTables } from './live.ts'
import { type MissingFound, plainOf, sequencesThere } from './missing.ts'
import { freeName, inSql, inWords } from './names.ts'
import { isRefused, say, sayAsOwner } from './saying.ts'

export interface Attaching {
  readonly found: MissingFound
  readonly built: Built
  /** Where each was built, and as whom. */
  readonly schemaOf: (table: Table) => string
  readonly role: string
  /** A schema of ours, in which owners may be let say something. */
  readonly staged: string
  /** Tables that get rows in the same transaction. */
  readonly filled: readonly Table[]
}

export interface Note {
  readonly code: OperationText
  readonly params: Reason['params']
}

const NOT_PRESENT = '23503'

/** @returns what there is to tell of it */
export async function attachTables(client: Querying, attaching: Attaching): Promise<Note[]> {
  const { found } = attaching
  const { tables } = found.definitions
  const notes: Note[] = []
  for (const table of tables) await place(client, attaching, table)
  await refuseOtherParents(client, attaching)
  const keys = tables.flatMap(({ foreignKeys }) => foreignKeys)
  const [calling] = await keysThatCall(client, [...keys, ...(await keysOfParents(client, found))])
  if (calling !== undefined) throw new OperationFailed('restore-tables-key-would-call', aboutKey(calling))
  // One table may count on with the sequence of another.
  for (const table of tables) await makeSequences(client, attaching, table)
  for (const table of tables) notes.push(...(await furnish(client, attaching, table)))
  // Each of them is there by now, whichever refers to which.
  for (const key of keys) await refer(client, key)
  for (const { key, not } of keysAgain(found)) {
    if (not !== null) notes.push({ code: 'restore-tables-key-left', params: aboutKey(key) })
    else if ((await keysThatCall(client, [key])).length > 0)
      notes.push({ code: 'restore-tables-key-calls', params: aboutKey(key) })
    else notes.push(...(await referAgain(client, key, found)))
  }
  for (const table of tables) for (const statement of table.secure) await say(client, table, statement)
  return notes
}

/** What was built is a table, a partition at most of what was built, and nothing else (but for PostgreSQL's own triggers of keys that are checked later), and its name is free. */
async function place(
  client: Querying,
  { built, schemaOf, role }: Attaching,
  table: TableDefinition,
): Promise<void> {
  const at = { schema: schemaOf(table), name: table.name }
  const oid = built.tables.find(isOf(table))?.oid ?? 0
  const kind = table.kind === 'partitioned' ? 'p' : 'r'
  const all = built.tables.map((one) => one.oid)
  const { rows } = await client.query(
    `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = $1::oid AND n.nspname = $2 AND c.relname = $3 AND c.relkind = $5 AND NOT c.relrowsecurity AND NOT c.relforcerowsecurity
        AND pg_get_userbyid(c.relowner) = $4
        AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT (g.tgisinternal AND g.tgfoid = 'pg_catalog.unique_key_recheck'::regproc))
        AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid) AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
        AND NOT EXISTS (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent) AND NOT (i.inhrelid = ANY ($6::oid[]) AND i.inhparent = ANY ($6::oid[])))`,
    [oid, at.schema, at.name, role, kind, all],
  )
  if (rows.length === 0) throw new OperationFailed('restore-tables-foreign', { schema: at.schema })
  const { tables: there } = await lookAtTables(client, [table])
  if (there.length > 0) throw new OperationFailed('restore-tables-there-again', { table: inWords(table) })
  await say(client, table, `ALTER TABLE ${inSql(at)} SET SCHEMA ${sqlName(table.schema)}`)
  await say(client, table, `ALTER TABLE ${inSql(table)} OWNER TO ${sqlName(table.owner)}`)
}

async function makeSequences(client: Querying, { found }: Attaching, table: TableDefinition): Promise<void> {
  const kept = sequencesThere(table, found)
  for (const sequence of table.sequences) {
    if (sequence.create.length === 0 || kept.some(isOf(sequence))) continue
    const [create = '', owned = ''] = sequence.create
    await say(client, table, create)
    await say(client, table, `ALTER SEQUENCE ${inSql(sequence)} OWNER TO ${sqlName(table.owner)}`)
    await say(client, table, owned)
  }
}

async function furnish(
  client: Querying,
  { found, built, staged, filled }: Attaching,
  table: TableDefinition,
): Promise<Note[]> {
  const way = freeName(filled, 'vakhta_say')
  const others = [...found.definitions.tables, ...filled, ...besidesMissing(found)]
  const kept = sequencesThere(table, found)
  // Its whole brings triggers, of which more may be said. To one that is made, too, it was attached where it was built.
  if (table.partition !== null && !built.tables.some(isOf(table.partition.parent)))
    await say(client, table, table.partition.statement)
  for (const statement of table.attach) {
    if (readsPlainly(statement)) await say(client, table, statement)
    else await sayAsOwner(client, await there(client, table), statement, { schema: staged, way, others })
  }
  for (const sequence of built.sequences.filter((one) => table.sequences.some(isOf(one)))) {
    // One that is there by itself went on since.
    if (kept.some(isOf(sequence))) continue
    await client.query(
      `SELECT setval(${escapeLiteral(inSql(sequence))}::regclass, ${sequence.last}, ${sequence.isCalled})`,
    )
  }
  const gone = grantsLeftOut(table, found)
  for (const { statement, role } of table.grants)
    if (!gone.includes(role)) await say(client, table, statement)
  const live = await there(client, table)
  for (const sequence of live.sequences) await raise(client, live, sequence)
  if (gone.length === 0) return []
  return [{ code: 'restore-tables-grants-left', params: { table: inWords(table), roles: gone.join(', ') } }]
}

async function there(client: Querying, table: Table): Promise<LiveTable> {
  const [live] = (await lookAtTables(client, [table])).tables
  if (live === undefined) throw new OperationFailed('restore-tables-foreign', { schema: table.schema })
  return live
}

/** Whoever owns one may have put another in its place since it was judged; by now it is locked. */
async function refuseOtherParents(client: Querying, { found, built }: Attaching): Promise<void> {
  const joined = found.definitions.tables
    .flatMap(({ partition }) => partition?.parent ?? [])
    .filter((parent) => !built.tables.some(isOf(parent)))
  const { tables: parents } = await lookAtTables(client, joined)
  const plain = await plainOf(client, parents)
  const other = joined.find((one) => !plain.includes(parents.find(isOf(one))?.oid ?? 0))
  if (other !== undefined) throw new OperationFailed('restore-tables-changed', { table: inWords(other) })
}

/** Partitions have these, too, from when they join on. */
async function keysOfParents(client: Querying, { parents }: MissingFound): Promise<ForeignKey[]> {
  const { inbound, outbound } = await lookAtTables(client, parents)
  return [...inbound, ...outbound].filter(({ from }) => parents.some(isOf(from)))
}

async function refer(client: Querying, key: ForeignKeyThen): Promise<void> {
  try {
    await say(client, key.from, key.statement)
  } catch (error) {
    if (!(error instanceof BackupError) || !(error.cause instanceof DatabaseError)) throw error
    const { code, detail, message } = error.cause
    if (code !== NOT_PRESENT) throw error
    throw new OperationFailed('restore-tables-refers-to-nothing', {
      ...aboutKey(key),
      words: errorWords(detail ?? message),
    })
  }
  if (key.comment !== null) await say(client, key.from, key.comment)
}

/** A foreign key that went with its table: valid where every row holds, else for what is written from now on. */
async function referAgain(
  client: Querying,
  key: ForeignKeyThen,
  { referring }: MissingFound,
): Promise<Note[]> {
  const isPartitioned = referring.find(isOf(key.from))?.kind === 'p'
  await client.query('SAVEPOINT key')
  try {
    await client.query(oneStatement(key.statement))
    if (key.comment !== null) await client.query(oneStatement(key.comment))
    return [{ code: 'restore-tables-key-made', params: aboutKey(key) }]
  } catch (error) {
    if (!isRefused(error)) throw error
    await client.query('ROLLBACK TO SAVEPOINT key')
    const words = errorWords(error.detail ?? error.message)
    if (error.code !== NOT_PRESENT || isPartitioned)
      return [{ code: 'restore-tables-key-refused', params: { ...aboutKey(key), words } }]
    await say(client, key.from, `${key.statement.replace(/ NOT VALID$/, '')} NOT VALID`)
    if (key.comment !== null) await say(client, key.from, key.comment)
    return [{ code: 'restore-tables-key-not-valid', params: { ...aboutKey(key), words } }]
  }
}

function aboutKey({ name, from, to }: Pick<ForeignKeyThen, 'name' | 'from' | 'to'>) {
  return { constraint: name, from: inWords(from), to: inWords(to) }
}
