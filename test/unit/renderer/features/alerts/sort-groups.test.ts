import { expect, it } from 'vitest'
import {
  type Group,
  pressed,
  sorted,
} from '../../../../../src/renderer/features/alerts/statistics/sort-groups.ts'

const group = (name: string, fired: number, median: number | null): Group => ({
  ...{ key: name, name, fired, active: 0 },
  secondsToAcknowledge: { mean: median, median },
  secondsToResolve: { mean: null, median: null },
})
const GROUPS = [group('b', 1, 60), group('a', 1, null), group('c', 9, 5)]
const names = (order: Parameters<typeof sorted>[1]) => sorted(GROUPS, order).map(({ name }) => name)

it.each([
  [{ by: 'fired', isDescending: true } as const, ['c', 'a', 'b']],
  [{ by: 'fired', isDescending: false } as const, ['a', 'b', 'c']],
  [{ by: 'name', isDescending: false } as const, ['a', 'b', 'c']],
  [{ by: 'acknowledge', isDescending: true } as const, ['b', 'c', 'a']],
  [{ by: 'acknowledge', isDescending: false } as const, ['c', 'b', 'a']],
])('ordered by %j, equal ones stand by name and what is not known last', (order, expected) => {
  expect(names(order)).toEqual(expected)
})

it('a second press turns the order round; figures begin with the largest, names with the first', () => {
  const byFired = { by: 'fired', isDescending: true } as const
  expect(pressed(byFired, 'fired')).toEqual({ by: 'fired', isDescending: false })
  expect(pressed(byFired, 'resolve')).toEqual({ by: 'resolve', isDescending: true })
  expect(pressed(byFired, 'name')).toEqual({ by: 'name', isDescending: false })
})
