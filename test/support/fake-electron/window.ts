/** A window whose page runs the built preload as Electron's sandbox does: it can require `electron` and nothing else. */
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type * as Electron from 'electron'

/** Where a frame says that it is. */
export interface FakeFrame {
  readonly url: string
  readonly parent: FakeFrame | null
}

interface PageMessage {
  readonly source: unknown
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}

/** `MessagePortMain` over a real port: it delivers nothing before `start`. */
class FakePortMain
  extends EventEmitter
  implements Pick<Electron.MessagePortMain, 'start' | 'close' | 'postMessage'>
{
  readonly #port: MessagePort
  constructor(port: MessagePort) {
    super()
    this.#port = port
    port.on('close', () => this.emit('close'))
  }
  start() {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }))
  }
  postMessage(message: unknown) {
    this.#port.postMessage(message)
  }
  close() {
    this.#port.close()
  }
}

class FakeContents extends EventEmitter {
  url = ''
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
    this.openHandler = handler
  }
  getURL() {
    return this.url
  }
}

type WindowFunctions = Pick<Electron.BrowserWindow, 'loadURL' | 'show' | 'focus' | 'restore' | 'isMinimized'>

export class FakeWindow extends EventEmitter implements WindowFunctions {
  static #all: FakeWindow[] = []
  static #world: { app: EventEmitter; ipcMain: EventEmitter } | null = null
  static attach(world: { app: EventEmitter; ipcMain: EventEmitter }) {
    FakeWindow.#world = world
  }
  static getAllWindows(): FakeWindow[] {
    return [...FakeWindow.#all]
  }
  static closeAll() {
    for (const window of FakeWindow.#all.splice(0)) window.#closePorts()
  }

  readonly options: Electron.BrowserWindowConstructorOptions
  readonly webContents = new FakeContents()
  readonly calls: string[] = []
  minimised = false
  readonly #pageListeners: ((message: PageMessage) => void)[] = []
  readonly #pagePorts: MessagePort[] = []
  /** The global `window` of the page, as the preload sees it. */
  readonly #page = {
    addEventListener: (type: string, listener: (message: PageMessage) => void) => {
      if (type === 'message') this.#pageListeners.push(listener)
    },
  }
  #frame: FakeFrame = { url: '', parent: null }

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    FakeWindow.#all.push(this)
    FakeWindow.#world?.app.emit('web-contents-created', {}, this.webContents)
  }

  async loadURL(url: string) {
    this.webContents.url = url
    const preload = this.options.webPreferences?.preload
    if (preload !== undefined) this.#runPreload(preload)
    this.emit('ready-to-show')
  }
  show() {
    this.calls.push('show')
  }
  focus() {
    this.calls.push('focus')
  }
  restore() {
    this.calls.push('restore')
    this.minimised = false
  }
  isMinimized() {
    return this.minimised
  }

  /** Does what the page does to get its port: posts one end of a channel to itself; answers with the other end. */
  connect(
    { frame, fromElsewhere }: { frame: FakeFrame; fromElsewhere: boolean },
    request: unknown,
  ): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.#pagePorts.push(port1)
    this.#frame = frame
    const source = fromElsewhere ? {} : this.#page
    for (const listener of this.#pageListeners) listener({ source, data: request, ports: [port2] })
    return port1
  }

  /** The last window of the app is closed by a person. */
  close() {
    FakeWindow.#all = FakeWindow.#all.filter((window) => window !== this)
    this.#closePorts()
    if (FakeWindow.#all.length === 0) FakeWindow.#world?.app.emit('window-all-closed')
  }

  #closePorts() {
    for (const port of this.#pagePorts) port.close()
  }

  #runPreload(path: string) {
    const ipcRenderer: Pick<Electron.IpcRenderer, 'postMessage'> = {
      postMessage: (channel, message, transfer = []) => {
        const ports = transfer.map((port) => new FakePortMain(port as unknown as MessagePort))
        FakeWindow.#world?.ipcMain.emit(channel, { ports, senderFrame: this.#frame }, message)
      },
    }
    const sandboxRequire = (name: string) => {
      if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`)
      return { ipcRenderer }
    }
    compileFunction(readFileSync(path, 'utf8'), ['require', 'exports', 'module', 'window'])(
      sandboxRequire,
      {},
      { exports: {} },
      this.#page,
    )
  }
}
