/** Reads the body of an answer: decompressed where it is compressed, and bounded after that, so that no bomb goes off. */
import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'

export const ACCEPTED_ENCODINGS = 'gzip, br, zstd, deflate'

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
  const chunks: Buffer[] = []
  let kept = 0
  let wireBytes = 0
  let transport: unknown = null

  function finish(truncated: boolean): void {
    if (truncated) response.pause()
    outcome.resolve({ body: Buffer.concat(chunks), truncated, wireBytes })
  }

  function keep(chunk: Buffer): void {
    const rest = maxBytes - kept
    if (rest > 0) chunks.push(chunk.subarray(0, rest))
    kept += Math.min(rest, chunk.length)
    if (chunk.length > rest) finish(true)
  }

  function read(source: Readable): void {
    source.on('data', keep)
    source.once('end', () => finish(false))
  }

  response.on('data', (chunk: Buffer) => {
    wireBytes += chunk.length
    if (wireBytes > maxBytes + WIRE_SLACK_BYTES) finish(true)
  })
  response.once('error', (error) => {
    transport = error
    outcome.reject(error)
  })
  const encodings = encodingsOf(response)
  const name = encodings.join(', ')
  if (encodings.length === 0) {
    read(response)
    return outcome.promise
  }
  // Stands still until it is known what decodes it.
  response.pause()
  decodersOf(encodings, response).then(
    (decoders) => {
      const [first, ...rest] = decoders
      if (first === undefined) return finish(false)
      read(rest.at(-1) ?? first)
      pipeline([response, first, ...rest], (error) => {
        if (error != null) outcome.reject(transport ?? new EncodingError(name, true, error))
      })
    },
    (error: unknown) => outcome.reject(error),
  )
  return outcome.promise
}

function encodingsOf({ headers }: IncomingMessage): string[] {
  const names = (headers['content-encoding'] ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => name !== '' && name !== 'identity')
}

/** In the order in which they are undone: the last that was applied comes first. None for a body without a byte. */
async function decodersOf(encodings: readonly string[], response: IncomingMessage): Promise<Transform[]> {
  const name = encodings.join(', ').slice(0, 60)
  if (encodings.length > MOST_ENCODINGS) throw new EncodingError(name, false)
  const first = await firstByte(response)
  if (first === null) return []
  return encodings.toReversed().map((encoding, index) => {
    const decoder = decoderOf(encoding, index === 0 ? first : null)
    if (decoder === null) throw new EncodingError(name, false)
    return decoder
  })
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

/** Looks at the first byte and leaves it where it is; `null` where there is none. */
function firstByte(response: IncomingMessage): Promise<number | null> {
  const outcome = Promise.withResolvers<number | null>()
  const look = (): void => {
    const chunk = response.read() as Buffer | null
    if (chunk === null) return
    response.off('readable', look)
    response.unshift(chunk)
    outcome.resolve(chunk[0] ?? null)
  }
  response.on('readable', look)
  response.once('end', () => outcome.resolve(null))
  response.once('error', outcome.reject)
  return outcome.promise
}
