/** The key file of a sealed vault: 32 random bytes as base64, for its owner alone, kept apart from the data directory. */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { syncDirectory } from '../store/atomic-file.ts'
import { KEY_BYTES, randomKey } from './primitives.ts'
import { VaultError } from './vault.ts'

/**
 * Reads the key.
 * @throws VaultError `key-file-open-to-others`, `damaged`, or `wrong-key` where there is no such file
 */
export function readKeyFile(path: string): Buffer {
  let text: string
  try {
    refuseOpenToOthers(path)
    text = readFileSync(path, { encoding: 'ascii' })
  } catch (error) {
    if (error instanceof VaultError) throw error
    throw new VaultError(
      'wrong-key',
      `${path}: the vault's key file could not be read (${error instanceof Error ? error.message : String(error)}). The secrets can be opened only with the key that sealed them: put that file back, or name it with --key-file.`,
      { cause: error },
    )
  }
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== KEY_BYTES || key.toString('base64') !== text.trim()) {
    throw new VaultError(
      'damaged',
      `${path}: this is no key file of Vakhta's (expected ${KEY_BYTES} bytes as base64). It was left as it is.`,
    )
  }
  return key
}

/** Creates a key file with mode 0600, whole or not at all; leaves one that is there already as it is. */
export function createKeyFile(path: string): void {
  const unfinished = `${path}.${process.pid}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const handle = openSync(unfinished, 'wx', 0o600)
    try {
      writeFileSync(handle, `${randomKey().toString('base64')}\n`)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    // A link fails where the name is taken: of two processes that start at once, one makes the key.
    linkSync(unfinished, path)
    syncDirectory(dirname(path))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
    throw new VaultError(
      'unwritable',
      `${path}: the vault's key file could not be created (${error instanceof Error ? error.message : String(error)}). Name another place with --key-file.`,
      { cause: error },
    )
  } finally {
    rmSync(unfinished, { force: true })
  }
}

function refuseOpenToOthers(path: string): void {
  // Windows keeps no such modes: there the user's profile directory protects the file.
  if (process.platform === 'win32') return
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) === 0) return
  throw new VaultError(
    'key-file-open-to-others',
    `${path}: others than its owner can use this key file (mode ${mode.toString(8).padStart(4, '0')}). Make it private with: chmod 600 ${path}`,
  )
}
