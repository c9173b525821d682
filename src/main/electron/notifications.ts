/** Notifications of the operating system: a newer one about an incident takes the place of the older. */
import type { Notification } from 'electron'
import type { DesktopNote } from '#shared/model/desktop-note.ts'
import type { Desktop } from '../engine/alerts/notify/desktop/desktop.ts'

type NotificationClass = Pick<typeof Notification, 'isSupported'> &
  (new (
    options: Electron.NotificationConstructorOptions,
  ) => Notification)

export interface DesktopNotificationsOptions {
  readonly Notification: NotificationClass
  /** Somebody clicked on one. */
  readonly onClick: (note: Pick<DesktopNote, 'alert' | 'deployment'>) => void
}

/** Systems that show one say so at once. */
const SHOWN_WITHIN_MS = 5_000
/** Of those that are over nobody clicks any more; the system keeps what it likes. */
const MOST_HELD = 50

export function desktopNotifications({ Notification, onClick }: DesktopNotificationsOptions): Desktop {
  /** One that nobody holds is collected, and its click goes nowhere. */
  const held = new Map<string, Notification>()

  return {
    show({ tag, title, body, deployment, alert, isUrgent, rings }) {
      if (!Notification.isSupported()) return Promise.reject(new Error('this system shows no notifications'))
      const outcome = Promise.withResolvers<void>()
      held.get(tag)?.close()
      const note = new Notification({
        ...{ title, body },
        // Each is a new one for the system, also where it takes the place of an older one.
        silent: !rings,
        urgency: isUrgent ? 'critical' : 'normal',
        timeoutType: isUrgent ? 'never' : 'default',
      })
      held.delete(tag)
      held.set(tag, note)
      const [oldest] = held.keys()
      if (held.size > MOST_HELD && oldest !== undefined) held.delete(oldest)
      const late = setTimeout(
        () => outcome.reject(new Error(`not shown within ${SHOWN_WITHIN_MS / 1_000} s`)),
        SHOWN_WITHIN_MS,
      )
      late.unref()
      note.once('show', () => outcome.resolve())
      note.once('failed', (_event, error) => outcome.reject(new Error(error)))
      note.on('click', () => onClick({ alert, deployment }))
      note.show()
      return outcome.promise.finally(() => clearTimeout(late))
    },
  }
}
