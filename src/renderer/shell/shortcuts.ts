/** The keys that work on every screen. They go by the Latin letter of the key, whatever layout is active. */
import { spotlight } from '@mantine/spotlight'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { goToQuestion } from '../features/questions/go-to-question.ts'
import { places } from '../places.ts'

/** How long `g` waits for its second key. */
const SEQUENCE_MS = 1_500

/** The Latin letter of a key: what it types, else what the same key types on a Latin layout. */
export function letterOf(event: Pick<KeyboardEvent, 'key' | 'code'>): string {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase()
  return /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? event.key
}

/** Whether keys belong to what has the focus: a field, or a dialog. */
export function keysAreTaken(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="listbox"]') !==
      null
  )
}

export function useShortcuts(): { helpOpen: boolean; setHelpOpen: (open: boolean) => void } {
  const [helpOpen, setHelpOpen] = useState(false)
  const [, go] = useLocation()

  useEffect(() => {
    let goingSince = 0

    function pressed(event: KeyboardEvent) {
      const letter = letterOf(event)
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && letter === 'k') {
        event.preventDefault()
        spotlight.toggle()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      const going = event.timeStamp - goingSince < SEQUENCE_MS
      goingSince = 0
      if (going && letter === 'f') go(places.fleet)
      else if (going && letter === 'a') go(places.alerts())
      else if (going && letter === 'o') go(places.operations())
      else if (going && letter === 'b') go(places.allBackups)
      else if (going && letter === 's') go(places.settings())
      else if (going && letter === 'q') goToQuestion()
      else if (letter === 'g') goingSince = event.timeStamp
      else if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) setHelpOpen(true)
      else return
      event.preventDefault()
    }

    // Before the keys of a screen: the second key of a sequence is not one of theirs.
    window.addEventListener('keydown', pressed, { capture: true })
    return () => window.removeEventListener('keydown', pressed, { capture: true })
  }, [go])

  return { helpOpen, setHelpOpen }
}
