/** Takes tables away that a restore made, with what it added to others for them; what somebody built on them since is why it fails. */
import { DatabaseError } from 'pg'
import { z } from 'zod'
import { OperationFailed } from '../../../operations/kind.ts'
import { errorWords } from '../../../reach/failed.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import type { Exchange } from './exchange.ts'
import { isOf } from './is-of.ts'
import { type Live, lookAtTables, ownInbound } from './live.ts'
import type { Keys, Made } from './made.ts'
import { inSql, inWords } from './names.ts'

const Named = z.object({ schema: z.string(), name: z.string() })

/**
 * Those of them that are there, and are what was made.
 * @throws OperationFailed where one is called otherwise by now, or another has its name
 */
async function lookAtMade(client: Querying, made: Made['tables']): Promise<Live> {
  const live = await lookAtTables(client, made)
  const { rows } = await client.query('SELECT oid::int8 AS oid FROM pg_class WHERE oid = ANY ($1::oid[])', [
    made.map(({ oid }) => oid),
  ])
  const there = rows.map(({ oid }) => Number(oid))
  for (const table of made) {
    const named = live.tables.find(isOf(table))
    // One that somebody dropped is gone, and nobody else's.
    const isGone = named === undefined && !there.includes(table.oid)
    if (!isGone && named?.oid !== table.oid)
      throw new OperationFailed('restore-tables-another-there', { table: inWords(table) })
  }
  return live
}

/** What takes them away in the transaction that gives other tables their rows back. */
export async function dropping(
  client: Querying,
  made: Made['tables'],
  keys: Keys,
): Promise<NonNullable<Exchange['besides']>> {
  const tables = await besidesMade(client, await lookAtMade(client, made))
  return {
    locks: { tables, mode: 'ACCESS EXCLUSIVE' },
    goes: made,
    // Rows from before may refer to what goes.
    first: (inTransaction) => dropKeys(inTransaction, made, keys),
    last: (inTransaction) => dropMade(inTransaction, made),
  }
}

/** Whom that locks besides: dropping a foreign key takes the table that it refers to. */
async function besidesMade(client: Querying, live: Live): Promise<Table[]> {
  const { rows } = await client.query(
    `SELECT n.nspname AS schema, c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE i.inhrelid = ANY ($1::oid[])`,
    [live.tables.map(({ oid }) => oid)],
  )
  const others = [
    ...live.inbound.map(({ from }) => from),
    ...live.outbound.map(({ to }) => to),
    ...z.array(Named).parse(rows),
  ]
  // Whoever may not lock one itself waits for it within the transaction.
  const owned = (await lookAtTables(client, others)).tables.filter((table) => table.owned)
  return [...live.tables, ...owned].map(({ schema, name }) => ({ schema, name }))
}

/** Those that came with them, and those between them: others are what somebody made since. */
async function dropKeys(client: Querying, made: Made['tables'], keys: Keys): Promise<void> {
  const live = await lookAtMade(client, made)
  for (const { from, name } of ownInbound(live)) {
    const isOurs = keys.some((one) => isOf(from)(one) && one.constraint === name)
    if (isOurs || made.some(isOf(from)))
      await client.query(`ALTER TABLE ${inSql(from)} DROP CONSTRAINT ${sqlName(name)}`)
  }
}

async function dropMade(client: Querying, made: Made['tables']): Promise<void> {
  const live = await lookAtMade(client, made)
  const tables = live.tables.map(inSql)
  if (tables.length === 0) return
  const oids = live.tables.map(({ oid }) => oid)
  // They would go along without a word.
  const { rows } = await client.query<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ANY ($1::oid[]) AND inhrelid <> ALL ($1::oid[]) ORDER BY 1`,
    [oids],
  )
  if (rows.length > 0)
    throw new OperationFailed('restore-tables-built-upon', {
      tables: live.tables.map(inWords).join(', '),
      words: rows.map(({ name }) => `PARTITION ${name}`).join(', '),
    })
  try {
    await client.query(`DROP TABLE ${tables.join(', ')}`)
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== '2BP01') throw error
    throw new OperationFailed('restore-tables-built-upon', {
      tables: live.tables.map(inWords).join(', '),
      words: errorWords(error.detail ?? error.message),
    })
  }
}
