/** What `npm test` kills a console in once, in its middle, and `npm run crash` at every entry: each kind of operation, and each way of a kind that has its own steps. */
import { anew, type OpenStage } from './scenario.ts'
import { BY_TWO, backupScenario, registerScenario } from './scenarios/backups.ts'
import { drillStage } from './scenarios/drills.ts'
import {
  besideStage,
  directoryStage,
  elsewhereStage,
  inPlaceStage,
  keepStage,
  tablesStage,
} from './scenarios/restores.ts'
import { restartScenario } from './scenarios/services.ts'
import { sessionScenario } from './scenarios/sessions.ts'

export const SCENARIOS: Readonly<Record<string, OpenStage>> = {
  'terminate-backend': anew((server) => sessionScenario(server, 'terminate-backend')),
  'cancel-query': anew((server) => sessionScenario(server, 'cancel-query')),
  'restart-service': anew(restartScenario),
  backup: anew((server) => backupScenario(server)),
  'backup-by-two': anew((server) => backupScenario(server, BY_TWO)),
  'backup-register': anew(registerScenario),
  drill: (server) => drillStage(server, 'here'),
  'drill-there': (server) => drillStage(server, 'there'),
  'restore-side-by-side': besideStage,
  'restore-by-two': directoryStage,
  'restore-in-place': inPlaceStage,
  'restore-elsewhere': elsewhereStage,
  'restore-tables': tablesStage,
  'restore-keep': keepStage,
}
