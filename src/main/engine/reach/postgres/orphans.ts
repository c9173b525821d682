/**
 * Server processes of connections that are lost to us: the server may not have noticed yet, and each would be one connection
 * more than it is to have of us. They are ended through a connection that works, or waited for.
 */
import { isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import type { ReachError } from '../reach.ts'
import type { PostgresConnection } from './connection.ts'
import { APPLICATION_NAME, type Backend, LINGERS_MS } from './introduce.ts'

/** How long one that was told to end may take for it. */
const ENDS_WITHIN_MS = 1_000
const LOOK_AGAIN_MS = 50

/** The server process says so itself when it ends. */
const SAID_GOODBYE = ['postgres-shutting-down', 'postgres-crashed'] as const

interface Orphan {
  readonly backend: Backend
  /** Until when the server may have been busy with us, by the wall clock: asleep, monotonic time may stand. */
  readonly busyUntil: number
  /** What to tell while the next connection waits for it; `null`: none does. */
  readonly why: ReachError | null
}

export interface Orphans {
  /**
   * A connection was cut from here, and the server did not answer.
   * @param dueAt when it should have been done with what it was asked, by the wall clock: it may have heard that
   */
  add(connection: PostgresConnection, dueAt: number, why: ReachError): void
  /**
   * A connection broke. Nobody waits for what may be left of it, which as a rule is nothing; but a bastion that did not
   * hear of it either keeps its end open for hours.
   */
  lost(connection: PostgresConnection, why: ReachError): void
  /** How many there may be. */
  count(): number
  /** Why not all of them can be taken for gone without asking, and for how long; `null`: the server has dropped them. */
  mayLinger(): { readonly why: ReachError; readonly leftMs: number } | null
  /**
   * Ends them through a session that works. @returns the server process that is still there after that
   * Rejects where the session does not answer.
   */
  bury(run: RunStatement): Promise<Backend | null>
}

/** Runs a statement and gives its rows. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>

export function createOrphans({ clock }: { clock: Clock }): Orphans {
  const orphans = new Map<Backend, Orphan>()

  return {
    add({ backend, meter }, dueAt, why) {
      if (backend !== null) orphans.set(backend, { backend, busyUntil: Math.max(meter.heardAt, dueAt), why })
    },
    lost({ backend, meter }, { failure }) {
      if (backend === null || orphans.has(backend) || isFailure(failure, ...SAID_GOODBYE)) return
      orphans.set(backend, { backend, busyUntil: meter.heardAt, why: null })
    },
    count: () => orphans.size,
    mayLinger() {
      const now = clock.now()
      let last: { why: ReachError; leftMs: number } | null = null
      for (const { why, busyUntil } of orphans.values()) {
        const leftMs = busyUntil + LINGERS_MS - now
        if (why !== null && leftMs > (last?.leftMs ?? 0)) last = { why, leftMs }
      }
      return last
    },
    async bury(run) {
      for (const backend of [...orphans.keys()]) {
        if (await isGone(run, backend, clock)) orphans.delete(backend)
      }
      const [left] = orphans.keys()
      return left ?? null
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
