/**
 * Server processes of connections that we cut: the server may not have noticed yet, and each would be one connection more
 * than it is to have of us. They are ended through a connection that works, or waited for.
 */
import type { Clock } from '../../clock.ts'
import type { ReachError } from '../reach.ts'
import type { PostgresConnection } from './connection.ts'
import { APPLICATION_NAME, type Backend, LINGERS_MS } from './introduce.ts'

/** How long one that was told to end may take for it. */
const ENDS_WITHIN_MS = 1_000
const LOOK_AGAIN_MS = 50

interface Orphan {
  readonly backend: Backend
  /** When the server was last heard of on its connection, by the wall clock: asleep, monotonic time may stand. */
  readonly heardAt: number
  readonly why: ReachError
}

export interface Orphans {
  /** A connection was cut from here, and the server did not answer. */
  add(connection: PostgresConnection, why: ReachError): void
  /** How many there may be. */
  count(): number
  /** Why none of them can be taken for gone without asking; `null`: by now the server has dropped them all. */
  mayLinger(): ReachError | null
  /**
   * Ends them through a session that works. @returns the server process that is still there after that
   * Rejects where the session does not answer.
   */
  bury(run: RunStatement): Promise<Backend | null>
}

/** Runs a statement and gives its rows. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>

export function createOrphans({ clock }: { clock: Clock }): Orphans {
  const orphans = new Set<Orphan>()

  return {
    add({ backend, meter }, why) {
      if (backend !== null) orphans.add({ backend, heardAt: meter.heardAt, why })
    },
    count: () => orphans.size,
    mayLinger() {
      const now = clock.now()
      return [...orphans].find(({ heardAt }) => now - heardAt < LINGERS_MS)?.why ?? null
    },
    async bury(run) {
      for (const orphan of orphans) {
        if (await isGone(run, orphan.backend, clock)) orphans.delete(orphan)
      }
      const [left] = orphans
      return left?.backend ?? null
    },
  }
}

/** Tells it to end, and waits a little until it has. */
async function isGone(run: RunStatement, backend: Backend, clock: Clock): Promise<boolean> {
  const since = clock.monotonic()
  for (;;) {
    const rows = await run(
      `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
       WHERE pid = $1 AND backend_start = $2::timestamptz AND usename = current_user AND application_name = $3`,
      [backend.pid, backend.startedAt, APPLICATION_NAME],
    )
    if (rows.length === 0) return true
    if (clock.monotonic() - since > ENDS_WITHIN_MS) return false
    await new Promise<void>((resolve) => clock.after(LOOK_AGAIN_MS, resolve))
  }
}
