/**
 * Asks an SSH agent for its keys and signatures (draft-miller-ssh-agent). ssh2 opens the way to it, also a named pipe or
 * Pageant on Windows; its own client passes certificates over, and cannot be given up while an agent hangs.
 */
import type { Duplex } from 'node:stream'
import ssh2 from 'ssh2'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { errorWords } from '../failed.ts'
import type { Limits } from '../reach.ts'
import type { SignatureAlgorithm } from './public-keys.ts'
import { readWire, uint32, wireString } from './ssh-wire.ts'

const REQUEST_IDENTITIES = 11
const IDENTITIES_ANSWER = 12
const SIGN_REQUEST = 13
const SIGN_RESPONSE = 14
const FLAGS: Partial<Record<SignatureAlgorithm, number>> = { 'rsa-sha2-256': 2, 'rsa-sha2-512': 4 }
/** As in OpenSSH (AGENT_MAX_LEN). */
const ANSWER_MAX_BYTES = 256 * 1024
const MOST_KEYS = 2_048

export interface AgentKey {
  /** A key or a certificate in SSH's wire format. */
  readonly blob: Buffer
  readonly comment: string
}

export interface Agent {
  /** Throws an `AgentFailed`, or the signal's reason. */
  keys(limits: Limits): Promise<AgentKey[]>
  /** A signature in SSH's wire format. It may take as long as a person needs to touch a token. */
  sign(blob: Buffer, data: Buffer, algorithm: SignatureAlgorithm | null, limits: Limits): Promise<Buffer>
}

/** The agent is not there, refuses (as a locked one does), or says nothing that can be understood. */
export class AgentFailed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AgentFailed'
  }
}

/** @param path its socket or named pipe; on Windows also `pageant` */
export function createAgent(path: string, clock: Clock): Agent {
  async function ask(kind: number, body: Buffer, expected: number, limits: Limits) {
    const late = () => new AgentFailed(`it did not answer within ${Math.round(limits.timeoutMs / 1_000)} s`)
    const answer = await within(clock, limits, late, async (signal) => {
      const stream = await open(path, signal)
      const drop = (): void => void stream.destroy()
      signal.addEventListener('abort', drop, { once: true })
      try {
        const answered = readAnswer(stream)
        stream.write(Buffer.concat([uint32(1 + body.length), Buffer.of(kind), body]))
        return await answered
      } finally {
        signal.removeEventListener('abort', drop)
        stream.destroy()
      }
    })
    if (answer[0] !== expected) throw new AgentFailed('it refused')
    return readWire(answer.subarray(1))
  }

  return {
    async keys(limits) {
      const answer = await ask(REQUEST_IDENTITIES, Buffer.alloc(0), IDENTITIES_ANSWER, limits)
      return understood(() => {
        const count = Math.min(answer.uint32(), MOST_KEYS)
        return Array.from({ length: count }, () => ({ blob: answer.string(), comment: answer.text() }))
      })
    },
    async sign(blob, data, algorithm, limits) {
      const flags = uint32((algorithm === null ? undefined : FLAGS[algorithm]) ?? 0)
      const request = Buffer.concat([wireString(blob), wireString(data), flags])
      const answer = await ask(SIGN_REQUEST, request, SIGN_RESPONSE, limits)
      return understood(() => {
        const signature = answer.string()
        // An agent that knows no flags signs with SHA-1 and says so.
        if (algorithm !== null && readWire(signature).text() !== algorithm) {
          throw new AgentFailed(`it cannot sign with ${algorithm}`)
        }
        return signature
      })
    },
  }
}

function understood<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof AgentFailed ? error : new AgentFailed('its answer cannot be understood')
  }
}

function open(path: string, signal: AbortSignal): Promise<Duplex> {
  const agent = ssh2.createAgent(path)
  const outcome = Promise.withResolvers<Duplex>()
  agent.getStream?.((error, stream) => {
    if (error || stream === undefined) outcome.reject(new AgentFailed(errorWords(error ?? 'no connection')))
    else if (signal.aborted) stream.destroy()
    else outcome.resolve(stream)
  })
  return outcome.promise
}

/** The one message that answers a question, without its length. */
function readAnswer(stream: Duplex): Promise<Buffer> {
  const outcome = Promise.withResolvers<Buffer>()
  let heard = Buffer.alloc(0)
  stream.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk])
    if (heard.length < 4) return
    const length = heard.readUInt32BE(0)
    if (length < 1 || length > ANSWER_MAX_BYTES) {
      outcome.reject(new AgentFailed('its answer cannot be understood'))
      stream.destroy()
    } else if (heard.length >= 4 + length) outcome.resolve(heard.subarray(4, 4 + length))
  })
  stream.on('error', (error: Error) => outcome.reject(new AgentFailed(errorWords(error))))
  stream.on('close', () => outcome.reject(new AgentFailed('it closed the connection')))
  return outcome.promise
}
