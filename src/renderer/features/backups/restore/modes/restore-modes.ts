/** The modes that a restore is offered in, in their order. */
import { beside, swapped } from './beside.ts'
import { elsewhere } from './elsewhere.ts'
import { inPlace } from './in-place.ts'
import type { RestoreMode } from './mode.ts'
import { tables } from './tables.ts'

export const RESTORE_MODES: readonly RestoreMode[] = [swapped, beside, inPlace, tables, elsewhere]
