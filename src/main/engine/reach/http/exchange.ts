/** One request and its answer, with the body bounded. */
import { type Agent, type IncomingMessage, request } from 'node:http'
import { errorCode, errorWords, failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { alertFailure } from '../tls-failure.ts'
import type { TlsTerms } from '../tls-terms.ts'
import { EncodingError, readBody } from './body.ts'

export interface RawAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
  readonly truncated: boolean
  readonly wireBytes: number
}

export interface Exchange {
  readonly answer: Promise<RawAnswer>
  /** Whether the request went out over a connection that was open already. */
  wasReused(): boolean
}

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly host: string
  readonly port: number
  /** As the texts of failures show it. */
  readonly path: string
  /** As it goes out: a path, or to a proxy the whole address. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly maxBytes: number
  readonly signal: AbortSignal
  /** Called when the request has its connection. */
  readonly onConnected: () => void
  /** What the connection's TLS was made with: a server may still object to it; `null` without TLS. */
  readonly terms: () => TlsTerms | null
}

/** Rejects with a `ReachError`, or with the signal's reason. */
export function exchange(agent: Agent, question: Question, place: Place): Exchange {
  const { host, port, method, target, headers, body, maxBytes, signal, onConnected } = question
  const outcome = Promise.withResolvers<RawAnswer>()
  const asked = request({ agent, host, port, path: target, headers, method, signal })
  const fail = (error: unknown): void => {
    if (signal.aborted) outcome.reject(signal.reason)
    else outcome.reject(error instanceof ReachError ? error : exchangeFailure(error, question, place))
  }
  asked.once('socket', onConnected)
  // What goes wrong after the answer is nobody's any more; without a listener it would end the process.
  asked.on('error', fail)
  asked.once('upgrade', ({ statusCode }, socket) => {
    socket.destroy()
    const words = `HTTP ${statusCode ?? 101} to a request that asked for no other protocol`
    const { path } = question
    fail(failed(place, 'protocol', 'http-not-spoken', { host, port, path, words }))
  })
  asked.once('response', (response) => {
    readBody(response, maxBytes).then(
      (read) => {
        // What follows a cut body is nobody's: the connection goes with it.
        if (read.truncated) asked.destroy()
        outcome.resolve({
          ...read,
          status: response.statusCode ?? 0,
          headers: flat(response),
          wireBytes: headerBytes(response) + read.wireBytes,
        })
      },
      (error: unknown) => {
        asked.destroy()
        fail(error)
      },
    )
  })
  asked.end(body)
  return { answer: outcome.promise, wasReused: () => asked.reusedSocket }
}

function flat(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headers).map(
    ([name, value]) => [name, String(value ?? '')] as const,
  )
  return Object.fromEntries(entries)
}

/** `NAME: VALUE` and a line break each, a status line, and the empty line at the end. */
function headerBytes({ rawHeaders, statusMessage = '' }: IncomingMessage): number {
  const status = 'HTTP/1.1 200 \r\n\r\n'.length + statusMessage.length
  return rawHeaders.reduce((sum, text) => sum + text.length + 2, status)
}

function exchangeFailure(error: unknown, { host, port, path, terms }: Question, place: Place): ReachError {
  const code = errorCode(error) ?? ''
  const at = { host, port, path }
  if (error instanceof EncodingError) {
    const { encoding } = error
    if (!error.isKnown) return failed(place, 'protocol', 'http-encoding-unknown', { ...at, encoding }, error)
    const words = errorWords(error.cause)
    return failed(place, 'protocol', 'http-encoding-broken', { ...at, encoding, words }, error)
  }
  const tls = terms()
  const alert = tls === null ? null : alertFailure(error, tls, place)
  if (alert !== null) return alert
  if (code === 'HPE_HEADER_OVERFLOW') return failed(place, 'protocol', 'http-headers-too-long', at, error)
  if (isHttp2(error)) return failed(place, 'protocol', 'http-two-only', at, error)
  const words = errorWords(error)
  if (code.startsWith('HPE_')) return failed(place, 'protocol', 'http-not-spoken', { ...at, words }, error)
  return failed(place, 'protocol', 'http-cut', { ...at, words }, error)
}

const SETTINGS = 4
const GOAWAY = 7

/** Whether what came is a frame of HTTP/2 that begins a connection or ends it (RFC 9113, section 4.1). */
function isHttp2(error: unknown): boolean {
  if (!(error instanceof Error) || !('rawPacket' in error) || !Buffer.isBuffer(error.rawPacket)) return false
  const packet = error.rawPacket
  return (
    packet.length >= 9 &&
    packet[0] === 0 &&
    [SETTINGS, GOAWAY].includes(packet[3] ?? -1) &&
    packet.readUInt32BE(5) === 0
  )
}
