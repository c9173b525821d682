/**
 * Screens that are loaded once the first one stands: what is open at the start should not wait for the code of what is
 * not. They are fetched while the page is idle, so that opening one later waits for nothing.
 */
import { type ComponentType, useEffect, useState } from 'react'

export interface LaterScreen<Props> {
  readonly Screen: ComponentType<Props>
  /** Settles once it is there, or could not be had: whoever opens it is told then. */
  preload(): Promise<void>
}

/** Not `React.lazy`: that shows its fallback also for what is there already. */
export function laterScreen<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): LaterScreen<Props> {
  let Loaded: ComponentType<Props> | null = null
  let loading: Promise<void> | null = null

  function begin(): Promise<void> {
    loading ??= load().then(
      (component) => {
        Loaded = component
      },
      (error: unknown) => {
        // The next attempt starts anew.
        loading = null
        throw error
      },
    )
    return loading
  }

  function Screen(props: Props) {
    const [, setLoaded] = useState(Loaded !== null)
    useEffect(() => {
      // It may have come between drawing and this.
      begin().then(
        () => setLoaded(true),
        // Thrown while drawing, so that it is told like any screen that failed.
        (error: unknown) =>
          setLoaded(() => {
            throw error
          }),
      )
    }, [])
    return Loaded === null ? null : <Loaded {...props} />
  }

  return { Screen, preload: () => begin().catch(() => {}) }
}
