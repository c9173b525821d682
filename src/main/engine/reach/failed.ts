/** Builds the failures of this room: which step, where, in which words, and whether a person is needed. */
import type { failures } from '#shared/locales/en/failures.ts'
import type { Failure, FailureCode, ReachStep } from '#shared/model/failure.ts'
import { ReachError } from './reach.ts'

/** What a failure happened at: a hop of the way, or the target at its end. */
export interface Place {
  /** As people name it: `ops@bastion:22`, `PostgreSQL db:5432`. */
  readonly hop: string
  readonly on: Failure['on']
}

/** Trying these again by oneself locks accounts, feeds fail2ban, or talks to an impostor: a person has to act first. */
const WAITS_FOR_A_PERSON: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'secret-missing',
  'secret-environment-missing',
  'secret-file-missing',
  'secret-file-unreadable',
  'secret-locked',
  'http-token-invalid',
  'http-header-invalid',
  'http-credentials-refused',
  'oauth-client-refused',
  'proxy-credentials-needed',
  'proxy-credentials-refused',
  'tls-authorities-invalid',
  'tls-certificate-invalid',
  'tls-key-invalid',
  'tls-key-mismatch',
  'tls-certificate-wanted',
  'tls-identity-refused',
  'key-passphrase-missing',
  'key-passphrase-wrong',
  'key-unsupported',
  'key-is-public',
  'key-unprotected',
  'ssh-config-missing',
  'ssh-config-unreadable',
  'ssh-config-unsafe',
  'ssh-config-too-large',
  'ssh-config-endless',
  'ssh-config-no-text',
  'ssh-config-no-value',
  'ssh-config-unknown',
  'ssh-config-quotes',
  'ssh-config-unsupported',
  'ssh-config-bad-value',
  'ssh-config-extra',
  'ssh-config-too-many',
  'ssh-config-match-unsupported',
  'ssh-config-match-malformed',
  'ssh-config-token',
  'ssh-config-environment',
  'ssh-config-include-depth',
  'ssh-config-refuses',
  'ssh-config-other-home',
  'ssh-config-algorithms',
  'ssh-alias-malformed',
  'ssh-user-malformed',
  'ssh-jump-loop',
  'ssh-jump-too-many',
  'ssh-proxy-command-inside',
  'host-key-unknown',
  'host-key-changed',
  'host-key-revoked',
  'host-certificate-wrong-host',
  'host-certificate-invalid',
  'ssh-key-refused',
  'ssh-password-refused',
  'ssh-login-refused',
  'ssh-nothing-to-offer',
  'ssh-agent-none',
  'ssh-certificate-unusable',
  'ssh-question-open',
  'ssh-question-unanswered',
  'ssh-question-broken-off',
  'ssh-question-unreasonable',
  'ssh-password-expired',
  'ssh-account-refused',
  'ssh-second-factor',
  'ssh-too-many-attempts',
  'postgres-password-wrong',
  'postgres-password-needed',
  'postgres-role-missing',
  'postgres-not-admitted',
  'postgres-database-missing',
  'postgres-connect-denied',
  'postgres-channel-binding-missing',
  'postgres-without-direct-tls',
  'postgres-pooler-refused',
  'redis-password-wrong',
  'redis-password-needed',
  'redis-password-not-expected',
  'redis-command-denied',
  'redis-command-unknown',
  'redis-users-unknown',
  'redis-is-sentinel',
  'redis-not-a-cluster',
  'sentinel-not-spoken',
  'sentinel-password-needed',
  'redis-database-missing',
  'channel-url-invalid',
  'channel-refused',
  'channel-not-admitted',
  'channel-redirected',
  'channel-odd-answer',
  'smtp-refused',
  'smtp-recipients-refused',
  'smtp-credentials-refused',
  'smtp-login-unoffered',
  'smtp-without-starttls',
  'desktop-none',
])

type Value = Failure['params'][string]

/** The names in a text's `{{name}}` and `{{name, number}}`. */
type NamesIn<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? (Name extends `${infer Bare},${string}` ? Bare : Name) | NamesIn<Rest>
  : never

/** What the text of a code has to be given; of several possible codes, what any of them needs. */
type NamesOf<Code extends FailureCode> = Exclude<NamesIn<(typeof failures)[Code]>, 'hop' | 'becauseText'>
type ParametersOf<Code extends FailureCode> = Record<NamesOf<Code>, Value> & Record<string, Value>
type Rest<Code extends FailureCode> = [NamesOf<Code>] extends [never]
  ? [params?: ParametersOf<Code>, cause?: unknown]
  : [params: ParametersOf<Code>, cause?: unknown]

/**
 * An expected failure, ready to be thrown.
 * @param rest names and numbers for the text, nothing secret; and the error that told
 */
export function failed<Code extends FailureCode>(
  place: Place,
  step: ReachStep,
  code: Code,
  ...[params, cause]: Rest<Code>
): ReachError {
  const recovery = WAITS_FOR_A_PERSON.has(code) ? 'person' : 'by-itself'
  const failure: Failure = {
    step,
    hop: place.hop,
    on: place.on,
    code,
    params: { hop: place.hop, ...params },
    recovery,
  }
  return new ReachError(failure, cause === undefined ? undefined : { cause })
}

/** The parameters of a failure whose text is to be followed by that of another, which has a part in it. */
export function alsoSaying<Params extends Failure['params']>(params: Params, { failure }: ReachError) {
  return { ...failure.params, ...params, besides: failure.code }
}

/** What a table of far sides' codes says of one of them. */
export function codeIn<Table extends Readonly<Record<string, FailureCode>>>(
  table: Table,
  key: string | null | undefined,
): Table[keyof Table] | undefined {
  const known: Readonly<Record<string, FailureCode>> = table
  return key != null && Object.hasOwn(known, key) ? (known[key] as Table[keyof Table]) : undefined
}

/** The code that Node, OpenSSL or a server put on an error; `null` where there is none. */
export function errorCode(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors.at(-1))
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

/**
 * An error's own words, on one line, bounded, and without what moves a terminal's cursor or turns the direction of writing
 * (some are a far side's): for what we have no words of our own for.
 */
export function errorWords(error: unknown): string {
  const text =
    error instanceof AggregateError
      ? errorWords(error.errors.at(-1))
      : error instanceof Error
        ? error.message
        : String(error)
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll(/\p{C}/gu, '')
    .trim()
    .slice(0, 200)
}
