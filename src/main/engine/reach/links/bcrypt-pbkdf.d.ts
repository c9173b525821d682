declare module 'bcrypt-pbkdf' {
  /** Bytes that come out. */
  export const HASHSIZE: number
  /** One bcrypt of OpenSSH's kind: SHA-512 sums of passphrase and salt in. */
  export function hash(passphrase: Uint8Array, salt: Uint8Array, out: Uint8Array): void
}
