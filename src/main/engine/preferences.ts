/** What people prefer (theme, language), kept per actor as JSON; what stands in it is the contract's business. */
import type { Actor } from './policy/actor.ts'
import type { Store } from './store/store.ts'

export interface Preferences {
  get(actor: Actor): Promise<Record<string, unknown>>
  set(actor: Actor, preferences: Record<string, unknown>): Promise<void>
}

export function createPreferences({ store }: { store: Store }): Preferences {
  return {
    async get(actor) {
      const row = await store.first<{ value: string }>(
        'SELECT value FROM preferences WHERE actor = ?',
        actor.id,
      )
      return row === null ? {} : (JSON.parse(row.value) as Record<string, unknown>)
    },
    async set(actor, preferences) {
      await store.write((database) =>
        database
          .prepare(
            'INSERT INTO preferences (actor, value) VALUES (?, ?) ON CONFLICT (actor) DO UPDATE SET value = excluded.value',
          )
          .run(actor.id, JSON.stringify(preferences)),
      )
    },
  }
}
