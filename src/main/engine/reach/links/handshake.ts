/** One SSH handshake over a connection that is open already: host key, then authentication by key, once. */
import { Client, type ParsedKey, type ServerHostKeyAlgorithm } from 'ssh2'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import type { HostKeys, HostKeyVerdict } from '../host-keys.ts'
import type { Limits, ReachError } from '../reach.ts'
import type { OnStep, Wire } from '../way.ts'
import { transportAlgorithms } from './algorithms.ts'
import { prepareCipherKeys } from './cipher-keys.ts'
import { hostKeyPlace, type SshStop } from './stop.ts'

const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** Disconnect reasons of RFC 4253, section 11.1, that say "no more attempts". */
const TOO_MANY_ATTEMPTS: ReadonlySet<unknown> = new Set([2, 14])

export interface Handshake {
  readonly stop: SshStop
  readonly place: Place
  readonly wire: Wire
  readonly key: ParsedKey
  readonly hostKeys: HostKeys
  readonly clock: Clock
}

/** Throws a `ReachError` on the hop; the connection is destroyed then. */
export async function shakeHands(handshake: Handshake, limits: Limits, onStep?: OnStep): Promise<Client> {
  const { stop, place, wire, clock, hostKeys } = handshake
  const client = new Client()
  prepareCipherKeys(client)
  let verdict: HostKeyVerdict | null = null
  let methods: string | null = null
  let tried = false
  let needsMore = false
  const outcome = Promise.withResolvers<Client>()

  function fail(error: unknown): void {
    outcome.reject(explain(error))
  }

  function explain(error: unknown): ReachError {
    const { host, port, user } = stop
    if (verdict !== null && verdict.verdict !== 'known') return hostKeyFailure(place, stop, verdict)
    const words = errorWords(error)
    if (verdict === null) {
      return words === 'Connection lost before handshake'
        ? failed(place, 'host-key', 'ssh-closed-early', { host, port })
        : failed(place, 'host-key', 'ssh-handshake-failed', { host, port, words }, error)
    }
    if (needsMore) return failed(place, 'ssh-authentication', 'ssh-second-factor', { host, user, methods })
    if (property(error, 'level') === 'client-authentication') {
      return failed(place, 'ssh-authentication', 'ssh-key-refused', {
        host,
        user,
        key: stop.keys[0]?.key ?? '',
        methods,
      })
    }
    if (TOO_MANY_ATTEMPTS.has(property(error, 'code'))) {
      return failed(place, 'ssh-authentication', 'ssh-too-many-attempts', { host, user, words })
    }
    return failed(place, 'ssh-authentication', 'ssh-closed-at-login', { host, user, words }, error)
  }

  // Kept for the client's life: an error that nobody hears would end the process.
  client.on('error', fail)
  client.on('close', () => fail(new Error('the connection was closed')))
  client.on('ready', () => outcome.resolve(client))
  outcome.promise.catch(() => {})

  const known = await hostKeys.knownTypes(stop.hostKeyName, stop.hostKeyPort, stop.knownHostsFiles)
  try {
    return await within(
      clock,
      limits,
      () =>
        failed(place, verdict === null ? 'host-key' : 'ssh-authentication', 'ssh-handshake-silent', {
          host: stop.host,
          port: stop.port,
          seconds: Math.round(limits.timeoutMs / 1_000),
        }),
      () => {
        if (wire.destroyed) fail(new Error('Connection lost before handshake'))
        client.connect({
          sock: wire,
          username: stop.user,
          readyTimeout: 0,
          algorithms: {
            ...transportAlgorithms(stop.algorithms),
            serverHostKey: preferred(known, stop.algorithms.hostKeys),
          },
          hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => {
            // Re-keying asks again about a key that was judged already.
            if (verdict?.verdict === 'known') return verify(true)
            hostKeys.judge(stop.hostKeyName, stop.hostKeyPort, key, stop.knownHostsFiles).then(
              (judged) => {
                verdict = judged
                if (judged.verdict === 'known') onStep?.('host-key', judged.fingerprint)
                verify(judged.verdict === 'known')
              },
              (error: unknown) => {
                fail(error)
                verify(false)
              },
            )
          },
          authHandler: (left: unknown, partial, next) => {
            if (Array.isArray(left)) methods = left.join(', ')
            needsMore = partial === true
            if (tried) return refuse(next)
            tried = true
            next({ type: 'publickey', username: stop.user, key: handshake.key })
          },
        })
        return outcome.promise
      },
    ).then((ready) => {
      onStep?.('ssh-authentication', stop.user)
      return ready
    })
  } catch (error) {
    client.destroy()
    wire.destroy()
    throw error
  }
}

/** ssh2 ends with "all methods failed" on `false`, which its types leave out. */
function refuse(next: (method: never) => void): void {
  next(false as never)
}

/** The types that are known for this host first, so that a host with several keys shows the one we know. */
function preferred(known: readonly string[], configured: readonly string[] | null): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean =>
    known.includes(algorithm) || (algorithm.startsWith('rsa-') && known.includes('ssh-rsa'))
  // In the order of the configuration, and also older ones that it asks for; certificates are of no use here.
  const offered =
    configured === null
      ? HOST_KEY_ALGORITHMS
      : (configured.filter((name) => !name.includes('-cert-')) as ServerHostKeyAlgorithm[])
  return [...offered.filter(isKnown), ...offered.filter((name) => !isKnown(name))]
}

function hostKeyFailure(
  place: Place,
  stop: SshStop,
  verdict: Exclude<HostKeyVerdict, { verdict: 'known' }>,
): ReachError {
  const name = hostKeyPlace(stop)
  const { fingerprint } = verdict
  switch (verdict.verdict) {
    case 'unknown':
      return failed(place, 'host-key', 'host-key-unknown', {
        host: name,
        fingerprint,
        keyType: verdict.keyType,
      })
    case 'changed':
      return failed(place, 'host-key', 'host-key-changed', {
        host: name,
        fingerprint,
        known: verdict.known,
        where: verdict.where,
      })
    case 'revoked':
      return failed(place, 'host-key', 'host-key-revoked', { host: name, fingerprint, where: verdict.where })
  }
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
}
