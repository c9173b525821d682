/** The desktop of whoever sits there, as a host of the engine has it. */
import type { DesktopNote, NoteOutcome } from '#shared/model/desktop-note.ts'

export interface Desktop {
  /** Resolves once it is shown; rejects where it cannot be, with `NotShown` where it is known why. */
  show(note: DesktopNote, signal: AbortSignal): Promise<void>
}

/** `no-page`: no page of the console is open anywhere. `unanswered`: one was told, and never said what came of it. */
export type WhyNotShown = Exclude<NoteOutcome, 'shown'> | 'no-page' | 'unanswered'

export class NotShown extends Error {
  override readonly name = 'NotShown'
  readonly why: WhyNotShown
  constructor(why: WhyNotShown) {
    super(`the note was not shown: ${why}`)
    this.why = why
  }
}
