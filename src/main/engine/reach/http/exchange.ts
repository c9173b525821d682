/** One GET and its answer, with the body bounded. */
import { type Agent, type IncomingMessage, request } from 'node:http'
import { TLSSocket } from 'node:tls'
import { chainEnd, chainOf } from '../certificates.ts'
import { errorCode, errorWords, failed, type Place } from '../failed.ts'
import { type HttpAnswer, ReachError } from '../reach.ts'

export interface Exchange {
  readonly answer: Promise<Omit<HttpAnswer, 'ms'>>
  /** Whether the request went out over a connection that was open already. */
  wasReused(): boolean
}

export interface Question {
  readonly host: string
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly maxBytes: number
  readonly signal: AbortSignal
  /** Called when the request has its connection. */
  readonly onConnected: () => void
}

/** Rejects with a `ReachError`, or with the signal's reason. */
export function exchange(
  agent: Agent,
  { host, port, path, headers, maxBytes, signal, onConnected }: Question,
  place: Place,
): Exchange {
  const outcome = Promise.withResolvers<Omit<HttpAnswer, 'ms'>>()
  const asked = request({ agent, host, port, path, headers, method: 'GET', signal })
  asked.once('socket', onConnected)
  asked.once('error', (error) => {
    if (error instanceof ReachError) outcome.reject(error)
    else if (signal.aborted) outcome.reject(signal.reason)
    else outcome.reject(exchangeFailure(error, place, host, port, path))
  })
  asked.once('response', (response) => {
    const { socket } = response
    const certificateEndsAt = socket instanceof TLSSocket ? chainEnd(chainOf(socket, [])) : null
    readBody(response, maxBytes).then(
      ({ body, truncated }) => {
        // What follows a cut body is nobody's: the connection goes with it.
        if (truncated) asked.destroy()
        const { statusCode = 0 } = response
        outcome.resolve({ status: statusCode, headers: flat(response), body, truncated, certificateEndsAt })
      },
      (error: unknown) => outcome.reject(exchangeFailure(error, place, host, port, path)),
    )
  })
  asked.end()
  return { answer: outcome.promise, wasReused: () => asked.reusedSocket }
}

function readBody(
  response: IncomingMessage,
  maxBytes: number,
): Promise<{ body: Buffer; truncated: boolean }> {
  const outcome = Promise.withResolvers<{ body: Buffer; truncated: boolean }>()
  const chunks: Buffer[] = []
  let kept = 0
  response.on('data', (chunk: Buffer) => {
    const rest = maxBytes - kept
    chunks.push(chunk.subarray(0, rest))
    kept += Math.min(rest, chunk.length)
    if (chunk.length > rest) {
      response.pause()
      outcome.resolve({ body: Buffer.concat(chunks), truncated: true })
    }
  })
  response.once('end', () => outcome.resolve({ body: Buffer.concat(chunks), truncated: false }))
  response.once('error', outcome.reject)
  return outcome.promise
}

function flat(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).map(
    ([name, value]) => [name, String(value ?? '')] as const,
  )
  return Object.fromEntries(entries)
}

function exchangeFailure(error: unknown, place: Place, host: string, port: number, path: string): ReachError {
  const code = errorCode(error) ?? ''
  const words = errorWords(error)
  if (code.startsWith('HPE_'))
    return failed(place, 'protocol', 'http-not-spoken', { host, port, path, words }, error)
  return failed(place, 'protocol', 'http-cut', { host, port, path, words }, error)
}
