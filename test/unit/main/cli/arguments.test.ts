import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../../src/main/cli/arguments.ts'
import { COMMAND_NAMES, COMMANDS, type CommandName } from '../../../../src/main/cli/commands.ts'
import { CommandFailure } from '../../../../src/main/cli/exit-codes.ts'
import { helpText } from '../../../../src/main/cli/help.ts'

/** The message and exit code with which some words are refused. */
function refusal(...argv: string[]): { message: string; exitCode: number } {
  try {
    parseArguments(argv)
  } catch (error) {
    if (error instanceof CommandFailure) return { message: error.message, exitCode: error.exitCode }
    throw error
  }
  throw new Error(`${argv.join(' ')} was not refused`)
}

const optionsOf = (name: CommandName) => Object.fromEntries(COMMANDS[name].options.map((one) => [one, true]))

const NOTHING_ASKED = { json: false, passphrase: false, silence: false, preview: false, detach: false }

describe('the command line', () => {
  it('reads a command with operands and options in any order', () => {
    expect(parseArguments(['--json', 'hosts', 'accept', '--data', '/d', 'bastion:22', 'SHA256:x'])).toEqual({
      kind: 'run',
      command: 'hosts accept',
      operands: ['bastion:22', 'SHA256:x'],
      options: { ...NOTHING_ASKED, data: '/d', json: true },
    })
  })

  it('takes the word of its preview wherever it shows one', () => {
    // What is asked of an operation that there is goes by the operation.
    const showing = COMMAND_NAMES.filter(
      (name) => 'preview' in optionsOf(name) && !/^operations (?:cancel|leave|resume|undo)$/.test(name),
    )
    expect(showing.filter((name) => !('plan' in optionsOf(name)))).toEqual([])
    expect(showing).toContain('drill')
    expect(parseArguments(['drill', 'shop', '--plan', 'w0rd'])).toMatchObject({ options: { plan: 'w0rd' } })
  })

  it.each([
    ['drill', 'shop', 'ID', '--another'],
    ['backup', 'verify', 'shop', 'ID'],
    ['restore', 'shop', '--backup', 'ID', '--another'],
  ])('takes where the key of a backup is: %s %s', (...words) => {
    const { options } = parseArguments([...words, '--key', 'secret:recovery']) as { options: object }
    expect(options).toMatchObject({
      key: 'secret:recovery',
      ...(words.includes('--another') && { another: true }),
    })
  })

  it('says of an option what it is to that command, in its help and where its value is missing', () => {
    expect(helpText('handover')).toMatch(/^ {2}--from TIME +When it begins: 2026-11-28T22:00, by the clock/m)
    expect(helpText('restore')).toMatch(
      /^ {2}--from NAME +For the mode elsewhere: the deployment that the backup is of\.$/m,
    )
    expect(helpText('handover')).not.toContain('backup is of')
    expect(helpText('restore')).not.toContain('When it begins')
    expect(refusal('restore', 'shop', '--from').message).toContain('--from NAME')
    expect(refusal('handover', '--from').message).toContain('--from TIME')
    expect(helpText('backup')).toMatch(/--database NAMES +These databases alone/)
    expect(helpText('restore')).toMatch(/--database NAME +This database/)
  })

  it('reads numbers and inline values', () => {
    expect(parseArguments(['serve', '--port=8080', '--key-file=-odd'])).toEqual({
      kind: 'run',
      command: 'serve',
      operands: [],
      options: { ...NOTHING_ASKED, port: 8080, keyFile: '-odd' },
    })
  })

  it('reads what an operation wants to know', () => {
    const words = ['operations', 'run', 'terminate-backend', 'shop', '--options', '{"pid": 7}', '--silence']
    expect(parseArguments([...words, '--confirm', 'shop', '--reason', 'it holds a lock'])).toMatchObject({
      command: 'operations run',
      operands: ['terminate-backend', 'shop'],
      options: { options: { pid: 7 }, silence: true, confirm: 'shop', reason: 'it holds a lock' },
    })
  })

  it('asks for what a restore comes from, and says where to find it', () => {
    expect(refusal('restore', 'shop').message).toMatch(/needs what it restores: --backup ID.*backup list/)
    expect(refusal('restore', 'shop', '--mode', 'keep').message).toMatch(/--operation ID.*operations list/)
  })

  it('reads what a restore wants to know', () => {
    const words = ['restore', 'shop', '--backup', 'b1', '--database', 'orders', '--no-swap']
    expect(parseArguments(words)).toMatchObject({
      command: 'restore',
      operands: ['shop'],
      options: { backup: 'b1', database: 'orders', noSwap: true },
    })
    const elsewhere = [
      'restore',
      'spare',
      '--backup',
      'b1',
      '--mode',
      'elsewhere',
      '--from',
      'shop',
      '--as',
      'old',
    ]
    const { options } = parseArguments(elsewhere) as { options: object }
    expect(options).toMatchObject({ mode: 'elsewhere', fromDeployment: 'shop', as: 'old' })
    // A moment it is for those alone that want one.
    expect(options).not.toHaveProperty('from')
  })

  it('takes a lone dash as an operand', () => {
    expect(parseArguments(['probe', '-'])).toMatchObject({ command: 'probe', operands: ['-'] })
  })

  it.each([
    [['--help'], null],
    [['help'], null],
    [['-h', 'serve'], 'serve'],
    [['probe', '--help'], 'probe'],
    [['help', 'secret', 'set'], 'secret set'],
    [['secret', '--help'], 'secret'],
  ])('answers %j with help', (argv, command) => {
    expect(parseArguments(argv)).toEqual({ kind: 'help', command })
  })

  it.each<[string[], string]>([
    [
      [],
      'Expected a command: serve, link, probe, secret, hosts, operations, backup, drill, restore, handover.',
    ],
    [['serv'], 'There is no command "serv". Did you mean "serve"?'],
    [['secret', 'ste', 'X'], 'There is no command "secret ste". Did you mean "set"?'],
    [
      ['frobnicate'],
      'There is no command "frobnicate". There are: serve, link, probe, secret, hosts, operations, backup, drill, restore, handover.',
    ],
    [['secret'], '"vakhta secret" needs one of: set, list, remove.'],
    [['serve', '--prot', '1'], '"vakhta serve" has no option --prot. Did you mean --port?'],
    [['hosts', 'list', '--port', '1'], '"vakhta hosts list" has no option --port.'],
    [['serve', '--data'], '--data needs a value: --data DIR.'],
    [['serve', '--data', '--json'], '--data needs a value: --data DIR.'],
    [['serve', '--data', 'a', '--data', 'b'], '--data was given twice.'],
    [['serve', '--port', '65536'], '--port expects a number from 0 to 65535; "65536" was given.'],
    [['serve', '--json=yes'], '--json takes no value; "yes" was given.'],
    [['probe'], '"vakhta probe" takes FILE; none was given.'],
    [['secret', 'set', 'NAME', 'value'], '"vakhta secret set" takes NAME; 2 were given.'],
    [['serve', '--key-file', 'k', '--passphrase-file', 'p'], 'Give one of --key-file'],
    [['handover', '--from', 'yesterday'], '--from expects a time such as 2026-11-28T22:00'],
    [['handover', '--shift', '8'], '--shift expects a length such as 90m, 8h or 3d; "8" was given.'],
    [['handover', '--from', '2026-11-28', '--shift', '8h'], 'Give one of --from and --shift'],
    [['handover', '--lang', 'de'], '--lang expects en or ru; "de" was given.'],
    [['operations', 'run', 'cancel-query'], '"vakhta operations run" takes KIND DEPLOYMENT; 1 was given.'],
    [
      ['operations', 'run', 'cancel-query', 'shop', '--options', '[1]'],
      `--options expects a JSON object such as '{"pid": 4711}'.`,
    ],
    [['operations', 'list', '--confirm', 'shop'], '"vakhta operations list" has no option --confirm.'],
    [['--jsno'], 'has no option --jsno. Did you mean --json?'],
  ])('refuses %j with 64 and says why', (argv, message) => {
    const refused = refusal(...argv)
    expect(refused.message).toContain(message)
    expect(refused.exitCode).toBe(64)
  })
})
