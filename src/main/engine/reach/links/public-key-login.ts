/**
 * Logs in with keys (RFC 4252, section 7) over an ssh2 client, whoever holds them: a file, an agent, a token behind it. ssh2
 * has a way of its own, which knows no certificates and signs while everything waits.
 */
import ssh2, { type AnyAuthMethod, type Client, type ParsedKey } from 'ssh2'
import type { Identity, Signing } from './identities.ts'
import { wireString } from './ssh-wire.ts'
import { protocolOf, sendPayload } from './ssh2-insides.ts'

const USERAUTH_REQUEST = 50
const SERVICE = 'ssh-connection'
/** ssh2 takes what derives from a key that it parsed; it never signs with this one. */
const CARRIER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f'

/** No signature could be had: the server is not told, and the next way is tried. */
export class NotSigned extends Error {
  constructor(options: { cause: unknown }) {
    super('no signature could be had', options)
    this.name = 'NotSigned'
  }
}

export interface PublicKeyLogin {
  /** How to offer an identity next; `null` where the server takes no signature that it can make. */
  method(identity: Identity): AnyAuthMethod | null
}

interface Carrier extends ParsedKey {
  readonly identity: Identity
  readonly signing: Signing
  signed: boolean
}

/**
 * @param client one that was just told to connect, and has heard nothing yet
 * @param onProof called before a signature is sent
 */
export function createPublicKeyLogin(
  client: Client,
  user: string,
  signal: AbortSignal,
  onProof: () => void,
): PublicKeyLogin {
  const protocol = protocolOf(client)
  let announced: readonly string[] | null = null

  const { EXT_INFO: onExtensions } = protocol._handlers
  protocol._handlers.EXT_INFO = (...args) => {
    announced ??= signatureAlgorithmsIn(args[1])
    return onExtensions?.(...args)
  }
  protocol.authPK = (_user, carrier, _algorithm, whenAccepted) => {
    if (!isCarrier(carrier)) throw new TypeError('a key is offered that was not prepared')
    if (typeof whenAccepted === 'function') void prove(carrier, () => whenAccepted(Buffer.alloc(0), () => {}))
    else request(carrier, null)
  }

  function message({ identity, signing }: Carrier, signs: boolean): Buffer {
    return Buffer.concat([
      Buffer.of(USERAUTH_REQUEST),
      ...[user, SERVICE, 'publickey'].map(wireString),
      Buffer.of(signs ? 1 : 0),
      wireString(signing.request),
      wireString(identity.blob),
    ])
  }

  function request(carrier: Carrier, signature: Buffer | null): void {
    const body = message(carrier, signature !== null)
    protocol._authsQueue.push('publickey')
    sendPayload(protocol, signature === null ? body : Buffer.concat([body, wireString(signature)]))
  }

  /** @param skip makes ssh2 ask the key for its signature, which ours answers with an error: the next way is tried */
  async function prove(carrier: Carrier, skip: () => void): Promise<void> {
    const session = protocol._kex?.sessionID
    let signature: Buffer
    try {
      if (carrier.signed || session === undefined) throw new Error('the server asks for another signature')
      carrier.signed = true
      const data = Buffer.concat([wireString(session), message(carrier, true)])
      signature = await carrier.identity.sign(data, carrier.signing, signal)
    } catch (error) {
      failures.set(carrier, error)
      if (!signal.aborted) attempt(skip)
      return
    }
    if (signal.aborted) return
    onProof()
    attempt(() => request(carrier, signature))
  }

  /** After a while: the server may have gone, of which the client tells by itself. */
  function attempt(send: () => void): void {
    try {
      send()
    } catch {}
  }

  const failures = new WeakMap<Carrier, unknown>()

  return {
    method(identity) {
      const signing = chooseSigning(identity.signings, announced)
      if (signing === null) return null
      const carrier: Carrier = Object.assign(Object.create(template()), {
        identity,
        signing,
        signed: false,
        type: 'identity',
        isPrivateKey: () => true,
        getPublicSSH: () => identity.blob,
        sign: () => new NotSigned({ cause: failures.get(carrier) }),
      })
      return { type: 'publickey', username: user, key: carrier }
    },
  }
}

function isCarrier(key: unknown): key is Carrier {
  return (
    typeof key === 'object' && key !== null && Object.hasOwn(key, 'identity') && Object.hasOwn(key, 'signing')
  )
}

function template(): ParsedKey {
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(CARRIER)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key === undefined || key instanceof Error) throw new TypeError('the SSH library does not parse keys')
  return key
}

/** The best that the server announced (RFC 8308). Of kinds other than RSA there is but one, and some do not say it. */
export function chooseSigning(
  signings: readonly Signing[],
  announced: readonly string[] | null,
): Signing | null {
  const isRsa = ({ signature }: Signing) => signature !== null && /rsa/.test(signature)
  const [best] = signings
  if (best === undefined || !signings.some(isRsa)) return best ?? null
  // A server that announces nothing may be too old for SHA-2: SHA-1 where somebody allowed it, as ssh does.
  if (announced === null) return signings.find(({ signature }) => signature === 'ssh-rsa') ?? best
  return signings.find(({ signature }) => signature !== null && announced.includes(signature)) ?? null
}

function signatureAlgorithmsIn(extensions: unknown): readonly string[] | null {
  if (!Array.isArray(extensions)) return null
  for (const extension of extensions) {
    const { name, algs }: { name?: unknown; algs?: unknown } = extension
    if (name === 'server-sig-algs' && Array.isArray(algs)) return algs.map(String)
  }
  return null
}
