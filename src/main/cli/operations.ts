/** `vakhta operations`: what the running console does to deployments, begun and followed from the command line. */
import { randomUUID } from 'node:crypto'
import type { i18n } from 'i18next'
import { z } from 'zod'
import type { Options } from './arguments.ts'
import type { Command } from './command.ts'
import { needConsole, type RunningConsole } from './console-client.ts'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.ts'
import { type CameAbout, follow, type Look } from './following.ts'
import { languageOf, translatorOf } from './language.ts'
import { type FieldNames, withFieldNames } from './named-fields.ts'
import { dataDirectory } from './places.ts'
import { print, say, type Terminal, tell } from './terminal.ts'
import { sayNone, sayOlder } from './told-list.ts'
import { inOneLine, LoggedOperation, stepLine, ToldOperation } from './told-operation.ts'
import { Previewed, planLines } from './told-plan.ts'

const Page = z.looseObject({ items: z.array(ToldOperation), nextCursor: z.string().nullable() })
/** With what has to be confirmed comes what it would do. */
const ToConfirm = Previewed.pick({ preview: true }).extend({
  deployment: z.string(),
  plan: z.string().nullable(),
})

/**
 * A console, asked in the language of whoever reads the answer.
 * @param names what the command line calls what an operation is asked with
 */
export async function consoleOf(
  options: Options,
  terminal: Terminal,
  names: FieldNames = {},
): Promise<Pick<RunningConsole, 'call'>> {
  const running = await needConsole(dataDirectory(options, terminal), terminal.signal)
  const language = languageOf(options, terminal)
  return {
    call: (method, path, body, key) =>
      running.call(method, path, body, key, language).catch((error: unknown) => {
        sayPlan(error, options, terminal)
        if (!(error instanceof CommandFailure)) throw error
        const translator = translatorOf(options, terminal)
        throw withFieldNames(withTakeOver(error, translator), names, translator)
      }),
  }
}

const Left = z.object({ holder: z.object({ operation: z.string(), isLeft: z.literal(true) }) })

/** Of what another console left at the target, with the option that goes on in spite of it. */
function withTakeOver(error: CommandFailure, { t }: i18n): CommandFailure {
  const left = Left.safeParse(error.data)
  if (!left.success) return error
  const { exitCode, message, code, status, data } = error
  const words = t('take-over', { ns: 'cli', operation: left.data.holder.operation })
  return new CommandFailure(exitCode, `${message} ${words}`, { code, status, data, cause: error })
}

/** From now on the console takes it for shown, so it is. */
function sayPlan(error: unknown, options: Options, terminal: Terminal): void {
  if (!(error instanceof CommandFailure) || error.code !== 'CONFIRMATION_REQUIRED') return
  const told = ToConfirm.safeParse(error.data)
  if (!told.success) return
  const { preview, plan, deployment: confirm } = told.data
  // What begins is not asked about where it is refused; what gives one up is.
  for (const line of planLines(translatorOf(options, terminal), { preview, plan, confirm }, 'act'))
    say(terminal, line)
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
  if (answer.items.length === 0) await sayNone('operations', { call }, options, terminal)
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

/**
 * Begins one of a kind, or only previews it, and follows it to its end.
 * @param names what its own options are called here; the others come from `--options`
 */
export async function run(
  kind: string | undefined,
  deployment: string | undefined,
  options: Options,
  terminal: Terminal,
  names: FieldNames = {},
): Promise<ExitCode> {
  const { call } = await consoleOf(options, terminal, names)
  const { confirm, plan, reason, silence, takeOver } = options
  const asked = { kind, deployment, options: options.options ?? {} }
  const request = { ...asked, confirm, plan, reason, silence, takeOver }
  if (options.preview) {
    const answer = await call('POST', '/operations/preview', request)
    return previewed(answer, 'beginning', options, terminal)
  }
  // With a name of its own it is one operation, also where the answer to it was lost.
  const answer = await call('POST', '/operations', request, randomUUID()).catch((error: unknown) => {
    if (terminal.signal.aborted)
      say(terminal, translatorOf(options, terminal).t('may-have-begun', { ns: 'cli' }))
    throw error
  })
  const begun = ToldOperation.parse(answer)
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
      return previewed(answer, 'act', options, terminal)
    }
    const { confirm, plan, reason, takeOver } = options
    const asked = { confirm, plan, reason, takeOver, leave }
    // Before: it may have failed, and turned back for that, by the time it is answered.
    const { heading } = ToldOperation.parse(await call('GET', pathOf(operands[0])))
    const operation = ToldOperation.parse(await call('POST', `${pathOf(operands[0])}/${act}`, asked))
    return follow(operation, whether(heading), looksOf(call, options, terminal), options, terminal)
  }
}

function previewed(answer: unknown, of: 'beginning' | 'act', options: Options, terminal: Terminal): ExitCode {
  const { preview, confirm, plan } = Previewed.parse(answer)
  if (options.json) print(terminal, answer)
  else {
    const lines = planLines(translatorOf(options, terminal), { preview, confirm, plan }, of)
    for (const line of lines) tell(terminal, line)
  }
  return preview.refusals.length === 0 ? EXIT.succeeded : EXIT.inputRefused
}
