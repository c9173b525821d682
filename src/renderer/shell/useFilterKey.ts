/** `/` leads to the field that narrows a list down, on every layout where that key types it or stands there. */
import { type RefObject, useEffect, useRef } from 'react'
import { keysAreTaken } from './shortcuts.ts'

/** For the field of the screen; there is one at a time. */
export function useFilterKey(): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      const slash = event.key === '/' || (event.code === 'Slash' && !event.shiftKey)
      if (!slash || event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])
  return field
}
