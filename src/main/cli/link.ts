/** `vakhta link`: another one-time link to the console that runs, for a phone or a browser. */
import { z } from 'zod'
import type { Command } from './command.ts'
import { needConsole } from './console-client.ts'
import { EXIT } from './exit-codes.ts'
import { surroundingLanguage } from './language.ts'
import { dataDirectory } from './places.ts'
import { print, say, tell } from './terminal.ts'

const Links = z.object({ link: z.string(), publicLink: z.string().nullable() })

export const printLink: Command = async (_operands, options, terminal) => {
  const running = await needConsole(dataDirectory(options, terminal), terminal.signal)
  const language = surroundingLanguage(terminal)
  const links = Links.parse(await running.call('POST', '/start-links', {}, undefined, language))
  if (options.json) {
    print(terminal, links)
    return EXIT.succeeded
  }
  say(terminal, 'Each opens the console once, within ten minutes:')
  tell(terminal, links.link)
  if (links.publicLink !== null) tell(terminal, links.publicLink)
  return EXIT.succeeded
}
