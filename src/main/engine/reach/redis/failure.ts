/** What Redis' error replies mean here, by the code that they begin with. */
import { ReplyError } from 'ioredis'
import type { FailureCode } from '#shared/model/failure.ts'
import { codeIn, errorWords, failed, type Place } from '../failed.ts'
import type { ReachError } from '../reach.ts'
import { grantFor } from './grants.ts'
import type { ReplyFault } from './reply-guard.ts'

const BY_CODE = {
  WRONGPASS: 'redis-password-wrong',
  NOAUTH: 'redis-password-needed',
  NOPERM: 'redis-command-denied',
  LOADING: 'redis-loading',
  BUSY: 'redis-busy',
  MASTERDOWN: 'redis-primary-down',
  MISCONF: 'redis-writes-refused',
} as const satisfies Readonly<Record<string, FailureCode>>
const STEP_OF: Partial<Record<FailureCode, 'authentication' | 'privilege'>> = {
  'redis-password-wrong': 'authentication',
  'redis-password-needed': 'authentication',
  'redis-command-denied': 'privilege',
}

export interface Asked {
  /** What was sent; its arguments are never told. */
  readonly command: string
  /** Who asked; `null`: the default user. */
  readonly user: string | null
  readonly place: Place
}

/** @param lost what to tell where it is no reply: the connection ended, and why */
export function replyFailure(
  error: unknown,
  { command, user, place }: Asked,
  lost: () => ReachError,
): ReachError {
  const words = errorWords(error)
  if (!(error instanceof ReplyError)) return lost()
  if (/^ERR max number of clients/.test(words))
    return failed(place, 'protocol', 'redis-too-many-clients', { words })
  if (/^ERR unknown (sub)?command/i.test(words)) {
    return failed(place, 'privilege', 'redis-command-unknown', { command })
  }
  const [code = ''] = words.split(' ', 1)
  const known = codeIn(BY_CODE, code)
  if (known === undefined) return failed(place, 'protocol', 'redis-command-failed', { command, words })
  const grant = grantFor(user, [command])
  return failed(place, STEP_OF[known] ?? 'protocol', known, { command, words, grant })
}

/** What a refused AUTH means; before Redis 6 a wrong password is a plain `ERR`. */
export function authenticationFailure(
  error: unknown,
  { user, place, hasPassword }: { user: string | null; place: Place; hasPassword: boolean },
  lost: () => ReachError,
): ReachError {
  const words = errorWords(error)
  if (error instanceof ReplyError) {
    if (/without any password configured|no password is set/.test(words)) {
      return failed(place, 'authentication', 'redis-password-not-expected')
    }
    if (/^ERR wrong number of arguments for 'auth'/i.test(words)) {
      return failed(place, 'authentication', 'redis-users-unknown', { user })
    }
    if (/^(ERR invalid password|WRONGPASS)/.test(words)) {
      return failed(place, 'authentication', hasPassword ? 'redis-password-wrong' : 'redis-password-needed')
    }
  }
  return replyFailure(error, { command: 'AUTH', user, place }, lost)
}

/** The connection ended; before it ever answered, that may say something of what listens there. */
export function lostFailure(error: unknown, place: Place, hasAnswered: boolean): ReachError {
  const words = error === null ? 'the server closed the connection' : errorWords(error)
  return failed(place, 'protocol', hasAnswered ? 'redis-connection-lost' : 'redis-closed-early', { words })
}

/** What came is no Redis, or nothing that a Redis would say to us. */
export function guardFailure({ kind, words }: ReplyFault, place: Place): ReachError {
  if (kind === 'tls') return failed(place, 'protocol', 'redis-wants-tls')
  const code = kind === 'too-much' ? 'redis-answer-too-big' : 'redis-not-spoken'
  return failed(place, 'protocol', code, { words })
}
