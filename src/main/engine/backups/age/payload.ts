/**
 * What lies behind the header of an age file: the STREAM construction over ChaCha20-Poly1305 in pieces of 64 KiB, each
 * with its number and a mark on the last, so that no piece can be left out, moved or cut off (age-encryption.org/v1,
 * "Payload"). It is done with the runtime's own cipher, which is more than twice as fast as the library's in JavaScript.
 */
import { keyFromMaterial, openPiece, randomSalt, sealPiece, TAG_BYTES } from '../../vault/primitives.ts'
import { BackupError } from '../backup-error.ts'
import { type Header, headerLength, openHeader } from './header.ts'

const PIECE_BYTES = 64 * 1024
const NONCE_BYTES = 16
const PURPOSE = 'payload'

/** Gives `source` on in pieces of exactly `size` bytes; the last, and it alone, may be shorter, also empty. */
async function* inPieces(
  source: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ piece: Buffer; isLast: boolean }> {
  let held: Buffer[] = []
  let heldBytes = 0
  for await (const chunk of source) {
    held.push(chunk)
    heldBytes += chunk.length
    // One byte more has to be there, or it would not be known whether the piece is the last.
    if (heldBytes <= size) continue
    const all = held.length === 1 ? chunk : Buffer.concat(held, heldBytes)
    let at = 0
    for (; all.length - at > size; at += size) {
      yield { piece: all.subarray(at, at + size), isLast: false }
    }
    // Copied, so that a short rest does not keep the whole of a long chunk.
    held = [Buffer.from(all.subarray(at))]
    heldBytes = all.length - at
  }
  yield { piece: Buffer.concat(held, heldBytes), isLast: true }
}

/** 11 bytes that count the pieces, and one that marks the last. */
function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(index), 3)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Encrypts a stream: the header, and `source` behind it. */
export async function* sealStream(source: AsyncIterable<Buffer>, header: Header): AsyncGenerator<Buffer> {
  const nonce = randomSalt()
  const key = keyFromMaterial(header.fileKey, nonce, PURPOSE)
  yield Buffer.concat([header.bytes, nonce])
  let index = 0
  for await (const { piece, isLast } of inPieces(source, PIECE_BYTES)) {
    yield sealPiece(key, nonceOf(index, isLast), piece)
    index += 1
  }
}

/**
 * Decrypts a stream. Everything that it gives was authenticated, but only its end tells that it was everything: whoever
 * uses it before takes it back where this throws.
 * @param identity `AGE-SECRET-KEY-1…`
 * @throws BackupError that names what is wrong: `not-age`, `identity-other`, `header-altered`, `content-altered`, `content-cut`
 */
export async function* openStream(source: AsyncIterable<Buffer>, identity: string): AsyncGenerator<Buffer> {
  const { start, headerBytes, rest } = await readStart(source)
  const fileKey = await openHeader(start.subarray(0, headerBytes), identity)
  const nonce = start.subarray(headerBytes, headerBytes + NONCE_BYTES)
  const key = keyFromMaterial(fileKey, nonce, PURPOSE)
  const payload = behind(start.subarray(headerBytes + NONCE_BYTES), rest)
  let index = 0
  for await (const { piece, isLast } of inPieces(payload, PIECE_BYTES + TAG_BYTES)) {
    const opened = openPiece(key, nonceOf(index, isLast), piece)
    if (opened === null) {
      // Whole, but not marked as the last: what came behind it is gone.
      const isCut =
        isLast && (piece.length < TAG_BYTES || openPiece(key, nonceOf(index, false), piece) !== null)
      throw new BackupError(isCut ? 'content-cut' : 'content-altered', {
        at: index * (PIECE_BYTES + TAG_BYTES),
      })
    }
    if (opened.length > 0) yield opened
    index += 1
  }
}

/** Reads as far as the header and the nonce go. */
async function readStart(source: AsyncIterable<Buffer>) {
  const rest = source[Symbol.asyncIterator]()
  let start: Buffer = Buffer.alloc(0)
  for (;;) {
    const headerBytes = headerLength(start)
    if (headerBytes !== null && start.length >= headerBytes + NONCE_BYTES) return { start, headerBytes, rest }
    const next = await rest.next()
    if (next.done === true) throw new BackupError(headerBytes === null ? 'not-age' : 'content-cut', { at: 0 })
    start = Buffer.concat([start, next.value])
  }
}

async function* behind(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
  } finally {
    // The stream below is closed, also where this one is left early.
    await rest.return?.()
  }
}
