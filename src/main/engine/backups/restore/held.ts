/** Which backups are worked with, or restores stand on that can be taken back: none of these goes, by a term or by hand. */
import { isOver, OPEN_STATES, type Operation } from '#shared/model/operation.ts'
import type { OperationQuery } from '../../operations/journal.ts'
import type { Operations } from '../../operations/operations.ts'

/** Operations that are looked at in one go. */
const PAGE = 200

/** Each with the operation that needs it. */
export type HeldBackups = ReadonlyMap<string, string>

export async function heldBackups({ list }: Pick<Operations, 'list'>): Promise<HeldBackups> {
  const held = new Map<string, string>()
  async function look(which: Pick<OperationQuery, 'kinds' | 'states'>): Promise<void> {
    let before: number | null = null
    do {
      const page: Awaited<ReturnType<Operations['list']>> = await list({
        ...{ deployment: null, ...which, before, limit: PAGE },
      })
      for (const operation of page.operations)
        for (const backup of neededBy(operation)) held.set(backup, operation.id)
      before = page.next
    } while (before !== null)
  }
  // Those that make and try them hold them as long as they run.
  await look({ kinds: ['backup', 'drill'], states: [...OPEN_STATES] })
  await look({ kinds: ['restore'], states: null })
  return held
}

/** What one that is not over makes, tries or restores, and what the way back of one would restore. Pure. */
export function neededBy({
  state,
  undo,
  options,
  result,
}: Pick<Operation, 'state' | 'undo' | 'options' | 'result'>): string[] {
  const isOpen = !isOver(state)
  const needed = [
    ...(isOpen ? [options.backup, result?.backup] : []),
    ...(isOpen || undo === 'available' || undo === 'failed' ? [result?.safety] : []),
  ]
  return needed.filter((id) => typeof id === 'string')
}
