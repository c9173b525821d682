/** One server as a child process: its log in a file, its end awaited, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { forget, type StopSignal, watchOver } from './guardian.ts'

export interface ServerCommand {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** What the server prints is appended here. */
  readonly logFile: string
  readonly stopSignal: StopSignal
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined
  /** Opens an IPC channel to a child that is Node. */
  readonly ipc?: boolean
  /** Standard output comes here, through `child.stdout`, and not into the log. */
  readonly readsOutput?: boolean
}

export interface ServerProcess {
  readonly pid: number
  readonly child: ChildProcess
  /** Whether it still runs. */
  running(): boolean
  /** Resolves when the process has ended, with how. */
  readonly ended: Promise<string>
  /** Asks it to stop, and kills it after `graceMs`. */
  stop(graceMs?: number): Promise<void>
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
}

export function startServerProcess(options: ServerCommand): ServerProcess {
  const { name, command, args, logFile, stopSignal, env, cwd, owner, ipc, readsOutput } = options
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(command, [...args], {
    // A group of its own: Ctrl-C in a terminal reaches us alone, and we stop things in order.
    detached: true,
    stdio: ['ignore', readsOutput === true ? 'pipe' : log, log, ...(ipc === true ? ['ipc' as const] : [])],
    ...(env === undefined ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
    ...owner,
  })
  closeSync(log)
  const { pid } = child
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`))
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`))
  })
  if (pid === undefined) {
    throw new Error(`${name} could not be started: is ${command} there, and may this user run it?`)
  }
  watchOver(pid, stopSignal)
  let running = true
  void ended.then(() => {
    running = false
    forget(pid)
  })
  const send = (signal: NodeJS.Signals) => {
    if (running) child.kill(signal)
  }
  return {
    pid,
    child,
    ended,
    running: () => running,
    async stop(graceMs = 5_000) {
      send(`SIG${stopSignal}`)
      const timer = setTimeout(() => send('SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    },
    async kill() {
      send('SIGKILL')
      await ended
    },
  }
}

/**
 * Waits until a server answers. Fails at once, with the end of its log, when it has ended instead.
 * @param attempt resolves when it answered; rejects when it does not yet
 */
export async function untilItAnswers(
  server: ServerProcess,
  options: { readonly name: string; readonly logFile: string; readonly timeoutMs?: number },
  attempt: () => Promise<void>,
): Promise<void> {
  const { name, logFile, timeoutMs = 20_000 } = options
  const deadline = performance.now() + timeoutMs
  let last: unknown = null
  while (server.running()) {
    try {
      return await attempt()
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) break
    await Promise.race([server.ended, new Promise((resolve) => setTimeout(resolve, 20))])
  }
  const how = server.running() ? `did not answer within ${timeoutMs} ms` : `ended by ${await server.ended}`
  await server.kill()
  throw new ServerDidNotStart(`${name} ${how}\n${tail(logFile)}`, { cause: last })
}

export class ServerDidNotStart extends Error {}

/** Starts on a free port, and on another one when somebody took it in between. */
export async function onFreePort<T>(
  freePort: () => Promise<number>,
  start: (port: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort())
    } catch (error) {
      const taken = error instanceof ServerDidNotStart && /address already in use/i.test(error.message)
      if (!taken || attempt === 5) throw error
    }
  }
}

/** The last lines of a log, for a message. */
export function tail(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
}
