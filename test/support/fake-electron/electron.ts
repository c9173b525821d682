/**
 * The few functions of Electron that the app uses, under Node, where its binary cannot be had: events are emitted and
 * ports delivered as Electron documents it. The process ends when the app has quit and nothing is left open.
 */
import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import type * as Electron from 'electron'
import { FakeWindow } from './window.ts'

/** Everything that the app did to the world outside, for the test to look at. */
export const record = {
  userData: '',
  sandboxed: false,
  schemes: [] as Electron.CustomScheme[],
  openedElsewhere: [] as string[],
  notes: [] as { title: string; body: string; urgency: string; closed: boolean }[],
  exitCode: null as number | null,
}

type AppFunctions = Pick<
  Electron.App,
  | 'enableSandbox'
  | 'setPath'
  | 'requestSingleInstanceLock'
  | 'whenReady'
  | 'getVersion'
  | 'getPreferredSystemLanguages'
  | 'quit'
  | 'exit'
>

class FakeApp extends EventEmitter implements AppFunctions {
  enableSandbox() {
    record.sandboxed = true
  }
  setPath(name: string, path: string) {
    if (name === 'userData') record.userData = path
    mkdirSync(path, { recursive: true })
  }
  requestSingleInstanceLock() {
    return process.env.FAKE_ELECTRON_SECOND_INSTANCE === undefined
  }
  async whenReady() {}
  getVersion() {
    return '0.0.0-test'
  }
  getPreferredSystemLanguages() {
    return ['ru-RU', 'en-GB']
  }
  quit() {
    const event = cancellable()
    this.emit('before-quit', event)
    if (event.defaultPrevented) return
    this.exit(0)
  }
  exit(code = 0) {
    record.exitCode = code
    process.exitCode = code
    FakeWindow.closeAll()
    this.emit('quit', cancellable(), code)
    // Electron's own loop ends here; whatever else is still open keeps the process, and fails the test.
    process.disconnect?.()
  }
}

class FakeProtocol implements Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'> {
  readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>()
  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]) {
    record.schemes = schemes
  }
  handle(scheme: string, handler: (request: Request) => Response | Promise<Response>) {
    this.handlers.set(scheme, handler)
  }
}

type SessionFunctions = Pick<
  Electron.Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>

class FakeSession implements SessionFunctions {
  request: Parameters<Electron.Session['setPermissionRequestHandler']>[0] = null
  check: Parameters<Electron.Session['setPermissionCheckHandler']>[0] = null
  device: Parameters<Electron.Session['setDevicePermissionHandler']>[0] = null
  setPermissionRequestHandler(handler: FakeSession['request']) {
    this.request = handler
  }
  setPermissionCheckHandler(handler: FakeSession['check']) {
    this.check = handler
  }
  setDevicePermissionHandler(handler: FakeSession['device']) {
    this.device = handler
  }
}

/** An event whose default can be prevented. */
export function cancellable<Params extends object>(params?: Params): Electron.Event<Params> {
  let prevented = false
  const event = {
    ...params,
    preventDefault() {
      prevented = true
    },
    get defaultPrevented() {
      return prevented
    },
  }
  return event as unknown as Electron.Event<Params>
}

export const app = new FakeApp()
export const ipcMain = new EventEmitter()
export const powerMonitor = new EventEmitter()
export const protocol = new FakeProtocol()
export const session = { defaultSession: new FakeSession() }
export const shell = {
  async openExternal(url) {
    record.openedElsewhere.push(url)
  },
} satisfies Pick<Electron.Shell, 'openExternal'>
export const dialog = {
  showErrorBox(title, content) {
    process.stderr.write(`[dialog] ${title}: ${content}\n`)
  },
} satisfies Pick<Electron.Dialog, 'showErrorBox'>

/** Shows what it is told to; `FAKE_ELECTRON_NO_NOTES` says that it cannot. */
class FakeNotification extends EventEmitter {
  static readonly shown: FakeNotification[] = []
  readonly #noted: (typeof record.notes)[number]
  constructor({ title = '', body = '', urgency = 'normal' }: Electron.NotificationConstructorOptions) {
    super()
    this.#noted = { title, body, urgency, closed: false }
  }
  static isSupported() {
    return process.env.FAKE_ELECTRON_NO_NOTES === undefined
  }
  show() {
    record.notes.push(this.#noted)
    FakeNotification.shown.push(this)
    setImmediate(() => this.emit('show'))
  }
  close() {
    this.#noted.closed = true
  }
}

export { FakeNotification as Notification }

FakeWindow.attach({ app, ipcMain })

export { FakeWindow as BrowserWindow }
