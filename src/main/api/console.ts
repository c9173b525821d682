/** The console itself: who is asking, and what they prefer. */
import { Preferences } from '#shared/contract/console.ts'
import type { Engine } from '../engine/engine.ts'
import type { Actor } from '../engine/policy/actor.ts'
import type { Procedures } from './procedures.ts'

export interface ConsoleFacts {
  readonly version: string
  readonly dataDirectory: string
}

const DEFAULTS: Preferences = {
  theme: 'dark',
  language: 'system',
  fleet: { text: '', status: null, environment: null, tag: null, sort: 'badness', group: 'none' },
  alerts: { text: '', severity: null, deployment: null, state: null },
}

export function implementSession(procedures: Procedures, engine: Engine, facts: ConsoleFacts) {
  /** What an older or newer version stored, and this one does not understand, counts as not set. */
  async function preferencesOf(actor: Actor): Promise<Preferences> {
    const stored = await engine.preferences.get(actor)
    const theme = Preferences.shape.theme.safeParse(stored.theme)
    const language = Preferences.shape.language.safeParse(stored.language)
    const fleet = Preferences.shape.fleet.safeParse(stored.fleet)
    const alerts = Preferences.shape.alerts.safeParse(stored.alerts)
    return {
      theme: theme.success ? theme.data : DEFAULTS.theme,
      language: language.success ? language.data : DEFAULTS.language,
      fleet: fleet.success ? fleet.data : DEFAULTS.fleet,
      alerts: alerts.success ? alerts.data : DEFAULTS.alerts,
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
        fleet: input.fleet ?? present.fleet,
        alerts: input.alerts ?? present.alerts,
      }
      await engine.preferences.set(context.actor, {
        ...(await engine.preferences.get(context.actor)),
        ...preferences,
      })
      return preferences
    }),
  }
}
