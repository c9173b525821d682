/** Memory of bulk data, which the garbage collector would let pile up: it sees small objects, not what hangs on them. */

/** From here on memory is worth giving back by hand; below it is only work. */
export const BULK_BYTES = 4_096

/** Frees the memory of a buffer that nobody reads any more now, rather than when the garbage is collected. */
export function giveBack(buffer: Buffer): void {
  const { buffer: memory } = buffer
  if (memory.byteLength === buffer.length && buffer.length >= BULK_BYTES && memory instanceof ArrayBuffer) {
    memory.transfer(0)
  }
}

/** As much of a packet's memory as is not what it carries: its length, its kind, and the padding of its cipher. */
const ENVELOPE_BYTES = 64

/** The same for what came in a packet of SSH, of which it is all but the envelope, which nobody reads any more; or that is all of its memory. */
export function giveBackPacket(buffer: Buffer): void {
  const { buffer: memory } = buffer
  const rest = memory.byteLength - buffer.length
  if (rest <= ENVELOPE_BYTES && buffer.length >= BULK_BYTES && memory instanceof ArrayBuffer)
    memory.transfer(0)
}
