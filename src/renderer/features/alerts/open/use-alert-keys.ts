/** The keys of the open alerts: what is selected is meant, else the one that has the focus or is open. */
import { useEffect } from 'react'
import { keysAreTaken, letterOf } from '../../../shell/shortcuts.ts'

interface Keys {
  readonly acknowledge: () => void
  readonly silence: () => void
  readonly resolve: () => void
  /** `null`: several cannot be selected. */
  readonly selectAll: (() => void) | null
  readonly leave: () => void
}

export function useAlertKeys(keys: Keys): void {
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      // What the shell took is its own: `g a`.
      if (event.defaultPrevented || event.altKey || keysAreTaken(event.target)) return
      const letter = letterOf(event)
      const isChord = event.ctrlKey || event.metaKey
      const act = isChord
        ? letter === 'a'
          ? keys.selectAll
          : undefined
        : { a: keys.acknowledge, s: keys.silence, x: keys.resolve, Escape: keys.leave }[letter]
      if (act == null) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  })
}
