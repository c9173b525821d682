/** Which of several servers will do, as libpq decides it (`target_session_attrs`, section 34.1.2 of its manual). Pure. */
import type { PostgresServer, TargetSessionAttrs } from '#shared/model/profile/postgres-url.ts'
import type { ReachError } from '../reach.ts'
import { serverName } from './address.ts'

export interface ServerRole {
  /** In recovery: a standby, or a server that is being restored. */
  readonly standby: boolean
  /** `default_transaction_read_only` was on before we turned it on for ourselves. */
  readonly readOnly: boolean
}

export function suits(wanted: TargetSessionAttrs, { standby, readOnly }: ServerRole): boolean {
  switch (wanted) {
    case 'any':
      return true
    case 'read-write':
      return !standby && !readOnly
    case 'read-only':
      return standby || readOnly
    case 'primary':
      return !standby
    case 'standby':
    case 'prefer-standby':
      return standby
  }
}

/** What is looked for, one round after the other: who prefers a standby takes any server where there is none. */
export function rounds(wanted: TargetSessionAttrs): readonly TargetSessionAttrs[] {
  return wanted === 'prefer-standby' ? ['standby', 'any'] : [wanted]
}

export function roleWords({ standby, readOnly }: ServerRole): string {
  return `${standby ? 'standby' : 'primary'}${readOnly ? ', read-only' : ''}`
}

/**
 * Whether the next server is tried after this failure. Not where a login was refused (the same one would be refused
 * there), the way itself is cut, or the server is there and full: then that is what has to be told.
 */
export function goesOn({ failure }: ReachError): boolean {
  if (failure.on === 'path' || failure.recovery === 'person') return false
  return (
    failure.step === 'resolve' ||
    failure.step === 'tcp' ||
    failure.step === 'forward' ||
    failure.step === 'protocol'
  )
}

/** What became of one of them, as `translate.ts` puts it into words: `db1:5432 (tcp-refused)`, `db2:5432 (standby)`. */
export function triedText(server: PostgresServer, { failure: { code, params } }: ReachError): string {
  return `${serverName(server)} (${code === 'postgres-server-unsuited' ? params.found : code})`
}

/** In their order, or in one of chance. @param random evenly in [0, 1) */
export function inOrder(
  servers: readonly PostgresServer[],
  shuffled: boolean,
  random: () => number,
): PostgresServer[] {
  if (!shuffled) return [...servers]
  return servers
    .map((server) => ({ server, at: random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ server }) => server)
}
