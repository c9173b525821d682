/** A frame as one compressed blob: times, statuses and each column for itself, so that one metric is read without the others. */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { createByteReader, createByteWriter } from './bytes.ts'
import { type Frame, metricOf } from './frame.ts'
import { readColumn, writeColumn } from './number-column.ts'

const FORMAT = 1

/** Why a blob cannot be read: it is damaged, or of a later format. */
export class ChunkError extends Error {
  override name = 'ChunkError'
}

export function encodeChunk(frame: Frame): Uint8Array {
  const writer = createByteWriter()
  writer.byte(FORMAT)
  writer.varint(frame.at.length)
  writeColumn(writer, frame.at)
  writeColumn(writer, Float64Array.from(frame.status))
  writer.varint(frame.columns.size)
  for (const [column, values] of [...frame.columns].sort(([a], [b]) => a - b)) {
    const part = createByteWriter()
    writeColumn(part, values)
    const bytes = part.finish()
    writer.varint(column)
    writer.varint(bytes.length)
    writer.raw(bytes)
  }
  return zstdCompressSync(writer.finish(), {
    params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
  })
}

/**
 * @param wanted numbers of metrics; `null`: all
 * @throws ChunkError
 */
export function decodeChunk(blob: Uint8Array, wanted: ReadonlySet<number> | null): Frame {
  try {
    const reader = createByteReader(zstdDecompressSync(blob))
    const format = reader.byte()
    if (format !== FORMAT) throw new RangeError(`format ${format} is not known`)
    const rows = reader.varint()
    const at = readColumn(reader, rows)
    const status = Uint8Array.from(readColumn(reader, rows))
    const columns = new Map<number, Float64Array>()
    for (let left = reader.varint(); left > 0; left--) {
      const column = reader.varint()
      const length = reader.varint()
      if (wanted === null || wanted.has(metricOf(column))) columns.set(column, readColumn(reader, rows))
      else reader.skip(length)
    }
    return { at, status, columns }
  } catch (error) {
    throw new ChunkError(`a chunk of history cannot be read: ${String(error)}`, { cause: error })
  }
}
