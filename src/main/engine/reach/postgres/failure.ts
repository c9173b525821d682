/** What PostgreSQL's SQLSTATEs mean here. Its message texts are shown but never matched: they are translated. */
import { DatabaseError } from 'pg'
import type { FailureCode } from '#shared/model/failure.ts'
import { codeIn, errorWords, failed, type Place } from '../failed.ts'
import type { ReachError } from '../reach.ts'
import type { PostgresAddress } from './address.ts'

const AT_LOGIN = {
  '28P01': 'postgres-password-wrong',
  '3D000': 'postgres-database-missing',
  '42501': 'postgres-connect-denied',
  '53300': 'postgres-too-many-clients',
  '57P03': 'postgres-starting',
  '57P01': 'postgres-shutting-down',
  '57P02': 'postgres-crashed',
} as const satisfies Readonly<Record<string, FailureCode>>

/** A failure between the start-up message and the first "ready for query". */
export function loginFailure(error: unknown, address: PostgresAddress, place: Place): ReachError {
  const { host, port, user, database } = address
  const words = errorWords(error)
  const params = { host, port, user, database, words }
  if (!(error instanceof DatabaseError)) {
    return failed(place, 'protocol', 'postgres-closed-at-login', params, error)
  }
  if (error.code === '28000') {
    // One SQLSTATE for two things; the routine that raised it tells them apart in every language.
    const code =
      error.routine === 'InitializeSessionUserId' ? 'postgres-role-missing' : 'postgres-not-admitted'
    return failed(place, 'authentication', code, params)
  }
  const code = codeIn(AT_LOGIN, error.code)
  if (code === undefined) {
    return failed(place, 'authentication', 'postgres-refused-login', {
      ...params,
      sqlstate: error.code ?? null,
    })
  }
  const step =
    code === 'postgres-starting' || code === 'postgres-shutting-down' ? 'protocol' : 'authentication'
  return failed(place, step, code, params)
}

const WHILE_CONNECTED = {
  '57014': 'postgres-statement-timeout',
  '55P03': 'postgres-lock-timeout',
  '57P01': 'postgres-shutting-down',
  '57P02': 'postgres-crashed',
  '57P05': 'postgres-shutting-down',
  '53300': 'postgres-too-many-clients',
} as const satisfies Readonly<Record<string, FailureCode>>

/** A failure of one statement, or of the connection under it. */
export function statementFailure(error: unknown, timeoutMs: number, place: Place): ReachError {
  const words = errorWords(error)
  const seconds = timeoutMs / 1_000
  if (!(error instanceof DatabaseError)) {
    return failed(place, 'protocol', 'postgres-connection-lost', { words }, error)
  }
  if (error.code === '42501') return failed(place, 'privilege', 'postgres-permission-denied', { words })
  const code = codeIn(WHILE_CONNECTED, error.code)
  if (code !== undefined) return failed(place, 'protocol', code, { words, seconds })
  return failed(
    place,
    'protocol',
    'postgres-statement-failed',
    { words, sqlstate: error.code ?? null },
    error,
  )
}
