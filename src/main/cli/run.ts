/** Runs one command and answers with its exit code; says what went wrong in words, and to scripts in JSON. */
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError } from '../engine/store/store.ts'
import { VaultError } from '../engine/vault/vault.ts'
import { parseArguments } from './arguments.ts'
import type { Command } from './command.ts'
import type { CommandName } from './commands.ts'
import { CommandFailure, EXIT, type ExitCode, errorShape } from './exit-codes.ts'
import { helpText } from './help.ts'
import { Interrupted, print, say, type Terminal } from './terminal.ts'
import { version } from './version.ts'

/** Each is loaded when it is asked for: setting a secret needs no web server. */
const LOAD: Record<CommandName, () => Promise<Command>> = {
  serve: async () => (await import('./serve.ts')).serveConsole,
  link: async () => (await import('./link.ts')).printLink,
  probe: async () => (await import('./probe.ts')).probeProfiles,
  'secret set': async () => (await import('./secret.ts')).setSecret,
  'secret list': async () => (await import('./secret.ts')).listSecrets,
  'secret remove': async () => (await import('./secret.ts')).removeSecret,
  'hosts list': async () => (await import('./hosts.ts')).listHosts,
  'hosts accept': async () => (await import('./hosts.ts')).acceptHost,
  'hosts remove': async () => (await import('./hosts.ts')).removeHost,
  'operations list': async () => (await import('./operations.ts')).listOperations,
  'operations show': async () => (await import('./operations.ts')).showOperation,
  'operations run': async () => (await import('./operations.ts')).runOperation,
  'operations cancel': async () => (await import('./operations.ts')).cancelOperation,
  'operations leave': async () => (await import('./operations.ts')).leaveOperation,
  'operations pause': async () => (await import('./operations.ts')).pauseOperation,
  'operations resume': async () => (await import('./operations.ts')).resumeOperation,
  'operations undo': async () => (await import('./operations.ts')).undoOperation,
  backup: async () => (await import('./backups.ts')).makeBackup,
  'backup list': async () => (await import('./backups.ts')).listBackups,
  'backup verify': async () => (await import('./backups.ts')).verifyBackup,
  'backup register': async () => (await import('./backups.ts')).registerDump,
  'backup rescan': async () => (await import('./backups.ts')).rescanBackups,
  drill: async () => (await import('./backups.ts')).runDrill,
  restore: async () => (await import('./backups.ts')).restoreBackup,
  handover: async () => (await import('./handover.ts')).printHandover,
}

/** @param argv what follows the program's name */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let json = argv.includes('--json')
  try {
    const invocation = parseArguments(argv)
    if (invocation.kind === 'help') {
      terminal.stdout.write(helpText(invocation.command))
      return EXIT.succeeded
    }
    if (invocation.kind === 'version') {
      terminal.stdout.write(`${await version()}\n`)
      return EXIT.succeeded
    }
    json = invocation.options.json
    const command = await LOAD[invocation.command]()
    return await command(invocation.operands, invocation.options, terminal)
  } catch (error) {
    if (isInterruption(error, terminal.signal)) return EXIT.interrupted
    const failure = await asFailure(error, argv)
    say(terminal, `vakhta: ${failure.message}`)
    if (json) print(terminal, errorShape(failure))
    return failure.exitCode
  }
}

function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return error instanceof Interrupted || (signal.aborted && (error === signal.reason || isAbortError(error)))
}

function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

async function asFailure(error: unknown, argv: readonly string[]): Promise<CommandFailure> {
  if (error instanceof CommandFailure) return error
  if (error instanceof StoreError || error instanceof VaultError) {
    const exitCode = error.code === 'occupied' ? EXIT.consoleUnreachable : EXIT.inputRefused
    return new CommandFailure(exitCode, error.message, { data: { reason: error.code }, cause: error })
  }
  return asBug(error, argv)
}

/** A failure that nobody expected; what a report of it needs is in a file that its message names. */
export async function asBug(error: unknown, argv: readonly string[]): Promise<CommandFailure> {
  const where = await keepDetails(error, argv)
  return new CommandFailure(
    EXIT.bug,
    `This is a bug: ${error instanceof Error ? error.message : String(error)}\n${where}`,
    { cause: error },
  )
}

/** Writes what a bug report needs to a file; the answer says where it is. */
async function keepDetails(error: unknown, argv: readonly string[]): Promise<string> {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const path = join(tmpdir(), `vakhta-bug-${process.pid}-${Date.now()}.txt`)
  try {
    await writeFile(
      path,
      `vakhta ${argv.join(' ')}\nNode ${process.version} on ${process.platform}\n\n${details}\n`,
      {
        mode: 0o600,
        flag: 'wx',
      },
    )
    return `Details are in ${path}; please attach them when you report it.`
  } catch {
    return details
  }
}
