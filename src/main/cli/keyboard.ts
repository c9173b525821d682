/** The terminal that a person types on: standard input where it is one, else the one that the process was started from. */
import { openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import type { Keyboard } from './terminal.ts'

/** `null` where the process has no terminal, as under a service manager. */
export function openKeyboard(): Keyboard | null {
  if (process.stdin.isTTY) return process.stdin
  try {
    return new ReadStream(openSync(process.platform === 'win32' ? '\\\\.\\CONIN$' : '/dev/tty', 'r+'))
  } catch {
    return null
  }
}
