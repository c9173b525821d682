/** What a restore tells of what it made, where that is not as it was counted and keeps nobody from it. */
import type { StepContext } from '../../operations/kind.ts'
import type { Comparison } from '../postgres/compare.ts'

export function tellDiffering(
  { note }: Pick<StepContext<unknown>, 'note'>,
  database: string,
  { differing, behind }: Pick<Comparison, 'differing' | 'behind'>,
): void {
  if (behind !== null) note('restore-sequences-behind', { database, ...behind })
  if (differing !== null) note('restore-objects-differ', { database, ...differing })
}
