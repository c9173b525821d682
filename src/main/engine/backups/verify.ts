/**
 * Reads a backup back from where it is kept: sizes and checksums against its manifest, each file decrypted to its end, and the
 * list of contents of each database read and compared with what was counted.
 */
import { text } from 'node:stream/consumers'
import { errorWords } from '../reach/failed.ts'
import { sha256OfStream } from '../vault/primitives.ts'
import { openStream } from './age/payload.ts'
import { BackupError } from './backup-error.ts'
import type { Manifest, Part } from './manifest.ts'
import { runProgram } from './postgres/program.ts'
import type { Tools } from './postgres/tools.ts'
import type { BackupStore } from './stores/store.ts'

export interface VerifyDependencies {
  readonly store: BackupStore
  readonly tools: Tools
  /** The secret key to decrypt with. */
  readonly identity: string
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
}

/** @throws BackupError that names the file and what is wrong with it */
export async function verifyBackup(dependencies: VerifyDependencies, manifest: Manifest): Promise<void> {
  const files = await dependencies.store.files(manifest.id)
  // What can be seen without reading is told first.
  for (const { file, bytes } of manifest.parts) {
    const found = files.find(({ name }) => name === file)
    if (found === undefined) {
      throw new BackupError('file-missing', { file, id: manifest.id, place: dependencies.store.name })
    }
    if (found.bytes !== bytes)
      throw new BackupError('file-cut', { file, id: manifest.id, found: found.bytes, bytes })
  }
  for (const part of manifest.parts) await verifyPart(dependencies, manifest, part)
}

/** A part of a backup as it was dumped. What it gives is only known to be right at its end. */
export function plainOf(
  { store, identity, signal, onBytes }: Omit<VerifyDependencies, 'tools'>,
  manifest: Manifest,
  { file, sha256 }: Part,
): AsyncIterable<Buffer> {
  const { id, recipients } = manifest
  const hash = sha256OfStream()
  async function* stored(): AsyncGenerator<Buffer> {
    for await (const chunk of store.read(id, file)) {
      signal.throwIfAborted()
      hash.update(chunk)
      onBytes(chunk.length)
      yield chunk
    }
    if (hash.digest('hex') !== sha256) throw new BackupError('file-altered', { file, id })
  }
  return recipients.length === 0 ? stored() : openStream(stored(), identity)
}

async function verifyPart(dependencies: VerifyDependencies, manifest: Manifest, part: Part): Promise<void> {
  const plain = plainOf(dependencies, manifest, part)
  try {
    if (part.content === 'database') await readContents(dependencies, manifest, part, plain)
    else for await (const _ of plain);
  } catch (error) {
    // What cannot be decrypted or read may be altered: only the checksum tells whose fault it is.
    const isKnown = error instanceof BackupError && error.failure.code === 'file-altered'
    if (error instanceof BackupError && !isKnown) await checkSum(dependencies, manifest, part)
    throw error
  }
}

async function checkSum(
  { store, signal }: Pick<VerifyDependencies, 'store' | 'signal'>,
  { id }: Manifest,
  { file, sha256 }: Part,
): Promise<void> {
  const hash = sha256OfStream()
  for await (const chunk of store.read(id, file)) {
    signal.throwIfAborted()
    hash.update(chunk)
  }
  if (hash.digest('hex') !== sha256) throw new BackupError('file-altered', { file, id })
}

/** `pg_restore` reads the list at the beginning and no further; the rest is read all the same. */
async function readContents(
  { tools }: VerifyDependencies,
  { server }: Manifest,
  { file, tables }: Part,
  plain: AsyncIterable<Buffer>,
): Promise<void> {
  const tool = await tools.fitting('pg_restore', Math.floor(server.version / 10_000))
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
  const run = runProgram(tool.path, ['--list'], env, { reads: true })
  try {
    const listing = text(run.output)
    for await (const chunk of plain) await run.give(chunk)
    run.giveNoMore()
    const listed = await listing
    const { code, words } = await run.exit
    if (code !== 0) {
      const { program, version } = tool
      throw new BackupError('contents-unreadable', { file, program, version, words: errorWords(words) })
    }
    const found = listed.split('\n').filter((line) => /^\d+; \d+ \d+ TABLE DATA /.test(line)).length
    if (found < tables.length) {
      throw new BackupError('contents-missing', {
        file,
        missing: tables.length - found,
        tables: tables.length,
      })
    }
  } finally {
    await run.stop()
  }
}
