/** `vakhta operations`: what the running console does to deployments, begun and followed from the command line. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pass } from 'node:timers/promises'
import { z } from 'zod'
import type { Language } from '#shared/locales/languages.ts'
import { actorText, createTranslator } from '#shared/locales/translate.ts'
import type { Options } from './arguments.ts'
import type { Command } from './command.ts'
import { needConsole, type RunningConsole } from './console-client.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { surroundingLanguage } from './language.ts'
import { dataDirectory } from './places.ts'
import { print, say, type Terminal, tell } from './terminal.ts'

const LOOK_EVERY_MS = 500

const Step = z.looseObject({
  id: z.string(),
  title: z.string(),
  state: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  error: z.looseObject({ text: z.string() }).nullable(),
})
/** Of an operation only what is said of it in words; the rest goes on as it is. */
const Operation = z.looseObject({
  id: z.string(),
  title: z.string(),
  deployment: z.string(),
  state: z.string(),
  heading: z.string(),
  undo: z.string(),
  actor: z.string(),
  createdAt: z.string(),
  steps: z.array(Step),
  error: z.looseObject({ text: z.string() }).nullable(),
  pause: z.looseObject({ text: z.string() }).nullable(),
})
type Operation = z.infer<typeof Operation>
const Logged = Operation.extend({ log: z.array(z.object({ at: z.string(), text: z.string() })) })
const Line = z.looseObject({ text: z.string() })
const Previewed = z.object({
  preview: z.looseObject({
    changes: z.array(Line),
    irreversible: z.array(Line),
    warnings: z.array(Line),
    refusals: z.array(Line),
  }),
  confirm: z.string().nullable(),
  plan: z.string(),
})

/** A console, asked in the language of whoever reads the answer. */
export async function consoleOf(options: Options, terminal: Terminal): Promise<Pick<RunningConsole, 'call'>> {
  const running = await needConsole(dataDirectory(options, terminal), terminal.signal)
  const language = languageOf(options, terminal)
  return { call: (method, path, body, key) => running.call(method, path, body, key, language) }
}

function languageOf({ lang }: Options, terminal: Terminal): Language {
  return lang ?? surroundingLanguage(terminal)
}

const pathOf = (id: string | undefined) => `/operations/${encodeURIComponent(id ?? '')}`

export const listOperations: Command = async (_operands, options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const query =
    options.deployment === undefined ? '' : `?${new URLSearchParams({ deployment: options.deployment })}`
  const answer = z.looseObject({ items: z.array(Operation) }).parse(await call('GET', `/operations${query}`))
  if (options.json) print(terminal, answer)
  else for (const line of answer.items.map(lines(options, terminal))) tell(terminal, line)
  return EXIT.succeeded
}

export const showOperation: Command = async (operands, options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const operation = Logged.parse(await call('GET', pathOf(operands[0])))
  if (options.json) {
    print(terminal, operation)
    return EXIT.succeeded
  }
  tell(terminal, lines(options, terminal)(operation))
  for (const step of operation.steps) tell(terminal, `  ${step.state}  ${step.title}${lasted(step)}`)
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
  const begun = Operation.parse(await call('POST', '/operations', request, randomUUID()))
  return followed(begun, endsAs('succeeded'), call, options, terminal)
}

export const cancelOperation = acting('cancel', () => endsAs('cancelled', 'undone'))
export const leaveOperation = acting('cancel', () => endsAs('cancelled'), true)
export const resumeOperation = acting('resume', goneOnWith)
export const undoOperation = acting('undo', () => endsAs('undone'))

export const pauseOperation: Command = async (operands, options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const operation = Operation.parse(await call('POST', `${pathOf(operands[0])}/pause`, {}))
  if (options.json) print(terminal, operation)
  else {
    tell(terminal, lines(options, terminal)(operation))
    if (operation.pause !== null) tell(terminal, operation.pause.text)
  }
  return EXIT.succeeded
}

/** Whether what was asked for came about. */
type CameAbout = (operation: Operation) => boolean

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
    const { heading } = Operation.parse(await call('GET', pathOf(operands[0])))
    const operation = Operation.parse(await call('POST', `${pathOf(operands[0])}/${act}`, asked))
    return followed(operation, whether(heading), call, options, terminal)
  }
}

function previewed(answer: unknown, options: Options, terminal: Terminal): ExitCode {
  const { preview, confirm, plan } = Previewed.parse(answer)
  if (options.json) print(terminal, answer)
  else {
    const lines = [...preview.changes, ...preview.irreversible, ...preview.warnings, ...preview.refusals]
    for (const { text } of lines) tell(terminal, text)
    if (confirm !== null) tell(terminal, `It has to be confirmed: --confirm ${confirm}`)
    if (preview.refusals.length === 0) tell(terminal, `To do it only while it is still this: --plan ${plan}`)
  }
  return preview.refusals.length === 0 ? EXIT.succeeded : EXIT.inputRefused
}

/** Says what its steps come to until it ends or waits for somebody. It goes on in the console when this is interrupted. */
async function followed(
  begun: Operation,
  cameAbout: CameAbout,
  call: RunningConsole['call'],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  let operation = begun
  const inOneLine = lines(options, terminal)
  const said = new Map<string, string>()
  say(terminal, inOneLine(operation))
  while (!options.detach && goesOn(operation)) {
    await pass(LOOK_EVERY_MS, undefined, { signal: terminal.signal })
    operation = Operation.parse(await call('GET', pathOf(operation.id)))
    for (const step of operation.steps) {
      if (step.state === 'pending' || said.get(step.id) === step.state) continue
      said.set(step.id, step.state)
      say(terminal, `  ${step.state}  ${step.title}${lasted(step)}`)
    }
  }
  if (options.json) print(terminal, operation)
  else tell(terminal, inOneLine(operation))
  if (options.detach || cameAbout(operation)) return EXIT.succeeded
  if (operation.error !== null) say(terminal, operation.error.text)
  return isWaiting(operation) ? EXIT.unfinished : EXIT.failed
}

const goesOn = ({ state }: Operation) => ['queued', 'running', 'cancelling', 'undoing'].includes(state)
const isWaiting = ({ state }: Operation) => state === 'paused' || state === 'interrupted'

/** An operation in one line, in the language of whoever reads it. */
function lines(options: Options, terminal: Terminal): (operation: Operation) => string {
  const translator = createTranslator(languageOf(options, terminal))
  return ({ id, state, title, deployment, actor, createdAt }) =>
    [id, state, title, deployment, actorText(translator, actor), createdAt].join('  ')
}

function lasted({ startedAt, endedAt }: z.infer<typeof Step>): string {
  if (startedAt === null || endedAt === null) return ''
  return `  ${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`
}
