/** A process of its own that a test can kill: it prints a line for each thing that it holds for durable. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { forget, watchOver } from '../../demo/servers/guardian.ts'

export interface Child {
  readonly pid: number
  /** What it has printed so far. */
  readonly lines: readonly string[]
  /** Resolves when it has printed `count` lines; rejects with its standard error where it ends before. */
  printed(count: number): Promise<void>
  /** SIGKILL: it cannot prepare for that. Resolves when it is gone; lines that it printed before are read. */
  kill(): Promise<void>
  /** Its exit code, when it ends by itself. */
  ended(): Promise<number | null>
}

export interface ChildOptions {
  readonly uid?: number
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
}

const running = new Set<ChildProcess>()

/** @param name of a file in `children/` */
export function startChild(name: string, args: readonly string[], options: ChildOptions = {}): Child {
  const script = fileURLToPath(new URL(`./children/${name}`, import.meta.url))
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
  })
  running.add(child)
  const { pid = 0 } = child
  watchOver(pid, 'TERM')
  const lines: string[] = []
  let errors = ''
  let wake = () => {}
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const closed = once(child, 'close').then(() => {
    running.delete(child)
    forget(pid)
    wake()
  })

  return {
    pid,
    lines,
    async printed(count) {
      while (lines.length < count) {
        if (!running.has(child)) throw new Error(`${name} ended after ${lines.length} lines: ${errors}`)
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
    },
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
    async ended() {
      await closed
      return child.exitCode
    },
  }
}
