/** Asks the person at the terminal for something that must not be seen: no echo, nothing kept. */
import { CommandFailure, EXIT } from './exit-codes.ts'
import { Interrupted, type Terminal } from './terminal.ts'

const BACKSPACES = new Set(['\b', '\u007f'])

/** Reads one line from the terminal without showing it. Throws `CommandFailure` (64) where nobody can type. */
export async function askHidden(terminal: Terminal, question: string, instead: string): Promise<string> {
  const { stdin, stderr, signal } = terminal
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) {
    throw new CommandFailure(EXIT.usage, `${question} cannot be asked for: there is no terminal. ${instead}`)
  }
  stderr.write(`${question}: `)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  let typed = ''
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      signal.throwIfAborted()
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return typed
        // In raw mode these two come as characters, not as a signal and an end.
        if (character === '\u0003') throw new Interrupted('SIGINT')
        if (character === '\u0004') return typed
        typed = BACKSPACES.has(character) ? [...typed].slice(0, -1).join('') : typed + character
      }
    }
    return typed
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}
