/** Every text of the screens; each room keeps its own. */
import { uiAlerts } from './ui-alerts.ts'
import { uiBackups } from './ui-backups.ts'
import { uiCauses } from './ui-causes.ts'
import { uiChannels } from './ui-channels.ts'
import { uiDatabase } from './ui-database.ts'
import { uiDeployment } from './ui-deployment.ts'
import { uiFleet } from './ui-fleet.ts'
import { uiForecasts } from './ui-forecasts.ts'
import { uiHandover } from './ui-handover.ts'
import { uiLeases } from './ui-leases.ts'
import { uiLogs } from './ui-logs.ts'
import { uiOperations } from './ui-operations.ts'
import { uiPaste } from './ui-paste.ts'
import { uiRedis } from './ui-redis.ts'
import { uiRules } from './ui-rules.ts'
import { uiSettings } from './ui-settings.ts'
import { uiShell } from './ui-shell.ts'
import { uiStatistics } from './ui-statistics.ts'
import { uiTimeline } from './ui-timeline.ts'
import { uiWatch } from './ui-watch.ts'

export const ui = {
  ...uiShell,
  ...uiFleet,
  ...uiForecasts,
  ...uiAlerts,
  ...uiBackups,
  ...uiCauses,
  ...uiChannels,
  ...uiDatabase,
  ...uiDeployment,
  ...uiHandover,
  ...uiLeases,
  ...uiLogs,
  ...uiOperations,
  ...uiPaste,
  ...uiRedis,
  ...uiRules,
  ...uiSettings,
  ...uiStatistics,
  ...uiTimeline,
  ...uiWatch,
}
