/**
 * Browser sessions. They are kept here, so that they can be ended; the disk holds only hashes of their ids, so that a
 * restart does not send everybody to the start page and a copied file opens nothing.
 */
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { ROLES } from '#shared/catalogue/roles.ts'
import type { Clock } from '../../engine/clock.ts'
import type { Log } from '../../engine/log.ts'
import type { Actor } from '../../engine/policy/actor.ts'
import { readPrivateFile, writePrivateFile } from '../private-file.ts'

export const SESSION_LIFETIME_MS = 30 * 86_400_000
const MOST_SESSIONS = 100

export interface Session {
  /** SHA-256 of the id, hex: names the session everywhere but in the cookie. */
  readonly key: string
  readonly actor: Actor
  readonly endsAt: number
}

export interface Sessions {
  /** @returns the id, for the cookie; it is not kept */
  open(actor: Actor): string
  find(id: string): Session | null
  /** Ends a session; whoever listens closes its sockets. */
  end(key: string): void
  /** Ends those whose time is over: nobody asks for the session of a socket that is open. */
  endExpired(): void
  onEnd(listener: (key: string) => void): () => void
}

const Stored = z.object({
  /** Of the administrator's token: with a new token the sessions of the old one end. */
  boundTo: z.string(),
  sessions: z.array(
    z.object({
      key: z.string(),
      endsAt: z.number(),
      actor: z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES), via: z.literal('web') }),
    }),
  ),
})

export interface SessionsOptions {
  readonly dataDirectory: string
  readonly administratorToken: string
  readonly clock: Clock
  readonly log: Log
}

export function createSessions({ dataDirectory, administratorToken, clock, log }: SessionsOptions): Sessions {
  const path = join(dataDirectory, 'sessions.json')
  const boundTo = hash(administratorToken)
  const sessions = new Map<string, Session>(load().map((session) => [session.key, session]))
  const listeners = new Set<(key: string) => void>()

  function load(): Session[] {
    try {
      const stored = Stored.parse(JSON.parse(readPrivateFile(path) ?? 'null') ?? { boundTo, sessions: [] })
      return stored.boundTo === boundTo ? stored.sessions : []
    } catch (error) {
      log.warn({ err: error, path }, 'stored sessions are not readable: browsers have to sign in again')
      return []
    }
  }

  function save(): void {
    try {
      writePrivateFile(path, JSON.stringify({ boundTo, sessions: [...sessions.values()] }))
    } catch (error) {
      log.warn({ err: error, path }, 'sessions could not be stored: they end with this run')
    }
  }

  function end(key: string): void {
    if (!sessions.delete(key)) return
    save()
    for (const listener of listeners) listener(key)
  }

  function endExpired(): void {
    const now = clock.now()
    for (const { key, endsAt } of [...sessions.values()]) if (endsAt <= now) end(key)
  }

  return {
    open({ id, name, role }) {
      const sessionId = randomBytes(32).toString('base64url')
      const now = clock.now()
      endExpired()
      const surplus = [...sessions.values()].slice(0, Math.max(0, sessions.size - MOST_SESSIONS + 1))
      for (const { key } of surplus) end(key)
      const key = hash(sessionId)
      sessions.set(key, { key, actor: { id, name, role, via: 'web' }, endsAt: now + SESSION_LIFETIME_MS })
      save()
      return sessionId
    },
    find(id) {
      // Looked up by a hash: the time it takes tells nothing of the id.
      const session = sessions.get(hash(id)) ?? null
      if (session === null || session.endsAt > clock.now()) return session
      end(session.key)
      return null
    },
    end,
    endExpired,
    onEnd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
