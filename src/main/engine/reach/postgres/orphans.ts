/**
 * Server processes of connections that we cut: the server may not have noticed yet, and each would be one connection more
 * than it is to have of us. They are ended through a connection that works, or waited for.
 */
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { failed } from '../failed.ts'
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
  /** Ends them through a connection. @returns a failure where some are still there after that */
  bury(through: PostgresConnection): Promise<ReachError | null>
}

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
    async bury(through) {
      // Behind a pooler no process is ours alone.
      if (through.backend === null) orphans.clear()
      for (const orphan of orphans) {
        if (await isGone(through, orphan.backend, clock)) orphans.delete(orphan)
      }
      const [left] = orphans
      if (left === undefined) return null
      return failed(through.place, 'protocol', 'postgres-backend-hangs', { pid: left.backend.pid })
    },
  }
}

/** Tells it to end, and waits until it has; `false` also where nobody could be asked. */
async function isGone({ client }: PostgresConnection, backend: Backend, clock: Clock): Promise<boolean> {
  const { signal } = new AbortController()
  const slow = () => new Error('slow')
  return within(clock, { signal, timeoutMs: ENDS_WITHIN_MS }, slow, async (inner) => {
    for (;;) {
      const { rows } = await client.query(
        `SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
         WHERE pid = $1 AND backend_start = $2::timestamptz AND usename = current_user AND application_name = $3`,
        [backend.pid, backend.startedAt, APPLICATION_NAME],
      )
      if (rows.length === 0) return true
      inner.throwIfAborted()
      await new Promise<void>((resolve) => clock.after(LOOK_AGAIN_MS, resolve))
      inner.throwIfAborted()
    }
  }).catch(() => false)
}
