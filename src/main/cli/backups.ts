/** `vakhta backup`, `drill` and `restore`: backups of the running console, made, listed, read back, tried and restored from the command line. */
import { resolve } from 'node:path'
import { z } from 'zod'
import { stateWord } from '#shared/locales/operation-words.ts'
import { quantityText } from '#shared/locales/quantity.ts'
import type { Options } from './arguments.ts'
import type { Command } from './command.ts'
import { EXIT } from './exit-codes.ts'
import { translatorOf } from './language.ts'
import type { FieldNames } from './named-fields.ts'
import { consoleOf, run } from './operations.ts'
import { print, say, tell } from './terminal.ts'
import { sayNone, sayOlder } from './told-list.ts'

const Backup = z.looseObject({
  id: z.string(),
  deployment: z.string(),
  startedAt: z.string(),
  bytes: z.number(),
  state: z.string(),
  partial: z.boolean(),
  foreign: z.looseObject({ file: z.string() }).nullable(),
  problem: z.looseObject({ text: z.string() }).nullable(),
})
const Page = z.looseObject({ items: z.array(Backup), nextCursor: z.string().nullable() })
const Rescanned = z.looseObject({
  added: z.array(z.string()),
  gone: z.array(z.string()),
  cleared: z.array(z.string()),
  problems: z.array(z.looseObject({ id: z.string(), text: z.string() })),
})

const TRIED: FieldNames = { backup: 'BACKUP', key: '--key', another: '--another' }
const RESTORED: FieldNames = {
  ...{ backup: '--backup', database: '--database', mode: '--mode', room: '--room', tables: '--table' },
  ...{ operation: '--operation', key: '--key', from: '--from', as: '--as' },
  ...{ swap: '--no-swap', another: '--another' },
}

export const makeBackup: Command = ([deployment], options, terminal) => {
  const { database } = options
  const chosen = database === undefined ? {} : { databases: database.split(',').map((name) => name.trim()) }
  return run('backup', deployment, withOptions(options, chosen), terminal, { databases: '--database' })
}

export const verifyBackup: Command = ([deployment, backup], options, terminal) =>
  run(
    'drill',
    deployment,
    withOptions(options, { verifyOnly: true, ...tried(backup, options) }),
    terminal,
    TRIED,
  )

export const registerDump: Command = ([deployment, file = ''], options, terminal) => {
  const { database } = options
  const register = { file: resolve(file), database }
  const names = { 'register.file': 'FILE', 'register.database': '--database' }
  return run('backup', deployment, withOptions(options, { register }), terminal, names)
}

export const runDrill: Command = ([deployment, backup], options, terminal) => {
  const { on } = options
  const chosen = { ...tried(backup, options), ...(on !== undefined && { from: deployment }) }
  const names = { ...TRIED, ...(on !== undefined && { from: 'DEPLOYMENT' }) }
  return run('drill', on ?? deployment, withOptions(options, chosen), terminal, names)
}

export const restoreBackup: Command = ([deployment], options, terminal) => {
  const { tables, operation, backup, database, key, room, noSwap, another } = options
  const { mode = tables === undefined ? 'side-by-side' : 'tables' } = options
  const source = { mode, backup, database, key, ...(another && { another }) }
  const chosen =
    mode === 'keep'
      ? { mode, operation }
      : mode === 'elsewhere'
        ? { ...source, from: options.fromDeployment, as: options.as }
        : { ...source, tables, room, ...(noSwap && { swap: false }) }
  return run('restore', deployment, withOptions(options, chosen), terminal, RESTORED)
}

export const listBackups: Command = async (_operands, options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const query = new URLSearchParams({ limit: '500' })
  if (options.deployment !== undefined) query.set('deployment', options.deployment)
  const answer = Page.parse(await call('GET', `/backups?${query}`))
  if (options.json) {
    print(terminal, answer)
    return EXIT.succeeded
  }
  const translator = translatorOf(options, terminal)
  const { t } = translator
  for (const one of answer.items) {
    const { id, deployment, startedAt, bytes, state, partial, foreign, problem } = one
    const word = problem === null ? stateWord(translator, 'backups.state', state) : t('backups.faulty')
    const besides = t(foreign === null ? 'backups.partial' : 'backups.registered')
    const how = problem === null && partial ? `${word}, ${besides}` : word
    const size = quantityText(translator.language, t, bytes, 'bytes')
    tell(terminal, [id, deployment, startedAt, size, how].join('  '))
    if (problem !== null) tell(terminal, `  ${problem.text}`)
  }
  if (answer.items.length === 0) await sayNone('backups', { call }, options, terminal)
  if (answer.nextCursor !== null) sayOlder('/backups', options, terminal)
  return EXIT.succeeded
}

export const rescanBackups: Command = async ([deployment], options, terminal) => {
  const { call } = await consoleOf(options, terminal)
  const answer = Rescanned.parse(await call('POST', '/backups/rescan', { deployment }))
  const { added, gone, cleared, problems } = answer
  if (options.json) print(terminal, answer)
  else {
    for (const id of added) tell(terminal, `+ ${id}`)
    for (const id of gone) tell(terminal, `- ${id}`)
    const word = translatorOf(options, terminal).t('cleared', { ns: 'cli' })
    for (const id of cleared) tell(terminal, `${word}  ${id}`)
  }
  for (const { id, text } of problems) say(terminal, `${id}: ${text}`)
  return problems.length === 0 ? EXIT.succeeded : EXIT.failed
}

/** What is said on the command line goes before what `--options` says. */
function withOptions(options: Options, chosen: Readonly<Record<string, unknown>>): Options {
  return { ...options, options: { ...options.options, ...chosen } }
}

/** Which backup, with what it takes to open one of another console. */
function tried(backup: string | undefined, { key, another }: Options): Readonly<Record<string, unknown>> {
  return {
    ...(backup !== undefined && { backup }),
    ...(key !== undefined && { key }),
    ...(another && { another }),
  }
}
