/** Reads the private key of an SSH hop, and says in words what is wrong with it. */
// Node finds no named `utils` in this CommonJS module.
import ssh2, { type ParsedKey } from 'ssh2'
import type { SecretResolver } from '../../vault/resolve.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import { needSecret } from '../secret.ts'
import type { SshStop } from './stop.ts'

const STEP = 'ssh-authentication'

/** Throws a `ReachError` that waits for a person where the key cannot be read. */
export async function readPrivateKey(
  stop: SshStop,
  resolveSecret: SecretResolver,
  place: Place,
): Promise<ParsedKey> {
  const offer = stop.keys[0]
  if (offer === undefined)
    throw failed(place, STEP, 'key-unsupported', { name: '', words: 'no key is configured' })
  const text = await needSecret(resolveSecret, offer.key, place, STEP)
  const passphrase =
    offer.passphrase === null ? undefined : await needSecret(resolveSecret, offer.passphrase, place, STEP)
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(text, passphrase)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  const name = offer.key
  if (key === undefined) throw failed(place, STEP, 'key-unsupported', { name, words: 'no key in it' })
  if (key instanceof Error) {
    // ssh2 tells these apart by its message alone.
    if (/no passphrase given/i.test(key.message))
      throw failed(place, STEP, 'key-passphrase-missing', { name })
    if (passphrase !== undefined && /passphrase|integrity check|decrypt/i.test(key.message)) {
      throw failed(place, STEP, 'key-passphrase-wrong', { name })
    }
    throw failed(place, STEP, 'key-unsupported', { name, words: errorWords(key) })
  }
  if (!key.isPrivateKey()) throw failed(place, STEP, 'key-is-public', { name })
  return key
}
