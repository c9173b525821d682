/**
 * Notes that the console hands to every open page: each is shown once in a browser, however many pages of it are open there, and
 * the console is told what came of it (decision 31).
 */
import type { DesktopNote, NoteOutcome } from '#shared/model/desktop-note.ts'
import type { Console } from './console.tsx'

/** The browser's part: what may be shown, showing it, and which of its pages does. */
export interface NoteBrowser {
  /** Calls back once this page is the one of its browser that shows notes, for as long as it lives. */
  onTurn(begin: () => void): void
  mayShow(): boolean
  /** Calls back whenever somebody allows or forbids it. That it cannot be done at all may show with a note, and calls nobody. */
  onPermission(listener: () => void): void
  show(note: DesktopNote): Promise<NoteOutcome>
}

/** A note comes again where the link was lost before the answer to it was there. */
const MOST_REMEMBERED = 50

export function followDesktopNotes(
  { topics, changes, client }: Pick<Console, 'topics' | 'changes' | 'client'>,
  browser: NoteBrowser,
): void {
  const shown = new Map<string, Promise<NoteOutcome>>()

  changes.onNote(({ id, note }) => {
    const outcome = shown.get(id) ?? browser.show(note)
    shown.set(id, outcome)
    const [oldest] = shown.keys()
    if (shown.size > MOST_REMEMBERED && oldest !== undefined) shown.delete(oldest)
    const answer = (came: NoteOutcome) => {
      tellAllowed()
      return client.channels.noted({ id, outcome: came })
    }
    // Where that cannot be told, the console tries again by itself.
    outcome.then(answer).catch(() => {})
  })

  let isOurTurn = false
  let release: (() => void) | null = null
  /** Whether this page shows what comes: the console warns where none does. */
  function tellAllowed(): void {
    const isAllowed = isOurTurn && browser.mayShow()
    if (isAllowed) release ??= topics.want(['desktop-allowed'])
    else {
      release?.()
      release = null
    }
  }
  /** What waited for a page that shows notes need not wait for its next try. */
  function attend(): void {
    if (isOurTurn && changes.isFollowing() && browser.mayShow()) client.channels.attend({}).catch(() => {})
  }
  changes.onFollowing(attend)
  browser.onPermission(() => {
    tellAllowed()
    attend()
  })
  browser.onTurn(() => {
    isOurTurn = true
    topics.want(['desktop'])
    tellAllowed()
    attend()
  })
}
