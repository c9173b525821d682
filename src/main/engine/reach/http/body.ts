/** Reads the body of an answer: decompressed where it is compressed, and bounded after that, so that no bomb goes off. */
import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'

export const ACCEPTED_ENCODINGS = 'gzip, br, zstd, deflate'
const KNOWN = new Set(['gzip', 'x-gzip', 'br', 'zstd', 'deflate'])

/** One encoding over another is allowed, and nobody does it; more than two are an attack. */
const MOST_ENCODINGS = 2
/** What compresses to nothing (empty members, skippable frames) is bounded as it comes. */
const WIRE_SLACK_BYTES = 65_536
/** 8 MiB, which RFC 9659 gives as the most for HTTP; a frame may ask for 128. */
const ZSTD_WINDOW_LOG = 23

export interface Body {
  readonly body: Buffer
  readonly truncated: boolean
  /** As it was received: compressed, without chunk sizes. */
  readonly wireBytes: number
}

/** The server compressed in a way that is not known, or not as it said. */
export class EncodingError extends Error {
  readonly encoding: string
  readonly isKnown: boolean
  constructor(encoding: string, isKnown: boolean, cause?: unknown) {
    super(`content-encoding ${encoding}`, { cause })
    this.name = 'EncodingError'
    this.encoding = encoding
    this.isKnown = isKnown
  }
}

/** Resolves early, with `truncated`, once `maxBytes` are there; what follows is the caller's to drop. */
export function readBody(response: IncomingMessage, maxBytes: number): Promise<Body> {
  const outcome = Promise.withResolvers<Body>()
  const encodings = encodingsOf(response)
  const name = encodings.join(', ').slice(0, 60)
  const chunks: Buffer[] = []
  let kept = 0
  let wireBytes = 0
  let decoders: readonly Transform[] | null = null
  let isOver = false

  function end(): void {
    isOver = true
    for (const decoder of decoders ?? []) decoder.destroy()
  }

  function finish(truncated: boolean): void {
    if (isOver) return
    end()
    if (truncated) response.pause()
    outcome.resolve({ body: Buffer.concat(chunks), truncated, wireBytes })
  }

  function fail(error: unknown): void {
    if (isOver) return
    end()
    outcome.reject(error)
  }

  function keep(chunk: Buffer): void {
    if (isOver) return
    const rest = maxBytes - kept
    if (rest > 0) chunks.push(chunk.subarray(0, rest))
    kept += Math.min(rest, chunk.length)
    if (chunk.length > rest) finish(true)
  }

  /** One after the other, the last that was applied first. */
  function decode(first: number): readonly Transform[] {
    const made = encodings
      .toReversed()
      .map((encoding, index) => decoderOf(encoding, index === 0 ? first : null))
    const known = made.filter((decoder) => decoder !== null)
    for (const [index, decoder] of known.entries()) {
      decoder.on('error', (error) => fail(new EncodingError(name, true, error)))
      known[index - 1]?.pipe(decoder)
    }
    known
      .at(-1)
      ?.on('data', keep)
      .once('end', () => finish(false))
    return known
  }

  function take(chunk: Buffer): void {
    if (isOver) return
    wireBytes += chunk.length
    if (encodings.length === 0) keep(chunk)
    else if (wireBytes > maxBytes + WIRE_SLACK_BYTES) finish(true)
    else feed(chunk)
  }

  function feed(chunk: Buffer): void {
    decoders ??= decode(chunk[0] ?? 0)
    const [head] = decoders
    if (head === undefined || head.write(chunk)) return
    response.pause()
    head.once('drain', () => response.resume())
  }

  if (encodings.length > MOST_ENCODINGS || encodings.some((encoding) => !KNOWN.has(encoding))) {
    return Promise.reject(new EncodingError(name, false))
  }
  response.on('data', take)
  response.once('error', fail)
  response.once('end', () => {
    // A body without a byte is one, however it says that it is compressed.
    if (decoders === null) finish(false)
    else decoders[0]?.end()
  })
  return outcome.promise
}

function encodingsOf({ headers }: IncomingMessage): string[] {
  const names = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => name !== '' && name !== 'identity')
}

function decoderOf(encoding: string, first: number | null): Transform | null {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'br':
      return createBrotliDecompress()
    case 'zstd':
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } })
    case 'deflate':
      // Some servers leave the frame of zlib out, against RFC 9110, section 8.4.1.2; its first byte tells.
      return first === null || (first & 0x0f) === 8 ? createInflate() : createInflateRaw()
    default:
      return null
  }
}
