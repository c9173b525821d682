/** The contract, implemented over the engine. It knows no transport: a host gives it to a handler with an `ApiContext`. */
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { Log } from '../engine/log.ts'
import { implementHosts, implementSecrets } from './access.ts'
import { implementAlerts } from './alerts.ts'
import { implementBackups } from './backups.ts'
import { implementChannels } from './channels.ts'
import { type ConsoleFacts, implementSession } from './console.ts'
import { implementDatabase } from './database.ts'
import { implementDeployments } from './deployments.ts'
import { implementForecasts } from './forecasts.ts'
import { implementHandover } from './handover.ts'
import { implementHeartbeats } from './heartbeats.ts'
import { implementHistory, implementLive } from './live.ts'
import { implementLogs } from './logs.ts'
import { implementMonitoring } from './monitoring.ts'
import { implementOperations } from './operations.ts'
import { createProcedures } from './procedures.ts'
import { implementQuestions } from './questions.ts'
import { implementRedisServer } from './redis-server.ts'
import { implementRota } from './rota.ts'
import { implementSilences } from './silences.ts'
import { implementTimeline } from './timeline.ts'
import { implementWindows } from './windows.ts'

export interface ApiOptions extends ConsoleFacts {
  readonly engine: Engine
  readonly clock: Clock
  readonly log: Log
}

/** The router that oRPC's handlers take; every call needs an `ApiContext`. */
export function createApi({ engine, clock, log, version, dataDirectory }: ApiOptions) {
  const procedures = createProcedures({ audit: engine.audit, log })
  return procedures.router({
    session: implementSession(procedures, engine, { version, dataDirectory }),
    deployments: implementDeployments(procedures, engine),
    secrets: implementSecrets(procedures, engine),
    hosts: implementHosts(procedures, engine),
    channels: implementChannels(procedures, engine),
    heartbeats: implementHeartbeats(procedures, engine),
    questions: implementQuestions(procedures, engine),
    live: implementLive(procedures, engine),
    history: implementHistory(procedures, engine),
    forecasts: implementForecasts(procedures, engine, clock),
    database: implementDatabase(procedures, engine),
    redisServer: implementRedisServer(procedures, engine),
    logs: implementLogs(procedures, engine),
    timeline: implementTimeline(procedures, engine, clock),
    windows: implementWindows(procedures, engine, clock),
    handover: implementHandover(procedures, engine, clock),
    operations: implementOperations(procedures, engine),
    backups: implementBackups(procedures, engine),
    alerts: implementAlerts(procedures, engine, clock),
    silences: implementSilences(procedures, engine, clock),
    ...implementRota(procedures, engine, clock),
    ...implementMonitoring(procedures, engine, clock),
  })
}

export type Api = ReturnType<typeof createApi>
