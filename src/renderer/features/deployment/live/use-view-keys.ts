/** Moves the view by keys: ← → to pan, + − to zoom, 0 to follow again. */
import { useEffect } from 'react'
import { FIRST_VIEW, pan, type View, zoom } from './view.ts'

type Move = (view: View, now: number) => View

const MOVES: Record<string, Move> = {
  ArrowLeft: (view, now) => pan(view, -1, now),
  ArrowRight: (view, now) => pan(view, 1, now),
  '+': (view, now) => zoom(view, 0.5, now),
  '=': (view, now) => zoom(view, 0.5, now),
  '-': (view, now) => zoom(view, 2, now),
  '0': () => FIRST_VIEW,
}

/** Elements that have a use of their own for these keys. */
const OWN_KEYS =
  'input, textarea, select, [contenteditable], [role="radiogroup"], [role="dialog"], [role="listbox"]'

export function useViewKeys(setView: (change: (view: View) => View) => void): void {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const move = MOVES[event.key]
      if (move === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
        return
      if (event.target instanceof Element && event.target.closest(OWN_KEYS) !== null) return
      event.preventDefault()
      setView((view) => move(view, Date.now()))
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [setView])
}
