/** Errors of the web host itself, in the one shape that errors have everywhere: `{ defined, code, status, message, data }`. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { chooseLanguage, type Language } from '#shared/locales/languages.ts'
import { errorText } from '../api/speech.ts'
import type { Refused } from './access/door.ts'

export interface ErrorBody {
  readonly defined: boolean
  readonly code: string
  readonly status: number
  readonly message: string
  readonly data: unknown
}

/** What is wrong with a request before it reaches the contract. */
export type HostFault =
  | { readonly status: 400; readonly key: 'malformed' }
  | { readonly status: 403; readonly key: 'start-link-not-here' }
  | { readonly status: 404; readonly key: 'no-such-path'; readonly method: string; readonly path: string }
  | { readonly status: 413; readonly key: 'too-large'; readonly limit: number }
  | { readonly status: 415; readonly key: 'unsupported-media' }
  | { readonly status: 500; readonly key: 'internal' }
  | { readonly status: 503; readonly key: 'too-many-sockets' }

const CODES = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
} as const

/** Of these the contract declares the shape of `data`, so that clients get typed errors of them. */
const DEFINED = new Set([400, 401, 403, 404, 429])

export interface AskedWith {
  readonly host?: string | undefined
  readonly origin?: string | undefined
  readonly language: Language
}

export function errorBody(
  fault: Refused | HostFault,
  { host = '', origin = '', language }: AskedWith,
): ErrorBody {
  const { status, key } = fault
  const seconds = 'retryAfterSeconds' in fault ? fault.retryAfterSeconds : 0
  const params = { ...fault, host, origin, count: seconds }
  const message = errorText(language, key, params)
  return {
    defined: DEFINED.has(status),
    code: CODES[status],
    status,
    message,
    data: dataOf(fault, message, seconds),
  }
}

function dataOf(fault: Refused | HostFault, message: string, retryAfterSeconds: number): unknown {
  if (fault.status === 400) return { issues: [{ path: '', message }] }
  if (fault.status === 403) return { reason: message }
  if (fault.status === 404) return { what: 'path', name: fault.path }
  if (fault.status === 429) return { retryAfterSeconds }
  return null
}

export function languageOf(request: { headers: FastifyRequest['headers'] }): Language {
  return chooseLanguage(request.headers['accept-language'])
}

/** Sends the error; the reply is done afterwards. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: Refused | HostFault,
): FastifyReply {
  const { host, origin } = request.headers
  const body = errorBody(fault, { host, origin, language: languageOf(request) })
  if (fault.status === 401) reply.header('www-authenticate', 'Bearer realm="vakhta"')
  if ('retryAfterSeconds' in fault) reply.header('retry-after', String(fault.retryAfterSeconds))
  return reply.status(body.status).header('cache-control', 'no-store').type('application/json').send(body)
}
