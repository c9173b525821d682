/**
 * Server processes of connections that are lost to us: the server may not have noticed yet, and each would be one connection
 * more than it is to have of us. They are ended through a connection that works, or waited for.
 */
import { isFailure } from '#shared/model/failure.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { Clock } from '../../clock.ts'
import type { ReachError } from '../reach.ts'
import { serverName } from './address.ts'
import type { PostgresConnection } from './connection.ts'
import { APPLICATION_NAME, type Backend, LINGERS_MS } from './introduce.ts'

/** How long one that was told to end may take for it. */
const ENDS_WITHIN_MS = 1_000
const LOOK_AGAIN_MS = 50

/** The server process says so itself when it ends. */
const SAID_GOODBYE = ['postgres-shutting-down', 'postgres-crashed'] as const

interface Orphan {
  /** `null`: it broke before its process was known to us. */
  readonly backend: Backend | null
  readonly server: PostgresServer
  /** When the server must have ended it by itself; monotonic, as all times in here. */
  goneAt: number
  /** The server left it without an answer. */
  readonly hung: ReachError | null
}

export interface Orphans {
  /**
   * A connection ended. As a rule nothing is left of it; but a bastion that did not hear of it either keeps its end open for
   * hours.
   */
  left(connection: PostgresConnection, why: ReachError): void
  /** A login broke, and the server had begun to deal with it. @param lingersMs how long that may take it */
  leftAtLogin(server: PostgresServer, lingersMs: number): void
  /** How many there may be that nobody has asked after. */
  count(): number
  /** Those that the server may still have: how many, how long until there is one less, and whether it left them hanging. */
  lingering(): { readonly count: number; readonly leftMs: number; readonly hung: ReachError | null }
  /**
   * Ends those of a server through a connection to it.
   * @returns the server process that is still there after that. Rejects where there is no answer.
   */
  bury(server: PostgresServer, run: RunStatement): Promise<Backend | null>
}

/** Runs a statement and gives its rows. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>

export function createOrphans({ clock }: { clock: Clock }): Orphans {
  const orphans = new Set<Orphan>()

  return {
    left({ backend, meter, server, parted }, why) {
      if (backend === null || parted() || isFailure(why.failure, ...SAID_GOODBYE)) return
      const hung = isFailure(why.failure, 'postgres-answer-missing') ? why : null
      orphans.add({ backend, server, goneAt: meter.busyUntil + LINGERS_MS, hung })
    },
    leftAtLogin(server, lingers) {
      orphans.add({ backend: null, server, goneAt: clock.monotonic() + lingers, hung: null })
    },
    count: () => orphans.size,
    lingering() {
      const there = [...orphans].filter(({ goneAt }) => goneAt > clock.monotonic())
      const first = Math.min(...there.map(({ goneAt }) => goneAt))
      const hung = there.find((orphan) => orphan.hung !== null)?.hung ?? null
      return { count: there.length, leftMs: there.length === 0 ? 0 : first - clock.monotonic(), hung }
    },
    async bury(server, run) {
      let still: Backend | null = null
      for (const orphan of [...orphans]) {
        const { backend, goneAt } = orphan
        if (backend === null || serverName(orphan.server) !== serverName(server)) {
          // It cannot be asked after here.
          if (goneAt <= clock.monotonic()) orphans.delete(orphan)
        } else if (await isGone(run, backend, clock)) orphans.delete(orphan)
        else {
          // Seen there: time alone does not end it.
          orphan.goneAt = Number.POSITIVE_INFINITY
          still ??= backend
        }
      }
      return still
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
