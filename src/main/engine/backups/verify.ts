/**
 * Reads a backup back from where it is kept: sizes and checksums against its manifest, each file decrypted to its end, and the
 * list of contents of each database read and compared with what was counted.
 */
import { text } from 'node:stream/consumers'
import { sha256OfStream } from '../vault/primitives.ts'
import { BackupError } from './backup-error.ts'
import { verifyForeign } from './foreign/verify.ts'
import { refuseMissing } from './listed.ts'
import type { Manifest, Part } from './manifest.ts'
import { isManifestWhole } from './manifest-file.ts'
import { plainOf, readableFrom, type VerifyDependencies } from './plain.ts'
import { refuseUnreadable } from './postgres/compression.ts'
import { explainReading } from './postgres/explain.ts'
import { choosePlace } from './postgres/place.ts'
import { type Run, runProgram, type ServerRun } from './postgres/program.ts'
import { startReader } from './postgres/there/start.ts'
import type { Tool } from './postgres/tools.ts'
import { verifyDirectory } from './staging/verify.ts'
import type { StoredFile } from './stores/store.ts'

/** What can be seen of its files without reading them. @throws BackupError `file-missing`, `file-is-link`, `file-cut` */
export function refuseCut(
  files: readonly StoredFile[],
  { id, parts }: Pick<Manifest, 'id' | 'parts'>,
  place: string,
): void {
  for (const { file, bytes } of parts) {
    const found = files.find(({ name }) => name === file)
    if (found === undefined) throw new BackupError('file-missing', { file, id, place })
    if (found.bytes === null) throw new BackupError('file-is-link', { file, id, place })
    if (found.bytes !== bytes) throw new BackupError('file-cut', { file, id, found: found.bytes, bytes })
  }
}

export interface Verified {
  /** Whether the manifest beside the backup is the one that is known, with a signature that fits: without it, nothing else could be told from damage. */
  readonly isManifestWhole: boolean
}

/** @throws BackupError that names the file and what is wrong with it */
export async function verifyBackup(dependencies: VerifyDependencies, manifest: Manifest): Promise<Verified> {
  const { store } = dependencies
  refuseCut(await store.files(manifest.id), manifest, store.name)
  for (const part of manifest.parts) await verifyPart(dependencies, manifest, part)
  return { isManifestWhole: await isManifestWhole(store, manifest) }
}

async function verifyPart(dependencies: VerifyDependencies, manifest: Manifest, part: Part): Promise<void> {
  const plain = plainOf(dependencies, manifest, part)
  try {
    if (manifest.foreign !== undefined) await verifyForeign(dependencies, manifest.foreign, part, plain)
    else if (part.directory !== undefined) await verifyDirectory(dependencies, manifest, part, plain)
    else if (part.content === 'database') await readContents(dependencies, manifest, part, plain)
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
  dependencies: VerifyDependencies,
  manifest: Manifest,
  part: Part,
  plain: AsyncIterable<Buffer>,
): Promise<void> {
  const { file } = part
  const { run, tool } = await startLister(dependencies, readableFrom(manifest, part))
  try {
    const listing = text(run.output)
    for await (const chunk of plain) await run.give(chunk)
    run.giveNoMore()
    const listed = await listing
    const exit = await run.exit
    if (exit.code !== 0) {
      dependencies.signal.throwIfAborted()
      throw run.failure() ?? explainReading(tool, exit, file)
    }
    refuseUnreadable(exit.words, tool, file)
    refuseMissing(listed, part)
  } finally {
    await run.stop()
  }
}

async function startLister(
  { tools, signal, elsewhere }: VerifyDependencies,
  major: number,
): Promise<{ tool: Tool; run: Pick<ServerRun, keyof Run | 'failure'> }> {
  const args = ['--list']
  const here = (tool: Tool) => {
    const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
    return { tool, run: { ...runProgram(tool.path, args, env, { reads: true }), failure: () => null } }
  }
  if (elsewhere === undefined) return here(await tools.fitting('pg_restore', major))
  const { there, wish, server } = elsewhere
  // What runs here is nearer to the backup, whatever is wanted for making it.
  const own = await tools.fitting('pg_restore', major).catch(() => null)
  if (own !== null) return here(own)
  const { place, tools: chosen } = await choosePlace(
    { tools, there },
    { wish, programs: ['pg_restore'], major, server, signal },
  )
  const [tool] = chosen
  if (tool === undefined) throw new TypeError('one is chosen for each program')
  const inside = place.kind === 'container' ? place.inside : null
  return { tool, run: await startReader({ there, signal }, inside, tool, args) }
}
