/** The tokens that scripts come with. One by now: `DIR/token`, an administrator's, which stays the same across restarts. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { join } from 'node:path'
import type { Actor } from '../../engine/policy/actor.ts'
import { readPrivateFile, writePrivateFile } from '../private-file.ts'
import { WebHostError } from '../web-host-error.ts'

export interface Tokens {
  /** Whose token it is; `null` where it is nobody's. Takes the same time for every wrong one. */
  find(token: string): Actor | null
}

const ADMINISTRATOR: Actor = { id: 'token:admin', name: 'admin', role: 'ADMIN', via: 'token' }

/**
 * Reads `DIR/token`, or writes a new one of 256 random bits with mode 0600.
 * @throws WebHostError where the file is there and holds no token
 */
export function openAdministratorToken(dataDirectory: string): string {
  const path = join(dataDirectory, 'token')
  const stored = readPrivateFile(path)?.trim()
  if (stored === undefined) {
    const token = randomBytes(32).toString('base64url')
    writePrivateFile(path, token)
    return token
  }
  if (/^[A-Za-z0-9_-]{43}$/.test(stored)) return stored
  throw new WebHostError(
    'token-unreadable',
    `${path} should hold the administrator's token and does not. Remove the file, and a new token is made at the next start.`,
  )
}

export interface TokenHolder {
  readonly token: string
  readonly actor: Actor
}

/** @param tokens whose each is; `administratorOf(token)` for the one in the data directory */
export function createTokens(tokens: readonly TokenHolder[]): Tokens {
  const known = tokens.map(({ token, actor }) => ({ digest: digest(token), actor }))
  return {
    find(token) {
      const asked = digest(token)
      // No early end: which of them matched is not to be told by the time it took.
      let found: Actor | null = null
      for (const { digest: one, actor } of known) if (timingSafeEqual(one, asked)) found = actor
      return found
    },
  }
}

export function administratorOf(token: string): TokenHolder {
  return { token, actor: ADMINISTRATOR }
}

/** Digests are of one length, which the comparison needs, and tell nothing of the token's. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
