/** From the references in a profile (`secret:NAME`, `env:NAME`, `file:PATH`) to what they refer to. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { FileTooLarge } from '../store/bounded-file.ts'
import type { Vault } from './vault.ts'

/** On Windows people write it in its way. */
const HOME = process.platform === 'win32' ? /^~[\\/]/ : /^~\//

/** A reference that leads nowhere. It names the reference, never a value. */
export class SecretMissing extends Error {
  readonly reference: SecretReference
  constructor(reference: SecretReference, message: string, options?: { cause?: unknown }) {
    super(`${reference}: ${message}`, options)
    this.name = 'SecretMissing'
    this.reference = reference
  }
}

export interface SecretResolverDependencies {
  readonly vault: Vault
  readonly env: Readonly<Record<string, string | undefined>>
  /** Reads a text file; rejects as `node:fs/promises` does. */
  readonly readFile: (path: string) => Promise<string>
}

export type SecretResolver = (reference: SecretReference) => Promise<string>

/**
 * Resolves references, each time anew, so that a secret that was replaced is used from then on. The line break that ends
 * a password typed into a file is not part of it; a PEM or OpenSSH key keeps its own.
 * @returns a function that rejects with `SecretMissing`, or with a `VaultError` of the vault
 */
export function createSecretResolver({ vault, env, readFile }: SecretResolverDependencies): SecretResolver {
  async function find(reference: SecretReference): Promise<string> {
    const colon = reference.indexOf(':')
    const kind = reference.slice(0, colon)
    const name = reference.slice(colon + 1)
    switch (kind) {
      case 'secret': {
        const value = await vault.get(name)
        if (value !== null) return value
        throw new SecretMissing(
          reference,
          `there is no such secret in the vault; set it with: vakhta secret set ${name}`,
        )
      }
      case 'env': {
        const value = env[name]
        if (value !== undefined) return value
        throw new SecretMissing(reference, `the environment of Vakhta has no variable ${name}`)
      }
      case 'file': {
        const path = HOME.test(name) ? join(env.HOME ?? homedir(), name.slice(2)) : name
        try {
          return await readFile(path)
        } catch (error) {
          const why = error instanceof FileTooLarge ? error.message : codeOf(error)
          throw new SecretMissing(reference, `the file ${path} could not be read (${why})`, { cause: error })
        }
      }
      default:
        // It is not repeated: what is no reference may be the secret itself.
        throw new TypeError('a secret reference was expected: secret:NAME, env:NAME or file:PATH')
    }
  }

  return async (reference) => {
    const value = await find(reference)
    const secret = value.startsWith('-----BEGIN ') ? value : value.replace(/\r?\n$/, '')
    if (secret === '') throw new SecretMissing(reference, 'it is empty')
    return secret
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
