/** `l` leads to the logs: around the moment that is pointed at on a chart, else around what the first cause began with. */
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { keysAreTaken, letterOf } from '../../../shell/shortcuts.ts'

/**
 * @param placeNow where the key leads at this moment; `null`: it is somebody else's
 * @param first it is asked before the others
 */
export function useLogsKey(placeNow: () => string | null, first = false): void {
  const [, go] = useLocation()
  const latest = useRef(placeNow)
  useEffect(() => {
    latest.current = placeNow
  })
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (letterOf(event) !== 'l' || keysAreTaken(event.target)) return
      const place = latest.current()
      if (place === null) return
      event.preventDefault()
      go(place)
    }
    document.addEventListener('keydown', press, { capture: first })
    return () => document.removeEventListener('keydown', press, { capture: first })
  }, [go, first])
}
