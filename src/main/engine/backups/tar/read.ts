/** Reads a tar archive of ours as it streams: files of one directory, and nothing else. */
import { BLOCK_BYTES, paddingOf, paxSize, readHeader } from './header.ts'

export type TarPiece =
  /** Its name without the directory that it is in. */
  | { readonly kind: 'file'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'bytes'; readonly chunk: Buffer }

/** Something else than what is in an archive of ours, or its end is missing. */
export class TarUnreadable extends Error {
  override name = 'TarUnreadable'
}

/** A directory and a file in it: a name that leads nowhere else. */
const NAME = /^[\w-][\w.-]*\/([\w-][\w.-]*)$/
const LONGEST_PAX_BYTES = 64 * 1024

/** @throws TarUnreadable */
export async function* readTar(source: AsyncIterable<Buffer>): AsyncGenerator<TarPiece> {
  const input = takeFrom(source)
  try {
    let large: number | null = null
    for (;;) {
      const header = await input.whole(BLOCK_BYTES)
      const read = readHeader(header)
      if (read === null) throw new TarUnreadable('no header of a tar archive where one has to be')
      if (read.kind === 'end') break
      if (read.kind === 'pax') {
        if (read.bytes > LONGEST_PAX_BYTES) throw new TarUnreadable('a header that is too long')
        large = paxSize(await input.whole(read.bytes))
        await input.skip(paddingOf(read.bytes))
        continue
      }
      if (read.kind === 'directory') continue
      const name = NAME.exec(read.name)?.[1]
      if (name === undefined) throw new TarUnreadable(`a file of the name ${JSON.stringify(read.name)}`)
      const bytes = large ?? read.bytes
      large = null
      yield { kind: 'file', name, bytes }
      for (let left = bytes; left > 0; ) {
        const chunk = await input.some(left)
        left -= chunk.length
        yield { kind: 'bytes', chunk }
      }
      await input.skip(paddingOf(bytes))
    }
    // To its very end: only there its checksum is known.
    await input.drain()
  } finally {
    await input.close()
  }
}

function takeFrom(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)

  async function more(): Promise<boolean> {
    const next = await chunks.next()
    if (next.done === true) return false
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value])
    return true
  }
  async function some(most: number): Promise<Buffer> {
    while (held.length === 0) if (!(await more())) throw new TarUnreadable('its end is missing')
    const taken = held.subarray(0, most)
    held = held.subarray(taken.length)
    return taken
  }
  return {
    some,
    async whole(bytes: number): Promise<Buffer> {
      while (held.length < bytes) if (!(await more())) throw new TarUnreadable('its end is missing')
      const taken = held.subarray(0, bytes)
      held = held.subarray(bytes)
      return taken
    },
    async skip(bytes: number): Promise<void> {
      for (let left = bytes; left > 0; ) left -= (await some(left)).length
    },
    async drain(): Promise<void> {
      held = Buffer.alloc(0)
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next());
    },
    async close(): Promise<void> {
      await chunks.return?.()
    },
  }
}
