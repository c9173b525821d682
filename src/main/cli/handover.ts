/** `vakhta handover`: the hand-over of a shift, from the running console, as Markdown or JSON. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Command } from './command.ts'
import { needConsole } from './console-client.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { languageOf } from './language.ts'
import { dataDirectory } from './places.ts'
import { print, say, type Terminal, tell } from './terminal.ts'

const SHIFT_MS = 8 * 3_600_000

/** The rest of it is the console's to say, and goes on as it is. */
const Answer = z.looseObject({ markdown: z.string() })

export const printHandover: Command = async (_operands, options, terminal) => {
  const directory = dataDirectory(options, terminal)
  const running = await needConsole(directory, terminal.signal)
  const to = options.to ?? Date.now()
  const from = options.from ?? to - (options.shiftMs ?? SHIFT_MS)
  const query = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
  const language = languageOf(options, terminal)
  const answer = Answer.parse(await running.call('GET', `/handover?${query}`, undefined, undefined, language))
  if (options.output !== undefined) await write(resolve(options.output), answer.markdown, terminal)
  if (options.json) print(terminal, answer)
  else if (options.output === undefined) tell(terminal, answer.markdown.trimEnd())
  return EXIT.succeeded
}

async function write(path: string, text: string, terminal: Terminal): Promise<void> {
  try {
    await writeFile(path, text, { signal: terminal.signal })
  } catch (error) {
    terminal.signal.throwIfAborted()
    const why = error instanceof Error ? error.message : String(error)
    throw new CommandFailure(EXIT.failed, `${path} could not be written (${why}).`, { cause: error })
  }
  say(terminal, `Wrote ${path}.`)
}
