/** Groups of alerts in the order that the reader chose. Pure. */
import type { Outputs } from '../../../client/client.ts'

type Statistics = Outputs['alerts']['statistics']
/** A row: of a rule, or of a deployment. */
export type Group = Omit<Statistics['byRule'][number], 'rule'> & {
  readonly key: string
  readonly name: string
}

export const COLUMNS = ['name', 'fired', 'active', 'acknowledge', 'resolve'] as const
export type Column = (typeof COLUMNS)[number]

export interface Order {
  readonly by: Column
  readonly isDescending: boolean
}

/** A second press turns the order round; figures begin with the largest, names with the first. */
export function pressed({ by, isDescending }: Order, column: Column): Order {
  return { by: column, isDescending: by === column ? !isDescending : column !== 'name' }
}

/** What is not known stands last, whichever way. */
export function sorted(groups: readonly Group[], { by, isDescending }: Order): Group[] {
  return groups.toSorted((a, b) => {
    const order = compare(figureOf(a, by), figureOf(b, by), isDescending)
    return order === 0 ? a.name.localeCompare(b.name) : order
  })
}

function figureOf(group: Group, column: Column): string | number | null {
  switch (column) {
    case 'acknowledge':
      return group.secondsToAcknowledge.median
    case 'resolve':
      return group.secondsToResolve.median
    default:
      return group[column]
  }
}

function compare(a: string | number | null, b: string | number | null, isDescending: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  const order = typeof a === 'string' ? a.localeCompare(String(b)) : a - Number(b)
  return isDescending ? -order : order
}
