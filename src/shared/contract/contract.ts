/** The whole contract: what every host answers and every client asks, over any transport. */
import { hosts, secrets } from './access.ts'
import { alerts } from './alerts.ts'
import { backups } from './backups.ts'
import { channels } from './channels.ts'
import { session } from './console.ts'
import { database } from './database.ts'
import { deployments } from './deployments.ts'
import { forecasts } from './forecasts.ts'
import { handover } from './handover.ts'
import { heartbeats } from './heartbeats.ts'
import { history, live } from './live.ts'
import { logs } from './logs.ts'
import { dashboard, metrics, pool, redis, system } from './monitoring.ts'
import { operations } from './operations.ts'
import { questions } from './questions.ts'
import { redisServer } from './redis-server.ts'
import { escalation, rota } from './rota.ts'
import { silences } from './silences.ts'
import { timeline } from './timeline.ts'
import { windows } from './windows.ts'

export const contract = {
  session,
  deployments,
  secrets,
  hosts,
  channels,
  heartbeats,
  questions,
  alerts,
  silences,
  windows,
  handover,
  rota,
  escalation,
  live,
  history,
  forecasts,
  database,
  redisServer,
  logs,
  timeline,
  operations,
  backups,
  pool,
  redis,
  system,
  metrics,
  dashboard,
}
export type Contract = typeof contract
