/**
 * What a program writes, in pieces that are worth the way through our hands. Programs of PostgreSQL write pages of 4 KiB, and to hash, encrypt and write each
 * of those for itself takes more of a processor than the hashing, encrypting and writing.
 */
import { finished, type Readable } from 'node:stream'
import { giveBack } from '../../reach/give-back.ts'

const PIECE_BYTES = 256 * 1024

/**
 * Gives on what a stream gives: what comes first at once, so that it is known that it has begun, and then full pieces, of which one is filled while the one
 * before it is worked on. The stream is this function's alone, and ends with it. What is given throws what the stream fails with.
 *
 * It listens from when it is called: of a program that has ended by when somebody reads, Node throws away what nobody listens to.
 */
export function inBulk(output: Readable, pieceBytes = PIECE_BYTES): AsyncGenerator<Buffer> {
  const full: Buffer[] = []
  let filling = Buffer.allocUnsafeSlow(pieceBytes)
  let filled = 0
  let hasBegun = false
  let end: { readonly error: Error | null } | null = null
  let news = Promise.withResolvers<void>()

  function flush(): void {
    full.push(filling.subarray(0, filled))
    filling = Buffer.allocUnsafeSlow(pieceBytes)
    filled = 0
  }
  function take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const bytes = chunk.copy(filling, filled, at)
      at += bytes
      filled += bytes
      if (filled === pieceBytes) flush()
    }
    giveBack(chunk)
    if (!hasBegun && filled > 0) flush()
    hasBegun = true
    if (full.length === 0) return
    output.pause()
    news.resolve()
  }
  output.on('data', take)
  const unhear = finished(output, { writable: false }, (error) => {
    end = { error: error ?? null }
    news.resolve()
  })
  return pieces()

  async function* pieces(): AsyncGenerator<Buffer> {
    try {
      for (;;) {
        for (let piece = full.shift(); piece !== undefined; piece = full.shift()) {
          news = Promise.withResolvers()
          output.resume()
          yield piece
        }
        if (end !== null) break
        output.resume()
        await news.promise
        news = Promise.withResolvers()
      }
      const { error } = end as { readonly error: Error | null }
      if (error !== null) throw error
      if (filled > 0) yield filling.subarray(0, filled)
    } finally {
      unhear()
      output.off('data', take)
      output.destroy()
    }
  }
}
