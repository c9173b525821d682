/** Where secrets are kept: an interface with adapters (a sealed file here; the keychain with the desktop shell). */
export interface Vault {
  names(): Promise<{ name: string; updatedAt: number }[]>
  /** The value, or `null` where there is none of that name. */
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  /** Whether there was one. */
  remove(name: string): Promise<boolean>
}

/** Why the vault cannot be opened or written: the wrong key, a damaged file, a full disk. */
export class VaultError extends Error {
  readonly code: 'wrong-key' | 'damaged' | 'key-file-open-to-others' | 'unwritable'
  constructor(code: VaultError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'VaultError'
    this.code = code
  }
}
