/** Notices that the server that is connected to is no longer one that `target_session_attrs` wants: a failover. */
import type { TargetSessionAttrs } from '#shared/model/profile/postgres-url.ts'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { failed } from '../failed.ts'
import type { ReachError } from '../reach.ts'
import type { PostgresConnection } from './connection.ts'
import { unsuited } from './first-suitable.ts'
import { suits } from './servers.ts'

/** How often a server that does not report its role by itself is asked for it. */
const ROLE_AGAIN_MS = 10_000
const ROLE_TIMEOUT_MS = 2_000

/** @returns looks at a connection that was just used; `onUnsuited` is called where another server is to be looked for */
export function createRoleWatch({
  wanted,
  clock,
  onUnsuited,
}: {
  wanted: TargetSessionAttrs
  clock: Clock
  onUnsuited: (why: ReachError) => void
}): (connection: PostgresConnection) => Promise<void> {
  let askedAt = clock.monotonic()

  async function ask({ client, place }: PostgresConnection): Promise<boolean | null> {
    const bounds = { signal: new AbortController().signal, timeoutMs: ROLE_TIMEOUT_MS }
    const late = () =>
      failed(place, 'protocol', 'postgres-answer-missing', { seconds: ROLE_TIMEOUT_MS / 1_000 })
    const { rows } = await within(clock, bounds, late, () =>
      client.query<{ standby: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS standby'),
    )
    return rows[0]?.standby ?? null
  }

  return async (connection) => {
    if (wanted === 'any' || (wanted === 'prefer-standby' && !connection.role.standby)) return
    let standby = connection.backend === null ? null : connection.standbyNow()
    if (standby === null && clock.monotonic() - askedAt >= ROLE_AGAIN_MS) {
      askedAt = clock.monotonic()
      standby = await ask(connection)
    }
    if (standby === null || standby === connection.role.standby) return
    const role = { ...connection.role, standby }
    if (!suits(wanted, role)) onUnsuited(unsuited({ place: connection.place, role }, wanted))
  }
}
