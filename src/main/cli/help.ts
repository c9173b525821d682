/** What `--help` prints, from the table of commands. */
import { COMMAND_NAMES, COMMANDS, type CommandName, type OptionName, optionOf } from './commands.ts'

/** @param topic a command, the first word of several, or `null` for all of them */
export function helpText(topic: string | null): string {
  const command = COMMAND_NAMES.find((name) => name === topic)
  return command === undefined ? overview(topic) : commandHelp(command)
}

function overview(group: string | null): string {
  const names = COMMAND_NAMES.filter((name) => group === null || name.startsWith(`${group} `))
  const usages = names.map((name) => [name, ...COMMANDS[name].operands].join(' '))
  const width = Math.max(...usages.map((usage) => usage.length))
  const lines = names.map(
    (name, index) => `  ${(usages[index] ?? '').padEnd(width)}  ${COMMANDS[name].summary}`,
  )
  return [
    `Usage: vakhta ${group ?? 'COMMAND'} …`,
    '',
    ...lines,
    '',
    'JSON comes on standard output with --json; words and progress on standard error.',
    '',
    'Exit codes: 0 succeeded; 1 failed; 4 an operation that waits for somebody; 5 locked by another;',
    '64 wrong usage; 65 input refused; 69 the console cannot be reached; 70 a bug; 77 not allowed;',
    '130 interrupted. "vakhta probe" has its own: see its help.',
    '',
    `"vakhta ${group ?? 'COMMAND'} ${group === null ? '' : 'VERB '}--help" says more.`,
    '',
  ].join('\n')
}

function commandHelp(name: CommandName): string {
  const { operands, options, summary, details } = COMMANDS[name]
  const names: OptionName[] = [...options, 'help']
  const verbs = COMMAND_NAMES.filter((one) => one.startsWith(`${name} `))
  const specs = names.map((option) => optionOf(name, option))
  const labels = names.map((option, index) => label(option, specs[index]?.value))
  const width = Math.max(...labels.map((text) => text.length))
  return [
    `Usage: vakhta ${[name, ...operands].join(' ')} [options]`,
    '',
    summary,
    ...(details === '' ? [] : [details]),
    '',
    ...specs.map(({ help }, index) => `  ${(labels[index] ?? '').padEnd(width)}  ${help}`),
    ...(verbs.length === 0 ? [] : ['', `Besides: ${verbs.map((verb) => `vakhta ${verb}`).join(', ')}.`]),
    '',
  ].join('\n')
}

function label(name: OptionName, value: string | undefined): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`
}
