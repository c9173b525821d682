import { expect, it } from 'vitest'
import { inheritBlockers } from '../../../../../../src/main/engine/inspect/postgres/inherit-blockers.ts'

function waiter(pid: number, thing: string | null, blocked_by: number[] | null, at = pid) {
  return { pid, thing, blocked_by, mode: 'ExclusiveLock', statement_started_at: at }
}

it('takes PostgreSQL at its word for those that it was asked for, each blocker once', () => {
  expect([...inheritBlockers([waiter(2, 'row', [1, 1]), waiter(1, null, null)])]).toEqual([[2, [1]]])
})

it('lets those that were not asked wait for what holds the same lock, as the first in its queue knows it', () => {
  const blockedBy = inheritBlockers([
    waiter(3, 'row', [1, 2], 30),
    waiter(2, 'row', [1], 20),
    waiter(7, 'row', null),
    waiter(8, 'other row', null),
  ])
  expect(blockedBy.get(7)).toEqual([1])
  expect(blockedBy.has(8)).toBe(false)
})

it('does not mix ways of locking the same thing', () => {
  const reads = { ...waiter(7, 'table', null), mode: 'AccessShareLock' }
  expect(inheritBlockers([waiter(2, 'table', [1]), reads]).has(7)).toBe(false)
})

it('lets nobody wait for himself', () => {
  expect(inheritBlockers([waiter(2, 'row', [7, 1]), waiter(7, 'row', null)]).get(7)).toEqual([1])
})
