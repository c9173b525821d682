/** Which backend has the focus, by PID: it keeps it when the order changes. */
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Backend } from '#shared/model/database/activity.ts'
import { rowAfterKey } from '../../../../components/table/useActiveRow.ts'

/** @param show brings a row into view: only what is there can have the focus */
export function useActiveBackend(
  backends: readonly Backend[],
  scroller: RefObject<HTMLElement | null>,
  show: (pid: number) => void,
) {
  const [chosen, setChosen] = useState<number | null>(null)
  const wantsFocus = useRef(false)
  const place = backends.findIndex(({ pid }) => pid === chosen)
  const active = place === -1 ? (backends[0]?.pid ?? null) : chosen

  // Runs after the row is there: a row out of view is only drawn once it is the active one.
  useEffect(() => {
    if (!wantsFocus.current || active === null) return
    wantsFocus.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-pid="${active}"]`)?.focus({ preventScroll: true })
  })

  return {
    active,
    activate: useCallback((pid: number) => setChosen(pid), []),
    onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      // What is opened scrolls by the same keys.
      if (!(event.target instanceof Element) || event.target.closest('[data-pid]') === null) return
      const to = rowAfterKey(event.key, place === -1 ? 0 : place, backends.length)
      const next = to === null ? undefined : backends[to]
      if (next === undefined) return
      event.preventDefault()
      wantsFocus.current = true
      setChosen(next.pid)
      show(next.pid)
    },
  }
}
