/**
 * The PostgreSQL sessions of a deployment, for probes and for people. That of the probes has a connection at all times, that
 * of people while somebody asks; the server never has a third process for us, also where it did not hear that one broke.
 */
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Log } from '../../log.ts'
import { remaining, within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { createGate } from '../gate.ts'
import type { Limits, PostgresAnswer, PostgresSession } from '../reach.ts'
import { createSupervisor } from '../supervisor.ts'
import { postgresUrl, serverName } from './address.ts'
import { createAdmission } from './admission.ts'
import { askInTurn } from './asking.ts'
import type { PostgresConnection, PostgresDependencies } from './connection.ts'
import { endsIdleSessions, KEEP_AWAKE_MS } from './introduce.ts'
import type { Leftover } from './leftovers.ts'
import { BURIAL_TIMEOUT_MS } from './one-of-two.ts'
import { createOperating, type PostgresOperating } from './operating.ts'
import { createOrphans } from './orphans.ts'
import { createPeople } from './people.ts'
import { createPoolerConsole } from './pooler.ts'
import { type PoolerAdmin, poolerAdmins } from './pooler-admin.ts'
import { createRoleWatch } from './role-watch.ts'
import { createRoom, type PostgresRoom } from './room.ts'

const AWAKE_TIMEOUT_MS = 4_000
const TIDY_AGAIN_MS = 5_000

/** The people's connection became the probes' while a statement waited for its turn on it. */
const HANDED_OVER = new Error('the connection was handed over')

export interface PostgresSessions {
  readonly sessions: {
    readonly probes: PostgresSession
    readonly people: PostgresSession
    pools(limits: Limits): Promise<PostgresAnswer | null>
    readonly room: PostgresRoom
    readonly operating: PostgresOperating | null
    readonly poolers: readonly PoolerAdmin[]
  }
  state(): ConnectionHop
  retry(): void
  wayIsUp(): void
  /** Resolves with what the server may still have of ours. */
  close(): Promise<readonly Leftover[]>
}

export function createPostgresSessions(
  dependencies: PostgresDependencies & {
    place: Place
    random: () => number
    log: Log
    onChange: () => void
    /** Of the watch before. */
    leftovers: readonly Leftover[]
  },
): PostgresSessions {
  const { place, clock, random, log, way, onChange, postgres, leftovers } = dependencies
  const url = postgresUrl(postgres)
  const here = new Set(url.servers.map(serverName))
  const theirs = leftovers.filter(({ server }) => here.has(serverName(server)))
  const orphans = createOrphans({ clock, way, leftovers: theirs, onGone: () => admission.roomMade() })
  let latencyMs: number | null = null
  let tidiedAt = Number.NEGATIVE_INFINITY
  let cancelAwake: () => void = () => {}

  const admission = createAdmission({
    ...dependencies,
    orphans,
    people: () => people,
    probes: () => probes.current(),
    onRoom: wake,
  })
  const pooler = createPoolerConsole({ ...dependencies, inTurn: admission.inTurn })

  const probes = createSupervisor<PostgresConnection>({
    place,
    way,
    clock,
    random,
    log,
    onChange,
    open: async (signal) => {
      const connection = await admission.forProbes(signal)
      stayAwake()
      return { value: connection, ended: connection.ended, close: connection.leave }
    },
  })

  const people = createPeople({
    clock,
    log,
    // Before version 14 nothing would end it where it broke behind our back.
    mayOpen() {
      const beside = probes.current()
      return beside !== null && (beside.backend === null || endsIdleSessions(beside.version))
    },
    open: admission.forPeople,
    onFree: wake,
  })
  const room = createRoom({ admission, people })
  const watched = () => probes.current()?.server ?? null
  const as = postgres.operate
  const { inTurn } = admission
  const operating = as === undefined ? null : createOperating({ ...dependencies, room, inTurn, as, watched })
  const checkRole = createRoleWatch({
    wanted: url.targetSessionAttrs,
    clock,
    // Then both sessions look for another.
    onUnsuited(why) {
      for (const each of [probes, people]) each.current()?.giveUp(why)
    },
  })

  /** What was waited for is over: the attempts that were given up meanwhile say nothing of the server. */
  function wake(): void {
    if (probes.status().status === 'DISCONNECTED') probes.retry()
  }

  /** The server ends a session that it does not hear of. */
  function stayAwake(): void {
    cancelAwake()
    cancelAwake = clock.after(KEEP_AWAKE_MS, () => {
      if ((probes.current()?.backend ?? null) === null) return
      const limits = { signal: new AbortController().signal, timeoutMs: AWAKE_TIMEOUT_MS }
      sessions.probes.query('SELECT 1', [], limits).catch(() => {})
    })
  }

  /** What broke is not left to the server to find out. */
  async function endWhatIsLeft({ client, server, backend, place: at }: PostgresConnection): Promise<void> {
    if (orphans.count() === 0 || backend === null || clock.monotonic() - tidiedAt < TIDY_AGAIN_MS) return
    tidiedAt = clock.monotonic()
    const bounds = { signal: new AbortController().signal, timeoutMs: BURIAL_TIMEOUT_MS }
    const late = () =>
      failed(at, 'protocol', 'postgres-answer-missing', { seconds: BURIAL_TIMEOUT_MS / 1_000 })
    const run = async (text: string, values: readonly unknown[]) =>
      (await within(clock, bounds, late, () => client.query(text, [...values]))).rows
    // Where that is not answered, the next statement is not either, and tells of it.
    await orphans.bury(server, run).catch(() => {})
  }

  const asking = {
    clock,
    way,
    onAnswer(ms: number) {
      latencyMs = ms
    },
  }
  const probesTurns = createGate(1)
  const placeNow = () => probes.current()?.place ?? place

  const sessions: PostgresSessions['sessions'] = {
    probes: {
      get version() {
        return probes.current()?.version ?? null
      },
      get pooled() {
        return probes.current()?.backend === null
      },
      query: (text, values, limits) =>
        askInTurn(
          asking,
          { text, values, limits },
          {
            turns: probesTurns,
            place: placeNow,
            connect: probes.get,
            async afterwards(connection) {
              stayAwake()
              await endWhatIsLeft(connection)
              await checkRole(connection)
            },
          },
        ),
    },
    people: {
      get version() {
        return (people.current() ?? probes.current())?.version ?? null
      },
      get pooled() {
        return (people.current() ?? probes.current())?.backend === null
      },
      async query(text, values, limits) {
        const startedAt = clock.monotonic()
        const left = () => ({ ...limits, timeoutMs: remaining(clock, startedAt, limits.timeoutMs) })
        if (await people.comes(limits)) {
          const connect = (): PostgresConnection => {
            const own = people.current()
            if (own === null) throw HANDED_OVER
            return own
          }
          const terms = { turns: people.turns, place: placeNow, connect, afterwards: checkRole }
          try {
            return await askInTurn(asking, { text, values, limits: left() }, terms)
          } catch (error) {
            if (error !== HANDED_OVER) throw error
          }
        }
        return sessions.probes.query(text, values, left())
      },
    },
    room,
    operating,
    poolers: poolerAdmins(dependencies),
    async pools(limits) {
      const connection = people.current() ?? probes.current()
      if (connection === null || connection.backend !== null || admission.refused() !== null) return null
      return pooler.pools(connection.server, limits)
    },
  }

  return {
    sessions,
    state() {
      const { status, failure } = probes.status()
      return { hop: placeNow().hop, kind: 'postgres', status, ms: latencyMs, error: failure }
    },
    retry() {
      admission.retry()
      people.retry()
      pooler.retry()
      probes.retry()
    },
    wayIsUp: probes.wayIsUp,
    async close() {
      // Before what asks over it: a login of theirs waits for its turn there.
      await Promise.all([operating?.close(), room.close(), pooler.close(), people.close(), probes.close()])
      cancelAwake()
      await admission.close()
      return orphans.close()
    },
  }
}
