/**
 * How one deployment is reached: directly or through a chain of SSH hops, supervised, and shared by everything that
 * watches it. Expected failures are `ReachError`s that say which step on which hop failed.
 */
import type { Certificate } from '#shared/model/certificate.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { PostgresOperating } from './postgres/operating.ts'
import type { PoolerAdmin } from './postgres/pooler-admin.ts'
import type { PostgresRoom } from './postgres/room.ts'

/** Thrown by everything below when the way, or what is at its end, fails as things in the world do. */
export class ReachError extends Error {
  readonly failure: Failure
  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(`${failure.hop}: ${failure.step}: ${failure.code}`, options)
    this.name = 'ReachError'
    this.failure = failure
  }
}

export interface Limits {
  /** Cancels the call; what is under way is abandoned and its connection reset where that is needed. */
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

export interface PostgresAnswer {
  readonly rows: Record<string, unknown>[]
  /** Bytes received for it, as the protocol counted them. */
  readonly bytes: number
}

export interface PostgresSession {
  /**
   * Runs one read-only statement with parameters. At most `maxRows` rows are kept. `isolated`, for what others wrote: the
   * server takes one statement and no more, and whatever it sets in the session is taken back.
   */
  query(
    text: string,
    values: readonly unknown[],
    limits: Limits & { maxRows?: number; isolated?: boolean },
  ): Promise<PostgresAnswer>
  /** `server_version_num`, for example 150018; known once connected. */
  readonly version: number | null
  /** It goes through a connection pooler: what the server holds is the pooler's, and whoever waits there is not seen. */
  readonly pooled: boolean
}

/** One Redis server on a connection of its own. */
export interface RedisNode {
  /** `HOST:PORT`, or the path of a socket. */
  readonly name: string
  /** Round trip of the latest answer in milliseconds, without the wait for a connection; `null` before the first. */
  readonly latencyMs: number | null
  command(name: string, args: readonly (string | number)[], limits: Limits): Promise<unknown>
}

/** What a cluster itself says of one of its nodes. */
export interface ClusterMember {
  /** `HOST:PORT` as the cluster announces it. */
  readonly name: string
  readonly role: 'primary' | 'replica'
  /** `suspected`: one node cannot reach it; `failed`: most agree on that; `joining`: it is not part of it yet. */
  readonly state: 'ok' | 'suspected' | 'failed' | 'joining'
  /** How many of the 16,384 hash slots it serves. */
  readonly slots: number
}

/** The servers of a Redis, as far as they are watched. */
export interface RedisNodes {
  readonly nodes: readonly (RedisNode & { readonly member: ClusterMember | null })[]
  /** Every node that the cluster knows, also those that are not watched; `null`: this is no cluster. */
  readonly members: readonly ClusterMember[] | null
}

/** A Redis: its one server, the primary that sentinels name, or some node of a cluster. */
export interface RedisSession extends RedisNode {
  /** Each node of a cluster as it is known now; of anything else the server itself. */
  nodes(limits: Limits): Promise<RedisNodes>
  /** What answers is not what was meant (a primary that became a replica): what is meant is looked for anew. */
  doubt(): void
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Buffer
  /** Time to the end of the answer, in milliseconds. */
  readonly ms: number
  /** The body was longer than `maxBytes` and was cut there. */
  readonly truncated: boolean
  /** Bytes that were received for it, headers included, as they were on the wire: compressed. */
  readonly wireBytes: number
  /** What the service showed, its own certificate first; none without TLS. */
  readonly certificates: readonly Certificate[]
  /** When the first of these ends, milliseconds since the epoch; `null` without TLS. */
  readonly certificateEndsAt: number | null
  /** Where a redirect that was not followed leads, without its query; `null` for any other answer. */
  readonly location: string | null
  /** Who answered after redirects that were followed; `null` where it is the address that was asked. */
  readonly answeredBy: string | null
}

export interface HttpSession {
  /**
   * GETs a path of the service. A body longer than `maxBytes`, decompressed, is cut and the connection dropped. Redirects
   * are followed as the profile says. Credentials that were refused (401) are not shown again before `retry()`.
   */
  get(path: string, limits: Limits & { maxBytes: number; accept?: string }): Promise<HttpAnswer>
  /** What the service showed at the latest handshake, also where it was not accepted. */
  certificates(): readonly Certificate[]
}

export interface ExecAnswer {
  readonly code: number | null
  /** Standard output as it came: positions within it are bytes, and not all of it need be text. */
  readonly output: Buffer
  readonly stdout: string
  readonly stderr: string
}

export interface HostSession {
  /** Runs a program with arguments (quoted for the remote shell by one function); at most `maxBytes` of output are kept. */
  run(argv: readonly string[], limits: Limits & { maxBytes: number }): Promise<ExecAnswer>
}

export type ScrapeKind = 'host' | 'exposition'

export interface Reach {
  readonly deployment: string
  /** The live path, hop by hop. */
  connection(): Connection
  /** Called whenever `connection()` changed; returns what unsubscribes. */
  onChange(listener: () => void): () => void
  /** Two sessions: the connection of that for probes is kept open, that for people has one while somebody asks. */
  readonly postgres: {
    readonly probes: PostgresSession
    readonly people: PostgresSession
    /** What a pooler in between says of its pools (`SHOW POOLS`); `null`: there is none, or it does not tell us. */
    pools(limits: Limits): Promise<PostgresAnswer | null>
    /** The consoles of the PgBouncers before it, for operations; those that the profile names. */
    readonly poolers: readonly PoolerAdmin[]
    /** For whoever has to log in besides. */
    readonly room: PostgresRoom
    /** For operations; `null` where the profile names nobody who operates. */
    readonly operating: PostgresOperating | null
  } | null
  /** By the Redis' name in the profile. */
  redis(name: string): RedisSession
  http(service: string): HttpSession
  /** What exposes metrics beside the services: the exporter of a host, or one of the profile's expositions. */
  scrape(kind: ScrapeKind, name: string): HttpSession
  host(name: string): HostSession
  /** `local`: this machine; `ssh`: the end of the chain; else one of the profile's hosts by its name. */
  machine(over: string): HostSession
  /** Forgets backoff and rejected credentials: a person asks to try again. */
  retry(): void
  /** Closes everything; nothing stays open, and nothing comes back. */
  close(): Promise<void>
}
