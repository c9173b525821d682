/** Where a command finds things: the data directory, and the vault in it with what opens it. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { SECRET_MAX_LENGTH } from '#shared/model/access.ts'
import { systemClock } from '../engine/clock.ts'
import { readBoundedText } from '../engine/store/bounded-file.ts'
import { defaultDataDirectory, defaultKeyFile } from '../engine/store/default-paths.ts'
import { openSealedFile } from '../engine/vault/sealed-file.ts'
import { type Vault, VaultError } from '../engine/vault/vault.ts'
import type { Options } from './arguments.ts'
import { askHidden } from './ask.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

/** The data directory that the options mean, as an absolute path. */
export function dataDirectory(options: Options, terminal: Terminal): string {
  return options.data === undefined ? defaultDataDirectory(terminal) : resolve(options.data)
}

/** The file that holds the vault of a data directory. */
export function vaultPath(directory: string): string {
  return join(directory, 'vault.json')
}

/**
 * Opens the vault of a data directory: with the key file or passphrase that the options name, else with what it is
 * sealed under: a passphrase is asked for, a key file is the one of this user. A new vault is sealed under a key file.
 * @throws CommandFailure 65 where it does not open
 */
export async function openVault(directory: string, options: Options, terminal: Terminal): Promise<Vault> {
  const path = vaultPath(directory)
  const key = await vaultKey(directory, options, terminal)
  try {
    return await openSealedFile({ path, clock: systemClock, ...key })
  } catch (error) {
    if (error instanceof VaultError) throw vaultFailure(error)
    throw error
  }
}

export function vaultFailure(error: VaultError): CommandFailure {
  return new CommandFailure(EXIT.inputRefused, error.message, { data: { reason: error.code }, cause: error })
}

/** What opens the vault of a data directory: see `openVault`. */
export async function vaultKey(
  directory: string,
  options: Options,
  terminal: Terminal,
): Promise<{ keyFile: string } | { passphrase: string }> {
  if (options.keyFile !== undefined) return { keyFile: resolve(options.keyFile) }
  if (options.passphraseFile !== undefined)
    return { passphrase: await firstLine(options.passphraseFile, terminal) }
  const sealedUnder = await sealOf(vaultPath(directory))
  if (options.passphrase || sealedUnder === 'passphrase') {
    return { passphrase: await askPassphrase(sealedUnder === null, terminal) }
  }
  return { keyFile: defaultKeyFile(terminal) }
}

async function askPassphrase(isNew: boolean, terminal: Terminal): Promise<string> {
  const instead = 'Name a file that holds it with --passphrase-file.'
  const passphrase = await askHidden(terminal, "The vault's passphrase", instead)
  if (passphrase === '') throw new CommandFailure(EXIT.inputRefused, 'The passphrase is empty.')
  if (isNew && (await askHidden(terminal, 'The same again', instead)) !== passphrase) {
    throw new CommandFailure(EXIT.inputRefused, 'The two passphrases differ; nothing was changed.')
  }
  return passphrase
}

async function firstLine(path: string, { signal }: Terminal): Promise<string> {
  let text: string
  try {
    text = await readBoundedText(path, { maxBytes: SECRET_MAX_LENGTH, signal })
  } catch (error) {
    signal.throwIfAborted()
    throw new CommandFailure(
      EXIT.inputRefused,
      `${path}: the passphrase could not be read (${error instanceof Error ? error.message : String(error)}).`,
      { cause: error },
    )
  }
  const line = text.split(/\r?\n/, 1)[0] ?? ''
  if (line === '')
    throw new CommandFailure(EXIT.inputRefused, `${path}: its first line is empty; expected a passphrase.`)
  return line
}

const Sealed = z.object({ lock: z.object({ kind: z.enum(['key-file', 'passphrase']) }) })

/** What a vault is sealed under; `null` where there is none yet, or where opening it will say what is wrong with it. */
async function sealOf(path: string): Promise<'key-file' | 'passphrase' | null> {
  try {
    return Sealed.parse(JSON.parse(await readFile(path, 'utf8'))).lock.kind
  } catch {
    return null
  }
}
