/** Tests the way to a PostgreSQL: each of its servers, the login, whether the role may see what is watched, and who operates. */
import type { Postgres } from '#shared/model/profile/postgres.ts'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { type LegContext, QUESTION_TIMEOUT_MS, type TargetLeg } from '../walk.ts'
import { isSocketFile, postgresUrl, serverPlace } from './address.ts'
import {
  type OpenOptions,
  openServer,
  type PostgresConnection,
  type PostgresDependencies,
} from './connection.ts'
import { atPooler, isAdminsAnswer, type NamedPooler, poolerPlace, RIGHTS_QUESTION } from './pooler-admin.ts'
import {
  OPERATOR_SQL,
  type OperatorRights,
  operatorDetail,
  WATCHER_SQL,
  type WatcherRights,
  watcherDetail,
} from './rights.ts'
import type { Guest } from './room.ts'
import { roleWords, suits } from './servers.ts'

/** One leg for each server, in their order, and behind the first that will do another for who operates; then the consoles of poolers. */
export function postgresLegs(postgres: Postgres): TargetLeg[] {
  const shared: Shared = { refused: null, operatorAsked: false }
  const { pooler } = postgres
  return [
    ...postgresUrl(postgres).servers.map((server) => serverLeg(postgres, server, shared)),
    ...(pooler === undefined
      ? []
      : postgresUrl(pooler).servers.map((server) => poolerLeg(postgres, pooler, server))),
  ]
}

interface Shared {
  /** What one server refused is not tried on the next: the same login would be refused there. */
  refused: ReachError | null
  operatorAsked: boolean
}

function serverLeg(postgres: Postgres, server: PostgresServer, shared: Shared): TargetLeg {
  const place = serverPlace(server)
  const { user, targetSessionAttrs } = postgresUrl(postgres)
  return {
    place,
    isSocketFile: isSocketFile(server),
    planned: plannedSteps(postgres, server),
    async walk(context, onStep, signal) {
      if (shared.refused !== null) throw shared.refused
      const { rights, connection } = await asking<WatcherRights>(
        context,
        { ...context, postgres },
        { server, sql: WATCHER_SQL, options: { onStep } },
        signal,
      ).catch((error: unknown) => {
        if (error instanceof ReachError && error.failure.recovery === 'person') shared.refused = error
        throw error
      })
      if (rights?.superuser !== true && rights?.monitor !== true) {
        throw failed(place, 'privilege', 'postgres-monitor-missing', { user })
      }
      onStep('privilege', watcherDetail(rights, connection, suitedText(connection)))
      if (shared.operatorAsked || postgres.operate === undefined || !isSuited(connection)) return []
      shared.operatorAsked = true
      return [operatorLeg(postgres, postgres.operate, server)]
    },
  }

  function isSuited({ role }: PostgresConnection): boolean {
    return targetSessionAttrs === 'prefer-standby' || suits(targetSessionAttrs, role)
  }

  function suitedText(connection: PostgresConnection): string {
    const words = roleWords(connection.role)
    return isSuited(connection) ? words : `${words} ≠ ${targetSessionAttrs}`
  }
}

/** Logs in as who operates, sees what that may do, and goes at once: nothing else does so while there is no operation. */
function operatorLeg(
  postgres: Postgres,
  as: NonNullable<Postgres['operate']>,
  server: PostgresServer,
): TargetLeg {
  const place: Place = { hop: `${serverPlace(server).hop} (${as.user})`, on: 'target' }
  return {
    place,
    isSocketFile: isSocketFile(server),
    planned: plannedSteps(postgres, server),
    async walk(context, onStep, signal) {
      const { rights } = await asking<OperatorRights>(
        context,
        { ...context, postgres },
        { server, sql: OPERATOR_SQL, options: { onStep, as, place } },
        signal,
      )
      if (rights?.superuser !== true && rights?.signals !== true) {
        throw failed(place, 'privilege', 'postgres-signal-missing', { user: as.user })
      }
      onStep('privilege', operatorDetail(rights))
      return []
    },
  }
}

/** Logs in at a pooler's console, and sees whether it may be told to pause. */
function poolerLeg(postgres: Postgres, pooler: NamedPooler, server: PostgresServer): TargetLeg {
  const place = poolerPlace(server)
  return {
    place,
    isSocketFile: isSocketFile(server),
    planned: plannedSteps(pooler, server),
    async walk(context, onStep, signal) {
      const dependencies = atPooler({ ...context, postgres }, pooler)
      const options = { console: true, place, onStep }
      const connection = await openServer(dependencies, server, signal, options)
      try {
        await ask(context, connection, RIGHTS_QUESTION, signal)
      } catch (error) {
        if (error instanceof ReachError) throw error
        if (!isAdminsAnswer(error))
          throw failed(place, 'privilege', 'postgres-pooler-admin-missing', {
            user: postgresUrl(pooler).user,
          })
      } finally {
        await connection.close()
      }
      onStep('privilege', 'admin_users')
      return []
    },
  }
}

function plannedSteps(postgres: Pick<Postgres, 'url'>, server: PostgresServer): TargetLeg['planned'] {
  const encrypts = postgresUrl(postgres).sslmode !== 'disable' && !isSocketFile(server)
  return [...(encrypts ? (['tls'] as const) : []), 'protocol', 'authentication', 'privilege']
}

/** Logs in, asks one question, and goes; where the server is watched, in the room that is there for it. */
async function asking<Row extends object>(
  context: LegContext,
  dependencies: PostgresDependencies,
  { server, sql, options }: { server: PostgresServer; sql: string; options: OpenOptions },
  signal: AbortSignal,
): Promise<{ rights: Row | undefined; connection: PostgresConnection }> {
  const { postgresRoom } = context
  if (postgresRoom !== null) return postgresRoom.lend(signal, enter)
  return enter(null, signal)

  async function enter(guest: Guest | null, inner: AbortSignal) {
    const connection = await openServer(dependencies, server, inner, { ...options, ...guest?.options })
    // Who operates is not found by who watches; what is left of that is over when its time is.
    if (options.as === undefined) guest?.opened(connection)
    try {
      return { rights: await ask<Row>(context, connection, sql, inner), connection }
    } finally {
      await connection.close()
    }
  }
}

async function ask<Row extends object>(
  { clock }: LegContext,
  { client, place }: PostgresConnection,
  sql: string,
  signal: AbortSignal,
): Promise<Row | undefined> {
  const { rows } = await within(
    clock,
    { signal, timeoutMs: QUESTION_TIMEOUT_MS },
    () => failed(place, 'protocol', 'postgres-answer-missing', { seconds: QUESTION_TIMEOUT_MS / 1_000 }),
    () => client.query<Row>(sql),
  )
  return rows[0]
}
