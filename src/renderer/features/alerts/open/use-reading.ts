/** Whether somebody is reading a list: they move over it, or within it by keys, and have not stopped for long. */
import { type RefObject, useEffect, useState } from 'react'

/** Longer than it takes to read a line and to decide. */
const STILL_MS = 15_000
const ACTS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'focusin'] as const

/**
 * @param onBegin called once at the beginning of each reading, before anything else changes
 * @param goesOn whether it has not ended although nothing moves: something is selected, a dialog is open
 */
export function useReading(
  list: RefObject<HTMLElement | null>,
  { onBegin, goesOn }: { readonly onBegin: () => void; readonly goesOn: () => boolean },
): { readonly isReading: boolean; readonly stop: () => void } {
  const [isReading, setReading] = useState(false)

  useEffect(() => {
    const element = list.current
    if (element === null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    function rest() {
      clearTimeout(timer)
      timer = setTimeout(() => (goesOn() ? rest() : setReading(false)), STILL_MS)
    }
    function act() {
      if (!isReading) {
        onBegin()
        setReading(true)
      }
      rest()
    }
    if (isReading) rest()
    for (const one of ACTS) element.addEventListener(one, act, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const one of ACTS) element.removeEventListener(one, act)
    }
  })

  return { isReading, stop: () => setReading(false) }
}
