/** Answers on a bare socket: to upgrades that are refused and to what is no HTTP at all, where no reply object exists. */
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ErrorBody } from './error-body.ts'

export const HEADERS_OF_NO_PAGE = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
} as const

/** Writes the error and closes the connection. */
export function answerRaw(socket: Duplex, error: ErrorBody, headers: Record<string, string> = {}): void {
  // The other side may be gone already.
  socket.on('error', () => socket.destroy())
  const body = JSON.stringify(error)
  const all = {
    ...headers,
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    ...HEADERS_OF_NO_PAGE,
  }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const reason = STATUS_CODES[error.status] ?? 'Error'
  socket.end(`HTTP/1.1 ${error.status} ${reason}\r\n${head.join('')}\r\n${body}`, () => socket.destroy())
}
