/** From bytes of a part to its lines and where each begins. Pure. */

export interface ByteLine {
  /** Where it begins in its part. */
  readonly offset: number
  readonly text: string
  /** A piece of a line that is longer than what is read at once. */
  readonly piece: boolean
}

const NEW_LINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * Whole lines within `bytes`.
 * @param start where the bytes begin in the part
 * @param opts.atStart a line begins with the first byte; else what is before the first line break is left out
 * @param opts.toEnd what follows the last line break is a line too: nothing will be added to it
 */
export function linesIn(
  bytes: Buffer,
  start: number,
  { atStart, toEnd }: { readonly atStart: boolean; readonly toEnd: boolean },
): ByteLine[] {
  const lines: ByteLine[] = []
  let from = 0
  if (!atStart) {
    const first = bytes.indexOf(NEW_LINE)
    // A line without end: what there is of it, so that reading goes on.
    if (first === -1) return bytes.length === 0 ? [] : [{ offset: start, text: textOf(bytes), piece: true }]
    from = first + 1
  }
  for (;;) {
    const end = bytes.indexOf(NEW_LINE, from)
    if (end === -1) break
    lines.push({ offset: start + from, text: textOf(bytes.subarray(from, end)), piece: false })
    from = end + 1
  }
  if (toEnd && from < bytes.length) {
    lines.push({ offset: start + from, text: textOf(bytes.subarray(from)), piece: false })
  }
  return lines
}

/** What is read of one line; a file with holes is full of NUL bytes, which are none of it. */
function textOf(bytes: Buffer): string {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length
  return bytes.subarray(0, Math.min(end, 80 * 1024)).toString('utf8')
}
