/** Patterns of ssh_config(5): `*` and `?`, lists of them with commas, and `!` in front of what rules the list out. */

import { matchesWildcards } from './wildcards.ts'

export function matchesPattern(text: string, pattern: string): boolean {
  return matchesWildcards(text, pattern, (part, character) => part === '?' || part === character)
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
