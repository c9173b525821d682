/** Unpacks what was dumped in the directory format: all of it, or its list of contents alone, which comes first. */
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { readTar, type TarPiece } from '../tar/read.ts'
import { stagingError } from './stage.ts'

/** What `pg_dump` calls its list of contents. */
export const CONTENTS = 'toc.dat'

/**
 * Reads the archive to its end, and writes the files that are wanted into a directory.
 * @param parent what is said to be full, where it is
 * @returns the names of all files that are in it
 */
export async function unpack(
  plain: AsyncIterable<Buffer>,
  { into, parent, isWanted }: { into: string; parent: string; isWanted: (name: string) => boolean },
): Promise<string[]> {
  const names: string[] = []
  let file: FileHandle | null = null
  const writing = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      throw stagingError(parent, error)
    }
  }
  const close = async () => {
    const open = file
    file = null
    await open?.close()
  }
  await writing(async () => void (await mkdir(into, { recursive: true, mode: 0o700 })))
  try {
    for await (const piece of readTar(plain)) {
      await writing(async () => {
        file = await write(file, piece)
      })
      if (piece.kind === 'file') names.push(piece.name)
    }
  } finally {
    await close()
  }
  return names

  async function write(before: FileHandle | null, piece: TarPiece): Promise<FileHandle | null> {
    if (piece.kind === 'file') {
      await before?.close()
      return isWanted(piece.name) ? open(join(into, piece.name), 'wx', 0o600) : null
    }
    if (before !== null)
      for (let at = 0; at < piece.chunk.length; ) at += (await before.write(piece.chunk, at)).bytesWritten
    return before
  }
}

/** Reads no further than it has to. */
export async function unpackContents(plain: AsyncIterable<Buffer>, into: string): Promise<void> {
  let file: FileHandle | null = null
  try {
    for await (const piece of readTar(plain)) {
      if (piece.kind === 'bytes') await file?.write(piece.chunk)
      else if (file !== null) return
      else if (piece.name === CONTENTS) file = await open(join(into, CONTENTS), 'wx', 0o600)
    }
  } finally {
    await file?.close()
  }
}
