/** Unpacks what was dumped in the directory format: all of it, or its list of contents alone, which comes first. */
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { isRoomSpent, sparingRoom } from '../spared-room.ts'
import { readTar } from '../tar/read.ts'
import { onStage, stagingFull } from './stage.ts'

/** What `pg_dump` calls its list of contents. */
export const CONTENTS = 'toc.dat'

/**
 * Reads the archive to its end, and writes the files that are wanted into a directory.
 * @param parent what is said to be full, where it is
 * @returns the names of all files that are in it
 */
export async function unpack(
  plain: AsyncIterable<Buffer>,
  {
    into,
    parent,
    isWanted,
    isSpent = isRoomSpent,
  }: { into: string; parent: string; isWanted: (name: string) => boolean; isSpent?: typeof isRoomSpent },
): Promise<string[]> {
  const names: string[] = []
  const spare = sparingRoom(into, () => stagingFull(parent), isSpent)
  let file: FileHandle | null = null
  const close = async () => {
    const open = file
    file = null
    await open?.close()
  }
  await onStage(parent, () => mkdir(into, { recursive: true, mode: 0o700 }))
  try {
    for await (const piece of readTar(plain)) {
      if (piece.kind === 'bytes') {
        if (file !== null) await writeInto(parent, file, piece.chunk, spare)
        continue
      }
      names.push(piece.name)
      await onStage(parent, async () => {
        await close()
        if (isWanted(piece.name)) file = await open(join(into, piece.name), 'wx', 0o600)
      })
    }
    await onStage(parent, close)
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
  return names
}

/** Writes all of a piece into a file of a stage. @param spare what looks at the room */
export async function writeInto(
  directory: string,
  file: FileHandle,
  chunk: Buffer,
  spare: (bytes: number) => Promise<void>,
): Promise<void> {
  await onStage(directory, async () => {
    await spare(chunk.length)
    for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
  })
}

/**
 * The list of contents alone, and no further than it has to be read.
 * @param parent as above
 */
export async function unpackContents(
  plain: AsyncIterable<Buffer>,
  { into, parent }: { readonly into: string; readonly parent: string },
): Promise<void> {
  const spare = sparingRoom(into, () => stagingFull(parent))
  let file: FileHandle | null = null
  const close = async () => {
    const open = file
    file = null
    await open?.close()
  }
  try {
    for await (const piece of readTar(plain)) {
      if (piece.kind === 'bytes') {
        if (file !== null) await writeInto(parent, file, piece.chunk, spare)
      } else if (file !== null) break
      else if (piece.name === CONTENTS)
        file = await onStage(parent, () => open(join(into, CONTENTS), 'wx', 0o600))
    }
    await onStage(parent, close)
  } catch (error) {
    await close().catch(() => {})
    throw error
  }
}
