/**
 * A column of numbers as bytes that compress well, without loss. Numbers with few decimals become whole ones, whole ones
 * become differences where those are smaller, and all of them are split into planes: all lowest bytes, then all second
 * ones, and so on, so that like lies beside like. (Byte shuffling is Blosc's and Parquet's BYTE_STREAM_SPLIT; decimals as
 * integers are those of ALP, https://doi.org/10.1145/3626717.)
 */
import type { ByteReader, ByteWriter } from './bytes.ts'

const PLAIN = 0
const DIFFERENCES = 1
const FLOATS = 2
const HAS_UNKNOWN = 0x80

const MOST_DECIMALS = 12
const POWERS = Array.from({ length: MOST_DECIMALS + 1 }, (_, power) => 10 ** power)
/** Differences of two such numbers, doubled for their sign, are still exact. */
const LARGEST_WHOLE = 2 ** 51

/** Writes the column; `NaN` is "not known", and everything else is finite. */
export function writeColumn(writer: ByteWriter, column: Float64Array): void {
  const known = column.filter((value) => !Number.isNaN(value))
  const unknown = known.length < column.length ? HAS_UNKNOWN : 0
  const decimals = decimalsOf(known)
  if (decimals === null) {
    writer.byte(FLOATS | unknown)
    if (unknown !== 0) writeBits(writer, column)
    writer.planes(new Uint8Array(known.buffer, known.byteOffset, known.byteLength), 8)
    return
  }

  const power = POWERS[decimals] ?? 1
  const whole = known.map((value) => Math.round(value * power))
  const least = whole.reduce((smallest, value) => Math.min(smallest, value), whole[0] ?? 0)
  const offsets = whole.map((value) => value - least)
  const differences = whole.map((value, index) => zigzag(value - (whole[index - 1] ?? value)))
  const asDifferences = sizeOf(differences) < sizeOf(offsets)
  const numbers = asDifferences ? differences : offsets
  writer.byte((asDifferences ? DIFFERENCES : PLAIN) | unknown)
  if (unknown !== 0) writeBits(writer, column)
  writer.byte(decimals)
  writer.float(asDifferences ? (whole[0] ?? 0) : least)
  const width = widthOf(numbers)
  writer.byte(width)
  writer.planes(bytesOf(numbers, width), width)
}

/** Reads what `writeColumn` wrote. */
export function readColumn(reader: ByteReader, rows: number): Float64Array {
  const head = reader.byte()
  const bits = (head & HAS_UNKNOWN) === 0 ? null : reader.bytes(Math.ceil(rows / 8))
  const count = bits === null ? rows : countBits(bits)
  const known = readKnown(reader, head & ~HAS_UNKNOWN, count)
  if (bits === null) return known
  const column = new Float64Array(rows).fill(Number.NaN)
  let next = 0
  for (let row = 0; row < rows; row++) {
    if (((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) column[row] = known[next++] ?? Number.NaN
  }
  return column
}

function readKnown(reader: ByteReader, kind: number, count: number): Float64Array {
  if (kind === FLOATS) return new Float64Array(reader.planes(count, 8).buffer)
  const power = POWERS[reader.byte()] ?? 1
  const base = reader.float()
  const width = reader.byte()
  const numbers = numbersOf(reader.planes(count, width), width, count)
  let value = base
  for (let index = 0; index < count; index++) {
    const number = numbers[index] ?? 0
    value = kind === DIFFERENCES ? value + unzigzag(number) : base + number
    numbers[index] = value / power
  }
  return numbers
}

/** The fewest decimals with which every number is exact; `null` where there is no such count. */
function decimalsOf(numbers: Float64Array): number | null {
  let decimals = 0
  for (const number of numbers) {
    while (decimals <= MOST_DECIMALS && !isExact(number, decimals)) decimals += 1
    if (decimals > MOST_DECIMALS) return null
  }
  // More decimals than a number needs may spoil it again, by rounding.
  return numbers.every((number) => isExact(number, decimals)) ? decimals : null
}

function isExact(number: number, decimals: number): boolean {
  const power = POWERS[decimals] ?? 1
  const whole = Math.round(number * power)
  return Math.abs(whole) < LARGEST_WHOLE && whole / power === number && !Object.is(number, -0)
}

function zigzag(number: number): number {
  return number < 0 ? -2 * number - 1 : 2 * number
}

function unzigzag(number: number): number {
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2
}

/** Bits that the numbers need, roughly. */
function sizeOf(numbers: Float64Array): number {
  let bits = 0
  for (const number of numbers) bits += Math.log2(1 + number)
  return bits
}

/** Bytes that the largest of some whole numbers ≥ 0 needs. */
function widthOf(numbers: Float64Array): number {
  const largest = numbers.reduce((most, number) => Math.max(most, number), 0)
  let width = 0
  while (largest >= 256 ** width) width += 1
  return largest === 0 ? 0 : width
}

/** Least significant byte first. */
function bytesOf(numbers: Float64Array, width: number): Uint8Array {
  const bytes = new Uint8Array(numbers.length * width)
  numbers.forEach((number, index) => {
    let rest = number
    for (let place = 0; place < width; place++) {
      bytes[index * width + place] = rest % 256
      rest = Math.floor(rest / 256)
    }
  })
  return bytes
}

function numbersOf(bytes: Uint8Array, width: number, count: number): Float64Array {
  const numbers = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    let number = 0
    for (let place = width - 1; place >= 0; place--)
      number = number * 256 + (bytes[index * width + place] ?? 0)
    numbers[index] = number
  }
  return numbers
}

function writeBits(writer: ByteWriter, column: Float64Array): void {
  const bits = new Uint8Array(Math.ceil(column.length / 8))
  column.forEach((value, row) => {
    if (!Number.isNaN(value)) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7))
  })
  writer.raw(bits)
}

function countBits(bits: Uint8Array): number {
  let count = 0
  for (const byte of bits) for (let rest = byte; rest !== 0; rest &= rest - 1) count += 1
  return count
}
