/** Asks the person at the terminal for a line; what must not be seen is not shown, and nothing is kept. */
import { CommandFailure, EXIT } from './exit-codes.ts'
import { Interrupted, type Keyboard, printable, type Terminal } from './terminal.ts'

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
  const keyboard = terminal.keyboard()
  if (keyboard === null) {
    throw new CommandFailure(EXIT.usage, `${question} cannot be asked for: there is no terminal. ${instead}`)
  }
  return askLine(terminal, keyboard, { question: `${question}: `, hidden: true }, terminal.signal)
}

/**
 * Reads one line from a keyboard, which is closed then unless it is standard input. The end of its input ends the line.
 * @param signal ends the reading; its reason is what is thrown
 */
export async function askLine(
  { stdin, stderr }: Pick<Terminal, 'stdin' | 'stderr'>,
  keyboard: Keyboard,
  { question, hidden }: { question: string; hidden: boolean },
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted()
  const line = Promise.withResolvers<string>()
  const typed: string[] = []
  const stop = () => line.reject(signal.reason)
  const end = () => line.resolve(typed.join(''))

  function take(chunk: string | Buffer): void {
    const characters = [...String(chunk)]
    for (const [index, character] of characters.entries()) {
      if (character === INTERRUPT) {
        line.reject(new Interrupted('SIGINT'))
        return
      }
      if (ENDS.has(character)) {
        keyboard.off('data', take)
        keyboard.pause()
        const next = characters.slice(index + 1).join('')
        // Typed or pasted ahead: it answers the next question.
        if (next !== '') keyboard.unshift(next)
        end()
        return
      }
      if (!BACKSPACES.has(character)) {
        typed.push(character)
        if (!hidden) stderr.write(printable(character))
      } else if (typed.pop() !== undefined && !hidden) {
        stderr.write('\b \b')
      }
    }
  }

  signal.addEventListener('abort', stop, { once: true })
  stderr.write(printable(question))
  keyboard.setRawMode(true)
  keyboard.setEncoding('utf8')
  keyboard.on('data', take)
  // An earlier question has paused it.
  keyboard.resume()
  keyboard.once('end', end)
  try {
    return await line.promise
  } finally {
    signal.removeEventListener('abort', stop)
    keyboard.off('data', take)
    keyboard.off('end', end)
    keyboard.setRawMode(false)
    if (keyboard === stdin) keyboard.pause()
    else keyboard.destroy()
    stderr.write('\n')
  }
}
