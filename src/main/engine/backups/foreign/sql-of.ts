/** The SQL of a dump that others made, whatever it is wrapped in: as it stands, with gzip, or as `pg_restore` writes it out of the custom format. */
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { errorCode, errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import { explainReading } from '../postgres/explain.ts'
import { runProgram } from '../postgres/program.ts'
import type { Tools } from '../postgres/tools.ts'

export interface Wrapping {
  readonly format: 'plain' | 'custom'
  readonly isGzip: boolean
}

export interface SqlDependencies {
  readonly tools: Pick<Tools, 'all'>
  readonly signal: AbortSignal
}

const GZIP = Buffer.from([0x1f, 0x8b])
const CUSTOM = Buffer.from('PGDMP')
/** What `pg_dump` and `pg_dumpall` begin with. */
const INTRODUCTION = /^(?:\uFEFF)?--\s*-- PostgreSQL database (?:cluster )?dump\s/
const LOOKED_AT_BYTES = 4096

/**
 * Looks at its beginning. Whatever else a console's user could read is no dump, and is not taken.
 * @param open gives it from its beginning, each time
 * @throws BackupError `dump-none`
 */
export async function wrappingOf(open: () => AsyncIterable<Buffer>, file: string): Promise<Wrapping> {
  const outer = await beginningOf(open())
  const isGzip = outer.subarray(0, 2).equals(GZIP)
  const inner = isGzip ? await beginningOf(gunzip(open(), file)) : outer
  if (inner.subarray(0, CUSTOM.length).equals(CUSTOM)) return { format: 'custom', isGzip }
  if (INTRODUCTION.test(inner.toString('utf8'))) return { format: 'plain', isGzip }
  throw new BackupError('dump-none', { file })
}

export async function* sqlOf(
  dependencies: SqlDependencies,
  { format, isGzip }: Wrapping,
  stored: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<Buffer> {
  const plain = isGzip ? gunzip(stored, file) : stored
  if (format === 'plain') yield* plain
  else yield* written(dependencies, plain, file)
}

async function* gunzip(stored: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  const source = Readable.from(stored, { objectMode: false })
  const unzip = createGunzip()
  // `pipe` hands on no failure of what is read.
  source.on('error', (error) => unzip.destroy(error))
  try {
    yield* source.pipe(unzip) as AsyncIterable<Buffer>
  } catch (error) {
    if (!errorCode(error)?.startsWith('Z_')) throw error
    throw new BackupError('dump-gzip', { file, words: errorWords(error) }, error)
  } finally {
    source.destroy()
    unzip.destroy()
  }
}

/** What the newest `pg_restore` of this machine writes: no older one reads more. */
async function* written(
  { tools, signal }: SqlDependencies,
  plain: AsyncIterable<Buffer>,
  file: string,
): AsyncGenerator<Buffer> {
  const [tool] = await tools.all('pg_restore')
  if (tool === undefined) throw new BackupError('tool-missing', { program: 'pg_restore', major: '' })
  const run = runProgram(
    tool.path,
    ['--file=-'],
    { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
    { reads: true },
  )
  const stop = () => void run.stop()
  signal.addEventListener('abort', stop, { once: true })
  let why: unknown = null
  const giving = (async () => {
    let takes = true
    // To its end, for its checksum.
    for await (const chunk of plain) takes = takes && (await run.give(chunk))
    run.giveNoMore()
  })().catch((error: unknown) => {
    why = error
    return run.stop()
  })
  try {
    yield* run.output as AsyncIterable<Buffer>
    await giving
    const exit = await run.exit
    signal.throwIfAborted()
    if (why !== null) throw why
    if (exit.code !== 0) throw explainReading(tool, exit, file)
  } finally {
    signal.removeEventListener('abort', stop)
    await run.stop()
    await giving
  }
}

async function beginningOf(source: AsyncIterable<Buffer>): Promise<Buffer> {
  let found: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    found = Buffer.concat([found, chunk])
    if (found.length >= LOOKED_AT_BYTES) break
  }
  return found.subarray(0, LOOKED_AT_BYTES)
}
