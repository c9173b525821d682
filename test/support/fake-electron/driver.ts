/** Runs the built main entry on the fake, and does to it what the test asks for over the process's channel. */
import { pathToFileURL } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import type { Session } from 'electron'
import { PORT_REQUEST } from '../../../src/shared/desktop-port.ts'
import {
  app,
  BrowserWindow,
  cancellable,
  Notification,
  powerMonitor,
  protocol,
  record,
  session,
} from './electron.ts'
import type { FakeFrame } from './window.ts'

export interface DesktopState {
  readonly record: typeof record
  readonly windows: { options: Electron.BrowserWindowConstructorOptions; url: string; calls: string[] }[]
}

/** What a test can ask for: each with its answer. */
export interface Requests {
  state(): DesktopState
  fetch(
    url: string,
    method: string,
  ): Promise<{ status: number; headers: Record<string, string>; body: string }>
  /** Whether going there was prevented. */
  navigate(event: 'will-frame-navigate' | 'will-redirect', url: string, isMainFrame: boolean): boolean
  openWindow(url: string): string
  permit(
    permission: string,
    origin: string,
  ): { request: boolean; check: boolean | null; device: boolean | null }
  connect(frame: FakeFrame, fromElsewhere: boolean): number
  post(port: number, data: unknown): void
  startAgain(minimised: boolean): void
  sleep(asleep: boolean): void
  /** Clicks on the newest notification. */
  clickNote(): void
  closeWindow(): void
  quit(): void
}

export type PortEvent = { readonly port: number; readonly data: unknown } | { readonly closed: number }

const ports: MessagePort[] = []

function firstWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows()
  if (window === undefined) throw new Error('the app has no window')
  return window
}

const answers: Requests = {
  state: () => ({
    record,
    windows: BrowserWindow.getAllWindows().map(({ options, webContents, calls }) => ({
      options,
      url: webContents.url,
      calls,
    })),
  }),
  async fetch(url, method) {
    const handler = protocol.handlers.get(new URL(url).protocol.slice(0, -1))
    if (handler === undefined) throw new Error(`no handler for ${url}`)
    const response = await handler(new Request(url, { method }))
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    }
  },
  navigate(name, url, isMainFrame) {
    const event = cancellable({ url, isMainFrame })
    firstWindow().webContents.emit(name, event)
    return event.defaultPrevented
  },
  openWindow: (url) => firstWindow().webContents.openHandler?.({ url }).action ?? 'allow',
  permit(permission, origin) {
    const { defaultSession } = session
    const contents = { getURL: () => origin } as Electron.WebContents
    let request = true
    type Permission = Parameters<NonNullable<Parameters<Session['setPermissionCheckHandler']>[0]>>[1]
    defaultSession.request?.(
      contents,
      permission as Permission,
      (granted) => {
        request = granted
      },
      {} as Electron.PermissionRequest,
    )
    return {
      request,
      check: defaultSession.check?.(contents, permission as Permission, origin, {} as never) ?? null,
      device: defaultSession.device?.({} as never) ?? null,
    }
  },
  connect(frame, fromElsewhere) {
    const port = firstWindow().connect({ frame, fromElsewhere }, PORT_REQUEST)
    const id = ports.push(port) - 1
    port.on('message', (data: unknown) => tell({ port: id, data }))
    port.on('close', () => tell({ closed: id }))
    return id
  },
  post: (port, data) => ports[port]?.postMessage(data),
  startAgain(minimised) {
    firstWindow().minimised = minimised
    app.emit('second-instance', cancellable(), [], '', {})
  },
  sleep: (asleep) => powerMonitor.emit(asleep ? 'suspend' : 'resume'),
  clickNote() {
    Notification.shown.at(-1)?.emit('click')
  },
  closeWindow: () => firstWindow().close(),
  quit: () => app.quit(),
}

function tell(event: PortEvent) {
  if (process.connected) process.send?.(event)
}

process.on('message', (request: { id: number; name: keyof Requests; parameters: unknown[] }) => {
  const work = answers[request.name] as (...parameters: unknown[]) => unknown
  void Promise.resolve()
    .then(() => work(...request.parameters))
    .then(
      (answer) => ({ id: request.id, answer }),
      (error: unknown) => ({ id: request.id, error: String(error) }),
    )
    .then((answer) => process.connected && process.send?.(answer))
})

const main = process.env.FAKE_ELECTRON_MAIN
if (main === undefined) throw new Error('FAKE_ELECTRON_MAIN names the built main entry')
await import(pathToFileURL(main).href)
