/** Which environment a word or a host's name speaks of. */
import type { Environment } from '#shared/model/profile/deployment.ts'

const WORDS: readonly (readonly [RegExp, Environment])[] = [
  [/^(prod|production|prd|live)$/, 'production'],
  [/^(staging|stage|stg|preprod|pre-production|uat|qa|test|testing|preview|demo)$/, 'staging'],
  [/^(dev|devel|develop|development|local|debug)$/, 'development'],
]

/** `null` where the word is none for an environment. */
export function environmentNamed(word: string): Environment | null {
  const known = word.trim().toLowerCase()
  return WORDS.find(([pattern]) => pattern.test(known))?.[1] ?? null
}

/** From the labels of a host's name, also within them: `shop-staging.example.com`. */
export function environmentOfHost(host: string): Environment | null {
  for (const label of host.toLowerCase().split(/[.-]/)) {
    // "live" and "test" within a host's name say less than they seem to.
    if (label === 'live' || label === 'demo') continue
    const named = environmentNamed(label)
    if (named !== null) return named
  }
  return null
}
