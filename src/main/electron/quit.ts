/** Quitting: the engine stops first, within a bound, and then the app ends. */
import type { App } from 'electron'
import type { Log } from '../engine/log.ts'

export interface QuitOptions {
  readonly app: Pick<App, 'on' | 'quit' | 'exit'>
  /** Stops everything; expected to end by itself in about five seconds. */
  readonly stop: () => Promise<void>
  readonly timeoutMs: number
  readonly log: Log
}

/** Delays quitting until `stop` ended; where it does not, or fails, the app ends all the same, with code 1. */
export function stopBeforeQuit({ app, stop, timeoutMs, log }: QuitOptions): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running'
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (state === 'stopped') return
    event.preventDefault()
    if (state === 'stopping') return
    state = 'stopping'
    const late = setTimeout(() => {
      log.error({ timeoutMs }, 'the engine did not stop in time')
      app.exit(1)
    }, timeoutMs)
    stop().then(
      () => {
        clearTimeout(late)
        state = 'stopped'
        app.quit()
      },
      (error: unknown) => {
        clearTimeout(late)
        log.error({ err: error }, 'the engine did not stop cleanly')
        app.exit(1)
      },
    )
  })
}
