/**
 * The thread that the history works in, seen from the engine: calls and their answers, and a new thread after a crash,
 * with growing pauses between attempts.
 */
import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { StoreError } from '../store/store.ts'
import { threadEnv } from '../thread-env.ts'
import type {
  WorkerCall,
  WorkerCalls,
  WorkerFailure,
  WorkerReply,
  WorkerRequest,
  WorkerSetting,
} from './worker-messages.ts'

/** The worker is not there: it crashed, and another one is not up yet, or the history is closed. */
export class WorkerGone extends Error {
  override name = 'WorkerGone'
}

export interface WorkerLink {
  /** Rejects with `StoreError`, with `WorkerGone`, or with what went wrong in the worker. */
  call<Call extends WorkerCall>(name: Call, input: WorkerCalls[Call]['in']): Promise<WorkerCalls[Call]['out']>
  isUp(): boolean
  /** Ends the thread, after what it was asked before; nothing comes back. */
  close(): Promise<void>
}

export interface WorkerLinkOptions {
  readonly worker: URL
  readonly setting: WorkerSetting
  readonly clock: Clock
  readonly log: Log
  /** Called when a new thread is up after a crash. */
  readonly onRestart: () => void
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
const CLOSE_TIMEOUT_MS = 1_500
/** A worker that is asked something and says nothing for so many ticks is stuck. Counted, because in sleep nothing ticks. */
const TICK_MS = 5_000
const SILENT_TICKS = 6

interface Waiting {
  resolve(output: WorkerCalls[WorkerCall]['out']): void
  reject(error: Error): void
}

/** Resolves when the worker has opened `metrics.db`; rejects with `StoreError` where it cannot. */
export async function openWorkerLink(options: WorkerLinkOptions): Promise<WorkerLink> {
  const { worker: url, setting, clock, log, onRestart } = options
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  let thread: Worker | null = null
  let closing = false
  let pauseMs = FIRST_PAUSE_MS
  let cancelRestart = () => {}
  /** A thread that was told to end because it does not answer; no other begins while it has not. */
  let stuck: Worker | null = null
  let silentTicks = 0
  // Real time, whatever clock the engine has: that is what the thread lives in.
  const ticking = setInterval(tick, TICK_MS).unref()

  /** Starts a thread; resolves when it is ready to be called. */
  function start(): Promise<void> {
    const started = Promise.withResolvers<void>()
    const fresh = new Worker(url, { workerData: setting, name: 'history', env: threadEnv() })
    fresh.on('message', (reply: WorkerReply) => {
      silentTicks = 0
      switch (reply.kind) {
        case 'ready':
          // It may come up while the history closes: then nobody else would end it.
          if (closing) void fresh.terminate()
          else thread = fresh
          started.resolve()
          break
        case 'refused':
          started.reject(errorOf(reply.failure))
          break
        case 'damage':
          log.warn({ damage: reply.message }, 'a part of the history cannot be read; the rest can')
          break
        case 'answer':
          pauseMs = FIRST_PAUSE_MS
          take(reply.id)?.resolve(reply.output)
          break
        case 'failure':
          take(reply.id)?.reject(errorOf(reply.failure))
          break
      }
    })
    fresh.on('error', (error) => log.error({ err: error }, "the history's worker crashed"))
    fresh.on('exit', (code) => {
      started.reject(new WorkerGone(`the history's worker ended while it started (exit code ${code})`))
      if (fresh !== thread && fresh !== stuck) return
      thread = null
      stuck = null
      abandon("the history's worker ended before it answered")
      if (!closing) restartLater()
    })
    return started.promise
  }

  function restartLater(): void {
    log.warn({ pauseMs }, "the history's worker ended; another one is started after a pause")
    cancelRestart = clock.after(pauseMs, () => {
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      start().then(onRestart, (error: unknown) => {
        log.error({ err: error }, "the history's worker could not be started")
        if (!closing) restartLater()
      })
    })
  }

  function take(id: number): Waiting | undefined {
    const entry = waiting.get(id)
    waiting.delete(id)
    return entry
  }

  function tick(): void {
    silentTicks = waiting.size === 0 ? 0 : silentTicks + 1
    if (thread === null || silentTicks < SILENT_TICKS) return
    log.error(
      { seconds: (silentTicks * TICK_MS) / 1000 },
      "the history's worker does not answer; it is ended",
    )
    stuck = thread
    thread = null
    abandon("the history's worker does not answer")
    void stuck.terminate()
  }

  function abandon(why: string): void {
    const error = new WorkerGone(why)
    for (const entry of waiting.values()) entry.reject(error)
    waiting.clear()
  }

  function call<Call extends WorkerCall>(
    name: Call,
    input: WorkerCalls[Call]['in'],
  ): Promise<WorkerCalls[Call]['out']> {
    const target = thread
    if (target === null) return Promise.reject(new WorkerGone("the history's worker is not running"))
    const { promise, resolve, reject } = Promise.withResolvers<WorkerCalls[Call]['out']>()
    const id = nextId++
    // The worker answers a call with that call's own output: its `answer` is checked against `WorkerCalls`.
    waiting.set(id, { resolve: (output) => resolve(output as WorkerCalls[Call]['out']), reject })
    target.postMessage({ id, call: name, input } as WorkerRequest)
    return promise
  }

  try {
    await start()
  } catch (error) {
    clearInterval(ticking)
    throw error
  }
  return {
    call,
    isUp: () => thread !== null,
    async close() {
      closing = true
      clearInterval(ticking)
      cancelRestart()
      const last = thread
      if (last === null) return
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)
      await Promise.race([call('close', {}).catch(() => undefined), late])
      clearTimeout(timer)
      await last.terminate()
    },
  }
}

function errorOf({ message, code }: WorkerFailure): Error {
  return code === null ? new Error(message) : new StoreError(code, message)
}
