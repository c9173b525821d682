/** Runs a program to its end, for the scripts. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..')

export interface Outcome {
  /** The exit code; `null` where a signal ended it. */
  readonly code: number | null
  /** Standard output and error, as they came. Empty where they were passed on. */
  readonly output: string
  readonly seconds: number
}

/**
 * Runs `command`, and passes SIGINT and SIGTERM on to it.
 * @param options.show pass its output on to the terminal, rather than keep it
 * @param options.cwd where it runs; the checkout where it is left out
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly show?: boolean; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
): Promise<Outcome> {
  const began = performance.now()
  const child = spawn(command, [...args], {
    cwd: options.cwd ?? ROOT,
    stdio: options.show === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', pass)
  process.on('SIGTERM', pass)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  return new Promise((resolve) => {
    const end = (code: number | null, said = '') => {
      process.off('SIGINT', pass)
      process.off('SIGTERM', pass)
      resolve({ code, output: output + said, seconds: (performance.now() - began) / 1_000 })
    }
    child.once('error', (error) => end(127, `${command}: ${error.message}\n`))
    child.once('close', (code) => end(code))
  })
}

/** A program of the installed packages. */
export function installed(name: string): string {
  return join(ROOT, 'node_modules/.bin', process.platform === 'win32' ? `${name}.cmd` : name)
}
