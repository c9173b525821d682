/** Values beyond which one of the profile's own questions turns the status, in the form. */
import type { Bounds } from '#shared/model/profile/custom.ts'
import { type Kept, onTopOrNone } from './kept.ts'

interface BoundDraft {
  warning: number | ''
  critical: number | ''
  kept: Kept | null
}
export interface BoundsDraft {
  above: BoundDraft
  below: BoundDraft
}

export const boundsDraft = ({ above, below }: Bounds): BoundsDraft => ({
  above: { warning: above?.warning ?? '', critical: above?.critical ?? '', kept: above ?? null },
  below: { warning: below?.warning ?? '', critical: below?.critical ?? '', kept: below ?? null },
})

export function boundsOf({ above, below }: BoundsDraft): Record<string, unknown> {
  const bound = ({ warning, critical, kept }: BoundDraft) => onTopOrNone(kept, { warning, critical })
  return { above: bound(above), below: bound(below) }
}
