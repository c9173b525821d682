/** Copies the rows of chosen tables of a backup into tables of a deployment's PostgreSQL. Only rows cross: nothing of the backup is run there. */
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import type { VerifyDependencies } from '../plain.ts'
import { readSchema } from '../postgres/archive.ts'
import { columnsThen, type TableThen } from '../postgres/columns-then.ts'
import { type BlockBegin, scriptPieces } from '../postgres/copy-blocks.ts'
import type { CopyIn } from '../postgres/copy-in.ts'
import { NAME, nameRead } from '../postgres/names-written.ts'
import type { Counted, Table } from '../postgres/snapshot.ts'
import type { Tool } from '../postgres/tools.ts'
import { type Given, withContents, withRows } from '../staging/given.ts'
import { oneAtATime } from '../staging/stage.ts'
import type { Built, ColumnsJob, StageJob } from './messages.ts'
import { partOf, restorerOf } from './part-of.ts'
import type { RestoreDependencies } from './restore.ts'
import { inSession, openCopy, readWritten } from './session.ts'

export async function columns(dependencies: VerifyDependencies, job: ColumnsJob): Promise<TableThen[]> {
  const part = partOf(job.manifest, job.database)
  const tool = await restorerOf(dependencies.tools, job.manifest, part, 0)
  return withContents(dependencies, job.manifest, part, async (given) =>
    columnsThen(await readSchema(given, tool, []), job.tables),
  )
}

export async function stage(dependencies: RestoreDependencies, job: StageJob): Promise<Counted[]> {
  const { manifest, database } = job
  const part = partOf(manifest, database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, 0)
  return withRows(dependencies, manifest, part, oneAtATime(job), (given) =>
    inSession(
      dependencies,
      job,
      async (connection) =>
        (await pour(dependencies, connection, given, { tool, tables: job.tables })).counted,
    ),
  )
}

/** Of a sequence, as `pg_restore` writes it. */
const SET = /^SELECT pg_catalog\.setval\('((?:[^']|'')*)', (-?\d+), (true|false)\);$/
const NAMED = new RegExp(`^(${NAME})\\.(${NAME})$`)

/**
 * Copies the rows of tables into tables that there are. @param sequences those whose value is wanted, too
 * @returns how many rows came into each, named as in the backup
 */
export async function pour(
  dependencies: Pick<RestoreDependencies, 'signal'>,
  { client }: Pick<PostgresConnection, 'client'>,
  given: Given,
  {
    tool,
    tables,
    sequences = [],
  }: Pick<StageJob, 'tables'> & { readonly tool: Tool; readonly sequences?: readonly Table[] },
): Promise<{ counted: Counted[]; sequences: Built['sequences'] }> {
  const named = [...tables, ...sequences]
  const chosen = [
    // Each schema with each table: what of that is not wanted is passed over below.
    ...new Set(named.map(({ schema }) => `--schema=${schema}`)),
    ...new Set(named.map(({ name }) => `--table=${name}`)),
  ]
  const counted: Counted[] = []
  const values: Built['sequences'][number][] = []
  const args = ['--data-only', ...chosen]
  await readWritten(dependencies, given, { tool, args }, async (output) => {
    let into: CopyIn | null = null
    for await (const piece of scriptPieces(output)) {
      if (piece.kind === 'line') values.push(...valueIn(piece.text, sequences))
      else if (piece.kind === 'begin') into = await begin(client, piece, tables)
      else if (piece.kind === 'rows') await into?.give(piece.bytes)
      else if (into !== null) {
        counted.push({ ...piece.table, rows: await into.end() })
        into = null
      }
    }
  })
  return { counted, sequences: values }
}

function valueIn(line: string, wanted: readonly Table[]): Built['sequences'][number][] {
  const [, written, last, isCalled] = SET.exec(line) ?? []
  const [, schema, name] = NAMED.exec(written?.replaceAll("''", "'") ?? '') ?? []
  if (schema === undefined || name === undefined || last === undefined) return []
  const sequence = { schema: nameRead(schema), name: nameRead(name) }
  const isWanted = wanted.some((one) => one.schema === sequence.schema && one.name === sequence.name)
  return isWanted ? [{ ...sequence, last, isCalled: isCalled === 'true' }] : []
}

function begin(
  client: PostgresConnection['client'],
  { table, columns: names, encoding }: BlockBegin,
  tables: StageJob['tables'],
): Promise<CopyIn> | null {
  const into = tables.find(({ schema, name }) => schema === table.schema && name === table.name)?.into
  if (into === undefined) return null
  return openCopy(client, into, names, encoding)
}
