/** A terminal of the command line whose words are gathered. */
import { PassThrough } from 'node:stream'
import type { Terminal } from '../../src/main/cli/terminal.ts'

export function gatheringTerminal(change: Partial<Terminal> = {}) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const given: Terminal = {
    stdin: new PassThrough(),
    keyboard: () => null,
    stdout,
    stderr,
    signal: new AbortController().signal,
    platform: 'linux',
    env: {},
    home: '/nowhere',
    ...change,
  }
  return { given, out: () => String(stdout.read() ?? ''), said: () => String(stderr.read() ?? '') }
}
