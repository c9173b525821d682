/** Follows an operation that the console does. It goes on there when this is interrupted, or is not answered any more. */
import { setTimeout as pass } from 'node:timers/promises'
import type { i18n } from 'i18next'
import { progressText } from '#shared/locales/operation-words.ts'
import type { Options } from './arguments.ts'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.ts'
import { translatorOf } from './language.ts'
import { createLiveLine, type LiveLine } from './live-line.ts'
import { dataDirectory } from './places.ts'
import { print, say, type Terminal, tell } from './terminal.ts'
import { comparedLine, inOneLine, stepLine, type ToldOperation } from './told-operation.ts'

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

interface Following {
  readonly look: Look
  readonly translator: i18n
  readonly live: LiveLine
  readonly signal: AbortSignal
  readonly patience: Patience
}

/** Says what its steps come to until it ends or waits for somebody. */
export async function follow(
  begun: ToldOperation,
  cameAbout: CameAbout,
  look: Look,
  options: Options,
  terminal: Terminal,
  patience = PATIENCE,
): Promise<ExitCode> {
  const translator = translatorOf(options, terminal)
  const { signal } = terminal
  const following = { look, translator, live: createLiveLine(terminal), signal, patience }
  say(terminal, inOneLine(translator, begun))
  const { operation, isHeard } = options.detach
    ? { operation: begun, isHeard: true }
    : await lastSeen(begun, following).catch((error: unknown) => {
        if (signal.aborted) say(terminal, translator.t('left', { ns: 'cli', id: begun.id }))
        throw error
      })
  if (options.json) print(terminal, operation)
  if (!isHeard) {
    const directory = dataDirectory(options, terminal)
    const seconds = patience.againForMs / 1_000
    say(terminal, translator.t('goes-on', { ns: 'cli', id: operation.id, seconds, directory }))
    return EXIT.unfinished
  }
  if (!options.json) {
    tell(terminal, inOneLine(translator, operation))
    const compared = comparedLine(translator, operation)
    if (compared !== null) tell(terminal, compared)
  }
  if (options.detach || cameAbout(operation)) return EXIT.succeeded
  if (operation.error !== null) say(terminal, operation.error.text)
  return isWaiting(operation) ? EXIT.unfinished : EXIT.failed
}

/** As it is when it ends or waits, or was when the console was heard last. */
async function lastSeen(
  begun: ToldOperation,
  following: Following,
): Promise<{ operation: ToldOperation; isHeard: boolean }> {
  const { translator, live, signal, patience } = following
  let operation = begun
  const said = new Map<string, string>()
  try {
    while (goesOn(operation)) {
      await pass(patience.everyMs, undefined, { signal })
      const seen = await untilAnswered(operation.id, following)
      if (seen === null) return { operation, isHeard: false }
      operation = seen
      for (const step of operation.steps) {
        if (step.state === 'pending' || said.get(step.id) === step.state) continue
        said.set(step.id, step.state)
        live.say(stepLine(translator, step))
      }
      live.show(farLine(translator, operation))
    }
  } finally {
    live.show(null)
  }
  return { operation, isHeard: true }
}

/** How far it is; `null` where nothing is known of that. */
function farLine(translator: i18n, { progress, steps }: ToldOperation): string | null {
  const far = progressText(translator, progress)
  const title = steps.find(({ id }) => id === progress.phase)?.title
  return far === null ? null : ['', title, far].filter((part) => part !== undefined).join('  ')
}

/** Looks again where the console is not heard. `null`: nobody answered for as long as that. */
async function untilAnswered(
  id: string,
  { look, translator, live, signal, patience: { againEveryMs, againForMs } }: Following,
): Promise<ToldOperation | null> {
  const since = performance.now()
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await look(id, !isFirst)
    } catch (error) {
      if (!(error instanceof CommandFailure) || error.exitCode !== EXIT.consoleUnreachable) throw error
    }
    if (performance.now() - since >= againForMs) return null
    if (isFirst) live.say(translator.t('asked-again', { ns: 'cli', seconds: againForMs / 1_000 }))
    await pass(againEveryMs, undefined, { signal })
  }
}

const goesOn = ({ state }: ToldOperation) => ['queued', 'running', 'cancelling', 'undoing'].includes(state)
const isWaiting = ({ state }: ToldOperation) => state === 'paused' || state === 'interrupted'
