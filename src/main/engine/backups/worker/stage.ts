/** Copies the rows of chosen tables of a backup into tables of a deployment's PostgreSQL. Only rows cross: nothing of the backup is run there. */
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { readSchema } from '../postgres/archive.ts'
import { columnsThen, type TableThen } from '../postgres/columns-then.ts'
import { type BlockBegin, copyBlocks } from '../postgres/copy-blocks.ts'
import type { CopyIn } from '../postgres/copy-in.ts'
import type { Counted } from '../postgres/snapshot.ts'
import type { Tool } from '../postgres/tools.ts'
import { plainOf, type VerifyDependencies } from '../verify.ts'
import type { ColumnsJob, StageJob } from './messages.ts'
import { partOf, restorerOf } from './part-of.ts'
import type { RestoreDependencies } from './restore.ts'
import { inSession, openCopy, readWritten } from './session.ts'

export async function columns(dependencies: VerifyDependencies, job: ColumnsJob): Promise<TableThen[]> {
  const part = partOf(job.manifest, job.database)
  const tool = await restorerOf(dependencies.tools, job.manifest, part, 0)
  const sql = await readSchema(part, plainOf(dependencies, job.manifest, part), tool, [])
  return columnsThen(sql, job.tables)
}

export async function stage(dependencies: RestoreDependencies, job: StageJob): Promise<Counted[]> {
  const { manifest, database } = job
  const part = partOf(manifest, database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, 0)
  return inSession(dependencies, job, (connection) => pour(dependencies, connection, job, tool))
}

async function pour(
  dependencies: RestoreDependencies,
  { client }: PostgresConnection,
  { manifest, database, tables }: StageJob,
  tool: Tool,
): Promise<Counted[]> {
  const chosen = [
    // Each schema with each table: what of that is not wanted is passed over below.
    ...new Set(tables.map(({ schema }) => `--schema=${schema}`)),
    ...new Set(tables.map(({ name }) => `--table=${name}`)),
  ]
  const counted: Counted[] = []
  const args = ['--data-only', ...chosen]
  await readWritten(dependencies, { manifest, database: database.from, tool, args }, async (output) => {
    let into: CopyIn | null = null
    for await (const piece of copyBlocks(output)) {
      if (piece.kind === 'begin') into = await begin(client, piece, tables)
      else if (piece.kind === 'rows') await into?.give(piece.bytes)
      else if (into !== null) {
        counted.push({ ...piece.table, rows: await into.end() })
        into = null
      }
    }
  })
  return counted
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
