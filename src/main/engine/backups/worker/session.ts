/** What a thread does where no program of PostgreSQL talks to the server, but we ourselves: a session of ours, and what `pg_restore` writes for us to read. */
import type { Readable } from 'node:stream'
import { DatabaseError } from 'pg'
import { errorWords } from '../../reach/failed.ts'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { statementFailure } from '../../reach/postgres/failure.ts'
import { openPostgres } from '../../reach/postgres/first-suitable.ts'
import { BackupError } from '../backup-error.ts'
import { type CopyIn, openCopyIn } from '../postgres/copy-in.ts'
import { lastingSettings } from '../postgres/lasting.ts'
import { runProgram } from '../postgres/program.ts'
import { sqlName } from '../postgres/quote.ts'
import { setInSession } from '../postgres/session-settings.ts'
import type { Table } from '../postgres/snapshot.ts'
import type { Tool } from '../postgres/tools.ts'
import type { Given } from '../staging/given.ts'
import type { RestoreJob } from './messages.ts'
import { overOwnWay } from './own-way.ts'
import type { RestoreDependencies } from './restore.ts'

const LOCK_WAIT_MS = 10_000

/** As `pg_dump` has them when it writes what is read here. */
export const AS_DUMPED = [
  'SET default_transaction_read_only = off',
  `SELECT pg_catalog.set_config('search_path', '', false)`,
  `SET datestyle = 'ISO'`,
  `SET intervalstyle = 'postgres'`,
  `SET xmloption = content`,
  `SET lock_timeout = ${LOCK_WAIT_MS}`,
]

/** A materialized view is filled as by its owner, for whom policies hold: without this, `pg_restore` has the server refuse that. Rows themselves come before there are policies. */
export const HEEDING_POLICIES = '--enable-row-security'

/** Opens a session in the database that is restored into, over a way of its own; it ends with the work, or with the signal. */
export function inSession<T>(
  dependencies: Pick<RestoreDependencies, 'ask' | 'clock' | 'signal'>,
  { postgres, server, database, name, ssh, settings = [] }: Omit<RestoreJob, 'kind' | 'args'>,
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const { clock, signal } = dependencies
  return overOwnWay(dependencies, ssh, async (own) => {
    const connection = await openPostgres({ ...own, postgres, clock, random: Math.random }, signal, {
      ...{ only: server, database: database.into },
      ...(postgres.operate !== undefined && { as: postgres.operate }),
    })
    const cut = () => void connection.close()
    signal.addEventListener('abort', cut, { once: true })
    try {
      await setInSession(connection.client, settings)
      await connection.client.query(
        [
          ...AS_DUMPED,
          ...lastingSettings(connection.version),
          `SET application_name = '${name.slice(0, 63)}'`,
        ].join('; '),
      )
      return await work(connection)
    } catch (error) {
      signal.throwIfAborted()
      throw error instanceof DatabaseError ? statementFailure(error, LOCK_WAIT_MS, connection.place) : error
    } finally {
      signal.removeEventListener('abort', cut)
      await connection.close()
    }
  })
}

interface Reading {
  readonly tool: Tool
  readonly args: readonly string[]
}

/** Gives a part to `pg_restore`, which writes it as SQL; the first that fails, the program or who reads, ends the other. */
export async function readWritten(
  { signal: cancelled }: Pick<RestoreDependencies, 'signal'>,
  { file, args: from, content, watch }: Given,
  { tool: { program, path }, args }: Reading,
  read: (output: Readable) => Promise<void>,
): Promise<void> {
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', PGCLIENTENCODING: 'UTF8' }
  const run = runProgram(path, ['--file=-', ...args, ...from], env, { reads: true })
  const { silent, unless } = watch(run.exit)
  const signal = AbortSignal.any([cancelled, silent])
  const stop = () => {
    // What came of it so far is not the end of it.
    run.output.destroy(signal.reason as Error)
    void run.stop()
  }
  signal.addEventListener('abort', stop, { once: true })
  const giving = async () => {
    for await (const chunk of content()) if (!(await run.give(chunk))) break
    run.giveNoMore()
  }
  try {
    const both = [read(run.output), giving()].map((each) =>
      each.catch(async (error: unknown) => {
        await unless(run.stop())
        throw error
      }),
    )
    const outcomes = await unless(Promise.allSettled(both))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    const { code, signal: by, words } = await unless(run.exit)
    signal.throwIfAborted()
    if (by !== null) throw new BackupError('tool-killed', { program, signal: by })
    if (code !== 0) throw new BackupError('restore-failed', { file, program, words: errorWords(words) })
  } finally {
    signal.removeEventListener('abort', stop)
    await unless(run.stop())
  }
}

export function openCopy(
  client: PostgresConnection['client'],
  { schema, name }: Table,
  columns: readonly string[],
  encoding: string,
): Promise<CopyIn> {
  const list = columns.length === 0 ? '' : ` (${columns.map(sqlName).join(', ')})`
  return openCopyIn(
    client,
    `COPY ${sqlName(schema)}.${sqlName(name)}${list} FROM STDIN WITH (ENCODING '${encoding}')`,
  )
}
