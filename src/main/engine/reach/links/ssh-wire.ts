/** The data types of SSH's wire format (RFC 4251, section 5), as far as keys, certificates and logins need them. */

/** Reads from the front of some bytes; what is not there, or is too long, throws a `MalformedWire`. */
export interface WireReader {
  byte(): number
  uint32(): number
  uint64(): bigint
  string(): Buffer
  text(): string
  left(): number
}

export class MalformedWire extends Error {
  constructor(what: string) {
    super(`${what} is missing or cut short`)
    this.name = 'MalformedWire'
  }
}

export function readWire(bytes: Buffer): WireReader {
  let at = 0

  function take(length: number, what: string): Buffer {
    if (length > bytes.length - at) throw new MalformedWire(what)
    at += length
    return bytes.subarray(at - length, at)
  }

  const reader: WireReader = {
    byte: () => take(1, 'a byte').readUInt8(),
    uint32: () => take(4, 'a number').readUInt32BE(),
    uint64: () => take(8, 'a number').readBigUInt64BE(),
    string: () => take(reader.uint32(), 'a string'),
    text: () => reader.string().toString('utf8'),
    left: () => bytes.length - at,
  }
  return reader
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function wireString(value: Buffer | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** A positive number that may be given with leading zeros, or with none where its first bit is set. */
export function mpint(value: Buffer): Buffer {
  let start = 0
  while (start < value.length && value[start] === 0) start += 1
  const digits = value.subarray(start)
  return wireString((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits)
}
