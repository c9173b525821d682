/** The door: decides who a request is from, or why it is not let in. Pure but for counting wrong tokens. */
import type { Actor } from '../../engine/policy/actor.ts'
import type { Address, Addresses } from './addresses.ts'
import type { Attempts } from './attempts.ts'
import { judgeOrigin, type Knock } from './origin.ts'
import { readCookie } from './session-cookie.ts'
import type { Session, Sessions } from './sessions.ts'
import type { Tokens } from './tokens.ts'

export type Entry =
  | { readonly let: 'in'; readonly actor: Actor; readonly session: Session | null }
  | { readonly let: 'out'; readonly refusal: Refused }

export type Refused =
  | { readonly status: 401; readonly key: 'unauthorized' | 'unauthorized-token' }
  | {
      readonly status: 403
      readonly key: 'foreign-host' | 'host-not-passed' | 'foreign-origin' | 'no-origin'
    }
  | { readonly status: 429; readonly key: 'too-many-attempts'; readonly retryAfterSeconds: number }

export interface Door {
  /** Whether the request is meant for this console at all: what is open without a credential asks only this. */
  refuseForeign(knock: Knock): Refused | null
  /** Who it is. */
  admit(knock: Knock): Entry
  /** Whose token it is, as somebody typed it; a wrong one counts. */
  tryToken(token: string): Actor | Refused
  /** Counts something wrong that was tried in place of a token. */
  fail(): Refused
}

export interface DoorOptions {
  readonly tokens: Tokens
  readonly sessions: Sessions
  readonly attempts: Attempts
  readonly addresses: Addresses
}

export function createDoor({ tokens, sessions, attempts, addresses }: DoorOptions): Door {
  function fail(): Refused {
    const retryAfterSeconds = attempts.fail()
    if (retryAfterSeconds > 0) return { status: 429, key: 'too-many-attempts', retryAfterSeconds }
    return { status: 401, key: 'unauthorized-token' }
  }

  function tryToken(token: string): Actor | Refused {
    return tokens.find(token) ?? fail()
  }

  /** Which of ours was asked for. */
  function addressOf(knock: Knock): Address | Refused {
    const { host, origin } = knock.headers
    const address = addresses.of(host)
    if (address === null) return { status: 403, key: 'foreign-host' }
    const fault = judgeOrigin(knock, { own: address.origin, byCookie: false })
    if (fault === null) return address
    // Our own page, through a proxy that says to have been asked for something else.
    const isOurs = origin !== undefined && addresses.isPublic(origin)
    return { status: 403, key: isOurs ? 'host-not-passed' : fault }
  }

  return {
    refuseForeign(knock) {
      const address = addressOf(knock)
      return 'status' in address ? address : null
    },
    tryToken,
    fail,
    admit(knock) {
      const address = addressOf(knock)
      if ('status' in address) return { let: 'out', refusal: address }
      const bearer = /^Bearer +(\S+) *$/i.exec(knock.headers.authorization ?? '')?.[1]
      if (bearer !== undefined) {
        const actor = tryToken(bearer)
        return 'status' in actor ? { let: 'out', refusal: actor } : { let: 'in', actor, session: null }
      }
      const id = readCookie(knock.headers.cookie, address.cookie.name)
      const session = id === null ? null : sessions.find(id)
      if (session === null) return { let: 'out', refusal: { status: 401, key: 'unauthorized' } }
      const fault = judgeOrigin(knock, { own: address.origin, byCookie: true })
      if (fault !== null) return { let: 'out', refusal: { status: 403, key: fault } }
      return { let: 'in', actor: session.actor, session }
    },
  }
}
