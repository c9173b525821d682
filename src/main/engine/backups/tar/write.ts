/** Writes a tar archive as it streams. */
import { END, headerOf, paddingOf, type TarEntry } from './header.ts'

export interface TarFile extends TarEntry {
  content(): AsyncIterable<Buffer>
}

/** @throws TypeError where a file has more or less than it said: it was written to meanwhile */
export async function* tarOf(files: AsyncIterable<TarFile> | Iterable<TarFile>): AsyncGenerator<Buffer> {
  for await (const file of files) {
    yield headerOf(file)
    let bytes = 0
    for await (const chunk of file.content()) {
      bytes += chunk.length
      yield chunk
    }
    if (bytes !== file.bytes) throw new TypeError(`${file.name} changed while it was being packed`)
    const padding = paddingOf(bytes)
    if (padding > 0) yield Buffer.alloc(padding)
  }
  yield END
}
