/** The browser's notifications, and which page of it shows them: the one that holds a lock of this console's address. */
import type { DesktopNote, NoteOutcome } from '#shared/model/desktop-note.ts'
import type { NoteBrowser } from './desktop-notes.ts'

/** Browsers that show one say so at once. */
const SHOWN_WITHIN_MS = 3_000
const LOCK = 'vakhta-desktop-notes'

export type NotePermission = 'granted' | 'not-asked' | 'blocked' | 'impossible'

/** Browsers have neither notifications nor locks for pages that come over plain HTTP from another machine. */
export function notePermission(): NotePermission {
  if (!('Notification' in window) || !window.isSecureContext) return 'impossible'
  const said = Notification.permission
  return said === 'granted' ? said : said === 'denied' ? 'blocked' : 'not-asked'
}

/** Calls back where somebody allows or forbids it, also elsewhere. @returns what ends that */
export function onNotePermission(listener: () => void): () => void {
  let status: PermissionStatus | null = null
  let isOver = false
  navigator.permissions?.query({ name: 'notifications' }).then(
    (found) => {
      if (isOver) return
      status = found
      found.addEventListener('change', listener)
    },
    // A browser that cannot say so is asked again when a page is opened.
    () => {},
  )
  return () => {
    isOver = true
    status?.removeEventListener('change', listener)
  }
}

/** Asks the person; browsers do so only where somebody pressed something. */
export async function askForNotes(): Promise<NotePermission> {
  if (notePermission() === 'not-asked') await Notification.requestPermission()
  return notePermission()
}

/** @param open goes to the screen of an alert; `null`: of none */
export function createNoteBrowser(open: (alert: string | null) => void): NoteBrowser {
  /** Browsers of phones have the class and its permission, and let nobody use it: that shows only with the first note. */
  let isUnusable = false

  function show(note: DesktopNote): Promise<NoteOutcome> {
    const permission = notePermission()
    if (permission === 'impossible') return Promise.resolve('not-shown')
    if (permission !== 'granted') return Promise.resolve(permission)
    const outcome = Promise.withResolvers<NoteOutcome>()
    const late = setTimeout(() => outcome.resolve('not-shown'), SHOWN_WITHIN_MS)
    try {
      const { tag, title, body, language, isUrgent, rings, alert } = note
      const options = { tag, body, lang: language, requireInteraction: isUrgent, renotify: rings }
      const notification = new Notification(title, options)
      notification.addEventListener('show', () => outcome.resolve('shown'))
      notification.addEventListener('error', () => outcome.resolve('not-shown'))
      notification.addEventListener('click', () => {
        window.focus()
        notification.close()
        open(alert)
      })
    } catch {
      isUnusable = true
      outcome.resolve('not-shown')
    }
    return outcome.promise.finally(() => clearTimeout(late))
  }

  return {
    show,
    mayShow: () => !isUnusable && notePermission() === 'granted',
    onPermission: (listener) => void onNotePermission(listener),
    onTurn(begin) {
      if (!('locks' in navigator)) return begin()
      // Held until the page goes; then the next one of this browser has its turn.
      navigator.locks
        .request(LOCK, () => {
          begin()
          return new Promise<never>(() => {})
        })
        .catch(begin)
    },
  }
}
