/**
 * The header of a file in the age format (age-encryption.org/v1): for whom it is, each with the file's key wrapped. The
 * library makes and reads it; what lies behind it is `payload.ts`'.
 */
import { BackupError } from '../backup-error.ts'

/** A header names each recipient in some 200 bytes; what has none for so long is no age file. */
export const LONGEST_HEADER_BYTES = 64 * 1024
const FIRST_LINE = Buffer.from('age-encryption.org/v1\n')
/** The line that ends it: three dashes, and the code that authenticates it (43 characters of base64). */
const LAST_LINE = /\n--- [A-Za-z0-9+/]{43}\n/

/** Behind the header of an empty file stand a nonce and the code of nothing. */
const EMPTY_PAYLOAD_BYTES = 32

export interface Header {
  readonly bytes: Buffer
  /** 16 random bytes, of this file alone. */
  readonly fileKey: Buffer
}

/** A header for a new file. @param recipients `age1…`, at least one */
export async function makeHeader(recipients: readonly string[]): Promise<Header> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  let fileKey: Buffer | null = null
  for (const recipient of recipients) addRecipient(encrypter, recipient)
  // One more that wraps nothing: through it the library says which key it made.
  encrypter.addRecipient({
    wrapFileKey(made) {
      fileKey = Buffer.from(made)
      return []
    },
  })
  const empty = await encrypter.encrypt(new Uint8Array())
  if (fileKey === null || recipients.length === 0) throw new TypeError('an age file is for somebody')
  return { bytes: Buffer.from(empty.subarray(0, empty.length - EMPTY_PAYLOAD_BYTES)), fileKey }
}

function addRecipient(encrypter: { addRecipient(recipient: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch (error) {
    throw new BackupError('recipient-invalid', { recipient: recipient.slice(0, 80) }, error)
  }
}

/** How long the header is that a file begins with; `null`: it goes on beyond `start`, as far as can be told. */
export function headerLength(start: Buffer): number | null {
  const compared = Math.min(start.length, FIRST_LINE.length)
  if (!start.subarray(0, compared).equals(FIRST_LINE.subarray(0, compared))) throw new BackupError('not-age')
  const end = LAST_LINE.exec(start.toString('latin1'))
  if (end !== null) return end.index + end[0].length
  if (start.length >= LONGEST_HEADER_BYTES) throw new BackupError('not-age')
  return null
}

/** The file's key. @param identity `AGE-SECRET-KEY-1…` */
export async function openHeader(header: Buffer, identity: string): Promise<Buffer> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity(identity)
  } catch (error) {
    throw new BackupError('identity-invalid', {}, error)
  }
  try {
    return Buffer.from(await decrypter.decryptHeader(header))
  } catch (error) {
    // The library has no codes: this is its one answer to a key that the file is not for.
    const isOther = error instanceof Error && error.message.startsWith('no identity matched')
    throw new BackupError(isOther ? 'identity-other' : 'header-altered', {}, error)
  }
}
