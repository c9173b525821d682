/** The console itself: who is asking, what it is, and what people prefer. */
import { z } from 'zod'
import { ROLES } from '#shared/catalogue/roles.ts'
import { LANGUAGES } from '#shared/locales/languages.ts'
import { procedure, reads } from './procedure.ts'

export const Preferences = z.object({
  theme: z.enum(['dark', 'light', 'system']),
  language: z.enum(['system', ...LANGUAGES]),
})
export type Preferences = z.infer<typeof Preferences>

export const session = {
  /** Who is asking and of which console. */
  get: reads().output(
    z.object({
      actor: z.object({ name: z.string(), role: z.enum(ROLES) }),
      version: z.string(),
      host: z.enum(['electron', 'web']),
      dataDirectory: z.string(),
      startedAt: z.number(),
      preferences: Preferences,
    }),
  ),
  /** Kept for the actor, on every device. */
  prefer: procedure({ role: 'READONLY', effect: 'writes' }).input(Preferences.partial()).output(Preferences),
}
