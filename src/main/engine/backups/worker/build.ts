/**
 * Makes tables of a backup anew, with their rows, where nobody sees them yet. What stands in their definitions (checks, computed columns, expressions of indexes)
 * is run meanwhile, so all of it is done by a role that has no rights.
 */
import { type Client, DatabaseError, escapeLiteral } from 'pg'
import { errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import type { VerifyDependencies } from '../plain.ts'
import { readSchema } from '../postgres/archive.ts'
import { dumpEntriesOf } from '../postgres/dump-entries.ts'
import { oneStatement } from '../postgres/one-statement.ts'
import { sqlName } from '../postgres/quote.ts'
import type { Table } from '../postgres/snapshot.ts'
import {
  type AboutTable,
  type TableDefinition,
  type TableDefinitions,
  tableDefinitionsOf,
} from '../postgres/table-definitions.ts'
import type { Tool } from '../postgres/tools.ts'
import { isTold, MAY_BE_READ } from '../postgres/untold.ts'
import { type Given, withContents, withRows } from '../staging/given.ts'
import { oneAtATime } from '../staging/stage.ts'
import { asRoleLetIn } from './as-role.ts'
import type { BuildJob, Built, DefinitionsJob } from './messages.ts'
import { partOf, restorerOf } from './part-of.ts'
import type { RestoreDependencies } from './restore.ts'
import { refuseEncoding } from './say-written.ts'
import { AS_DUMPED } from './session.ts'
import { pour } from './stage.ts'

const ENCODING = /^SET client_encoding = '([^']+)';$/m
const SHOWN_CHARACTERS = 160

export async function definitions(
  dependencies: VerifyDependencies,
  job: DefinitionsJob,
): Promise<TableDefinitions> {
  const part = partOf(job.manifest, job.database)
  const tool = await restorerOf(dependencies.tools, job.manifest, part, 0)
  const args = ['--verbose', '--no-tablespaces', '--no-security-labels']
  const sql = await withContents(dependencies, job.manifest, part, (given) => readSchema(given, tool, args))
  refuseEncoding(part.file, ENCODING.exec(sql)?.[1] ?? null)
  // Read leniently, names would come back as other ones.
  if (sql.includes('\uFFFD')) throw new BackupError('definitions-not-utf8', { file: part.file })
  return tableDefinitionsOf(await dumpEntriesOf(sql), job.tables, job.whole)
}

export async function build(dependencies: RestoreDependencies, job: BuildJob): Promise<Built> {
  const { manifest, database } = job
  const part = partOf(manifest, database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, 0)
  // Once the role may log in it has to do so within minutes: what is staged is staged before.
  return withRows(dependencies, manifest, part, oneAtATime(job), (given) =>
    buildFrom(dependencies, job, { given, tool }),
  )
}

function buildFrom(
  dependencies: RestoreDependencies,
  job: BuildJob,
  { given, tool }: { readonly given: Given; readonly tool: Tool },
): Promise<Built> {
  const { tables } = job
  return asRoleLetIn(dependencies, job, async ({ client }) => {
    await client.query(
      [...AS_DUMPED, `SET application_name = ${escapeLiteral(job.name.slice(0, 63))}`].join('; '),
    )
    const placed = tables.map((table) => ({ ...table, into: { schema: table.into, name: table.name } }))
    const say = async (what: 'create' | 'finish') => {
      for (const table of placed)
        for (const statement of table[what]) await sayAbout(client, table, statement)
    }
    await say('create')
    const untold = (await isTold(client, MAY_BE_READ)) ? await lasting(client, placed) : []
    for (const table of untold) await client.query(`ALTER TABLE ${inSql(table)} SET UNLOGGED`)
    const sequences = tables.flatMap((table) => table.sequences)
    const poured = await pour(dependencies, { client }, given, { tool, tables: placed, sequences }).catch(
      (error: unknown) => refused(placed, error),
    )
    for (const table of untold) await client.query(`ALTER TABLE ${inSql(table)} SET LOGGED`)
    await say('finish')
    // What they are divided by may call something, which has no rights here.
    for (const table of placed) await attachWithin(client, table, placed)
    const counted: Built['tables'][number][] = []
    for (const { schema, name, into } of placed) {
      const from = inSql(into)
      const { rows } = await client.query<{ rows: string; oid: string }>(
        `SELECT count(*) AS rows, ${escapeLiteral(from)}::regclass::oid::int8 AS oid FROM ONLY ${from}`,
      )
      counted.push({ schema, name, rows: Number(rows[0]?.rows), oid: Number(rows[0]?.oid) })
    }
    return { tables: counted, sequences: poured.sequences }
  })
}

type Placed = Table & { readonly into: Table }

/** Those of them that have rows, and are not unlogged anyway. */
async function lasting(client: Client, placed: readonly Placed[]): Promise<Table[]> {
  const tables = placed.map(({ into }) => into)
  const { rows } = await client.query<{ is: boolean }>(
    `SELECT c.relkind = 'r' AND c.relpersistence = 'p' AS is FROM unnest($1::text[]) WITH ORDINALITY AS w (name, place)
       JOIN pg_catalog.pg_class c ON c.oid = w.name::regclass ORDER BY w.place`,
    [tables.map(inSql)],
  )
  return tables.filter((_, index) => rows[index]?.is === true)
}

async function sayAbout(client: Client, table: Placed, { before, after }: AboutTable): Promise<void> {
  try {
    await client.query(oneStatement(`${before}${inSql(table.into)}${after}`))
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const statement = `${before}${table.schema}.${table.name}${after}`.replaceAll(/\s+/g, ' ')
    throw notMade([table], statement.slice(0, SHOWN_CHARACTERS), error)
  }
}

/** To what it is a partition of, where that is made, too. */
async function attachWithin(
  client: Client,
  table: Placed & Pick<TableDefinition, 'partition'>,
  placed: readonly Placed[],
): Promise<void> {
  const { partition } = table
  if (partition === null) return
  const { schema, name } = partition.parent
  const parent = placed.find((one) => one.schema === schema && one.name === name)
  if (parent === undefined) return
  const before = `ALTER TABLE ONLY ${inSql(parent.into)} ATTACH PARTITION `
  await sayAbout(client, table, { before, after: ` ${partition.bounds}` })
}

/** Of rows the server says where they were to go. */
function refused(tables: readonly Placed[], error: unknown): never {
  if (!(error instanceof DatabaseError)) throw error
  const copied = /^COPY (.+), line \d+/m.exec(error.where ?? '')
  const table = tables.filter(({ name }) => name === copied?.[1])
  throw notMade(table.length === 0 ? tables : table, copied?.[0] ?? 'COPY', error)
}

function notMade(tables: readonly Table[], statement: string, error: DatabaseError): BackupError {
  const table = tables.map(({ schema, name }) => `${schema}.${name}`).join(', ')
  return new BackupError('table-not-made', { table, statement, words: errorWords(error.message) }, error)
}

function inSql({ schema, name }: Table): string {
  return `${sqlName(schema)}.${sqlName(name)}`
}
