/** The modes that a restore is offered in, in their order. */
import type { BackupView } from '../../backup-view.ts'
import { beside, swapped } from './beside.ts'
import { elsewhere } from './elsewhere.ts'
import { inPlace } from './in-place.ts'
import type { RestoreMode } from './mode.ts'
import { tables } from './tables.ts'

const RESTORE_MODES: readonly RestoreMode[] = [swapped, beside, inPlace, tables, elsewhere]

/** What others made is run in a database of its own, and never in another mode. */
const FOR_FOREIGN: readonly RestoreMode[] = [swapped, beside]

export function modesFor({ foreign }: Pick<BackupView, 'foreign'>): readonly RestoreMode[] {
  return foreign === null ? RESTORE_MODES : FOR_FOREIGN
}
