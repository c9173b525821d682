/** Whether this browser may show notifications of this console, also where somebody changes that elsewhere. */
import { useEffect, useState } from 'react'
import { askForNotes, type NotePermission, notePermission } from '../../../client/note-browser.ts'

export function useNotePermission(): { permission: NotePermission; ask: () => void } {
  const [permission, setPermission] = useState(notePermission)

  useEffect(() => {
    const look = () => setPermission(notePermission())
    let status: PermissionStatus | null = null
    let isGone = false
    navigator.permissions?.query({ name: 'notifications' }).then(
      (found) => {
        if (isGone) return
        status = found
        found.addEventListener('change', look)
        look()
      },
      // A browser that cannot say so is asked again when the page is opened.
      () => {},
    )
    return () => {
      isGone = true
      status?.removeEventListener('change', look)
    }
  }, [])

  return { permission, ask: () => void askForNotes().then(setPermission) }
}
