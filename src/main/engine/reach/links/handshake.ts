/** One SSH handshake over a connection that is open already: host key, then authentication. */
import { Client, type ServerHostKeyAlgorithm } from 'ssh2'
import type { Clock } from '../../clock.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import type { HostKeys, HostKeyVerdict, WantedKeys } from '../host-keys.ts'
import type { ReachError } from '../reach.ts'
import type { OnStep, Wire } from '../way.ts'
import { transportAlgorithms } from './algorithms.ts'
import type { HopDependencies } from './hop.ts'
import { acceptHostCertificates } from './host-certificates.ts'
import { wantHostKeyFirst } from './host-key-first.ts'
import { type Credentials, createLogin } from './login.ts'
import { preparePacketCiphers } from './packet-ciphers.ts'
import { createPatience } from './patience.ts'
import { NotSigned } from './public-key-login.ts'
import { certificateAlgorithm, isCertificateType } from './ssh-certificates.ts'
import { hostKeyPlace, type SshStop } from './stop.ts'

const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** How long a server may say nothing, at any point. */
const SILENCE_MS = 20_000

export interface Handshake {
  readonly stop: SshStop
  readonly place: Place
  readonly wire: Wire
  readonly credentials: Credentials
  readonly hostKeys: HostKeys
  readonly questions: HopDependencies['questions']
  readonly clock: Clock
}

/** Throws a `ReachError` on the hop, or the signal's reason; the connection is destroyed then. */
export async function shakeHands(
  { stop, place, wire, credentials, clock, hostKeys, questions }: Handshake,
  signal: AbortSignal,
  onStep?: OnStep,
): Promise<Client> {
  const client = new Client()
  preparePacketCiphers(client)
  let verdict: HostKeyVerdict | null = null
  let verified: Buffer | null = null
  const outcome = Promise.withResolvers<Client>()
  const over = new AbortController()
  const known = () => verdict?.verdict === 'known'

  const patience = createPatience(clock, stop.connectTimeoutMs ?? SILENCE_MS, (limitMs) =>
    settle(login.hasAnswer() ? login.explain(new Error('no answer')) : silent(limitMs)),
  )
  const login = createLogin({
    stop,
    place,
    credentials,
    questions,
    patience,
    signal: over.signal,
    fail: settle,
  })

  function silent(limitMs: number): ReachError {
    const { host, port } = stop
    const seconds = Math.round(limitMs / 1_000)
    return failed(place, known() ? 'ssh-authentication' : 'host-key', 'ssh-handshake-silent', {
      host,
      port,
      seconds,
    })
  }

  function settle(why: unknown): void {
    outcome.reject(why)
    over.abort(why)
  }

  function fail(error: unknown): void {
    // The next way is tried then.
    if (!(error instanceof NotSigned)) settle(explain(error))
  }

  function explain(error: unknown): ReachError {
    const { host, port } = stop
    if (verdict !== null && verdict.verdict !== 'known') return hostKeyFailure(place, stop, verdict)
    if (verdict !== null) return login.explain(error)
    const words = errorWords(error)
    return words === 'Connection lost before handshake'
      ? failed(place, 'host-key', 'ssh-closed-early', { host, port })
      : failed(place, 'host-key', 'ssh-handshake-failed', { host, port, words }, error)
  }

  function verify(key: Buffer, decide: (valid: boolean) => void): void {
    // Re-keying asks again about a key that was judged already; there is no reason for another one then.
    if (verified !== null) {
      decide(key.equals(verified))
      return
    }
    hostKeys
      .judge(stop.hostKeyName, stop.hostKeyPort, key, stop.knownHostsFiles, stop.acceptsNewKeys)
      .then((judged) => {
        if (over.signal.aborted) return
        verdict = judged
        if (judged.verdict === 'known') {
          verified = key
          patience.restart(SILENCE_MS)
          onStep?.('host-key', judged.fingerprint)
        }
        decide(judged.verdict === 'known')
      })
      // It ends the connection, so that nobody waits for the decision any more.
      .catch(settle)
  }

  // Kept for the client's life: an error that nobody hears would end the process.
  client.on('error', fail)
  client.on('end', () => fail(new Error('the connection was closed')))
  client.on('close', () => fail(new Error('the connection was closed')))
  client.on('ready', () => outcome.resolve(client))
  outcome.promise.catch(() => {})
  const onAbort = (): void => settle(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    const wanted = await hostKeys.wanted(stop.hostKeyName, stop.hostKeyPort, stop.knownHostsFiles)
    signal.throwIfAborted()
    if (wire.destroyed) fail(new Error('Connection lost before handshake'))
    const { keys, certificates } = hostKeyAlgorithms(wanted, stop.algorithms.hostKeys)
    client.connect({
      sock: wire,
      username: stop.user,
      readyTimeout: 0,
      algorithms: { ...transportAlgorithms(stop.algorithms), serverHostKey: keys },
      hostVerifier: verify,
      authHandler: login.authHandler,
    })
    wantHostKeyFirst(client, () => verified !== null)
    if (certificates.length > 0) acceptHostCertificates(client, certificates)
    login.attach(client)
    const ready = await outcome.promise
    onStep?.('ssh-authentication', stop.user)
    return ready
  } catch (error) {
    client.destroy()
    wire.destroy()
    throw error
  } finally {
    patience.stop()
    over.abort()
    signal.removeEventListener('abort', onAbort)
  }
}

/**
 * What to ask for: the types that are known for this host first, so that a host with several keys shows the one we know;
 * certificates where an authority may vouch for it.
 * @param configured what `HostKeyAlgorithms` leaves, the best first, also older ones; `null`: all that are of today
 */
export function hostKeyAlgorithms(
  { types, certificates }: WantedKeys,
  configured: readonly string[] | null,
): { readonly keys: ServerHostKeyAlgorithm[]; readonly certificates: readonly string[] } {
  const isKnown = (algorithm: string): boolean =>
    types.includes(algorithm) || (algorithm.startsWith('rsa-') && types.includes('ssh-rsa'))
  const certified = HOST_KEY_ALGORITHMS.map(certificateAlgorithm)
  const allowed =
    configured === null
      ? HOST_KEY_ALGORITHMS
      : (configured.filter((name) => !isCertificateType(name)) as ServerHostKeyAlgorithm[])
  const offered = allowed.length === 0 ? HOST_KEY_ALGORITHMS : allowed
  return {
    keys: [...offered.filter(isKnown), ...offered.filter((name) => !isKnown(name))],
    certificates: !certificates
      ? []
      : configured === null
        ? certified
        : configured.filter((name) => certified.includes(name)),
  }
}

function hostKeyFailure(
  place: Place,
  stop: SshStop,
  verdict: Exclude<HostKeyVerdict, { verdict: 'known' }>,
): ReachError {
  const host = hostKeyPlace(stop)
  const { fingerprint } = verdict
  switch (verdict.verdict) {
    case 'unknown':
      return failed(place, 'host-key', 'host-key-unknown', { host, fingerprint, keyType: verdict.keyType })
    case 'changed': {
      const { known, where } = verdict
      return failed(place, 'host-key', 'host-key-changed', { host, fingerprint, known, where })
    }
    case 'revoked':
      return failed(place, 'host-key', 'host-key-revoked', { host, fingerprint, where: verdict.where })
    case 'not-certified': {
      const { fault } = verdict
      switch (fault.fault) {
        case 'expired':
          return failed(place, 'host-key', 'host-certificate-expired', { host, until: fault.until })
        case 'not-yet-valid':
          return failed(place, 'host-key', 'host-certificate-not-yet-valid', { host, from: fault.from })
        case 'wrong-host':
          return failed(place, 'host-key', 'host-certificate-wrong-host', { host, names: fault.names })
        case 'invalid':
          return failed(place, 'host-key', 'host-certificate-invalid', { host, words: fault.words })
      }
    }
  }
}
