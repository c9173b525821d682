/** `vakhta secret`: what is in the vault, whether or not a console runs on it. Values go in and never come out. */
import { existsSync } from 'node:fs'
import { SECRET_MAX_LENGTH, SecretName } from '#shared/model/access.ts'
import { StoreError } from '../engine/store/store.ts'
import { VaultError } from '../engine/vault/vault.ts'
import { askHidden } from './ask.ts'
import type { Command } from './command.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { readInput } from './input.ts'
import { parseOperand } from './operands.ts'
import { dataDirectory, openVault, vaultFailure, vaultPath } from './places.ts'
import { withRecords } from './records.ts'
import { print, say, type Terminal, tell } from './terminal.ts'

export const setSecret: Command = async (operands, options, terminal) => {
  const name = parseOperand(SecretName, 'NAME', operands[0])
  const value = await readValue(name, terminal)
  const directory = dataDirectory(options, terminal)
  const vault = await openVault(directory, options, terminal)
  await recorded(directory, 'secrets.set', name, () => vault.set(name, value))
  say(terminal, `Set ${name}. Profiles refer to it as secret:${name}.`)
  if (options.json) print(terminal, { name })
  return EXIT.succeeded
}

export const listSecrets: Command = async (_operands, options, terminal) => {
  const directory = dataDirectory(options, terminal)
  const names = existsSync(vaultPath(directory))
    ? await (await openVault(directory, options, terminal)).names()
    : []
  const items = names.map(({ name, updatedAt }) => ({ name, updatedAt: new Date(updatedAt).toISOString() }))
  if (options.json) {
    print(terminal, { items, nextCursor: null })
    return EXIT.succeeded
  }
  for (const { name, updatedAt } of items) tell(terminal, `${updatedAt}  ${name}`)
  if (items.length === 0) say(terminal, `There are no secrets in ${vaultPath(directory)}.`)
  return EXIT.succeeded
}

export const removeSecret: Command = async (operands, options, terminal) => {
  const name = parseOperand(SecretName, 'NAME', operands[0])
  const directory = dataDirectory(options, terminal)
  const path = vaultPath(directory)
  const vault = existsSync(path) ? await openVault(directory, options, terminal) : null
  if (vault === null || !(await vault.names()).some((secret) => secret.name === name)) {
    throw new CommandFailure(EXIT.failed, `There is no secret ${name} in ${path}.`, {
      code: 'NOT_FOUND',
      data: { what: 'secret', name },
    })
  }
  await recorded(directory, 'secrets.remove', name, () => vault.remove(name))
  say(terminal, `Removed ${name}.`)
  if (options.json) print(terminal, { name })
  return EXIT.succeeded
}

/** The value from standard input without the newline that ends it; typed unseen where that is a terminal. */
async function readValue(name: string, terminal: Terminal): Promise<string> {
  const value =
    terminal.stdin.isTTY === true
      ? await askHidden(terminal, `The value of ${name}`, 'Give it on standard input.')
      : (await readInput(terminal, { what: 'The value', maxBytes: SECRET_MAX_LENGTH })).replace(/\r?\n$/, '')
  if (value === '') {
    throw new CommandFailure(EXIT.inputRefused, `The value of ${name} is empty; nothing was changed.`)
  }
  return value
}

/**
 * Runs a change of the vault, in the audit where that can be written: a running console alone writes its records, and
 * the vault's own file is the one thing that may be changed beside it.
 */
async function recorded(
  directory: string,
  action: string,
  name: string,
  change: () => Promise<unknown>,
): Promise<void> {
  let done = false
  const once = async () => {
    await change()
    done = true
  }
  try {
    await withRecords(directory, ({ audited }) => audited({ action, target: name }, once))
  } catch (error) {
    if (error instanceof VaultError) throw vaultFailure(error)
    if (done || !(error instanceof StoreError) || error.code !== 'occupied') throw error
    await once()
  }
}
