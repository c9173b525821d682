/** Makes a backup of a dump that lies on this machine and that others made: read to its end first, then copied into the store as it is, encrypted. */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Clock } from '../../clock.ts'
import { errorWords } from '../../reach/failed.ts'
import { sha256OfStream } from '../../vault/primitives.ts'
import { makeHeader } from '../age/header.ts'
import { sealStream } from '../age/payload.ts'
import { BackupError } from '../backup-error.ts'
import { scanScript } from '../foreign/scan.ts'
import { sqlOf, wrappingOf } from '../foreign/sql-of.ts'
import { MANIFEST_FILE, type Manifest, manifestText, signedManifest } from '../manifest.ts'
import type { Tools } from '../postgres/tools.ts'
import { answering, heeding } from '../stores/answering.ts'
import type { BackupStore } from '../stores/store.ts'
import type { Ask } from './asking.ts'
import type { RegisterJob } from './messages.ts'

interface RegisterDependencies {
  readonly ask: Ask
  readonly store: BackupStore
  readonly tools: Tools
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

const READ_BYTES = 256 * 1024

export async function register(dependencies: RegisterDependencies, job: RegisterJob): Promise<Manifest> {
  const { ask, store, clock, signal, onBytes } = dependencies
  const { file, recipients } = job
  const startedAt = clock.monotonic()
  const { mtimeMs } = await aRegularFile(file)
  const wrapping = await wrappingOf(() => bytesOf(file, signal), file)
  const looked = sha256OfStream()
  const scanned = await scanScript(
    sqlOf(
      dependencies,
      wrapping,
      heard(bytesOf(file, signal), (chunk) => void looked.update(chunk)),
      file,
    ),
  )
  const sha256 = looked.digest('hex')
  const draft = heeding(await answering(store, clock).begin(job.id), signal)
  try {
    const counts = { plain: 0, written: 0 }
    const [before, after] = [sha256OfStream(), sha256OfStream()]
    const plain = heard(bytesOf(file, signal), (chunk) => {
      before.update(chunk)
      counts.plain += chunk.length
      onBytes(chunk.length)
    })
    const stream = recipients.length === 0 ? plain : sealStream(plain, await makeHeader(recipients))
    const ending = wrapping.format === 'custom' ? 'dump' : 'sql'
    const name = `database-1.${ending}${wrapping.isGzip ? '.gz' : ''}${recipients.length === 0 ? '' : '.age'}`
    await draft.write(
      name,
      heard(stream, (chunk) => {
        after.update(chunk)
        counts.written += chunk.length
      }),
    )
    // What is kept has to be what was read.
    if (before.digest('hex') !== sha256) throw new BackupError('dump-changed', { file })
    const { server, program, tables, extensions, owners } = scanned
    const manifest: Manifest = {
      ...{ format: 'vakhta-backup', version: 1, kind: 'postgres' },
      ...{ id: job.id, deployment: job.deployment, console: job.console },
      // Not later than that is the moment that it is of.
      ...{ startedAt: Math.min(Math.round(mtimeMs), clock.now()), endedAt: clock.now() },
      // Nobody here saw what it was made of.
      partial: true,
      selection: { schemas: [], tables: [] },
      server: { version: numberOf(server ?? program), name: server ?? program ?? '?' },
      recipients: [...recipients],
      parts: [
        {
          ...{ file: name, content: 'database', database: job.database, heldMs: 0 },
          ...{ bytes: counts.written, plainBytes: counts.plain, sha256: after.digest('hex') },
          tables: [...tables],
          tookMs: Math.round(clock.monotonic() - startedAt),
          tool: { program: 'pg_dump', version: program ?? '?' },
        },
      ],
      foreign: { ...wrapping, file, sha256, extensions: [...extensions], owners: [...owners] },
    }
    const signature = await ask('sign', { text: manifestText(manifest) })
    await draft.write(MANIFEST_FILE, once(signedManifest(manifest, signature)))
    signal.throwIfAborted()
    await draft.commit()
    return manifest
  } catch (error) {
    await draft.abandon()
    throw error
  }
}

async function aRegularFile(file: string): Promise<{ mtimeMs: number }> {
  try {
    const handle = await open(file, 'r')
    try {
      const found = await handle.stat()
      if (!found.isFile()) throw new BackupError('dump-none', { file })
      return found
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof BackupError) throw error
    throw new BackupError('dump-unreadable', { file, words: errorWords(error) }, error)
  }
}

async function* bytesOf(file: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted()
    yield chunk
  }
}

async function* heard(source: AsyncIterable<Buffer>, hear: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hear(chunk)
    yield chunk
  }
}

/** `15.14` as `server_version_num` begins; 0: it is not known. */
function numberOf(version: string | null): number {
  const [major = 0, minor = 0] = (version ?? '').split('.').map((part) => Number.parseInt(part, 10) || 0)
  return major * 10_000 + minor
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text, 'utf8')
}
