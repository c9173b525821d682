/** The console itself: who is asking, and what they prefer. */
import { Preferences } from '#shared/contract/console.ts'
import type { Engine } from '../engine/engine.ts'
import type { Actor } from '../engine/policy/actor.ts'
import type { Procedures } from './procedures.ts'

export interface ConsoleFacts {
  readonly version: string
  readonly dataDirectory: string
}

const DEFAULTS: Preferences = { theme: 'dark', language: 'system' }

export function implementSession(procedures: Procedures, engine: Engine, facts: ConsoleFacts) {
  /** What an older or newer version stored, and this one does not understand, counts as not set. */
  async function preferencesOf(actor: Actor): Promise<Preferences> {
    const stored = await engine.preferences.get(actor)
    const theme = Preferences.shape.theme.safeParse(stored.theme)
    const language = Preferences.shape.language.safeParse(stored.language)
    return {
      theme: theme.success ? theme.data : DEFAULTS.theme,
      language: language.success ? language.data : DEFAULTS.language,
    }
  }

  return {
    get: procedures.session.get.handler(async ({ context }) => {
      const { startedAt } = await engine.condition()
      const { name, role } = context.actor
      return {
        actor: { name, role },
        ...facts,
        host: context.host,
        startedAt,
        preferences: await preferencesOf(context.actor),
      }
    }),
    prefer: procedures.session.prefer.handler(async ({ context, input }) => {
      const present = await preferencesOf(context.actor)
      const preferences: Preferences = {
        theme: input.theme ?? present.theme,
        language: input.language ?? present.language,
      }
      await engine.preferences.set(context.actor, {
        ...(await engine.preferences.get(context.actor)),
        ...preferences,
      })
      return preferences
    }),
  }
}
