/**
 * A vault in one JSON file: each value sealed on its own under a key from a passphrase or a key file, with its name
 * authenticated. Several processes may use it at once (`vakhta secret set` beside a running console): every change reads
 * the file again under a lock and replaces it as a whole, and every look notices that the file was replaced.
 */
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { replaceFile } from '../store/atomic-file.ts'
import { lockFile } from '../store/file-lock.ts'
import { createKeyFile, readKeyFile } from './key-file.ts'
import {
  keyFromMaterial,
  keyFromPassphrase,
  randomSalt,
  SCRYPT_COSTS,
  type ScryptCosts,
  seal,
  unseal,
} from './primitives.ts'
import { type Vault, VaultError } from './vault.ts'

const Bytes = z.base64()
const Lock = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key-file'), salt: Bytes }),
  z.strictObject({
    kind: z.literal('passphrase'),
    salt: Bytes,
    // Bounded, so that a tampered file cannot ask for all of the machine's memory.
    N: z
      .number()
      .int()
      .min(2)
      .max(2 ** 20),
    r: z.number().int().min(1).max(32),
    p: z.number().int().min(1).max(16),
  }),
])
type Lock = z.infer<typeof Lock>

const SealedFile = z.strictObject({
  format: z.literal('vakhta-vault'),
  version: z.literal(1),
  lock: Lock,
  /** A known text under the key: tells a wrong key from a damaged value. */
  check: Bytes,
  /** A list, because a name such as `__proto__` is no key for an object. */
  secrets: z.array(z.strictObject({ name: z.string(), updatedAt: z.number(), sealed: Bytes })),
})
type SealedFile = z.infer<typeof SealedFile>

const CHECK = 'vakhta-vault/1 check'
const aboutSecret = (name: string) => `vakhta-vault/1 secret ${name}`

/** Another process holds the lock for one read and one write. */
const LOCK_TIMEOUT_MS = 5_000

export type SealedFileOptions = {
  /** `DIR/vault.json`. It is created with mode 0600 when the first secret is set. */
  readonly path: string
  readonly clock: Clock
  /** Only tests pass cheaper ones. */
  readonly scryptCosts?: ScryptCosts
} & (
  | {
      /** Created with mode 0600 where neither it nor the vault exists. */
      readonly keyFile: string
    }
  | { readonly passphrase: string }
)

/**
 * Opens a vault, or one that will be created with its first secret.
 * @throws VaultError `wrong-key`, `damaged`, `key-file-open-to-others` or `unwritable`; nothing is overwritten
 */
export async function openSealedFile(options: SealedFileOptions): Promise<Vault> {
  const { path, clock } = options
  const keyOf = createKeyring(options)
  const readSeen = createReader(path)
  if ('keyFile' in options) {
    if (!existsSync(path)) createKeyFile(options.keyFile)
    readKeyFile(options.keyFile)
  }

  /** The file as it is now, with its key; another process may have created it, or replaced it under another key. */
  async function look(): Promise<{ file: SealedFile; key: Buffer } | null> {
    const file = readSeen()
    return file === null ? null : { file, key: await keyOf(file.lock, file.check) }
  }

  /** Runs `edit` on the file's secrets under the lock, and writes them back where it says so. */
  async function change<T>(
    edit: (
      secrets: SealedFile['secrets'],
      key: Buffer,
    ) => { secrets: SealedFile['secrets'] | null; result: T },
  ): Promise<T> {
    for (;;) {
      // Deriving a key takes long, and not under the lock; if the file got another key meanwhile, once more.
      const seen = (await look()) ?? (await empty(options, keyOf))
      const done = underLock(path, () => {
        const current = read(path)
        if (current !== null && current.check !== seen.file.check) return null
        const { secrets, result } = edit(current?.secrets ?? [], seen.key)
        if (secrets !== null) write(path, { ...seen.file, secrets })
        return { result }
      })
      if (done !== null) return done.result
    }
  }

  await look()
  return {
    async names() {
      const secrets = (await look())?.file.secrets ?? []
      return secrets
        .map(({ name, updatedAt }) => ({ name, updatedAt }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    async get(name) {
      const seen = await look()
      const secret = seen?.file.secrets.find((candidate) => candidate.name === name)
      if (seen === null || secret === undefined) return null
      const value = unseal(seen.key, Buffer.from(secret.sealed, 'base64'), aboutSecret(name))
      if (value === null) throw damaged(path, `the secret "${name}" does not open`)
      return value
    },
    async set(name, value) {
      await change((secrets, key) => ({
        result: undefined,
        secrets: [
          ...secrets.filter((secret) => secret.name !== name),
          {
            name,
            updatedAt: clock.now(),
            sealed: seal(key, value, aboutSecret(name)).toString('base64'),
          },
        ],
      }))
    },
    async remove(name) {
      return change((secrets) => {
        const rest = secrets.filter((secret) => secret.name !== name)
        const was = rest.length < secrets.length
        return { result: was, secrets: was ? rest : null }
      })
    },
  }
}

type Keyring = (lock: Lock, check: string | null) => Promise<Buffer>

/** Derives the key of a file, and remembers the last one: scrypt is slow on purpose. */
function createKeyring(options: SealedFileOptions): Keyring {
  let last: { lock: string; check: string; key: Buffer } | null = null
  return async (lock, check) => {
    const id = JSON.stringify(lock)
    if (last !== null && last.lock === id && last.check === check) return last.key
    const key = await derive(options, lock)
    if (check !== null) {
      if (unseal(key, Buffer.from(check, 'base64'), CHECK) !== CHECK) throw wrongKey(options)
      last = { lock: id, check, key }
    }
    return key
  }
}

async function derive(options: SealedFileOptions, lock: Lock): Promise<Buffer> {
  const salt = Buffer.from(lock.salt, 'base64')
  if ('keyFile' in options) {
    if (lock.kind !== 'key-file') throw wrongKey(options)
    return keyFromMaterial(readKeyFile(options.keyFile), salt, 'vakhta-vault/1')
  }
  if (lock.kind !== 'passphrase') throw wrongKey(options)
  return keyFromPassphrase(options.passphrase, salt, lock)
}

/** A vault without secrets, under a new salt. */
async function empty(options: SealedFileOptions, keyOf: Keyring): Promise<{ file: SealedFile; key: Buffer }> {
  const salt = randomSalt().toString('base64')
  const { scryptCosts = SCRYPT_COSTS } = options
  const lock: Lock =
    'keyFile' in options ? { kind: 'key-file', salt } : { kind: 'passphrase', salt, ...scryptCosts }
  const key = await keyOf(lock, null)
  const check = seal(key, CHECK, CHECK).toString('base64')
  return { key, file: { format: 'vakhta-vault', version: 1, lock, check, secrets: [] } }
}

function underLock<T>(path: string, work: () => T): T {
  let lock: ReturnType<typeof lockFile>
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    lock = lockFile(`${path}.lock`, LOCK_TIMEOUT_MS)
  } catch (error) {
    throw unwritable(path, error)
  }
  try {
    return work()
  } finally {
    lock.release()
  }
}

/** Reads the file again only where it was replaced: each request with a token asks for its secret. */
function createReader(path: string): () => SealedFile | null {
  let last: { mark: string; file: SealedFile | null } | null = null
  return () => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (stat === undefined) return read(path)
    // It is only ever replaced as a whole, and so by another file.
    const mark = [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join()
    if (last?.mark !== mark) last = { mark, file: read(path) }
    return last.file
  }
}

function read(path: string): SealedFile | null {
  let text: string
  try {
    text = readFileSync(path, { encoding: 'utf8' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw unwritable(path, error)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The parser's message would quote the file.
    throw damaged(path, 'it is not JSON')
  }
  const parsed = SealedFile.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw damaged(path, `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}`)
}

function write(path: string, file: SealedFile): void {
  try {
    replaceFile(path, `${JSON.stringify(file, null, 2)}\n`, 0o600)
  } catch (error) {
    throw unwritable(path, error)
  }
}

function wrongKey(options: SealedFileOptions): VaultError {
  const tried =
    'keyFile' in options
      ? `the key file ${options.keyFile} does not open it. Name the key file that sealed it with --key-file`
      : 'the passphrase does not open it. Try again with the passphrase that sealed it'
  return new VaultError('wrong-key', `${options.path}: ${tried}; the secrets were left as they are.`)
}

function damaged(path: string, what: string): VaultError {
  return new VaultError(
    'damaged',
    `${path}: the vault is damaged (${what}). It was left as it is: put a good copy in its place, or move it elsewhere and set the secrets again.`,
  )
}

function unwritable(path: string, error: unknown): VaultError {
  const because = error instanceof Error ? error.message : String(error)
  return new VaultError(
    'unwritable',
    `${path}: the vault could not be read or written (${because}). Check the disk's free space and the rights on the file and its directory; what was stored before is still there.`,
    { cause: error },
  )
}
