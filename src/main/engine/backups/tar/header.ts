/** Headers of a plain tar archive, as POSIX (ustar, and pax for what is larger than it can say) writes them: of the few files of a directory. Pure. */

export const BLOCK_BYTES = 512

export interface TarEntry {
  /** With the directory that it is in; at most 100 bytes. One of a directory ends with a slash. */
  readonly name: string
  readonly bytes: number
  /** When it was written, milliseconds since the epoch. */
  readonly at: number
}

const LONGEST_NAME = 100
/** Eleven octal digits: a file from 8 GiB on has its size before it, in a header of its own. */
const MOST_BYTES = 0o77777777777
const [FILE, DIRECTORY, PAX] = ['0', '5', 'x']

/** From the end of a file to where the next header begins. */
export function paddingOf(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES
}

/** What stands before a file: a block, or three where it is large. */
export function headerOf(entry: TarEntry): Buffer {
  if (entry.bytes <= MOST_BYTES) return block(entry, entry.name.endsWith('/') ? DIRECTORY : FILE)
  const record = paxRecord('size', String(entry.bytes))
  return Buffer.concat([
    block({ name: 'PaxHeaders/size', bytes: record.length, at: entry.at }, PAX),
    record,
    Buffer.alloc(paddingOf(record.length)),
    block({ ...entry, bytes: 0 }, FILE),
  ])
}

/** Two blocks of zeros. */
export const END = Buffer.alloc(2 * BLOCK_BYTES)

function block({ name, bytes, at }: TarEntry, type: string): Buffer {
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new TypeError('a name in a tar archive is short')
  const header = Buffer.alloc(BLOCK_BYTES)
  const octal = (value: number, offset: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, '0'), offset)
  header.write(name, 0)
  // Whoever unpacks it has it for himself.
  octal(type === DIRECTORY ? 0o700 : 0o600, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(bytes, 124, 12)
  octal(Math.max(0, Math.floor(at / 1_000)), 136, 12)
  header.fill(' ', 148, 156)
  header.write(type, 156)
  header.write('ustar\0' + '00', 257)
  octal(0, 329, 8)
  octal(0, 337, 8)
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

/** `27 path=…`: its length stands in it, and counts. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`
  let length = rest.length
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.from(`${length}${rest}`)
}

export type ReadHeader =
  | { readonly kind: 'file' | 'directory'; readonly name: string; readonly bytes: number }
  | { readonly kind: 'pax'; readonly bytes: number }
  | { readonly kind: 'end' }

/** `null`: that is no header, or one of what is never in an archive of ours. */
export function readHeader(header: Buffer): ReadHeader | null {
  if (header.every((byte) => byte === 0)) return { kind: 'end' }
  const text = (from: number, to: number) => {
    const field = header.toString('utf8', from, to)
    const end = field.indexOf('\0')
    return end < 0 ? field : field.slice(0, end)
  }
  const octal = (from: number, to: number) => {
    const digits = text(from, to).trim()
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null
  }
  const bytes = octal(124, 136)
  if (text(257, 263) !== 'ustar' || octal(148, 156) !== sumOf(header) || bytes === null) return null
  const name = text(0, LONGEST_NAME)
  const type = header.toString('latin1', 156, 157)
  if (type === PAX) return { kind: 'pax', bytes }
  if (type === FILE) return { kind: 'file', name, bytes }
  return type === DIRECTORY ? { kind: 'directory', name, bytes } : null
}

/** The size that a header of its own says; `null`: it says none. */
export function paxSize(records: Buffer): number | null {
  const digits = /^\d+ size=(\d+)$/m.exec(records.toString('utf8'))?.[1]
  return digits === undefined ? null : Number(digits)
}

/** As POSIX wants it: with spaces where it will stand. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0)
}
