/** What Redis' error replies mean here, by the code that they begin with. */
import { ReplyError } from 'ioredis'
import type { FailureCode } from '#shared/model/failure.ts'
import { codeIn, errorWords, failed, type Place } from '../failed.ts'
import type { ReachError } from '../reach.ts'

const BY_CODE = {
  WRONGPASS: 'redis-password-wrong',
  NOAUTH: 'redis-password-needed',
  NOPERM: 'redis-command-denied',
  LOADING: 'redis-loading',
  BUSY: 'redis-busy',
  MASTERDOWN: 'redis-primary-down',
} as const satisfies Readonly<Record<string, FailureCode>>
const STEP_OF: Partial<Record<FailureCode, 'authentication' | 'privilege'>> = {
  'redis-password-wrong': 'authentication',
  'redis-password-needed': 'authentication',
  'redis-command-denied': 'privilege',
}

/** @param command what was sent; its arguments are never told */
export function replyFailure(error: unknown, command: string, place: Place): ReachError {
  const words = errorWords(error)
  if (!(error instanceof ReplyError)) return failed(place, 'protocol', 'redis-connection-lost', { words })
  const [code = ''] = words.split(' ', 1)
  if (/^ERR max number of clients/.test(words))
    return failed(place, 'protocol', 'redis-too-many-clients', { words })
  const known = codeIn(BY_CODE, code)
  if (known === undefined) return failed(place, 'protocol', 'redis-command-failed', { command, words })
  return failed(place, STEP_OF[known] ?? 'protocol', known, { command, words })
}

/** What a refused AUTH means; before Redis 6 a wrong password is a plain `ERR`. */
export function authenticationFailure(error: unknown, place: Place): ReachError {
  const words = errorWords(error)
  if (error instanceof ReplyError && /without any password configured|no password is set/.test(words)) {
    return failed(place, 'authentication', 'redis-password-not-expected')
  }
  if (error instanceof ReplyError && /^ERR invalid password/.test(words)) {
    return failed(place, 'authentication', 'redis-password-wrong')
  }
  return replyFailure(error, 'AUTH', place)
}
