/**
 * The lease in a deployment's PostgreSQL, with no right beyond logging in and nothing written: the session of the probes holds a shared
 * advisory lock that stands for the deployment, and whose session is the oldest of those that lately did something tells. Locks that
 * spell a console's name beside it say who that is. What is gone with its session is gone at once; a session whose console
 * is cut off does nothing any more, and counts no longer, however long the server keeps it.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PostgresSession } from '../../reach/reach.ts'
import { HOLDS_FOR_MS, type LeaseSeat } from './lease.ts'

const TURN_TIMEOUT_MS = 2_500
const MOST_CONSOLES = 20
/** The first of the classes under which the four bytes of a name's parts stand: `vak` and a number. */
const NAME_CLASS = 0x76_61_6b_00
const NAME_PARTS = 12

const Session = z.object({
  mine: z.boolean(),
  /** Advisory locks of a standby are its own: whoever is on another server of the deployment sees none of them. */
  on_standby: z.boolean(),
  /** `null`: this role is not shown what that of the other console does. */
  silent_seconds: z.coerce.number().nullable(),
  name: z.array(z.coerce.number()).nullable(),
})

/** `$1`, `$2`: the two halves of the lock's key, `$3`: the class of a name's first part. The oldest session first. */
const SESSIONS = `
  with held as materialized (
    select l.pid, l.classid, l.objid, l.objsubid from pg_locks l
     where l.locktype = 'advisory' and l.granted
       and l.database = (select oid from pg_database where datname = current_database())
  )
  select held.pid = pg_backend_pid() as mine, pg_is_in_recovery() as on_standby,
         extract(epoch from clock_timestamp() - a.state_change)::float8 as silent_seconds,
         (select array_agg(n.objid::bigint order by n.classid) from held n
           where n.pid = held.pid and n.objsubid = 2
             and n.classid::bigint between $3::bigint and $3::bigint + ${NAME_PARTS - 1}) as name
    from held left join pg_stat_activity a on a.pid = held.pid
   where held.objsubid = 1 and held.classid::bigint = $1::bigint and held.objid::bigint = $2::bigint
   order by a.backend_start nulls first, held.pid
   limit ${MOST_CONSOLES}`

const ANNOUNCE = `
  select pg_try_advisory_lock_shared($1::bigint),
         (select count(pg_try_advisory_lock_shared(c, o)) from unnest($2::int[], $3::int[]) as part (c, o))`
const WITHDRAW = 'select pg_advisory_unlock_shared($1::bigint)'

export function createPostgresSeat(
  session: PostgresSession,
  {
    deployment,
    console: name,
    hasSeveralServers,
  }: {
    readonly deployment: string
    readonly console: string
    /** The profile names several: another console may be on another one of them. */
    readonly hasSeveralServers: boolean
  },
): LeaseSeat {
  const { key, halves } = keyOf(deployment)
  const parts = partsOf(name)

  async function sessions(signal: AbortSignal) {
    const limits = { signal, timeoutMs: TURN_TIMEOUT_MS, maxRows: MOST_CONSOLES }
    const { rows } = await session.query(SESSIONS, [...halves, NAME_CLASS], limits)
    return z.array(Session).parse(rows)
  }

  return {
    async turn(signal) {
      let found = session.pooled ? [] : await sessions(signal)
      // Known only once there is a connection.
      if (session.pooled) return { kind: 'impossible', problem: 'pooled' }
      if (!found.some(({ mine }) => mine)) {
        const values = [key.toString(), parts.map((_, index) => NAME_CLASS + index), parts]
        await session.query(ANNOUNCE, values, { signal, timeoutMs: TURN_TIMEOUT_MS })
        found = await sessions(signal)
      }
      const own = found.findIndex(({ mine }) => mine)
      // It got another connection in between; the next turn sees it.
      if (own < 0) return { kind: 'impossible', problem: 'hidden' }
      if (hasSeveralServers && found[own]?.on_standby) return { kind: 'impossible', problem: 'standby' }
      const before = found.slice(0, own)
      if (before.some((one) => one.silent_seconds === null)) return { kind: 'impossible', problem: 'hidden' }
      const holder = before.find(({ silent_seconds }) => (silent_seconds ?? 0) * 1_000 < HOLDS_FOR_MS)
      return holder === undefined ? { kind: 'mine' } : { kind: 'theirs', holder: nameOf(holder.name) }
    },
    async leave(signal) {
      if (session.pooled) return
      const found = await sessions(signal)
      if (!found.some(({ mine }) => mine)) return
      await session.query(WITHDRAW, [key.toString()], { signal, timeoutMs: TURN_TIMEOUT_MS })
    },
  }
}

function keyOf(deployment: string) {
  const digest = createHash('sha256').update(`vakhta:lease:${deployment}`).digest()
  const halves = [digest.readUInt32BE(0), digest.readUInt32BE(4)] as const
  return { key: digest.readBigInt64BE(0), halves }
}

/** Four bytes each; what is left over is zero. */
function partsOf(name: string): number[] {
  const bytes = Buffer.alloc(NAME_PARTS * 4)
  bytes.write(name)
  const parts = Array.from({ length: NAME_PARTS }, (_, index) => bytes.readInt32BE(index * 4))
  return parts.slice(0, parts.findLastIndex((part) => part !== 0) + 1)
}

function nameOf(parts: readonly number[] | null): string {
  const bytes = Buffer.alloc(NAME_PARTS * 4)
  parts?.forEach((part, index) => void bytes.writeUInt32BE(part, index * 4))
  const text = bytes.toString('utf8').replaceAll(/[\p{Cc}\uFFFD]/gu, '')
  return text === '' ? '?' : text
}
