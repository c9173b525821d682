/** The whole database beside the one in use: to be swapped in for it, or to be looked at. */
import type { RestoreOptionsInput } from '#shared/model/restore.ts'
import type { BackupView } from '../../backup-view.ts'
import type { RestoreAsked, RestoreDraft, RestoreMode } from './mode.ts'

function besideAsked(
  { database }: RestoreDraft,
  { id, deployment }: BackupView,
  swap: boolean,
): RestoreAsked {
  const options = { mode: 'side-by-side', backup: id, database, swap } satisfies RestoreOptionsInput
  return { deployment, options }
}

export const swapped: RestoreMode = {
  id: 'swap',
  asked: (draft, backup) => besideAsked(draft, backup, true),
}

export const beside: RestoreMode = {
  id: 'beside',
  asked: (draft, backup) => besideAsked(draft, backup, false),
}
