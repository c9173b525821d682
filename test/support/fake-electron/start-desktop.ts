/** Starts the built desktop app on the fake in a process of its own, and speaks to it as its page and its user would. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { PortEvent, Requests } from './driver.ts'

const HERE = import.meta.dirname

/** The page's end of a message port, as `@orpc/client/message-port` takes it. */
export interface PagePort {
  addEventListener(type: 'message' | 'close', listener: (event: { data: unknown }) => void): void
  postMessage(data: unknown): void
}

export interface Desktop {
  /** Does one of the driver's requests; rejects with what it threw. */
  ask<Name extends keyof Requests>(
    name: Name,
    ...parameters: Parameters<Requests[Name]>
  ): Promise<Awaited<ReturnType<Requests[Name]>>>
  /** Connects as a frame does; the port closes at once where the app refuses it. */
  connect(options?: { url?: string; embeddedIn?: string; fromElsewhere?: boolean }): Promise<PagePort>
  /** Exit code once the process has ended by itself. */
  readonly ended: Promise<number | null>
  readonly log: () => string
  readonly child: ChildProcess
}

export interface DesktopOptions {
  /** Path of the built main entry. */
  readonly main: string
  readonly argv: readonly string[]
  readonly env?: Record<string, string>
}

export function startDesktop({ main, argv, env = {} }: DesktopOptions): Desktop {
  const child = fork(join(HERE, 'driver.ts'), [...argv], {
    execArgv: ['--import', join(HERE, 'register.ts')],
    env: { ...process.env, ...env, FAKE_ELECTRON_MAIN: main },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
  }
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const events = new Map<number, PortEvent[]>()
  const listeners = new Map<number, (event: PortEvent) => void>()
  let next = 0

  child.on('message', (message: { id: number; answer?: unknown; error?: string } | PortEvent) => {
    if ('id' in message) {
      const { id, answer, error } = message
      if (error === undefined) waiting.get(id)?.resolve(answer)
      else waiting.get(id)?.reject(new Error(error))
      waiting.delete(id)
      return
    }
    const port = 'closed' in message ? message.closed : message.port
    const listener = listeners.get(port)
    if (listener === undefined) events.set(port, [...(events.get(port) ?? []), message])
    else listener(message)
  })
  const ended = once(child, 'exit').then(([code]) => {
    for (const { reject } of waiting.values()) reject(new Error(`the app ended\n${log}`))
    return code as number | null
  })

  function ask<Name extends keyof Requests>(name: Name, ...parameters: Parameters<Requests[Name]>) {
    const id = next++
    const answer = Promise.withResolvers<unknown>()
    waiting.set(id, answer)
    child.send({ id, name, parameters }, (error) => error !== null && answer.reject(error))
    return answer.promise as Promise<Awaited<ReturnType<Requests[Name]>>>
  }

  return {
    ask,
    ended,
    child,
    log: () => log,
    async connect({ url = 'vakhta://console/', embeddedIn, fromElsewhere = false } = {}) {
      const parent = embeddedIn === undefined ? null : { url: embeddedIn, parent: null }
      const port = await ask('connect', { url, parent }, fromElsewhere)
      const target = new EventTarget()
      const deliver = (event: PortEvent) => {
        const type = 'closed' in event ? 'close' : 'message'
        target.dispatchEvent(Object.assign(new Event(type), 'closed' in event ? {} : { data: event.data }))
      }
      listeners.set(port, deliver)
      // Whoever connects listens at once; what came meanwhile is told after that.
      setImmediate(() => events.get(port)?.forEach(deliver))
      return {
        addEventListener: (type, listener) =>
          target.addEventListener(type, (event) => listener(event as Event & { data: unknown })),
        postMessage: (data) => void ask('post', port, data).catch(() => {}),
      }
    },
  }
}
