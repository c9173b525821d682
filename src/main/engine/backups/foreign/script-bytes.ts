/** Where what stands in a script begins and ends, by its bytes. Pure. */

const [NEWLINE, RETURN, DOLLAR, BACKSLASH] = [10, 13, 36, 92]
const END_OF_ROWS = Buffer.from('\\.')

/** Where rows end: at a line of a backslash and a dot. `length`: what to pass over; `null`: they go on, and from `at` on nobody knows yet. */
export function endOfRows(
  bytes: Buffer,
  from: number,
  isAtLineStart: boolean,
  isLast: boolean,
): { at: number; length: number | null } {
  for (let at = bytes.indexOf(END_OF_ROWS, from); at >= 0; at = bytes.indexOf(END_OF_ROWS, at + 1)) {
    if (at === from ? !isAtLineStart : bytes[at - 1] !== NEWLINE) continue
    const [one, other] = [bytes[at + 2], bytes[at + 3]]
    if (one === NEWLINE) return { at, length: 3 }
    if (one === RETURN && other === NEWLINE) return { at, length: 4 }
    if (isLast) {
      if (one === undefined) return { at, length: 2 }
      if (one === RETURN && other === undefined) return { at, length: 3 }
    } else if (one === undefined || (one === RETURN && other === undefined)) return { at, length: null }
  }
  // A backslash at the very end may begin it.
  const last = bytes.length - 1
  const maybe =
    last >= from && bytes[last] === BACKSLASH && (last === from ? isAtLineStart : bytes[last - 1] === NEWLINE)
  return { at: maybe && !isLast ? last : bytes.length, length: null }
}

/** The tag of a dollar quote that begins there, with both of its signs. */
export function tagAt(bytes: Buffer, at: number): Buffer | 'none' | 'unknown' {
  let end = at + 1
  while (end < bytes.length && isOfWord(bytes[end] ?? 0)) end++
  if (end === bytes.length) return 'unknown'
  const first = bytes[at + 1] ?? 0
  if (bytes[end] !== DOLLAR || (first >= 48 && first <= 57)) return 'none'
  // A copy: it is looked for in what comes later.
  return Buffer.from(bytes.subarray(at, end + 1))
}

export function isOfWord(byte: number): boolean {
  return (
    (byte >= 97 && byte <= 122) ||
    (byte >= 65 && byte <= 90) ||
    (byte >= 48 && byte <= 57) ||
    byte === 95 ||
    byte >= 128
  )
}

export function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13)
}

export function newlines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}
