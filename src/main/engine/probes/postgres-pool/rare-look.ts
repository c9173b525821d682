/** The rarer statements of a look: what changes slowly about the server, the size of the database, and what lasts of both. */
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import { ReachError } from '../../reach/reach.ts'
import type { Standing } from '../../standing.ts'
import { perSecond } from '../figures.ts'
import type { LookContext } from '../probe.ts'
import type { Activity } from './activity.ts'
import {
  DatabaseSize,
  nextSizeAt,
  ServerState,
  SIZE_SQL,
  serverStateAgesMs,
  serverStateSql,
} from './server-state.ts'
import {
  Revisions,
  revisionsSql,
  ServerStanding,
  STANDING_AT_LEAST_EVERY_MS,
  STANDING_EVERY_MS,
  STANDING_SQL,
  standingsOf,
} from './standing.ts'

export interface RareMemory {
  /** Monotonic, as all times in here. */
  readonly serverAt: number
  readonly server: ServerState | null
  /** Between the last two times; `null` where that is not known. */
  readonly walBytesPerSecond: number | null
  readonly size: number | null
  readonly sizeAt: number
  /** Of which run of the server it was asked for, when it is asked for again, and how often asking failed in a row. */
  readonly standing: { readonly of: number | null; readonly dueAt: number; readonly failures: number }
}

export const NEVER_LOOKED: RareMemory = {
  server: null,
  walBytesPerSecond: null,
  serverAt: Number.NEGATIVE_INFINITY,
  size: null,
  sizeAt: Number.NEGATIVE_INFINITY,
  standing: { of: null, dueAt: Number.NEGATIVE_INFINITY, failures: 0 },
}

interface RareLook {
  /** None where it was not time to ask. */
  readonly standings: readonly Standing[]
  readonly memory: RareMemory
  readonly rows: number
  readonly bytes: number
}

/** The rarer statements, where they are due; otherwise what they told the last time. */
export async function lookRarely(
  context: LookContext<unknown>,
  before: RareMemory,
  { started_at: startedAt, server_version: version }: Pick<Activity, 'started_at' | 'server_version'>,
): Promise<RareLook> {
  const { monotonic } = context
  const now = monotonic()
  let { server, serverAt, walBytesPerSecond, size, sizeAt, standing } = before
  let standings: readonly Standing[] = []
  let rows = 0
  let bytes = 0
  const askAll = async (text: string) => {
    const answer = await tolerantly(context, text)
    rows += answer?.rows.length ?? 0
    bytes += answer?.bytes ?? 0
    return answer?.rows
  }
  const ask = async (text: string) => (await askAll(text))?.[0]
  if (now - serverAt >= serverStateAgesMs(server)) {
    const earlier = server
    server = ServerState.safeParse(await ask(serverStateSql(version))).data ?? null
    // Of another run, or of another server, what was written is another count.
    const isSame = standing.of === startedAt
    walBytesPerSecond = isSame ? perSecond(earlier?.wal_bytes, server?.wal_bytes, now - serverAt) : null
    serverAt = now
  }
  if (now >= sizeAt) {
    const began = monotonic()
    size = DatabaseSize.safeParse(await ask(SIZE_SQL)).data?.size ?? null
    sizeAt = nextSizeAt(now, size === null ? null : monotonic() - began)
  }
  // What changed with a restart is told at once.
  if (now >= standing.dueAt || standing.of !== startedAt) {
    const seen = ServerStanding.safeParse(await ask(STANDING_SQL)).data
    const failures = seen === undefined ? standing.failures + 1 : 0
    const pauseMs = Math.min(STANDING_AT_LEAST_EVERY_MS, STANDING_EVERY_MS * 2 ** failures)
    standing = { of: startedAt, dueAt: now + pauseMs, failures }
    const sql = seen === undefined ? null : revisionsSql(seen)
    const revisions = sql === null ? [] : (Revisions.safeParse(await askAll(sql)).data ?? null)
    if (seen !== undefined) standings = standingsOf(seen, answersInTurn(context), revisions)
  }
  return { standings, rows, bytes, memory: { server, serverAt, walBytesPerSecond, size, sizeAt, standing } }
}

/** Whether another server may answer the next time: several are named, or a pooler stands in front. */
function answersInTurn({ profile, reach }: LookContext<unknown>): boolean {
  const named = profile.postgres === undefined ? 0 : parsePostgresUrl(profile.postgres.url).servers.length
  return named > 1 || reach.postgres?.probes.pooled === true
}

/** Some servers forbid or lack a function of these statements: then their figures are unknown, and the look goes on. */
async function tolerantly({ reach, signal, timeoutMs }: LookContext<unknown>, text: string) {
  try {
    return await reach.postgres?.probes.query(text, [], { signal, timeoutMs: timeoutMs / 2 })
  } catch (error) {
    if (error instanceof ReachError) return undefined
    throw error
  }
}
