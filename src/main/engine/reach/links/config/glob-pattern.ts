/** Patterns of file names as glob(7) has them: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before what is meant as it is. */

/** Whether a name without slashes matches; one that begins with a dot has to be asked for with a dot. */
export function matchesGlob(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !/^\\?\./.test(pattern)) return false
  const parts = parse(pattern)
  let at = 0
  let here = 0
  let star: { part: number; name: number } | null = null
  while (here < name.length) {
    const part = parts[at]
    if (part === '*') {
      star = { part: at, name: here }
      at += 1
    } else if (part?.(name[here] ?? '') === true) {
      at += 1
      here += 1
    } else if (star !== null) {
      star.name += 1
      here = star.name
      at = star.part + 1
    } else {
      return false
    }
  }
  while (parts[at] === '*') at += 1
  return at === parts.length
}

type Part = '*' | ((character: string) => boolean)

function parse(pattern: string): Part[] {
  const parts: Part[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const here = pattern[at] ?? ''
    const set = here === '[' ? setAt(pattern, at) : null
    if (here === '*') parts.push('*')
    else if (here === '?') parts.push(() => true)
    else if (set !== null) {
      parts.push(set.has)
      at = set.end
    } else {
      if (here === '\\') at += 1
      const literal = pattern[at] ?? '\\'
      parts.push((character) => character === literal)
    }
  }
  return parts
}

/** `[…]`; `null` where it is not closed, and stands for itself. */
function setAt(pattern: string, start: number): { has: (character: string) => boolean; end: number } | null {
  const negated = pattern[start + 1] === '!' || pattern[start + 1] === '^'
  const first = start + (negated ? 2 : 1)
  // A bracket in the first place is one of the set.
  const end = pattern.indexOf(']', first + 1)
  if (end === -1) return null
  const ranges: [string, string][] = []
  for (let at = first; at < end; at += 1) {
    const from = pattern[at] ?? ''
    const isRange = pattern[at + 1] === '-' && at + 2 < end
    ranges.push([from, isRange ? (pattern[at + 2] ?? '') : from])
    if (isRange) at += 2
  }
  return {
    has: (character) => ranges.some(([from, to]) => from <= character && character <= to) !== negated,
    end,
  }
}
