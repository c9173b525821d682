/** Copies the rows of chosen tables of a backup into tables of a deployment's PostgreSQL. Only rows cross: nothing of the backup is run there. */
import { DatabaseError } from 'pg'
import { errorWords } from '../../reach/failed.ts'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { statementFailure } from '../../reach/postgres/failure.ts'
import { openPostgres } from '../../reach/postgres/first-suitable.ts'
import { BackupError } from '../backup-error.ts'
import { readSchema } from '../postgres/archive.ts'
import { columnsThen, type TableThen } from '../postgres/columns-then.ts'
import { type BlockBegin, copyBlocks } from '../postgres/copy-blocks.ts'
import { type CopyIn, openCopyIn } from '../postgres/copy-in.ts'
import { runProgram } from '../postgres/program.ts'
import { sqlName } from '../postgres/quote.ts'
import type { Counted, Table } from '../postgres/snapshot.ts'
import type { Tool } from '../postgres/tools.ts'
import { plainOf, type VerifyDependencies } from '../verify.ts'
import type { ColumnsJob, StageJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'
import { partOf, type RestoreDependencies, restorerOf } from './restore.ts'

export async function columns(dependencies: VerifyDependencies, job: ColumnsJob): Promise<TableThen[]> {
  const part = partOf(job.manifest, job.database)
  const tool = await restorerOf(dependencies.tools, job.manifest, part, 0)
  const sql = await readSchema(part, plainOf(dependencies, job.manifest, part), tool, [])
  return columnsThen(sql, job.tables)
}

const LOCK_WAIT_MS = 10_000

/** As `pg_dump` has them when it writes what is read here. */
const AS_DUMPED = [
  'SET default_transaction_read_only = off',
  `SELECT pg_catalog.set_config('search_path', '', false)`,
  `SET datestyle = 'ISO'`,
  `SET intervalstyle = 'postgres'`,
  `SET xmloption = content`,
  'SET statement_timeout = 0',
  `SET lock_timeout = ${LOCK_WAIT_MS}`,
]

export async function stage(dependencies: RestoreDependencies, job: StageJob): Promise<Counted[]> {
  const { clock, signal } = dependencies
  const { manifest, postgres, server, database, name } = job
  const part = partOf(manifest, database.from)
  const tool = await restorerOf(dependencies.tools, manifest, part, 0)
  return overOwnWay(dependencies, job.ssh, async (own) => {
    const connection = await openPostgres({ ...own, postgres, clock, random: Math.random }, signal, {
      ...{ only: server, database: database.into },
      ...(postgres.operate !== undefined && { as: postgres.operate }),
    })
    const cut = () => void connection.close()
    signal.addEventListener('abort', cut, { once: true })
    try {
      await connection.client.query(
        [...AS_DUMPED, `SET application_name = '${name.slice(0, 63)}'`].join('; '),
      )
      return await pour(dependencies, connection, job, tool)
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof DatabaseError ? statementFailure(error, LOCK_WAIT_MS, connection.place) : error
    } finally {
      signal.removeEventListener('abort', cut)
      await connection.close()
    }
  })
}

async function pour(
  dependencies: RestoreDependencies,
  { client }: PostgresConnection,
  { manifest, database, tables }: StageJob,
  { program, path }: Tool,
): Promise<Counted[]> {
  const part = partOf(manifest, database.from)
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', PGCLIENTENCODING: 'UTF8' }
  const chosen = [
    // Each schema with each table: what of that is not wanted is passed over below.
    ...new Set(tables.map(({ schema }) => `--schema=${schema}`)),
    ...new Set(tables.map(({ name }) => `--table=${name}`)),
  ]
  const run = runProgram(path, ['--data-only', '--file=-', ...chosen], env, { reads: true })
  const stop = () => void run.stop()
  dependencies.signal.addEventListener('abort', stop, { once: true })
  const counted: Counted[] = []
  const reading = async () => {
    let into: CopyIn | null = null
    for await (const piece of copyBlocks(run.output)) {
      if (piece.kind === 'begin') into = await begin(client, piece, tables)
      else if (piece.kind === 'rows') await into?.give(piece.bytes)
      else if (into !== null) {
        counted.push({ ...piece.table, rows: await into.end() })
        into = null
      }
    }
  }
  const giving = async () => {
    for await (const chunk of plainOf(dependencies, manifest, part)) if (!(await run.give(chunk))) break
    run.giveNoMore()
  }
  try {
    // The first that fails ends the other, and both are waited for.
    const both = [reading(), giving()].map((each) =>
      each.catch(async (error: unknown) => {
        await run.stop()
        throw error
      }),
    )
    const outcomes = await Promise.allSettled(both)
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    const { code, signal: by, words } = await run.exit
    dependencies.signal.throwIfAborted()
    if (by !== null) throw new BackupError('tool-killed', { program, signal: by })
    if (code !== 0)
      throw new BackupError('restore-failed', { file: part.file, program, words: errorWords(words) })
    return counted
  } finally {
    dependencies.signal.removeEventListener('abort', stop)
    await run.stop()
  }
}

function begin(
  client: PostgresConnection['client'],
  { table, columns: names, encoding }: BlockBegin,
  tables: StageJob['tables'],
): Promise<CopyIn> | null {
  const into = tables.find(({ schema, name }) => schema === table.schema && name === table.name)?.into
  if (into === undefined) return null
  const list = names.length === 0 ? '' : ` (${names.map(sqlName).join(', ')})`
  return openCopyIn(client, `COPY ${relation(into)}${list} FROM STDIN WITH (ENCODING '${encoding}')`)
}

function relation({ schema, name }: Table): string {
  return `${sqlName(schema)}.${sqlName(name)}`
}
