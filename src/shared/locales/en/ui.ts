/** Every text of the screens; each room keeps its own. */
import { uiDeployment } from './ui-deployment.ts'
import { uiFleet } from './ui-fleet.ts'
import { uiSettings } from './ui-settings.ts'
import { uiShell } from './ui-shell.ts'

export const ui = { ...uiShell, ...uiFleet, ...uiDeployment, ...uiSettings }
