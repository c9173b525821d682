/**
 * What PostgreSQL's SQLSTATEs mean here. Its message texts are shown but never matched: they are translated. PgBouncer's
 * are matched: they are never translated, and one SQLSTATE stands for them all.
 */
import { DatabaseError } from 'pg'
import type { FailureCode } from '#shared/model/failure.ts'
import { codeIn, errorWords, failed, type Place } from '../failed.ts'
import type { ReachError } from '../reach.ts'

const AT_LOGIN = {
  '28P01': 'postgres-password-wrong',
  '3D000': 'postgres-database-missing',
  '42501': 'postgres-connect-denied',
  '53300': 'postgres-too-many-clients',
  '57P03': 'postgres-starting',
  '57P01': 'postgres-shutting-down',
  '57P02': 'postgres-crashed',
} as const satisfies Readonly<Record<string, FailureCode>>

/** SQLSTATE of all that PgBouncer itself says, but for a few in its newer versions. */
const PROTOCOL_VIOLATION = '08P01'

/** Words of PgBouncer (1.18 to 1.24), and what they come to. */
const POOLER_WORDS: readonly (readonly [RegExp, FailureCode & `postgres-${string}`])[] = [
  [
    /password authentication failed|SASL authentication failed|auth failed|certificate authentication failed/,
    'postgres-password-wrong',
  ],
  [/^no such user|not allowed|login rejected/, 'postgres-pooler-refused'],
  [/^SSL required/, 'postgres-not-admitted'],
  [/^no such database|^database ".*" (is disabled|does not exist)/, 'postgres-database-missing'],
  [/no more connections allowed|too many connections/, 'postgres-pooler-full'],
  [/query_wait_timeout|cancel request/, 'postgres-pooler-gave-up'],
  [
    /cannot connect|server login has been failing|server down|server_login_retry|connect timeout/,
    'postgres-pooler-cannot-connect',
  ],
  [
    /shutting down|server conn(ection)? crashed|server closed|client unexpected eof/,
    'postgres-pooler-restarting',
  ],
]

const REFUSALS: ReadonlySet<FailureCode> = new Set([
  'postgres-password-wrong',
  'postgres-pooler-refused',
  'postgres-not-admitted',
  'postgres-database-missing',
])

export interface LoginAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

function poolerFailure(
  error: DatabaseError,
  { host, port, user, database }: LoginAddress,
  place: Place,
): ReachError | null {
  const words = errorWords(error)
  const code = POOLER_WORDS.find(([pattern]) => pattern.test(error.message))?.[1]
  if (code === undefined) return null
  const params = { host, port, user, database, words, sqlstate: error.code ?? null, seconds: 0 }
  const step = REFUSALS.has(code) ? 'authentication' : 'protocol'
  return failed(place, step, code as 'postgres-pooler-refused', params)
}

/** A failure between the start-up message and the first answers. */
export function loginFailure(error: unknown, address: LoginAddress, place: Place): ReachError {
  const { host, port, user, database } = address
  const words = errorWords(error)
  const params = { host, port, user, database, words }
  if (!(error instanceof DatabaseError)) {
    return failed(place, 'protocol', 'postgres-closed-at-login', params, error)
  }
  if (error.code === PROTOCOL_VIOLATION) {
    const known = poolerFailure(error, address, place)
    if (known !== null) return known
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
  '53100': 'postgres-disk-full',
  '53300': 'postgres-too-many-clients',
} as const satisfies Readonly<Record<string, FailureCode>>

const IDLE_SESSION_TIMEOUT = '57P05'

/** What a session that stands is not told again. */
const NOWHERE: LoginAddress = { host: '', port: 0, user: '', database: '' }

/** A failure of one statement, or of the connection under it. */
export function statementFailure(error: unknown, timeoutMs: number, place: Place): ReachError {
  const words = errorWords(error)
  const seconds = timeoutMs / 1_000
  if (!(error instanceof DatabaseError)) {
    return failed(place, 'protocol', 'postgres-connection-lost', { words }, error)
  }
  if (error.code === PROTOCOL_VIOLATION) {
    const known = poolerFailure(error, NOWHERE, place)
    if (known !== null) return known
  }
  if (error.code === '42501') return failed(place, 'privilege', 'postgres-permission-denied', { words })
  // We were silent for longer than our own session allows: suspended, as a rule.
  if (error.code === IDLE_SESSION_TIMEOUT)
    return failed(place, 'protocol', 'postgres-connection-lost', { words })
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
