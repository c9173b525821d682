/** Standard input as a whole: bounded, text, and given up when the command is interrupted. */
import { CommandFailure, EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/**
 * @param what is read, as the beginning of a sentence: `The value`
 * @throws CommandFailure 65 where it is longer than `maxBytes`, or not UTF-8
 */
export async function readInput(
  { stdin, signal }: Terminal,
  { what, maxBytes }: { what: string; maxBytes: number },
): Promise<string> {
  signal.throwIfAborted()
  const stop = () => stdin.destroy()
  signal.addEventListener('abort', stop, { once: true })
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk)
      length += bytes.length
      if (length > maxBytes) {
        throw new CommandFailure(
          EXIT.inputRefused,
          `${what} is longer than ${maxBytes} bytes; nothing was changed.`,
        )
      }
      chunks.push(bytes)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new CommandFailure(EXIT.inputRefused, `${what} is not UTF-8 text; nothing was changed.`)
  }
}
