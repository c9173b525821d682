/** Which row of a list has the focus, by what it is called: it keeps it when the order changes. */
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { keysAreTaken } from '../../shell/shortcuts.ts'

const PAGE = 10

/** Where a key leads from row `from` of `count`; `null` for keys that lead nowhere. From -1 the first or last row is next. */
export function rowAfterKey(key: string, from: number, count: number): number | null {
  if (count === 0) return null
  const to = {
    ArrowDown: from + 1,
    ArrowUp: from === -1 ? count - 1 : from - 1,
    PageDown: from + PAGE,
    PageUp: from - PAGE,
    Home: 0,
    End: count - 1,
  }[key]
  return to === undefined ? null : Math.min(count - 1, Math.max(0, to))
}

export function useActiveRow(
  rows: readonly string[],
  scroller: RefObject<HTMLElement | null>,
  show: (index: number) => void,
) {
  const [chosen, setChosen] = useState<string | null>(null)
  const wantsFocus = useRef(false)
  const activeIndex = chosen === null ? -1 : rows.indexOf(chosen)
  const active = activeIndex === -1 ? (rows[0] ?? null) : chosen

  function move(key: string, from: number): boolean {
    const to = rowAfterKey(key, from, rows.length)
    const row = to === null ? undefined : rows[to]
    if (to === null || row === undefined) return false
    wantsFocus.current = true
    setChosen(row)
    show(to)
    return true
  }

  // Runs after the row is there: a row out of view is only drawn once it is the active one.
  useEffect(() => {
    if (!wantsFocus.current || active === null) return
    wantsFocus.current = false
    scroller.current
      ?.querySelector<HTMLElement>(`[data-row="${CSS.escape(active)}"]`)
      ?.focus({ preventScroll: true })
  })

  // From nowhere in particular, an arrow enters the list.
  const enter = useRef(move)
  useEffect(() => {
    enter.current = move
  })
  useEffect(() => {
    function pressed(event: globalThis.KeyboardEvent) {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      const idle = event.target === document.body || (event.target as Element).id === 'content'
      if (idle && !keysAreTaken(event.target) && enter.current(event.key, -1)) event.preventDefault()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])

  return {
    active,
    activeIndex,
    /** The row got the focus in another way. */
    activate: useCallback((name: string) => setChosen(name), []),
    onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (move(event.key, activeIndex === -1 ? 0 : activeIndex)) event.preventDefault()
    },
  }
}
