/** Writing and reading bytes one after the other, for the history's blobs. */

export interface ByteWriter {
  byte(value: number): void
  /** A whole number ≥ 0, seven bits to a byte, the lowest first (LEB128). */
  varint(value: number): void
  /** 64 bits, least significant byte first. */
  float(value: number): void
  raw(bytes: Uint8Array): void
  /** Elements of `width` bytes as planes: the first byte of each, then the second of each, and so on. */
  planes(bytes: Uint8Array, width: number): void
  finish(): Uint8Array
}

export interface ByteReader {
  byte(): number
  varint(): number
  float(): number
  bytes(length: number): Uint8Array
  /** `count` elements of `width` bytes, put together again from their planes. */
  planes(count: number, width: number): Uint8Array
  skip(length: number): void
}

export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(1024)
  let end = 0

  /** Makes room, and gives the place where to write. */
  function reserve(length: number): number {
    if (end + length > buffer.length) {
      const larger = new Uint8Array(Math.max(buffer.length * 2, end + length))
      larger.set(buffer)
      buffer = larger
    }
    const start = end
    end += length
    return start
  }

  const writer: ByteWriter = {
    byte(value) {
      const at = reserve(1)
      buffer[at] = value
    },
    varint(value) {
      let rest = value
      while (rest >= 128) {
        writer.byte((rest % 128) | 128)
        rest = Math.floor(rest / 128)
      }
      writer.byte(rest)
    },
    float(value) {
      const at = reserve(8)
      new DataView(buffer.buffer).setFloat64(at, value, true)
    },
    raw(bytes) {
      const at = reserve(bytes.length)
      buffer.set(bytes, at)
    },
    planes(bytes, width) {
      const at = reserve(bytes.length)
      const count = width === 0 ? 0 : bytes.length / width
      for (let index = 0; index < count; index++) {
        for (let place = 0; place < width; place++) {
          buffer[at + place * count + index] = bytes[index * width + place] ?? 0
        }
      }
    },
    finish: () => buffer.subarray(0, end),
  }
  return writer
}

/** Reading past the end throws a `RangeError`. */
export function createByteReader(buffer: Uint8Array): ByteReader {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  let at = 0

  function take(length: number): number {
    if (at + length > buffer.length)
      throw new RangeError(`the data ends ${at + length - buffer.length} bytes early`)
    const start = at
    at += length
    return start
  }

  const reader: ByteReader = {
    byte: () => view.getUint8(take(1)),
    varint() {
      let value = 0
      let factor = 1
      for (;;) {
        const byte = reader.byte()
        value += (byte & 127) * factor
        if (byte < 128) return value
        factor *= 128
      }
    },
    float: () => view.getFloat64(take(8), true),
    bytes(length) {
      const start = take(length)
      return buffer.subarray(start, start + length)
    },
    planes(count, width) {
      const start = take(count * width)
      const bytes = new Uint8Array(count * width)
      for (let place = 0; place < width; place++) {
        for (let index = 0; index < count; index++) {
          bytes[index * width + place] = buffer[start + place * count + index] ?? 0
        }
      }
      return bytes
    },
    skip: (length) => {
      take(length)
    },
  }
  return reader
}
