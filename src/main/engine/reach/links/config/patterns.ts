/** Patterns of ssh_config(5): `*` and `?`, lists of them with commas, and `!` in front of what rules the list out. */

/** In time that grows with the two lengths alone: a regular expression may take for ever over many `*`. */
export function matchesPattern(text: string, pattern: string): boolean {
  let at = 0
  let here = 0
  let star: { pattern: number; text: number } | null = null
  while (here < text.length) {
    if (pattern[at] === '*') {
      star = { pattern: at, text: here }
      at += 1
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[here])) {
      at += 1
      here += 1
    } else if (star !== null) {
      // The last star takes one more: earlier ones need not be tried again.
      star.text += 1
      here = star.text
      at = star.pattern + 1
    } else {
      return false
    }
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** One that matches is needed, and none with `!` in front may. */
export function matchesPatternList(text: string, list: string): boolean {
  let matched = false
  for (const pattern of list.split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(text, pattern.slice(1))) return false
    } else if (matchesPattern(text, pattern)) {
      matched = true
    }
  }
  return matched
}

/** As a list, whatever the case of either. */
export function matchesHost(host: string, list: string): boolean {
  return matchesPatternList(host.toLowerCase(), list.toLowerCase())
}
