/** Whether this browser may show notifications of this console, also where somebody changes that elsewhere. */
import { useEffect, useState } from 'react'
import {
  askForNotes,
  type NotePermission,
  notePermission,
  onNotePermission,
} from '../../../client/note-browser.ts'

export function useNotePermission(): { permission: NotePermission; ask: () => void } {
  const [permission, setPermission] = useState(notePermission)

  useEffect(() => onNotePermission(() => setPermission(notePermission())), [])

  return { permission, ask: () => void askForNotes().then(setPermission) }
}
