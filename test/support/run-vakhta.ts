/** Runs `bin/vakhta` as people and scripts do: a real process, its streams and its exit code. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const VAKHTA = join(import.meta.dirname, '../../bin/vakhta')

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string | Buffer
  readonly env?: Record<string, string>
  /** In a session of its own, so that it cannot ask on the terminal that the tests were started from. */
  readonly withoutTerminal?: boolean
}

export interface Running {
  readonly child: ChildProcess
  /** What was written so far. */
  readonly output: { stdout: string; stderr: string }
  readonly ended: Promise<Outcome>
}

/** Starts it; standard input is closed after `input`. */
export function startVakhta(
  args: readonly string[],
  { input = '', env = {}, withoutTerminal = false }: RunOptions = {},
): Running {
  const child = spawn(VAKHTA, [...args], {
    env: { ...process.env, ...env },
    detached: withoutTerminal,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text
    })
  }
  // A command that refuses its arguments does not read its input.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...output }))
  })
  return { child, output, ended }
}

export function runVakhta(args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return startVakhta(args, options).ended
}
