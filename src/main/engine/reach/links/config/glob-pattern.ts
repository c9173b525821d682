/** Patterns of file names as glob(7) has them: `*`, `?`, `[a-z]`, `[!a-z]`, and `\` before what is meant as it is. */

import { matchesWildcards } from './wildcards.ts'

type Part = '*' | ((character: string) => boolean)

/** Whether a name without slashes matches; one that begins with a dot has to be asked for with a dot. */
export function matchesGlob(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !/^\\?\./.test(pattern)) return false
  return matchesWildcards(name, parse(pattern), (part, character) => part !== '*' && part(character))
}

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
