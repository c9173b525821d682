/** One console to a data directory: a second start brings the first one's window to the front and ends. */
import type { App } from 'electron'

/**
 * Whether this is the first instance. `onSecond` is called when another one was started and gave way.
 * Instances are told apart by the app's `userData` path.
 */
export function claimSingleInstance(
  app: Pick<App, 'requestSingleInstanceLock' | 'on'>,
  onSecond: () => void,
): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', onSecond)
  return true
}
