/** The commands of the command line, as data: what each takes, and what it says of itself. */

export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  /** What the value is called in help. */
  readonly value?: string
  readonly short?: string
  readonly help: string
}

export const OPTIONS = {
  data: {
    type: 'string',
    value: 'DIR',
    help: 'The data directory; without it, the one of this user on this machine.',
  },
  'key-file': {
    type: 'string',
    value: 'FILE',
    help: "The key that seals the vault, made with mode 0600 where it is missing; without it, this user's own.",
  },
  passphrase: {
    type: 'boolean',
    help: 'Ask for a passphrase that seals the vault, in place of a key file.',
  },
  'passphrase-file': {
    type: 'string',
    value: 'FILE',
    help: 'A file whose first line is that passphrase, for hosts where nobody can type it.',
  },
  port: {
    type: 'string',
    value: 'N',
    help: 'The loopback port to listen on; without it, a free one.',
  },
  'public-url': {
    type: 'string',
    value: 'URL',
    help: 'Where people reach it through a reverse proxy that speaks TLS: https://watch.example.com.',
  },
  from: {
    type: 'string',
    value: 'TIME',
    help: 'When it begins: 2026-11-28T22:00, by the clock of this machine unless it names a zone.',
  },
  on: {
    type: 'string',
    value: 'NAME',
    help: "Of a drill: the deployment on whose PostgreSQL it is restored; without it, the console's own machine.",
  },
  to: { type: 'string', value: 'TIME', help: 'When it ends; without it, now.' },
  shift: {
    type: 'string',
    value: 'LENGTH',
    help: 'How long it is, in place of --from: 90m, 8h, 3d; without either, 8h.',
  },
  output: { type: 'string', value: 'FILE', help: 'Write the document into FILE, not on standard output.' },
  deployment: { type: 'string', value: 'NAME', help: 'Those of this deployment alone.' },
  options: {
    type: 'string',
    value: 'JSON',
    help: "What the operation's kind wants to know, as a JSON object.",
  },
  database: {
    type: 'string',
    value: 'NAMES',
    help: 'These databases alone, with commas between them; without it, those that the profile names.',
  },
  confirm: { type: 'string', value: 'NAME', help: "The deployment's name, where it has to be confirmed." },
  plan: {
    type: 'string',
    value: 'WORD',
    help: 'Of a preview: do it only while it is still what was shown there.',
  },
  reason: { type: 'string', value: 'TEXT', help: 'Why: kept with the operation and in the audit.' },
  'take-over': {
    type: 'string',
    value: 'ID',
    help: 'Go on in spite of this operation, which another console left at the target.',
  },
  silence: { type: 'boolean', help: 'Keep its alerts quiet until it is seen to be well after it.' },
  preview: { type: 'boolean', help: 'Print what it would do, and do nothing.' },
  detach: { type: 'boolean', help: 'Do not wait for its end.' },
  backup: { type: 'string', value: 'ID', help: 'The backup, by its name in the catalogue.' },
  mode: {
    type: 'string',
    value: 'MODE',
    help: 'side-by-side (without it); in-place: the same where the server has room for a second copy, else in one transaction after a safety backup; tables (with --table); elsewhere: to a server without the database; or keep: drops what an earlier restore put aside.',
  },
  room: {
    type: 'string',
    value: 'enough|none',
    help: 'For the mode in-place: whether the server has room for a second copy, where the console cannot see that.',
  },
  table: {
    type: 'string',
    value: 'NAMES',
    help: 'These tables alone, with commas between them: schema.name, with quotes as in SQL; without a schema, public. Those that are not there any more are made as they were.',
  },
  as: { type: 'string', value: 'NAME', help: 'For the mode elsewhere: what the database is called there.' },
  operation: { type: 'string', value: 'ID', help: 'For the mode keep: the restore that is kept.' },
  'no-swap': { type: 'boolean', help: 'Leave what was restored beside what is there, to be looked at.' },
  key: {
    type: 'string',
    value: 'REFERENCE',
    help: "The secret key to decrypt with, where it is not the console's own: secret:NAME.",
  },
  another: { type: 'boolean', help: 'Restore it though another console signed it.' },
  lang: { type: 'string', value: 'LANGUAGE', help: "en or ru; without it, the surroundings' (LANG)." },
  json: { type: 'boolean', help: 'Print JSON on standard output; words stay on standard error.' },
  help: { type: 'boolean', short: 'h', help: 'Print this.' },
  version: { type: 'boolean', help: 'Print the version.' },
} as const satisfies Record<string, OptionSpec>
export type OptionName = keyof typeof OPTIONS

export interface CommandSpec {
  readonly name: string
  /** In brackets where it may be left out. */
  readonly operands: readonly string[]
  readonly options: readonly OptionName[]
  /** Of options that mean something else to it than to other commands. */
  readonly means?: Partial<Record<OptionName, Required<Pick<OptionSpec, 'value' | 'help'>>>>
  readonly summary: string
  /** What help adds: exit codes, where input comes from, an example. */
  readonly details: string
}

const VAULT = ['data', 'key-file', 'passphrase', 'passphrase-file'] as const

const OPERATION_CODES =
  'Exit codes: 0 succeeded, or taken back as asked; 1 failed or cancelled, or the target could not be asked; 4 it waits for\nsomebody, or goes on in a console that does not answer; 5 the target is locked; 77 the role or the guard does not allow it, or it\nhas to be confirmed.'

export const COMMANDS = {
  serve: {
    name: 'serve',
    operands: [],
    options: [...VAULT, 'port', 'public-url', 'json'],
    summary: 'Run the console on loopback and print a one-time link to it.',
    details:
      'It runs until it is interrupted; SIGTERM ends it with 0. With --json, one line { "url", "link", "publicUrl", "publicLink",\n"dataDirectory", "pid" } is printed once the console is ready.\n\nBehind a reverse proxy on this machine, --public-url names what browsers ask for: that Host and Origin are answered\nbeside those of loopback, and links in messages begin with it. The guide has examples for nginx and Caddy.\n\nExample: vakhta serve --data ~/watch --key-file ~/watch.key --port 8080',
  },
  link: {
    name: 'link',
    operands: [],
    options: ['data', 'json'],
    summary: 'Print another one-time link to the console that runs on --data.',
    details:
      'It opens the console once, within ten minutes; of a console with --public-url, a second line is the link for a phone. With\n--json, { "link", "publicLink" }.\n\nExample: vakhta link --data ~/watch',
  },
  probe: {
    name: 'probe',
    operands: ['FILE'],
    options: [...VAULT, 'json'],
    summary: 'Walk the way to everything in a profile, look once with every probe, and say how it is.',
    details:
      'FILE is a YAML profile, or - for standard input. Nothing is saved, and no data directory is made; secrets and\naccepted host keys are those of --data.\n\nExit codes: 0 healthy; 1 warning or degraded; 2 critical, down, disconnected or refused; 3 unknown or unobserved.',
  },
  'secret set': {
    name: 'secret set',
    operands: ['NAME'],
    options: [...VAULT, 'json'],
    summary: 'Put a secret into the vault; its value comes from standard input.',
    details:
      'One newline at the end of the value is taken off. Profiles refer to it as secret:NAME.\n\nExample: vakhta secret set shop-db --data ~/watch --key-file ~/watch.key < password.txt',
  },
  'secret list': {
    name: 'secret list',
    operands: [],
    options: [...VAULT, 'json'],
    summary: 'Print the names of the secrets in the vault and when each was set; never a value.',
    details: '',
  },
  'secret remove': {
    name: 'secret remove',
    operands: ['NAME'],
    options: [...VAULT, 'json'],
    summary: 'Remove a secret from the vault.',
    details: '',
  },
  'hosts list': {
    name: 'hosts list',
    operands: [],
    options: ['data', 'json'],
    summary: 'Print the SSH host keys that were accepted in Vakhta, and those that wait for it.',
    details: '',
  },
  'hosts accept': {
    name: 'hosts accept',
    operands: ['HOST:PORT', 'FINGERPRINT'],
    options: ['data', 'json'],
    summary: 'Accept the SSH host key with this fingerprint, also before the host was ever reached.',
    details:
      'FINGERPRINT is SHA256:… as "ssh-keygen -l" prints it on the host. Compare it there, not over the network.\n\nExample: vakhta hosts accept bastion.example.com:22 SHA256:4yk0…',
  },
  'hosts remove': {
    name: 'hosts remove',
    operands: ['HOST:PORT'],
    options: ['data', 'json'],
    summary: 'Forget the accepted SSH host key of a host.',
    details: '',
  },
  'operations list': {
    name: 'operations list',
    operands: [],
    options: ['deployment', 'lang', 'data', 'json'],
    summary: 'Print the operations that run, and the newest of those that are over.',
    details: '',
  },
  'operations show': {
    name: 'operations show',
    operands: ['ID'],
    options: ['lang', 'data', 'json'],
    summary: 'Print one operation: its steps, and its log.',
    details: '',
  },
  'operations run': {
    name: 'operations run',
    operands: ['KIND', 'DEPLOYMENT'],
    options: [
      ...(['options', 'confirm', 'plan', 'reason', 'take-over', 'silence'] as const),
      ...(['preview', 'detach', 'lang', 'data', 'json'] as const),
    ],
    summary: 'Begin an operation in the console that runs on --data, and wait for its end.',
    details: `${OPERATION_CODES}\n\nExample: vakhta operations run terminate-backend shop --options '{"pid": 4711}' --reason "holds the lock on orders" --preview`,
  },
  'operations cancel': {
    name: 'operations cancel',
    operands: ['ID'],
    options: ['confirm', 'plan', 'reason', 'take-over', 'preview', 'detach', 'lang', 'data', 'json'],
    summary: 'Give an operation up: what it did is taken back.',
    details: OPERATION_CODES,
  },
  'operations leave': {
    name: 'operations leave',
    operands: ['ID'],
    options: ['confirm', 'plan', 'reason', 'preview', 'lang', 'data', 'json'],
    summary:
      'Give an operation up as it is: nothing is looked at or taken back, also where the target is gone.',
    details: `It has to wait for somebody: one that runs is paused first. --preview says what stays where.\n\n${OPERATION_CODES}`,
  },
  'operations pause': {
    name: 'operations pause',
    operands: ['ID'],
    options: ['lang', 'data', 'json'],
    summary: 'Let an operation wait, after the step that runs.',
    details: '',
  },
  'operations resume': {
    name: 'operations resume',
    operands: ['ID'],
    options: ['confirm', 'plan', 'reason', 'take-over', 'preview', 'detach', 'lang', 'data', 'json'],
    summary: 'Go on with an operation that waits or was cut off.',
    details: OPERATION_CODES,
  },
  'operations undo': {
    name: 'operations undo',
    operands: ['ID'],
    options: ['confirm', 'plan', 'reason', 'take-over', 'preview', 'detach', 'lang', 'data', 'json'],
    summary: 'Take back what an operation did.',
    details: OPERATION_CODES,
  },
  backup: {
    name: 'backup',
    operands: ['DEPLOYMENT'],
    options: [
      ...(['database', 'options', 'plan', 'reason', 'take-over', 'preview', 'detach'] as const),
      ...(['lang', 'data', 'json'] as const),
    ],
    summary: 'Back a deployment up in the console that runs on --data, and read it back.',
    details: `What is backed up and where to is in the profile (backups); --options '{"schemas": ["sales"]}' takes a part of it, which does not count\nfor the recovery point.\n\n${OPERATION_CODES}\n\nExample: vakhta backup shop --reason "before the migration"`,
  },
  'backup list': {
    name: 'backup list',
    operands: [],
    options: ['deployment', 'lang', 'data', 'json'],
    summary: 'Print the backups that are kept, newest first: when, how large, how far proven.',
    details: '',
  },
  'backup verify': {
    name: 'backup verify',
    operands: ['DEPLOYMENT', '[BACKUP]'],
    options: ['key', 'plan', 'take-over', 'preview', 'detach', 'lang', 'data', 'json'],
    summary: 'Read a backup back to its end: sizes, checksums, encryption, lists of contents.',
    details: `Without BACKUP it is the newest good one. --key names the key of one that another console made.\n\n${OPERATION_CODES}`,
  },
  'backup register': {
    name: 'backup register',
    operands: ['DEPLOYMENT', 'FILE'],
    options: ['database', 'plan', 'reason', 'take-over', 'preview', 'detach', 'lang', 'data', 'json'],
    means: { database: { value: 'NAME', help: 'The database that the dump is of.' } },
    summary:
      'Make a backup of a dump that others made: plain SQL of pg_dump, also with gzip, or its custom format.',
    details: `FILE is on the machine of the console. --database says which database it is of. It never counts for the recovery point, and is\nrestored as a role without rights (restore --another).\n\n${OPERATION_CODES}\n\nExample: vakhta backup register shop ./shop.sql.gz --database shop`,
  },
  'backup rescan': {
    name: 'backup rescan',
    operands: ['DEPLOYMENT'],
    options: ['lang', 'data', 'json'],
    summary: "Make the list again from what lies in the deployment's place.",
    details: 'Exit codes: 0 everything there could be read; 1 something could not.',
  },
  drill: {
    name: 'drill',
    operands: ['DEPLOYMENT', '[BACKUP]'],
    options: [
      ...(['on', 'key', 'another', 'options', 'confirm', 'plan', 'reason'] as const),
      ...(['silence', 'take-over', 'preview', 'detach', 'lang', 'data', 'json'] as const),
    ],
    summary: 'Restore a backup where it is thrown away again, and compare every table.',
    details: `Without BACKUP it is the newest good one. Without --on it is restored by a server that is started for it on the console's machine; with --on NAME into scratch databases on the PostgreSQL of that deployment, which are dropped. --another allows one that another console signed, and --key names the key that it opens with.\n\n${OPERATION_CODES}\n\nExample: vakhta drill shop --on lab --preview`,
  },
  restore: {
    name: 'restore',
    operands: ['DEPLOYMENT'],
    options: [
      ...([
        'backup',
        'database',
        'mode',
        'room',
        'table',
        'no-swap',
        'from',
        'as',
        'operation',
        'key',
        'another',
      ] as const),
      ...([
        'confirm',
        'plan',
        'reason',
        'silence',
        'take-over',
        'preview',
        'detach',
        'lang',
        'data',
        'json',
      ] as const),
    ],
    means: {
      from: { value: 'NAME', help: 'For the mode elsewhere: the deployment that the backup is of.' },
      database: { value: 'NAME', help: 'This database; without it, the only one that is in the backup.' },
    },
    summary: 'Restore a database, or chosen tables, from a backup; taken back by "operations undo".',
    details: `${OPERATION_CODES}\n\nExample: vakhta restore shop --backup shop-20261128T020000Z-1a2b3c4d --preview\n         vakhta restore spare --backup shop-20261128T020000Z-1a2b3c4d --mode elsewhere --from shop`,
  },
  handover: {
    name: 'handover',
    operands: [],
    options: ['from', 'to', 'shift', 'output', 'lang', 'data', 'json'],
    summary: 'Print the hand-over of a shift as Markdown: what fired, who did what, what is open.',
    details:
      'It comes from the console that runs on --data. With --json the same is printed as JSON, the Markdown among it.\n\nExample: vakhta handover --shift 12h --output handover.md',
  },
} as const satisfies Record<string, CommandSpec>
export type CommandName = keyof typeof COMMANDS
export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[]

/** An option as that command takes it. */
export function optionOf(command: CommandName, name: OptionName): OptionSpec {
  const { means }: CommandSpec = COMMANDS[command]
  return { ...OPTIONS[name], ...means?.[name] }
}
