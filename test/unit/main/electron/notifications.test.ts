import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { desktopNotifications } from '../../../../src/main/electron/notifications.ts'
import { showPlace } from '../../../../src/main/electron/window.ts'
import type { DesktopNote } from '../../../../src/shared/model/desktop-note.ts'

/** A system that shows everything at once. */
class ShownNote extends EventEmitter {
  static readonly all: { options: Electron.NotificationConstructorOptions; note: ShownNote }[] = []
  static isSupported = () => true
  constructor(options: Electron.NotificationConstructorOptions) {
    super()
    ShownNote.all.push({ options, note: this })
  }
  show() {
    this.emit('show')
  }
  close() {}
}

const NOTE: DesktopNote = {
  ...{ tag: 'i1', title: 'Critical · shop', body: '', language: 'en', deployment: 'shop', alert: 'a1' },
  ...{ isUrgent: true, rings: true },
}

it('a note rings only where there is news that rings, and a click leads to its alert, else to where it happened', async () => {
  const opened: string[] = []
  const window = {
    loadURL: async (url: string) => void opened.push(url),
    isMinimized: () => false,
    ...{ restore() {}, show() {}, focus() {} },
  }
  const desktop = desktopNotifications({
    Notification: ShownNote as unknown as Parameters<typeof desktopNotifications>[0]['Notification'],
    onClick: (note) => showPlace(window, note),
  })
  const { signal } = new AbortController()
  await desktop.show(NOTE, signal)
  await desktop.show({ ...NOTE, rings: false }, signal)
  await desktop.show({ ...NOTE, alert: null }, signal)
  await desktop.show({ ...NOTE, alert: null, deployment: null }, signal)
  expect(ShownNote.all.map(({ options }) => options.silent)).toEqual([false, true, false, false])
  for (const { note } of ShownNote.all) note.emit('click')
  expect(opened).toEqual([
    'vakhta://console/#/alerts/open/a1',
    'vakhta://console/#/alerts/open/a1',
    'vakhta://console/#/deployments/shop',
    'vakhta://console/#/',
  ])
})
