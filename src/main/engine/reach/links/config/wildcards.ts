/**
 * Compares a text with a pattern, in which `*` stands for any number of characters, also none, in time that grows with the two
 * lengths alone: a regular expression may take for ever over many `*`.
 * @param parts one for each character that is wanted, or `*`
 * @param fits whether a part stands for a character
 */
export function matchesWildcards<Part>(
  text: string,
  parts: ArrayLike<Part>,
  fits: (part: Part, character: string) => boolean,
): boolean {
  let at = 0
  let here = 0
  let star: { part: number; text: number } | null = null
  while (here < text.length) {
    const part = parts[at]
    if (part === '*') {
      star = { part: at, text: here }
      at += 1
    } else if (part !== undefined && fits(part, text[here] ?? '')) {
      at += 1
      here += 1
    } else if (star !== null) {
      // The last star takes one more: earlier ones need not be tried again.
      star.text += 1
      here = star.text
      at = star.part + 1
    } else {
      return false
    }
  }
  while (parts[at] === '*') at += 1
  return at === parts.length
}
