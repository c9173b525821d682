/**
 * What `pg_restore` is given of a part of a backup: the stream, for what was dumped in the custom format; a directory, for what was dumped into one, because it
 * goes back and forth there. A file, too, where several sessions are to restore at once.
 */
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '../../clock.ts'
import { BackupError } from '../backup-error.ts'
import type { Manifest, Part } from '../manifest.ts'
import { plainOf, type VerifyDependencies } from '../plain.ts'
import { sparingRoom } from '../spared-room.ts'
import { TarUnreadable } from '../tar/read.ts'
import { inStage, onStage, type Staging, stagingFull } from './stage.ts'
import { unpack, unpackContents, writeInto } from './unpack.ts'
import { unwatched, type WatchStage, watchingStage } from './watch.ts'

export interface Given {
  /** Its file, as messages name it. */
  readonly file: string
  /** The last of the program's arguments; none: it reads its standard input. */
  readonly args: readonly string[]
  /** From the beginning, each time; nothing, where it lies somewhere. */
  content(): AsyncIterable<Buffer>
  /** The same, without telling how far it is. */
  untold(): AsyncIterable<Buffer>
  /** Whether where it lies answers, while a program reads from there. */
  readonly watch: WatchStage
}

type Reading = Omit<VerifyDependencies, 'tools'> & {
  /** Left out: the system's. */
  readonly clock?: Pick<Clock, 'after' | 'monotonic'>
}

/** For what is read of it without its rows. Of a directory its list of contents is staged, which is small unless somebody made it up: nobody has read back yet what it is. */
export async function withContents<T>(
  dependencies: Reading,
  manifest: Manifest,
  part: Part,
  work: (given: Given) => Promise<T>,
): Promise<T> {
  const { file } = part
  if (part.directory === undefined) return work(streamOf(dependencies, manifest, part))
  const parent = tmpdir()
  return inStage({ directory: parent }, async (stage) => {
    const plain = plainOf(dependencies, manifest, part)
    await readable(part, () => unpackContents(plain, { into: stage, parent }))
    const watch = watchingStage(stage, parent, dependencies.clock ?? systemClock)
    return work({ ...{ file, args: [stage], watch }, content: nothing, untold: nothing })
  })
}

/** For its rows. What is staged was read to its end before anything is done with it. */
export async function withRows<T>(
  dependencies: Reading,
  manifest: Manifest,
  part: Part,
  { directory: parent, jobs }: Staging,
  work: (given: Given) => Promise<T>,
): Promise<T> {
  const { file } = part
  const plain = () => plainOf(dependencies, manifest, part)
  if (part.directory === undefined && jobs === 1) return work(streamOf(dependencies, manifest, part))
  return inStage({ directory: parent }, async (stage) => {
    const path = join(stage, 'dump')
    if (part.directory === undefined) await writeFile(path, plain(), parent)
    else await readable(part, () => unpack(plain(), { into: path, parent, isWanted: () => true }))
    dependencies.signal.throwIfAborted()
    const args = [...(jobs > 1 ? [`--jobs=${jobs}`] : []), path]
    const watch = watchingStage(stage, parent, dependencies.clock ?? systemClock)
    return work({ ...{ file, args, watch }, content: nothing, untold: nothing })
  })
}

function streamOf(dependencies: Reading, manifest: Manifest, part: Part): Given {
  return {
    ...{ file: part.file, args: [], watch: unwatched },
    content: () => plainOf(dependencies, manifest, part),
    untold: () => plainOf({ ...dependencies, onBytes() {} }, manifest, part),
  }
}

async function writeFile(path: string, content: AsyncIterable<Buffer>, parent: string): Promise<void> {
  const file = await onStage(parent, () => open(path, 'wx', 0o600))
  const spare = sparingRoom(parent, () => stagingFull(parent))
  try {
    for await (const chunk of content) await writeInto(parent, file, chunk, spare)
  } catch (error) {
    await file.close().catch(() => {})
    throw error
  }
  await onStage(parent, () => file.close())
}

/** @throws BackupError `contents-unreadable` where it is no archive of ours */
export async function readable<T>({ file, tool }: Part, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TarUnreadable)) throw error
    const { program, version } = tool
    throw new BackupError('contents-unreadable', { file, program, version, words: error.message }, error)
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}
