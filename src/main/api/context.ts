/** What a host tells the api of each call: who asks, in which language, and through which host. */
import type { Language } from '#shared/locales/languages.ts'
import type { Actor } from '../engine/policy/actor.ts'

export interface ApiContext {
  readonly actor: Actor
  readonly language: Language
  readonly host: 'electron' | 'web'
  /** By which the caller names a request, so that it is one however often it is made. */
  readonly idempotencyKey?: string | null
  /** Told where what the call made can be had, as a path of the REST interface. */
  readonly onCreated?: (path: string) => void
}
