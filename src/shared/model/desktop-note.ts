/** A note on somebody's desktop, and what became of it in a browser that was to show it. */
import { z } from 'zod'
import { LANGUAGES } from '#shared/locales/languages.ts'

export const DesktopNote = z.object({
  /** The same for all that is said of one incident: a newer note takes the place of the older one. */
  tag: z.string(),
  title: z.string(),
  body: z.string(),
  language: z.enum(LANGUAGES),
  /** Where a click leads; `null`: of none, or of several. */
  deployment: z.string().nullable(),
  /** The alert that heads it; `null`: of none. */
  alert: z.string().nullable(),
  /** Stays until it is clicked away. */
  isUrgent: z.boolean(),
  /** It rings also where it takes the place of an older one. */
  rings: z.boolean(),
})
export type DesktopNote = z.infer<typeof DesktopNote>

/**
 * `not-asked`: nobody has allowed it in that browser yet. `blocked`: somebody forbade it. `not-shown`: it may, and did not; some browsers cannot.
 */
export const NOTE_OUTCOMES = ['shown', 'not-asked', 'blocked', 'not-shown'] as const
export const NoteOutcome = z.enum(NOTE_OUTCOMES)
export type NoteOutcome = z.infer<typeof NoteOutcome>
