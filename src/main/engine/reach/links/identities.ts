/**
 * What an SSH server may be shown of a stop's keys: those of its agent, those in files and vault, and the certificates
 * for them, in the order in which ssh(1) offers them.
 */
import { isFailure } from '#shared/model/failure.ts'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import type { Machine } from '../machine.ts'
import { ReachError } from '../reach.ts'
import { needSecret } from '../secret.ts'
import { type Agent, AgentFailed, type AgentKey, createAgent } from './agent.ts'
import { unprotected } from './key-file.ts'
import { type KeyFile, readKey, readPublicLine } from './private-key.ts'
import { type SignatureAlgorithm, signatureAlgorithms, signWith, wireType } from './public-keys.ts'
import {
  certificateAlgorithm,
  dateOf,
  isCertificateType,
  plainType,
  readCertificate,
  timeFault,
} from './ssh-certificates.ts'
import type { KeyOffer, SshStop } from './stop.ts'

const STEP = 'ssh-authentication'
const AGENT_LIST_MS = 5_000
/** Long enough for a person to touch a token or to confirm. */
const AGENT_SIGN_MS = 15_000

/** One way to sign: how it is called towards the server, and what is signed with. */
export interface Signing {
  readonly request: string
  /** `null`: a kind that only its agent knows (a token's). */
  readonly signature: SignatureAlgorithm | null
}

export interface Identity {
  /** How people find it: the profile's reference, or the agent's comment. */
  readonly label: string
  /** A key or a certificate in SSH's wire format. */
  readonly blob: Buffer
  /** The best first; at least one. */
  readonly signings: readonly Signing[]
  /** Whether the stop names it; otherwise the agent merely has it. */
  readonly configured: boolean
  /** A signature in SSH's wire format. Throws where the agent does not give one. */
  sign(data: Buffer, signing: Signing, signal: AbortSignal): Promise<Buffer>
}

export interface Identities {
  readonly offers: readonly Identity[]
  /** Why some were passed over. */
  readonly passedOver: readonly ReachError[]
}

interface Dependencies {
  readonly resolveSecret: SecretResolver
  readonly clock: Clock
  readonly machine: Machine
}

interface Loaded extends KeyFile {
  readonly offer: KeyOffer
  readonly certificate: Buffer | null
}

/** Throws a `ReachError` where a key that has to be there cannot be used. */
export async function readIdentities(
  stop: SshStop,
  place: Place,
  { resolveSecret, clock, machine }: Dependencies,
  signal: AbortSignal,
): Promise<Identities> {
  const passedOver: ReachError[] = stop.lacksAgent ? [failed(place, STEP, 'ssh-agent-none')] : []
  let agentFailure: ReachError | null = null
  const agent = stop.agent === null ? null : createAgent(stop.agent, clock)
  const held = agent === null ? [] : await heldKeys(agent)
  const loaded: Loaded[] = []
  for (const offer of stop.keys) loaded.push(...(await load(offer)))
  const offers = identitiesOf(stop, loaded, held, agent).filter(({ signings }) => signings.length > 0)
  if (offers.length === 0 && agent !== null && passedOver.length === 0) passedOver.push(notHeld())
  return { offers, passedOver }

  async function heldKeys(of: Agent): Promise<AgentKey[]> {
    try {
      return await of.keys({ signal, timeoutMs: AGENT_LIST_MS })
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof AgentFailed)) throw error
      agentFailure = failed(place, STEP, 'ssh-agent-failed', { agent: stop.agent, words: errorWords(error) })
      passedOver.push(agentFailure)
      return []
    }
  }

  /** A public key or a certificate stands for one that the agent has: that has to be there, and to have it. */
  function notHeld(): ReachError {
    return agentFailure ?? failed(place, STEP, 'ssh-agent-empty', { agent: stop.agent })
  }

  /** The secret's text; `null` where a file beside it is not there, or holds something else. */
  async function beside(reference: SecretReference, suffix: string): Promise<string | null> {
    if (!reference.startsWith('file:')) return null
    return resolveSecret(`${reference}${suffix}`).catch(() => null)
  }

  async function load(offer: KeyOffer): Promise<Loaded[]> {
    const file = await loadKey(offer)
    if (file === null) return []
    const isHeld = held.some(({ blob }) => file.blob !== null && plainKey(blob)?.equals(file.blob) === true)
    if (file.secret === null && !isHeld && file.problem !== null) {
      const problem =
        agent !== null && isFailure(file.problem.failure, 'key-is-public') ? notHeld() : file.problem
      if (offer.needed) throw problem
      passedOver.push(problem)
      return []
    }
    return [{ ...file, offer, certificate: await loadCertificate(offer, file) }]
  }

  async function loadKey(offer: KeyOffer): Promise<KeyFile | null> {
    const { key: name } = offer
    try {
      const text = await needSecret(resolveSecret, name, place, STEP)
      const passphrase =
        offer.passphrase === null ? null : await needSecret(resolveSecret, offer.passphrase, place, STEP)
      const file = await readKey({ name, text, passphrase }, place)
      if (file.problem !== null && isFailure(file.problem.failure, 'key-is-public')) return file
      const problem = await unprotected(name, machine, place)
      return problem === null ? file : { ...file, secret: null, problem }
    } catch (error) {
      if (!(error instanceof ReachError)) throw error
      // The public half alone names a key of the agent, as it does for ssh.
      const line = readPublicLine((await beside(name, '.pub')) ?? '')
      if (line !== null) return { secret: null, blob: line.key, problem: error }
      if (offer.needed) throw error
      return null
    }
  }

  async function loadCertificate(offer: KeyOffer, file: KeyFile): Promise<Buffer | null> {
    const { certificate: reference } = offer
    const name = reference ?? `${offer.key}-cert.pub`
    const refuse = (words: string) => failed(place, STEP, 'ssh-certificate-unusable', { name, words })
    try {
      const text =
        reference === null
          ? await beside(offer.key, '-cert.pub')
          : await needSecret(resolveSecret, reference, place, STEP)
      if (text === null) return null
      const blob = readPublicLine(text)?.certificate ?? null
      if (blob === null) throw refuse('it is no OpenSSH certificate of a kind that is known')
      const certificate = readCertificate(blob)
      if (certificate.kind !== 'user') throw refuse('it is for a host, not for a user')
      if (file.blob === null || !certificate.key.equals(file.blob)) throw refuse('it is for another key')
      if (timeFault(certificate, clock.now()) !== null) {
        const { validAfter, validBefore } = certificate
        const period = { from: dateOf(validAfter), until: dateOf(validBefore) }
        passedOver.push(failed(place, STEP, 'ssh-certificate-expired', { name, ...period }))
        return null
      }
      return blob
    } catch (error) {
      if (!(error instanceof ReachError)) throw error
      // One that merely lies beside the key, or that ssh would pass over, is no reason to do without the key.
      if (reference === null) return null
      if (offer.needed) throw error
      passedOver.push(error)
      return null
    }
  }
}

/** In ssh's order: certificates, the agent's keys that are named, its other keys, and keys that the agent has not. */
function identitiesOf(
  stop: SshStop,
  loaded: readonly Loaded[],
  held: readonly AgentKey[],
  agent: Agent | null,
): Identity[] {
  const { publicKeys } = stop.algorithms
  const isNamed = ({ blob }: AgentKey) =>
    loaded.some((key) => key.blob !== null && plainKey(blob)?.equals(key.blob) === true)
  const named = held.filter(isNamed)
  const others = stop.identitiesOnly ? [] : held.filter((key) => !isNamed(key))

  function fromAgent(key: AgentKey, configured: boolean): Identity[] {
    if (agent === null) return []
    return [
      {
        label: `agent (${label(key.comment)})`,
        blob: key.blob,
        signings: signingsOf(key.blob, publicKeys),
        configured,
        sign: (data, { signature }, signal) =>
          agent.sign(key.blob, data, signature, { signal, timeoutMs: AGENT_SIGN_MS }),
      },
    ]
  }

  function fromFile(key: Loaded, blob: Buffer | null, name: string): Identity[] {
    const { secret } = key
    const signer = held.find((each) => key.blob?.equals(each.blob) === true)
    if (blob === null || (secret === null && (agent === null || signer === undefined))) return []
    return [
      {
        label: name,
        blob,
        signings: signingsOf(blob, publicKeys),
        configured: true,
        async sign(data, { signature }, signal) {
          if (secret !== null && signature !== null) return signWith(secret, signature, data)
          if (agent === null || signer === undefined)
            throw new AgentFailed('it does not hold the key any more')
          return agent.sign(signer.blob, data, signature, { signal, timeoutMs: AGENT_SIGN_MS })
        },
      },
    ]
  }

  const all = [
    ...loaded.flatMap((key) =>
      fromFile(key, key.certificate, key.offer.certificate ?? `${key.offer.key}-cert.pub`),
    ),
    ...named.flatMap((key) => fromAgent(key, true)),
    ...others.flatMap((key) => fromAgent(key, false)),
    ...loaded.flatMap((key) => fromFile(key, key.secret === null ? null : key.blob, key.offer.key)),
  ]
  return all.filter(({ blob }, index) => all.findIndex((each) => each.blob.equals(blob)) === index)
}

/** @param accepted what `PubkeyAcceptedAlgorithms` leaves; `null`: all that are of today */
function signingsOf(blob: Buffer, accepted: readonly string[] | null): Signing[] {
  const type = safeType(blob)
  if (type === null) return []
  const plain = plainType(type)
  const known: Signing[] = signatureAlgorithms(plain).map((signature) => ({
    request: isCertificateType(type) ? certificateAlgorithm(signature) : signature,
    signature,
  }))
  const possible = known.length > 0 ? known : /^sk-/.test(type) ? [{ request: type, signature: null }] : []
  if (accepted === null) return possible
  const old: Signing[] = type === 'ssh-rsa' ? [{ request: 'ssh-rsa', signature: 'ssh-rsa' }] : []
  return [...possible, ...old].filter(
    ({ request, signature }) => signature === null || accepted.includes(request),
  )
}

function safeType(blob: Buffer): string | null {
  try {
    return wireType(blob)
  } catch {
    return null
  }
}

/** The key of a key or of a certificate; `null` where the bytes are neither. */
function plainKey(blob: Buffer): Buffer | null {
  const type = safeType(blob)
  if (type === null || !isCertificateType(type)) return type === null ? null : blob
  try {
    return readCertificate(blob).key
  } catch {
    return null
  }
}

function label(comment: string): string {
  return comment.replaceAll(/\p{C}/gu, '').trim().slice(0, 60) || '-'
}
