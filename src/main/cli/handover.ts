/** `vakhta handover`: the hand-over of a shift, from the running console, as Markdown or JSON. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { chooseLanguage, type Language } from '#shared/locales/languages.ts'
import type { Command } from './command.ts'
import { findConsole } from './console-client.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { dataDirectory } from './places.ts'
import { print, say, type Terminal, tell } from './terminal.ts'

const SHIFT_MS = 8 * 3_600_000

/** The rest of it is the console's to say, and goes on as it is. */
const Answer = z.looseObject({ markdown: z.string() })

export const printHandover: Command = async (_operands, options, terminal) => {
  const directory = dataDirectory(options, terminal)
  const running = await findConsole(directory, terminal.signal)
  if (running === null) {
    throw new CommandFailure(
      EXIT.consoleUnreachable,
      `No console runs on ${directory}: start one with "vakhta serve", or name its directory with --data.`,
    )
  }
  const to = options.to ?? Date.now()
  const from = options.from ?? to - (options.shiftMs ?? SHIFT_MS)
  const query = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  })
  const language = options.lang ?? surroundingLanguage(terminal)
  const answer = Answer.parse(await running.call('GET', `/handover?${query}`, undefined, language))
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

/** As programs on this machine take it from `LANG=ru_RU.UTF-8`. */
function surroundingLanguage({ env }: Terminal): Language {
  const locale = [env.LC_ALL, env.LC_MESSAGES, env.LANG].find((one) => one !== undefined && one !== '')
  return chooseLanguage(locale?.replace(/[.@].*$/, '').replaceAll('_', '-'))
}
