/** From the words on the command line to a command with its operands and options, or to what is wrong with them. */
import { parseArgs } from 'node:util'
import { LANGUAGES, type Language } from '#shared/locales/languages.ts'
import { type PublicAddress, readPublicUrl } from '../web/access/public-address.ts'
import { COMMAND_NAMES, COMMANDS, type CommandName, OPTIONS, type OptionName, optionOf } from './commands.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { nearest } from './nearest.ts'
import { tableNamesGiven } from './table-names.ts'

export interface Options {
  readonly data?: string
  readonly keyFile?: string
  readonly passphraseFile?: string
  readonly passphrase: boolean
  /** 0 to 65535; 0 means a free one. */
  readonly port?: number
  readonly publicAddress?: PublicAddress
  /** Milliseconds since the epoch. */
  readonly from?: number
  readonly to?: number
  readonly shiftMs?: number
  readonly output?: string
  readonly lang?: Language
  readonly deployment?: string
  /** A JSON object. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly confirm?: string
  /** Of a preview. */
  readonly plan?: string
  readonly reason?: string
  /** Id of an operation. */
  readonly takeOver?: string
  readonly silence: boolean
  readonly preview: boolean
  readonly detach: boolean
  /** Names with commas between them; of a restore, one. */
  readonly database?: string
  /** Of a restore. */
  readonly backup?: string
  readonly mode?: string
  readonly room?: string
  readonly tables?: readonly { readonly schema: string; readonly name: string }[]
  readonly operation?: string
  readonly key?: string
  /** Of a restore elsewhere: the deployment that the backup is of, and what the database is called. */
  readonly fromDeployment?: string
  readonly as?: string
  /** Of a drill: the deployment on whose server it is. */
  readonly on?: string
  readonly noSwap?: boolean
  readonly another?: boolean
  readonly json: boolean
}

export type Invocation =
  | {
      readonly kind: 'run'
      readonly command: CommandName
      readonly operands: string[]
      readonly options: Options
    }
  /** `command`: the one that help was asked for, a group's name such as `secret`, or `null` for all of them. */
  | { readonly kind: 'help'; readonly command: string | null }
  | { readonly kind: 'version' }

const GROUPS = [...new Set(COMMAND_NAMES.map((name) => name.split(' ')[0] ?? name))]

/** Parses what follows the program's name. Throws `CommandFailure` (64) that names what is wrong and what is near. */
export function parseArguments(argv: readonly string[]): Invocation {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(OPTIONS).map(([name, option]) => [
        name,
        'short' in option ? { type: option.type, short: option.short } : { type: option.type },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []))
  const asked = (name: OptionName) => given.some((option) => option.name === name)

  if (asked('version')) return { kind: 'version' }
  const helpWord = words[0] === 'help'
  if (asked('help') || helpWord || words.length === 0) {
    const topic = helpWord ? words.slice(1) : words
    if (topic.length > 0) return { kind: 'help', command: helpTopic(topic) }
    if (asked('help') || helpWord) return { kind: 'help', command: null }
    const [unknown] = given.filter(({ name }) => !Object.hasOwn(OPTIONS, name))
    if (unknown !== undefined) throw unknownOption(unknown.rawName, Object.keys(OPTIONS))
    throw usage(`Expected a command: ${GROUPS.join(', ')}. "vakhta --help" explains them.`)
  }

  const { command, operands } = chooseCommand(words)
  const { operands: expected, options: allowed } = COMMANDS[command]
  for (const { name, rawName } of given) {
    if (!(allowed as readonly string[]).includes(name)) throw unknownOption(rawName, allowed, command)
  }
  const needed = expected.filter((operand) => !operand.startsWith('['))
  if (operands.length < needed.length || operands.length > expected.length) {
    const takes = expected.length === 0 ? 'takes no operands' : `takes ${expected.join(' ')}`
    // They are not repeated: one too many may be the secret that belongs on standard input.
    const got =
      operands.length === 0
        ? 'none was given'
        : `${operands.length} ${operands.length === 1 ? 'was' : 'were'} given`
    throw usage(`"vakhta ${command}" ${takes}; ${got}.`)
  }
  const values = new Map<string, string>()
  for (const { name, rawName, value, inlineValue } of given) {
    const option = optionOf(command, name as OptionName)
    if (option.type === 'boolean') {
      if (value !== undefined) throw usage(`${rawName} takes no value; "${value}" was given.`)
    } else if (value === undefined || value === '' || (value.startsWith('-') && inlineValue !== true)) {
      throw usage(`${rawName} needs a value: ${rawName} ${option.value}.`)
    } else if (values.has(name)) {
      throw usage(`${rawName} was given twice.`)
    } else {
      values.set(name, value)
    }
  }
  return { kind: 'run', command, operands, options: optionsFrom(command, values, asked) }
}

function optionsFrom(
  command: CommandName,
  values: ReadonlyMap<string, string>,
  asked: (name: OptionName) => boolean,
): Options {
  const data = values.get('data')
  const keyFile = values.get('key-file')
  const passphraseFile = values.get('passphrase-file')
  const port = values.get('port')
  if ([keyFile !== undefined, passphraseFile !== undefined, asked('passphrase')].filter(Boolean).length > 1) {
    throw usage(
      'Give one of --key-file, --passphrase and --passphrase-file: a vault is sealed under one thing.',
    )
  }
  if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
    throw usage(`--port expects a number from 0 to 65535; "${port}" was given.`)
  }
  if (command === 'restore') requireSource(values)
  // Of a restore it is no time.
  const fromDeployment = command === 'restore' ? values.get('from') : undefined
  const from = command === 'restore' ? undefined : momentGiven('--from', values.get('from'))
  const to = momentGiven('--to', values.get('to'))
  const shiftMs = lengthGiven(values.get('shift'))
  if (from !== undefined && shiftMs !== undefined) {
    throw usage('Give one of --from and --shift: each says when it begins.')
  }
  const output = values.get('output')
  const lang = languageGiven(values.get('lang'))
  const options = objectGiven(values.get('options'))
  const texts = [
    ...([
      'deployment',
      'confirm',
      'plan',
      'reason',
      'backup',
      'database',
      'mode',
      'room',
      'operation',
      'key',
      'as',
      'on',
    ] as const),
  ]
  const given = texts.flatMap((name) => {
    const value = values.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const takeOver = values.get('take-over')
  const table = values.get('table')
  return {
    json: asked('json'),
    passphrase: asked('passphrase'),
    ...(data === undefined ? {} : { data }),
    ...(keyFile === undefined ? {} : { keyFile }),
    ...(passphraseFile === undefined ? {} : { passphraseFile }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...publicAddressGiven(values.get('public-url')),
    ...(from === undefined ? {} : { from }),
    ...(fromDeployment === undefined ? {} : { fromDeployment }),
    ...(to === undefined ? {} : { to }),
    ...(shiftMs === undefined ? {} : { shiftMs }),
    ...(output === undefined ? {} : { output }),
    ...(lang === undefined ? {} : { lang }),
    ...(options === undefined ? {} : { options }),
    ...Object.fromEntries(given),
    ...(takeOver === undefined ? {} : { takeOver }),
    silence: asked('silence'),
    preview: asked('preview'),
    detach: asked('detach'),
    ...(asked('no-swap') && { noSwap: true }),
    ...(table !== undefined && { tables: tableNamesGiven(table) }),
    ...(asked('another') && { another: true }),
  }
}

function publicAddressGiven(text: string | undefined): Pick<Options, 'publicAddress'> {
  if (text === undefined) return {}
  const address = readPublicUrl(text)
  if ('refused' in address) throw usage(`--public-url ${address.refused}`)
  return { publicAddress: address }
}

/** A time without a zone is of this machine's clock. */
function momentGiven(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw usage(`${option} expects a time such as 2026-11-28T22:00; "${text}" was given.`)
  return at
}

const LENGTHS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function lengthGiven(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  const ms = Number(count) * (LENGTHS[unit ?? ''] ?? 0)
  if (!(ms > 0)) throw usage(`--shift expects a length such as 90m, 8h or 3d; "${text}" was given.`)
  return ms
}

function languageGiven(text: string | undefined): Language | undefined {
  const language = LANGUAGES.find((one) => one === text)
  if (text !== undefined && language === undefined) {
    throw usage(`--lang expects ${LANGUAGES.join(' or ')}; "${text}" was given.`)
  }
  return language
}

function objectGiven(text: string | undefined): Options['options'] {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch {
    // Said below, as what is JSON and no object.
  }
  throw usage(`--options expects a JSON object such as '{"pid": 4711}'.`)
}

function chooseCommand(words: readonly string[]): { command: CommandName; operands: string[] } {
  const [first = '', second] = words
  const both = COMMAND_NAMES.find((name) => name === `${first} ${second}`)
  if (both !== undefined) return { command: both, operands: words.slice(2) }
  const whole = COMMAND_NAMES.find((name) => name === first)
  if (whole !== undefined) return { command: whole, operands: words.slice(1) }
  const verbs = verbsOf(first)
  if (verbs.length === 0) throw unknownCommand(first, GROUPS)
  if (second === undefined) {
    throw usage(`"vakhta ${first}" needs one of: ${verbs.join(', ')}.`)
  }
  throw unknownCommand(second, verbs, first)
}

function helpTopic(words: readonly string[]): string {
  const [first = '', second] = words
  if (!GROUPS.includes(first)) throw unknownCommand(first, GROUPS)
  const both = `${first} ${second ?? ''}`
  return COMMAND_NAMES.some((name) => name === both) ? both : first
}

function verbsOf(group: string): string[] {
  return COMMAND_NAMES.filter((name) => name.startsWith(`${group} `)).map((name) =>
    name.slice(group.length + 1),
  )
}

function unknownCommand(typed: string, names: readonly string[], group?: string): CommandFailure {
  const near = nearest(typed, names)
  const hint = near === null ? ` There are: ${names.join(', ')}.` : ` Did you mean "${near}"?`
  return usage(`There is no command "${group === undefined ? '' : `${group} `}${typed}".${hint}`)
}

function unknownOption(rawName: string, names: readonly string[], command?: CommandName): CommandFailure {
  const near = rawName.startsWith('--') ? nearest(rawName.slice(2), names) : null
  const hint =
    near === null ? ` It has: ${names.map((name) => `--${name}`).join(', ')}.` : ` Did you mean --${near}?`
  return usage(`"vakhta${command === undefined ? '' : ` ${command}`}" has no option ${rawName}.${hint}`)
}

/** What there is to restore from is nobody's to guess. */
function requireSource(values: ReadonlyMap<string, string>): void {
  if (values.get('mode') === 'keep') {
    if (values.has('operation')) return
    throw usage(
      '"vakhta restore --mode keep" needs the restore that is kept: --operation ID. "vakhta operations list" tells them.',
    )
  }
  if (!values.has('backup'))
    throw usage(
      '"vakhta restore" needs what it restores: --backup ID. "vakhta backup list --deployment NAME" tells them.',
    )
}

function usage(message: string): CommandFailure {
  return new CommandFailure(EXIT.usage, message)
}
