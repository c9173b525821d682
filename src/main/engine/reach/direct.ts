/** The straight way: resolve the name, then TCP, each failing in words of its own. */

import type { LookupAddress } from 'node:dns'
import { connect, isIP, type LookupFunction, type Socket } from 'node:net'
import type { FailureCode } from '#shared/model/failure.ts'
import type { Clock } from '../clock.ts'
import { within } from './deadline.ts'
import { codeIn, errorCode, errorWords, failed, type Place } from './failed.ts'
import { type Names, systemNames } from './names.ts'
import type { Limits, ReachError } from './reach.ts'
import type { OnStep, Way } from './way.ts'

/** How long one address of several may stay silent before the next is tried beside it. */
const NEXT_ADDRESS_AFTER_MS = 2_000

/** @param names where names are looked up; those of this machine where it is left out */
export function createDirectWay({ clock, names = systemNames }: { clock: Clock; names?: Names }): Way {
  return {
    async dial(to, place, limits, onStep) {
      if ('path' in to) return openSocketFile(clock, to.path, place, limits, onStep)
      const { host, port, family = null, bindAddress = null } = to
      const addresses = await resolve({ clock, names }, host, family, place, limits)
      onStep?.('resolve', addresses.map(({ address }) => address).join(', '))
      const socket = await open(clock, { host, port, bindAddress }, addresses, place, limits)
      onStep?.('tcp', `${socket.remoteAddress ?? host}:${port}`)
      return socket
    },
    suspect() {},
    down: () => null,
    onUp: () => () => {},
  }
}

async function resolve(
  { clock, names }: { clock: Clock; names: Names },
  host: string,
  family: 4 | 6 | null,
  place: Place,
  limits: Limits,
): Promise<LookupAddress[]> {
  const own = isIP(host)
  if (own !== 0 && (family === null || family === own)) return [{ address: host, family: own }]
  // The resolver finds no address of one family for an address of the other, and is not asked.
  if (own !== 0) throw failed(place, 'resolve', 'host-unknown', { host })
  try {
    return await within(
      clock,
      limits,
      () => failed(place, 'resolve', 'resolver-silent', { host }),
      () => names.addresses(host, family ?? 0),
    )
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOTFOUND') throw failed(place, 'resolve', 'host-unknown', { host }, error)
    if (code === 'EAI_AGAIN') throw failed(place, 'resolve', 'resolver-silent', { host }, error)
    throw error
  }
}

function open(
  clock: Clock,
  { host, port, bindAddress }: { host: string; port: number; bindAddress: string | null },
  addresses: LookupAddress[],
  place: Place,
  limits: Limits,
): Promise<Socket> {
  const late = (): ReachError =>
    failed(place, 'tcp', 'tcp-silent', { host, port, seconds: Math.round(limits.timeoutMs / 1_000) })
  return within(clock, limits, late, async (signal) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      lookup: fixed(addresses),
      ...(bindAddress === null ? {} : { localAddress: bindAddress }),
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    })
    const outcome = Promise.withResolvers<Socket>()
    const onAbort = (): void => {
      socket.destroy()
      outcome.reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('connect', () => outcome.resolve(socket))
    socket.once('error', (error) => {
      // Several addresses, each of which was silent for its share of the time.
      if (errorCode(error) === 'ETIMEDOUT') outcome.reject(late())
      else outcome.reject(tcpFailure(error, host, port, place))
    })
    try {
      return await outcome.promise
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  })
}

function openSocketFile(
  clock: Clock,
  path: string,
  place: Place,
  limits: Limits,
  onStep?: OnStep,
): Promise<Socket> {
  const seconds = Math.round(limits.timeoutMs / 1_000)
  const late = (): ReachError => failed(place, 'tcp', 'socket-file-silent', { path, seconds })
  return within(clock, limits, late, async (signal) => {
    const socket = connect({ path })
    const outcome = Promise.withResolvers<Socket>()
    const onAbort = (): void => {
      socket.destroy()
      outcome.reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('connect', () => outcome.resolve(socket))
    socket.once('error', (error) => outcome.reject(socketFileFailure(error, path, place)))
    try {
      const opened = await outcome.promise
      onStep?.('tcp', path)
      return opened
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  })
}

const SOCKET_FILE_CODES = {
  ENOENT: 'socket-file-missing',
  ECONNREFUSED: 'socket-file-refused',
  EACCES: 'socket-file-denied',
} as const satisfies Readonly<Record<string, FailureCode>>

function socketFileFailure(error: unknown, path: string, place: Place): ReachError {
  const code = codeIn(SOCKET_FILE_CODES, errorCode(error)) ?? 'socket-file-failed'
  return failed(place, 'tcp', code, { path, words: errorWords(error) }, error)
}

/** Answers with what was resolved before, in the shape that was asked for. */
function fixed(addresses: LookupAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const first = addresses[0]
    if (options.all === true) callback(null, addresses)
    else callback(null, first?.address ?? '', first?.family)
  }
}

const TCP_CODES = {
  ECONNREFUSED: 'tcp-refused',
  EHOSTUNREACH: 'tcp-unreachable',
  ENETUNREACH: 'tcp-unreachable',
  ENETDOWN: 'tcp-unreachable',
  ECONNRESET: 'tcp-reset',
} as const satisfies Readonly<Record<string, FailureCode>>

/** What a system error of `connect` means, in words. */
function tcpFailure(error: unknown, host: string, port: number, place: Place): ReachError {
  const code = codeIn(TCP_CODES, errorCode(error))
  if (code === undefined)
    return failed(place, 'tcp', 'tcp-failed', { host, port, words: errorWords(error) }, error)
  return failed(place, 'tcp', code, { host, port }, error)
}
