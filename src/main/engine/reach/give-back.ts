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
