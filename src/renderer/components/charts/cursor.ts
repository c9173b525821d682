/** The moment that the reader points at: one for all charts of a screen. */
import { useSyncExternalStore } from 'react'

export interface ChartCursor {
  /** Milliseconds since the epoch; `null` while nothing is pointed at. */
  get(): number | null
  set(moment: number | null): void
  subscribe(listener: () => void): () => void
}

export function createChartCursor(): ChartCursor {
  const listeners = new Set<() => void>()
  let current: number | null = null
  return {
    get: () => current,
    set(moment) {
      if (moment === current) return
      current = moment
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The moment pointed at; re-renders its caller, so call it in leaves. */
export function useCursorMoment(cursor: ChartCursor): number | null {
  return useSyncExternalStore(cursor.subscribe, cursor.get, cursor.get)
}
