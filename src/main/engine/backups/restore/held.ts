/** Which backups restores stand on, that can be taken back or are not over: none of these goes, by a term or by hand. */
import { isOver, type Operation } from '#shared/model/operation.ts'
import type { Operations } from '../../operations/operations.ts'

/** Operations that are looked at in one go. */
const PAGE = 200

/** Each with the operation that needs it. */
export type HeldBackups = ReadonlyMap<string, string>

export async function heldBackups({ list }: Pick<Operations, 'list'>): Promise<HeldBackups> {
  const held = new Map<string, string>()
  let before: number | null = null
  do {
    const page: Awaited<ReturnType<Operations['list']>> = await list({
      ...{ deployment: null, kinds: ['restore'], states: null, before, limit: PAGE },
    })
    for (const operation of page.operations)
      for (const backup of neededBy(operation)) held.set(backup, operation.id)
    before = page.next
  } while (before !== null)
  return held
}

/** What one that is not over restores, and what the way back of one would. Pure. */
export function neededBy({
  state,
  undo,
  options,
  result,
}: Pick<Operation, 'state' | 'undo' | 'options' | 'result'>): string[] {
  const isOpen = !isOver(state)
  const needed = [
    ...(isOpen ? [options.backup] : []),
    ...(isOpen || undo === 'available' || undo === 'failed' ? [result?.safety] : []),
  ]
  return needed.filter((id) => typeof id === 'string')
}
