/** Asks the person at the terminal for something that must not be seen: no echo, nothing kept. */
import { CommandFailure, EXIT } from './exit-codes.ts'
import { Interrupted, type Terminal } from './terminal.ts'

const BACKSPACES = new Set(['\b', '\u007f'])
const ENDS = new Set(['\r', '\n', '\u0004'])
/** In raw mode Ctrl-C comes as a character, not as a signal. */
const INTERRUPT = '\u0003'

/**
 * Reads one line from the terminal without showing it.
 * @param instead what to do where nobody can type
 * @throws CommandFailure 64 where there is no terminal
 */
export async function askHidden(terminal: Terminal, question: string, instead: string): Promise<string> {
  const { stderr, signal } = terminal
  const keyboard = terminal.keyboard()
  if (keyboard === null) {
    throw new CommandFailure(EXIT.usage, `${question} cannot be asked for: there is no terminal. ${instead}`)
  }
  signal.throwIfAborted()
  const stop = () => keyboard.destroy()
  signal.addEventListener('abort', stop, { once: true })
  stderr.write(`${question}: `)
  keyboard.setRawMode(true)
  keyboard.setEncoding('utf8')
  const typed: string[] = []
  try {
    for await (const chunk of keyboard.iterator({ destroyOnReturn: false })) {
      const characters = [...String(chunk)]
      for (const [index, character] of characters.entries()) {
        if (character === INTERRUPT) throw new Interrupted('SIGINT')
        if (ENDS.has(character)) {
          const next = characters.slice(index + 1).join('')
          // Typed or pasted ahead: it answers the next question.
          if (next !== '') keyboard.unshift(next)
          return typed.join('')
        }
        if (BACKSPACES.has(character)) typed.pop()
        else typed.push(character)
      }
    }
    return typed.join('')
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
    keyboard.setRawMode(false)
    if (keyboard === terminal.stdin) keyboard.pause()
    else keyboard.destroy()
    stderr.write('\n')
  }
}
