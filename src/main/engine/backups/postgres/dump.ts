/**
 * Dumps one database: `pg_dump` in its custom format, streaming from the program through encryption into a draft of the
 * store, or in its directory format, staged first; while the rows of every table, and what there is besides, are counted under the same snapshot. Whatever goes wrong, the program and what the
 * server has of us are ended, and the draft stays the caller's to abandon.
 */
import { DatabaseError } from 'pg'
import type { BackupCompression } from '#shared/model/profile/backups.ts'
import {
  openServer,
  type PostgresConnection,
  type PostgresDependencies,
} from '../../reach/postgres/connection.ts'
import { statementFailure } from '../../reach/postgres/failure.ts'
import { openPostgres } from '../../reach/postgres/first-suitable.ts'
import { BackupError } from '../backup-error.ts'
import type { Part } from '../manifest.ts'
import { inStage, type Staging } from '../staging/stage.ts'
import { heeding } from '../stores/answering.ts'
import type { Draft } from '../stores/store.ts'
import { isStuck } from '../unless-stuck.ts'
import { type Compressed, compressionOption, settleCompression } from './compression.ts'
import { dumpDirectory, packDirectory } from './dump-directory.ts'
import { explainExit } from './explain.ts'
import { inBulk } from './in-bulk.ts'
import { asHeld, countObjects } from './objects.ts'
import { choosePlace, HERE, type Place, type RunWish } from './place.ts'
import type { ServerRun } from './program.ts'
import { startHere } from './program-way.ts'
import { isPartial, type Selection, selectionOptions } from './selection.ts'
import { glanceAfter, glanceBefore } from './sequences.ts'
import {
  type Counted,
  countRows,
  endSessions,
  openSnapshot,
  type Partitioned,
  type Table,
} from './snapshot.ts'
import { type Login, startThere } from './there/start.ts'
import type { There } from './there/there.ts'
import type { Tool, Tools } from './tools.ts'
import { type Written, writePart } from './write-part.ts'
import { asksForZstd } from './zstd.ts'

export interface DumpOptions {
  /** What the database is called; the URL's where it is left out. */
  readonly database: string
  readonly selection: Selection
  /** Whom it is encrypted for; `null`: it is not. */
  readonly recipients: readonly string[] | null
  /** How long a table that is locked is waited for. */
  readonly lockWaitMs: number
  /** How long the server may be kept from cleaning up. */
  readonly mostHeldMs: number
  /** Of this backup: its sessions are named for it. */
  readonly id: string
  /** The file's name, but for its endings. */
  readonly file: string
}

export interface DumpDependencies extends PostgresDependencies {
  readonly random: () => number
  readonly tools: Tools
  /** The machine at the end of the way; `null`: there is no other than this. */
  readonly there: There | null
  /** Where its programs are wanted to run. */
  readonly wish: RunWish
  /** How `pg_dump` is wanted to compress. */
  readonly compression: BackupCompression
  /** It is dumped in the directory format, there; `null`: in the custom one, and nothing is staged. */
  readonly staging: Staging | null
  readonly draft: Draft
  readonly signal: AbortSignal
  /** Called as bytes come from the program. */
  readonly onBytes: (bytes: number) => void
  /** Told since when a snapshot has kept the server from cleaning up, milliseconds since the epoch, and `null` when it does not any more. */
  readonly onHeld: (since: number | null) => void
}

export interface Dumped extends Written {
  readonly tables: readonly Counted[]
  readonly partitioned: readonly Partitioned[]
  readonly counted: NonNullable<Part['counted']>
  readonly snapshot: string
  readonly heldMs: number
  readonly tookMs: number
  readonly server: { readonly version: number; readonly name: string }
  readonly tool: Tool
  readonly place: Place
  readonly compression: Compressed
  readonly directory?: Part['directory']
}

/** PostgreSQL cuts longer names. */
const LONGEST_BYTES = 63

/** In `pg_stat_activity`. Of a long id the end stays, which is the operation's own: sessions are ended by this name. */
export function sessionName(id: string): string {
  const ours = 'vakhta backup '
  return `${ours}${id.slice(ours.length - LONGEST_BYTES)}`
}

export async function dumpDatabase(dependencies: DumpDependencies, options: DumpOptions): Promise<Dumped> {
  const { staging } = dependencies
  if (staging === null) return dumpInto(dependencies, options, null)
  return inStage(staging, (path) => dumpInto(dependencies, options, { ...staging, path }))
}

type Stage = Staging & { readonly path: string }

/** What lies there, to be packed. */
interface Dumping {
  readonly stage: Stage
  readonly files: number
}

async function dumpInto(
  dependencies: DumpDependencies,
  options: DumpOptions,
  stage: Stage | null,
): Promise<Dumped> {
  const { clock, postgres } = dependencies
  const { database, selection, lockWaitMs, mostHeldMs, id } = options
  const name = sessionName(id)
  const as = postgres.operate
  const startedAt = clock.monotonic()
  const ending = new AbortController()
  const signal = AbortSignal.any([dependencies.signal, ending.signal])
  const connection = await openPostgres(dependencies, signal, {
    database,
    ...(as === undefined ? {} : { as }),
  })
  let isDone = false
  const cancelBound = clock.after(mostHeldMs, () => {
    ending.abort(new BackupError('held-too-long', { minutes: Math.round(mostHeldMs / 60_000) }))
    // The server is let go whatever a disk keeps this machine from.
    void connection.close().then(() => endWhatIsLeft(dependencies, connection, database, name))
  })
  void connection.ended.then((why) => {
    if (!isDone) ending.abort(why)
  })
  try {
    // Also while it waits for the locks of what it counts.
    dependencies.onHeld(clock.now())
    const snapshot = await openSnapshot(connection, { selection, lockWaitMs, name })
    const glanced = await glanceBefore(connection.client, snapshot.sequences)
    const major = Math.floor(snapshot.version / 10_000)
    const chosen = await choosePlace(dependencies, {
      // What is staged is staged here.
      ...{
        wish: stage === null ? dependencies.wish : HERE,
        programs: ['pg_dump'],
        major,
        compression: dependencies.compression.method,
        server: connection.server,
        signal,
      },
    })
    const [tool] = chosen.tools
    if (tool === undefined) throw new TypeError('one is chosen for each program')
    const compression = await settleCompression(dependencies.compression, tool, () =>
      asksForZstd(tool, chosen.place, dependencies.there, signal),
    )
    const args = [
      ...compressionOption(compression, tool),
      `--lock-wait-timeout=${lockWaitMs}`,
      `--snapshot=${snapshot.id}`,
      ...selectionOptions(selection),
    ]
    const running = { ...dependencies, signal, draft: heeding(dependencies.draft, signal) }
    const { server, encryption } = connection
    const login = { server, encryption, database, name }
    const file = `${options.file}.${stage === null ? 'dump' : 'tar'}`
    const writing: Promise<Written | Dumping> =
      stage === null
        ? runInto(running, connection, { tool, place: chosen.place }, ['--format=custom', ...args], {
            ...{ ...options, file, name },
          })
        : dumpDirectory(running, { tool, args, login, lockWaitMs, stage }).then((files) => ({ files, stage }))
    const counting = countAll(connection, snapshot.tables, { selection, lockWaitMs, signal })
    // The first that fails ends the other, and both are waited for: nothing goes on behind our back.
    for (const each of [writing, counting]) each.catch((error: unknown) => ending.abort(error))
    const counted = Promise.all([counting, writing]).then(async ([counts]) => ({
      ...{ ...counts, sequences: await glanceAfter(connection.client, glanced) },
    }))
    const [wrote, { tables, ...besides }] = await both(writing, counted, signal, connection)
    isDone = true
    cancelBound()
    await connection.client.query('COMMIT')
    const heldMs = Math.round(clock.monotonic() - startedAt)
    await connection.close()
    dependencies.onHeld(null)
    // The server cleans up again while it is packed.
    const written =
      'stage' in wrote
        ? await packDirectory(
            { ...dependencies, draft: heeding(dependencies.draft, dependencies.signal) },
            { ...options, ...wrote, file },
          )
        : wrote
    const tookMs = Math.round(clock.monotonic() - startedAt)
    return {
      ...written,
      ...(stage !== null && { directory: { jobs: stage.jobs } }),
      ...{ tables, tool, place: chosen.place, compression, tookMs, heldMs, snapshot: snapshot.id },
      partitioned: snapshot.partitioned,
      counted: besides,
      server: { version: snapshot.version, name: snapshot.versionName },
    }
  } catch (error) {
    isDone = true
    await connection.close()
    await endWhatIsLeft(dependencies, connection, database, name)
    const reason = isStuck(error) ? error : reasonOf(dependencies.signal, ending.signal, error)
    throw reason instanceof DatabaseError ? statementFailure(reason, lockWaitMs, connection.place) : reason
  } finally {
    isDone = true
    cancelBound()
    await connection.close()
  }
}

/** Of chosen tables a dump has neither large objects nor all that there is of a kind. */
async function countAll(
  connection: PostgresConnection,
  tables: readonly Table[],
  { selection, ...terms }: { selection: Selection; lockWaitMs: number; signal: AbortSignal },
): Promise<{ tables: Counted[] } & Omit<NonNullable<Part['counted']>, 'sequences'>> {
  const rows = await countRows(connection, tables, terms)
  if (isPartial(selection)) return { tables: rows }
  const counted = await countObjects(connection.client)
  return { tables: rows, objects: asHeld(counted), largeObjects: counted.largeObjects }
}

/** Why it was ended, where it was: what fails afterwards only follows from that. */
function reasonOf(outer: AbortSignal, inner: AbortSignal, error: unknown): unknown {
  if (outer.aborted) return outer.reason
  return inner.aborted ? inner.reason : error
}

async function both<A, B>(
  writing: Promise<A>,
  counting: Promise<B>,
  signal: AbortSignal,
  connection: PostgresConnection,
): Promise<[A, B]> {
  // A statement that runs would be waited for until its end.
  const cut = () => void connection.close()
  signal.addEventListener('abort', cut, { once: true })
  try {
    const [one, other] = await Promise.allSettled([writing, counting])
    if (one.status === 'rejected') throw one.reason
    if (other.status === 'rejected') throw other.reason
    return [one.value, other.value]
  } finally {
    signal.removeEventListener('abort', cut)
  }
}

/** Sessions of a program that was stopped: a server notices late that nobody listens any more. */
async function endWhatIsLeft(
  dependencies: DumpDependencies,
  { server }: PostgresConnection,
  database: string,
  name: string,
): Promise<void> {
  const as = dependencies.postgres.operate
  const signal = AbortSignal.timeout(5_000)
  try {
    const connection = await openServer(dependencies, server, signal, {
      database,
      ...(as === undefined ? {} : { as }),
    })
    try {
      await endSessions(connection, name)
    } finally {
      await connection.close()
    }
  } catch {
    // It cannot be reached: it notices by itself, by the keep-alive of its sessions.
  }
}

interface RunOptions extends Pick<DumpOptions, 'database' | 'recipients' | 'lockWaitMs' | 'file'> {
  readonly name: string
}

/** Runs a program against the server of a connection and writes what it gives into a file of the draft. */
export async function runInto(
  dependencies: DumpDependencies,
  { server, encryption }: Pick<PostgresConnection, 'server' | 'encryption'>,
  { tool, place }: { readonly tool: Tool; readonly place: Place },
  args: readonly string[],
  { database, recipients, lockWaitMs, file, name }: RunOptions,
): Promise<Written> {
  const { draft, signal, onBytes } = dependencies
  const run = await startAt(dependencies, place, tool, args, { server, encryption, database, name })
  try {
    const { output, exit } = run
    const pieces = inBulk(output)
    // It may be ended before anybody reads.
    output.on('error', () => {})
    const stop = () => {
      output.destroy(asError(signal.reason))
      void run.stop()
    }
    signal.addEventListener('abort', stop, { once: true })
    signal.throwIfAborted()
    let isLoggedIn = false

    async function* plain(): AsyncGenerator<Buffer> {
      for await (const chunk of pieces) {
        // It has logged in: the password is not needed any more.
        if (!isLoggedIn) await run.loggedIn()
        isLoggedIn = true
        onBytes(chunk.length)
        yield chunk
      }
      // Only now it is known that this was everything: the last piece is not written before.
      const ended = await exit
      signal.throwIfAborted()
      if (ended.code !== 0) {
        throw run.failure() ?? explainExit(tool, ended, { lockWaitMs, secrets: run.secrets })
      }
    }
    const written = await writePart(draft, { file, recipients }, plain())
    signal.removeEventListener('abort', stop)
    return written
  } finally {
    // Where nobody came to read it, it waits for that.
    run.output.destroy()
    await run.stop()
    await run.close()
  }
}

function startAt(
  dependencies: DumpDependencies,
  place: Place,
  tool: Tool,
  args: readonly string[],
  login: Login,
): Promise<ServerRun> {
  const { there } = dependencies
  if (place.kind === 'here') return startHere(dependencies, tool, args, login)
  if (there === null) throw new TypeError('no other place is chosen where there is no other machine')
  const inside = place.kind === 'container' ? place.inside : null
  const server = place.kind === 'container' ? place.server : login.server
  return startThere({ ...dependencies, there }, inside, tool, args, { ...login, server })
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
