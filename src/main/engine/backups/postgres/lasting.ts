/**
 * What lets a session of ours work, and be silent while a program reads or a pool is waited for, as long as a dump or a restore takes, whatever the role, the
 * database or our own first words say. Pure.
 */
import { endsIdleSessions } from '../../reach/postgres/introduce.ts'

/** @param version `server_version_num`: a transaction has a limit of its own from PostgreSQL 17 on */
export function lastingSettings(version: number): string[] {
  return [
    'SET statement_timeout = 0',
    'SET idle_in_transaction_session_timeout = 0',
    ...(endsIdleSessions(version) ? ['SET idle_session_timeout = 0'] : []),
    ...(version >= 170_000 ? ['SET transaction_timeout = 0'] : []),
  ]
}
