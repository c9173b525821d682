/** Follows an operation that the console does. It goes on there when this is interrupted, or is not answered any more. */
import { setTimeout as pass } from 'node:timers/promises'
import type { Options } from './arguments.ts'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.ts'
import { translatorOf } from './language.ts'
import { dataDirectory } from './places.ts'
import { print, say, type Terminal, tell } from './terminal.ts'
import { inOneLine, stepLine, type ToldOperation } from './told-operation.ts'

/** Whether what was asked for came about. */
export type CameAbout = (operation: ToldOperation) => boolean

/** One look at it. @param anew the console was not heard: it may be another process by now, at another address */
export type Look = (id: string, anew: boolean) => Promise<ToldOperation>

/** How often it is looked at, and how often and for how long where nobody answers. */
export interface Patience {
  readonly everyMs: number
  readonly againEveryMs: number
  readonly againForMs: number
}

/** A console that is started again is there within seconds; one that is busy may miss a look or two. */
const PATIENCE: Patience = { everyMs: 500, againEveryMs: 2_000, againForMs: 120_000 }

/** Says what its steps come to until it ends or waits for somebody. */
export async function follow(
  begun: ToldOperation,
  cameAbout: CameAbout,
  look: Look,
  options: Options,
  terminal: Terminal,
  patience = PATIENCE,
): Promise<ExitCode> {
  let operation = begun
  const translator = translatorOf(options, terminal)
  const said = new Map<string, string>()
  say(terminal, inOneLine(translator, operation))
  while (!options.detach && goesOn(operation)) {
    await pass(patience.everyMs, undefined, { signal: terminal.signal })
    const seen = await untilAnswered(operation.id, look, options, terminal, patience)
    if (seen === null) {
      if (options.json) print(terminal, operation)
      return EXIT.unfinished
    }
    operation = seen
    for (const step of operation.steps) {
      if (step.state === 'pending' || said.get(step.id) === step.state) continue
      said.set(step.id, step.state)
      say(terminal, stepLine(step))
    }
  }
  if (options.json) print(terminal, operation)
  else tell(terminal, inOneLine(translator, operation))
  if (options.detach || cameAbout(operation)) return EXIT.succeeded
  if (operation.error !== null) say(terminal, operation.error.text)
  return isWaiting(operation) ? EXIT.unfinished : EXIT.failed
}

/** Looks again where the console is not heard. `null`: nobody answered for as long as that, which is said. */
async function untilAnswered(
  id: string,
  look: Look,
  options: Options,
  terminal: Terminal,
  { againEveryMs, againForMs }: Patience,
): Promise<ToldOperation | null> {
  const { t } = translatorOf(options, terminal)
  const since = performance.now()
  const seconds = againForMs / 1_000
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await look(id, !isFirst)
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.consoleUnreachable) throw error
    }
    if (performance.now() - since >= againForMs) {
      say(terminal, t('goes-on', { ns: 'cli', id, seconds, directory: dataDirectory(options, terminal) }))
      return null
    }
    if (isFirst) say(terminal, t('asked-again', { ns: 'cli', seconds }))
    await pass(againEveryMs, undefined, { signal: terminal.signal })
  }
}

const goesOn = ({ state }: ToldOperation) => ['queued', 'running', 'cancelling', 'undoing'].includes(state)
const isWaiting = ({ state }: ToldOperation) => state === 'paused' || state === 'interrupted'
