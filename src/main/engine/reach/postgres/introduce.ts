/**
 * The first words of a session: who is at the other end, and the session's bounds. A connection pooler must not be told
 * any with SET: what it holds in transaction mode are the application's sessions.
 */
import type { Client } from 'pg'
import type { Line } from './login.ts'
import type { ServerRole } from './servers.ts'

/** The name that other consoles and people see in `pg_stat_activity`. */
export const APPLICATION_NAME = 'vakhta'

/**
 * The server notices that its client vanished (sleep, another network) after 17 seconds without a word, after 15 where an
 * answer of its own is not taken, and at once where the socket was closed. Without `tcp_user_timeout` that answer would be
 * sent again for a quarter of an hour, and the process stay as long: while something is on its way nothing is kept alive.
 * It gives up what takes long, waits for a lock, or sits in a transaction.
 */
const KEEP_ALIVE = { idle: 5, interval: 4, count: 3 } as const
const UNTAKEN_SECONDS = 15
/**
 * It also ends a session that asks nothing for so long: where a bastion kept its end of a connection that we lost, that
 * answers the packets in our place.
 */
const IDLE_SESSION_SECONDS = 25
const IDLE_SESSION_SINCE = 140_000
/** How long our side may be silent at most, so that a session is not ended that is still wanted. */
export const KEEP_AWAKE_MS = 10_000

/** Whether the server ends by itself what broke behind our back, wherever it broke. */
export function endsIdleSessions(version: number): boolean {
  return version >= IDLE_SESSION_SINCE
}

/** How long after its last word a server process may be there for a client that vanished. */
export const LINGERS_MS = (IDLE_SESSION_SECONDS + 3) * 1_000

const BOUNDS = [
  `application_name = '${APPLICATION_NAME}'`,
  `lock_timeout = '1s'`,
  `idle_in_transaction_session_timeout = '10s'`,
  // Nobody's function of the same name is called in place of PostgreSQL's own.
  `search_path = pg_catalog`,
  // A text is what it is for us, whatever the role or the database says: a backslash in it would else take its end along, and what follows would be read as more.
  `standard_conforming_strings = on`,
  // Workers that the application may need are not taken for looking.
  `max_parallel_workers_per_gather = 0`,
]

/** A server process, told from a later one with the same PID by when it started. */
export interface Backend {
  readonly pid: number
  readonly startedAt: string
}

/** The ends of a connection as the server has them: what stands in between has others. */
export interface Ends {
  /** `-1` over a unix socket; `null` where it does not say. */
  readonly clientPort: number | null
  readonly address: string | null
  readonly port: number | null
}

export interface Introduction {
  /** `server_version_num`. */
  readonly version: number
  readonly role: ServerRole
  /** `null` behind a pooler, where the next statement may be run by another one, and none is ours. */
  readonly backend: Backend | null
  /** `null` behind a pooler. */
  readonly ends: Ends | null
}

export async function introduce({ client, named }: Pick<Line, 'client' | 'named'>): Promise<Introduction> {
  // The first word already sees to its end, should it be the last one that arrives; but of a pooler's session not. Whoever owns the database may have set
  // `search_path` for it, with functions and operators of PostgreSQL's names, which would run with our rights: until it is ours, nothing is said without its schema.
  const { rows } = await client.query<{ version: string; pid: number; standby: boolean; readonly: string }>(
    `SELECT pg_catalog.current_setting('server_version_num') AS version, pg_catalog.pg_backend_pid() AS pid,
            pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('default_transaction_read_only') AS readonly,
            CASE WHEN pg_catalog.pg_backend_pid() OPERATOR(pg_catalog.=) ${named ?? 0}
                  AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) ${IDLE_SESSION_SINCE}
                 THEN pg_catalog.set_config('idle_session_timeout', '${IDLE_SESSION_SECONDS}s', false) END AS idle`,
  )
  const row = rows[0]
  const version = Number(row?.version ?? 0)
  const role = { standby: row?.standby ?? false, readOnly: row?.readonly === 'on' }
  // A pooler answers the login itself, and so with a number of its own.
  if (row === undefined || row.pid !== named) return { version, role, backend: null, ends: null }
  const { startedAt, ends } = await boundSession(client, version)
  return { version, role, backend: { pid: row.pid, startedAt }, ends }
}

/** With SET and after connecting, so that a pooler is known by then. @returns when the server process started, and for whom */
async function boundSession(client: Client, version: number): Promise<{ startedAt: string; ends: Ends }> {
  const bounds = [
    `statement_timeout = '10s'`,
    ...BOUNDS,
    'default_transaction_read_only = on',
    `tcp_keepalives_idle = ${KEEP_ALIVE.idle}`,
    `tcp_keepalives_interval = ${KEEP_ALIVE.interval}`,
    `tcp_keepalives_count = ${KEEP_ALIVE.count}`,
    // Compiling a look takes longer than looking, where a catalogue is large.
    ...(version >= 110_000 ? ['jit = off'] : []),
    ...(version >= 120_000 ? [`tcp_user_timeout = '${UNTAKEN_SECONDS}s'`] : []),
  ]
  await client.query(bounds.map((bound) => `SET ${bound}`).join('; '))
  // Refused where the server's platform cannot do it; the session is as good without.
  if (version >= 140_000) await client.query(`SET client_connection_check_interval = '1s'`).catch(() => {})
  const { rows } = await client.query<{ started: string | null } & Ends>(
    `SELECT backend_start::text AS started, client_port AS "clientPort", host(inet_server_addr()) AS address, inet_server_port() AS port
     FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
  )
  const { started = null, clientPort = null, address = null, port = null } = rows[0] ?? {}
  return { startedAt: started ?? '', ends: { clientPort, address, port } }
}

/** Begins a transaction that takes its bounds with it when it ends: nothing of it stays behind in the server's session. */
export function beginBounded(statementTimeoutMs: number): string {
  return [
    'BEGIN READ ONLY',
    `SET LOCAL statement_timeout = ${statementTimeoutMs}`,
    ...BOUNDS.map((bound) => `SET LOCAL ${bound}`),
  ].join('; ')
}
