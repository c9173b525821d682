/** Whether tests may have a small disk of their own, for their names; says once why not. */
import { whyNoSmallDisk } from '../../demo/servers/small-disk.ts'

/** Why no disk can be mounted here; `null` where it can. */
export const cannotMount: string | null = whyNoSmallDisk()

if (cannotMount !== null) console.warn(`Tests of full and read-only disks are skipped: ${cannotMount}.`)
