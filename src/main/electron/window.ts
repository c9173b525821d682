/** The console's window and its security settings. */

import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { DESKTOP_ORIGIN } from '#shared/desktop-port.ts'
import type { DesktopNote } from '#shared/model/desktop-note.ts'

export interface WindowOptions {
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => BrowserWindow
  /** Path of the built preload. */
  readonly preload: string
  readonly icon: string
}

/** Opens the window; it appears once the page has something to show. */
export async function openWindow({ BrowserWindow, preload, icon }: WindowOptions): Promise<BrowserWindow> {
  const window = new BrowserWindow({
    title: 'Vakhta',
    icon,
    width: 1360,
    height: 860,
    minWidth: 800,
    minHeight: 560,
    show: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => window.show())
  await window.loadURL(`${DESKTOP_ORIGIN}/`)
  return window
}

/** Brings a window to the front, at an alert, else at a deployment's screen, else at the fleet. Another fragment loads no page anew. */
export function showPlace(
  window: Parameters<typeof focusWindow>[0] & Pick<BrowserWindow, 'loadURL'>,
  { alert, deployment }: Pick<DesktopNote, 'alert' | 'deployment'>,
): void {
  const ofDeployment = deployment === null ? '' : `deployments/${encodeURIComponent(deployment)}`
  const place = alert === null ? ofDeployment : `alerts/open/${encodeURIComponent(alert)}`
  window.loadURL(`${DESKTOP_ORIGIN}/#/${place}`).catch(() => {})
  focusWindow(window)
}

/** Brings a window to the front, out of the dock or task bar where it was minimised. */
export function focusWindow(window: Pick<BrowserWindow, 'isMinimized' | 'restore' | 'show' | 'focus'>): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
