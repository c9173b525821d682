/** What lets a session of ours work as long as a dump or a restore takes, whatever the role or the database says. Pure. */

/** @param version `server_version_num`: a transaction has a limit of its own from PostgreSQL 17 on */
export function lastingSettings(version: number): string[] {
  return ['SET statement_timeout = 0', ...(version >= 170_000 ? ['SET transaction_timeout = 0'] : [])]
}
