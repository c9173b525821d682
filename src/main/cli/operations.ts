/** `vakhta operations`: what the running console does to deployments, begun and followed from the command line. */
import { randomUUID } from 'node:crypto'
import type { i18n } from 'i18next'
import { z } from 'zod'
import { factLines } from '#shared/locales/operation-words.ts'
import { OperationPreview } from '#shared/model/operation.ts'
import type { Options } from './arguments.ts'
import type { Command } from './command.ts'
import { needConsole, type RunningConsole } from './console-client.ts'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.ts'
import { type CameAbout, follow, type Look } from './following.ts'
import { languageOf, translatorOf } from './language.ts'
import { sayOlder } from './older.ts'
import { dataDirectory } from './places.ts'
import { print, type Terminal, tell } from './terminal.ts'
import { inOneLine, LoggedOperation, stepLine, ToldOperation } from './told-operation.ts'

const Page = z.looseObject({ items: z.array(ToldOperation), nextCursor: z.string().nullable() })
const Line = z.looseObject({ text: z.string() })
const Previewed = z.object({
  preview: z.looseObject({
    changes: z.array(Line),
    irreversible: z.array(Line),
    warnings: z.array(Line),
    refusals: z.array(Line),
    ...OperationPreview.pick({ databases: true, connections: true, services: true, lastTookMs: true }).shape,
  }),
  confirm: z.string().nullable(),
  plan: z.string(),
})

/** A console, asked in the language of whoever reads the answer. */
export async function consoleOf(options: Options, terminal: Terminal): Promise<Pick<RunningConsole, 'call'>> {
  const running = await needConsole(dataDirectory(options, terminal), terminal.signal)
  const language = languageOf(options, terminal)
  return {
    call: (method, path, body, key) =>
      running.call(method, path, body, key, language).catch((error: unknown) => {
        throw withTakeOver(error, translatorOf(options, terminal))
      }),
  }
}

const Left = z.object({ holder: z.object({ operation: z.string(), isLeft: z.literal(true) }) })

/** Of what another console left at the target, with the option that goes on in spite of it. */
function withTakeOver(error: unknown, { t }: i18n): unknown {
  if (!(error instanceof CommandFailure)) return error
  const left = Left.safeParse(error.data)
  if (!left.success) return error
  const { exitCode, message, code, status, data } = error
  const words = t('take-over', { ns: 'cli', operation: left.data.holder.operation })
  return new CommandFailure(exitCode, `${message} ${words}`, { code, status, data, cause: error })
}

/** How one is looked at while it is followed. */
function looksOf(call: RunningConsole['call'], options: Options, terminal: Terminal): Look {
  return async (id, anew) => {
    const asked = anew ? (await consoleOf(options, terminal)).call : call
    return ToldOperation.parse(await asked('GET', pathOf(id)))
  }
}

const pathOf = (id: string | undefined) => `/operations/${encodeURIComponent(id ?? '')}`

export const listOperations: Command = async (_operands, options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const query =
    options.deployment === undefined ? '' : `?${new URLSearchParams({ deployment: options.deployment })}`
  const answer = Page.parse(await call('GET', `/operations${query}`))
  if (options.json) {
    print(terminal, answer)
    return EXIT.succeeded
  }
  const translator = translatorOf(options, terminal)
  for (const one of answer.items) tell(terminal, inOneLine(translator, one))
  if (answer.nextCursor !== null) sayOlder('/operations', options, terminal)
  return EXIT.succeeded
}

export const showOperation: Command = async (operands, options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const operation = LoggedOperation.parse(await call('GET', pathOf(operands[0])))
  if (options.json) {
    print(terminal, operation)
    return EXIT.succeeded
  }
  const translator = translatorOf(options, terminal)
  tell(terminal, inOneLine(translator, operation))
  for (const step of operation.steps) tell(terminal, stepLine(translator, step))
  if (operation.pause !== null) tell(terminal, operation.pause.text)
  if (operation.error !== null) tell(terminal, operation.error.text)
  for (const { at, text } of operation.log) tell(terminal, `${at}  ${text}`)
  return EXIT.succeeded
}

export const runOperation: Command = ([kind, deployment], options, terminal) =>
  run(kind, deployment, options, terminal)

/** Begins one of a kind, or only previews it, and follows it to its end. */
export async function run(
  kind: string | undefined,
  deployment: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const { call } = await consoleOf(options, terminal)
  const { confirm, plan, reason, silence, takeOver } = options
  const asked = { kind, deployment, options: options.options ?? {} }
  const request = { ...asked, confirm, plan, reason, silence, takeOver }
  if (options.preview) return previewed(await call('POST', '/operations/preview', request), options, terminal)
  // With a name of its own it is one operation, also where the answer to it was lost.
  const begun = ToldOperation.parse(await call('POST', '/operations', request, randomUUID()))
  return follow(begun, endsAs('succeeded'), looksOf(call, options, terminal), options, terminal)
}

export const cancelOperation = acting('cancel', () => endsAs('cancelled', 'undone'))
export const leaveOperation = acting('cancel', () => endsAs('cancelled'), true)
export const resumeOperation = acting('resume', goneOnWith)
export const undoOperation = acting('undo', () => endsAs('undone'))

export const pauseOperation: Command = async (operands, options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const operation = ToldOperation.parse(await call('POST', `${pathOf(operands[0])}/pause`, {}))
  if (options.json) print(terminal, operation)
  else {
    tell(terminal, inOneLine(translatorOf(options, terminal), operation))
    if (operation.pause !== null) tell(terminal, operation.pause.text)
  }
  return EXIT.succeeded
}

function endsAs(...states: readonly string[]): CameAbout {
  return ({ state }) => states.includes(state)
}

/** Of one that is gone on with, by where it was going: one that failed is still that once all of it is taken back. */
function goneOnWith(heading: string): CameAbout {
  if (heading === 'forward') return endsAs('succeeded')
  return ({ state, undo }) => state === heading && undo !== 'failed'
}

/**
 * @param whether what of it is waited for, by where it was going before
 * @param leave it is given up as it is
 */
function acting(
  act: 'cancel' | 'resume' | 'undo',
  whether: (heading: string) => CameAbout,
  leave?: true,
): Command {
  return async (operands, options, terminal) => {
    const { call } = await consoleOf(options, terminal)
    if (options.preview) {
      const answer = await call('POST', `${pathOf(operands[0])}/preview`, { act, leave })
      return previewed(answer, options, terminal)
    }
    const { confirm, plan, reason, takeOver } = options
    const asked = { confirm, plan, reason, takeOver, leave }
    // Before: it may have failed, and turned back for that, by the time it is answered.
    const { heading } = ToldOperation.parse(await call('GET', pathOf(operands[0])))
    const operation = ToldOperation.parse(await call('POST', `${pathOf(operands[0])}/${act}`, asked))
    return follow(operation, whether(heading), looksOf(call, options, terminal), options, terminal)
  }
}

function previewed(answer: unknown, options: Options, terminal: Terminal): ExitCode {
  const { preview, confirm, plan } = Previewed.parse(answer)
  if (options.json) print(terminal, answer)
  else {
    const translator = translatorOf(options, terminal)
    const lines = [...preview.changes, ...preview.irreversible, ...preview.warnings, ...preview.refusals]
    for (const { text } of lines) tell(terminal, text)
    for (const line of factLines(translator, preview)) tell(terminal, line)
    if (confirm !== null) tell(terminal, translator.t('confirm', { ns: 'cli', name: confirm }))
    if (preview.refusals.length === 0) tell(terminal, translator.t('plan', { ns: 'cli', plan }))
  }
  return preview.refusals.length === 0 ? EXIT.succeeded : EXIT.inputRefused
}
