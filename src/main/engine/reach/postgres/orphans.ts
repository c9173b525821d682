/**
 * Server processes of connections that are lost to us: the server may not have noticed yet, and each would be one connection
 * more than it is to have of us. They are ended through a connection that works, or waited for.
 */
import { isFailure } from '#shared/model/failure.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import type { Clock } from '../../clock.ts'
import type { ReachError } from '../reach.ts'
import type { Way } from '../way.ts'
import { serverName } from './address.ts'
import type { PostgresConnection } from './connection.ts'
import type { HungUp } from './hang-up.ts'
import { APPLICATION_NAME, type Backend, LINGERS_MS } from './introduce.ts'
import type { Leftover } from './leftovers.ts'

/** How long one that was told to end may take for it. */
const ENDS_WITHIN_MS = 1_000
const LOOK_AGAIN_MS = 50
/** One that was seen there after its time is frozen: it is not looked for soon again. */
const SEEN_THERE_MS = 5 * 60_000
/** A far side that holds a line for so long has forgotten it: by then TCP has given up whatever was not answered. */
const HELD_MAX_MS = 15 * 60_000
/** The same where it may be a proxy that holds it: what the server can still end has ended long before. */
const HELD_BETWEEN_MS = 2 * 60_000
/** With lines that are held for longer one more is risked. Should it hang too, so long passes before the next, and twice as long each time. */
const RISKED_AGAIN_MS = 5 * 60_000
const RISKED_AT_LEAST_EVERY_MS = 60 * 60_000
/** How often a line that is held beyond the process' time is looked at. */
const HELD_AGAIN_MS = 5_000

/** The server process says so itself when it ends. */
const SAID_GOODBYE = ['postgres-shutting-down', 'postgres-crashed'] as const

interface Orphan extends Leftover {
  goneAt: number
  /** Where we are still on the line. */
  line: HungUp | null
  /** That the line is held proves nothing from then on. */
  readonly doubtedAt: number
}

export interface Lingering {
  readonly count: number
  /** Until there may be one less. */
  readonly leftMs: number
  /** Lines that are held for so long that it is doubted whether there is a server process behind them. */
  readonly doubted: number
  /** Until one more may be risked beside those. */
  readonly riskMs: number
  /** Whether it left them hanging. */
  readonly hung: ReachError | null
}

export interface Orphans {
  /**
   * A connection ended. As a rule nothing is left of it; but a bastion that did not hear of it either keeps its end open for
   * hours.
   */
  left(connection: PostgresConnection, why: ReachError): void
  /** A login broke, and the server had begun to deal with it. @param lingersMs how long that may take it */
  leftAtLogin(server: PostgresServer, lingersMs: number, line: HungUp | null): void
  /** How many there may be that nobody has asked after. */
  count(): number
  /** Those that the server may still have. */
  lingering(): Lingering
  /**
   * Ends those of a server through a connection to it.
   * @returns the server process that is still there after that. Rejects where there is no answer.
   */
  bury(server: PostgresServer, run: RunStatement): Promise<Backend | null>
  /** Leaves every line; resolves when they are closed, with what may be there still. */
  close(): Promise<readonly Leftover[]>
}

/** Runs a statement and gives its rows. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<readonly unknown[]>

/**
 * @param leftovers those of the watch before
 * @param onGone one less is there: the server hung up
 */
export function createOrphans({
  clock,
  way,
  leftovers,
  onGone,
}: {
  clock: Clock
  leftovers: readonly Leftover[]
  way: Pick<Way, 'down'>
  onGone: () => void
}): Orphans {
  const orphans = new Set<Orphan>()
  let riskedAgainMs = RISKED_AGAIN_MS
  let riskAt = Number.NEGATIVE_INFINITY

  function mayBeThere({ goneAt, line, doubtedAt }: Orphan): boolean {
    const now = clock.monotonic()
    return now < goneAt || (now < doubtedAt && line?.isHeld() === true)
  }

  function isDoubted(orphan: Orphan): boolean {
    return !mayBeThere(orphan) && orphan.line?.isHeld() === true
  }

  async function listen(orphan: Orphan, line: HungUp): Promise<void> {
    const how = await line.over
    // A way that breaks ends what runs over it as a server would; that it broke is known a moment later.
    await new Promise(setImmediate)
    orphan.line = null
    if (how === 'lost' || way.down() !== null || !orphans.delete(orphan)) return
    onGone()
  }

  for (const leftover of leftovers) add({ ...leftover, line: null }, false)

  function add(orphan: Omit<Orphan, 'doubtedAt'>, isDirect: boolean): void {
    const now = clock.monotonic()
    if ([...orphans].some(isDoubted)) {
      riskAt = now + riskedAgainMs
      riskedAgainMs = Math.min(2 * riskedAgainMs, RISKED_AT_LEAST_EVERY_MS)
    }
    const added = { ...orphan, doubtedAt: now + (isDirect ? HELD_MAX_MS : HELD_BETWEEN_MS) }
    orphans.add(added)
    if (added.line !== null) void listen(added, added.line)
  }

  return {
    left({ backend, meter, server, parted, hungUp, isDirect }, why) {
      if (backend === null || parted() || isFailure(why.failure, ...SAID_GOODBYE)) {
        hungUp()?.destroy()
        return
      }
      const hung = isFailure(why.failure, 'postgres-answer-missing') ? why : null
      add({ backend, server, goneAt: meter.busyUntil + LINGERS_MS, hung, line: hungUp() }, isDirect)
    },
    leftAtLogin(server, lingers, line) {
      // What stood in between, no server told.
      add({ backend: null, server, goneAt: clock.monotonic() + lingers, hung: null, line }, false)
    },
    count: () => orphans.size,
    lingering() {
      const there = [...orphans].filter(mayBeThere)
      const first = Math.min(...there.map(({ goneAt }) => goneAt - clock.monotonic()))
      const doubted = [...orphans].filter(isDoubted)
      return {
        count: there.length,
        leftMs: there.length === 0 ? 0 : first > 0 ? first : HELD_AGAIN_MS,
        doubted: doubted.length,
        riskMs: Math.max(0, riskAt - clock.monotonic()),
        hung: [...there, ...doubted].find((orphan) => orphan.hung !== null)?.hung ?? null,
      }
    },
    async bury(server, run) {
      let still: Backend | null = null
      // Until it answers, what was risked was risked in vain.
      if ([...orphans].some(isDoubted)) riskAt = clock.monotonic() + riskedAgainMs
      for (const orphan of [...orphans]) {
        const { backend } = orphan
        if (backend === null || serverName(orphan.server) !== serverName(server)) {
          // It cannot be asked after here.
          if (!mayBeThere(orphan)) forget(orphan)
        } else if (await isGone(run, backend, clock)) forget(orphan)
        else {
          // Seen there: its time does not end it.
          orphan.goneAt = Math.max(orphan.goneAt, clock.monotonic() + SEEN_THERE_MS)
          still ??= backend
        }
      }
      riskAt = Number.NEGATIVE_INFINITY
      riskedAgainMs = RISKED_AGAIN_MS
      return still
    },
    async close() {
      // What is on the line now is nobody's to hear any more: its time counts.
      const now = clock.monotonic()
      const left = [...orphans].filter(mayBeThere).map(({ backend, server, goneAt, hung }) => ({
        ...{ backend, server, hung },
        goneAt: goneAt > now ? goneAt : now + LINGERS_MS,
      }))
      const lines = [...orphans].flatMap(({ line }) => (line === null ? [] : [line.over]))
      for (const orphan of [...orphans]) forget(orphan)
      await Promise.all(lines)
      return left
    },
  }

  function forget(orphan: Orphan): void {
    orphans.delete(orphan)
    orphan.line?.destroy()
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
