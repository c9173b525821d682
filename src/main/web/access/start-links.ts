/** One-time links: each opens one browser session, once, within ten minutes. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../engine/clock.ts'
import type { Actor } from '../../engine/policy/actor.ts'

export const START_LINK_LIFETIME_MS = 10 * 60_000
/** Unused ones at a time; the oldest gives way. */
const MOST_LINKS = 20

export interface StartLinks {
  /** A new ticket for `/start?token=…`. */
  issue(actor: Actor): string
  /** Whom the ticket lets in, once; `null` where it is unknown, used or too old. */
  redeem(ticket: string): Actor | null
}

export function createStartLinks({ clock }: { clock: Clock }): StartLinks {
  // Looked up by value: a ticket is 256 random bits, gone after one use, and no comparison of bytes is timed.
  const tickets = new Map<string, { actor: Actor; endsAt: number }>()
  return {
    issue(actor) {
      const ticket = randomBytes(32).toString('base64url')
      tickets.set(ticket, { actor, endsAt: clock.monotonic() + START_LINK_LIFETIME_MS })
      const oldest = tickets.keys().next().value
      if (tickets.size > MOST_LINKS && oldest !== undefined) tickets.delete(oldest)
      return ticket
    },
    redeem(ticket) {
      const found = tickets.get(ticket)
      tickets.delete(ticket)
      return found !== undefined && found.endsAt > clock.monotonic() ? found.actor : null
    },
  }
}
