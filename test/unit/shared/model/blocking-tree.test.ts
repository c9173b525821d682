import { describe, expect, it } from 'vitest'
import { type BlockingNode, blockingTree } from '../../../../src/shared/model/blocking-tree.ts'
import type { Backend, PreparedTransaction } from '../../../../src/shared/model/database/activity.ts'

function backend(pid: number, blockedBy: number[] = [], more: Partial<Backend> = {}): Backend {
  return {
    pid,
    startedAt: 0,
    transactionStartedAt: pid,
    statementStartedAt: pid,
    stateChangedAt: pid,
    database: 'shop',
    user: 'shop',
    application: null,
    client: null,
    kind: 'client backend',
    state: 'active',
    waiting: blockedBy.length > 0 ? 'Lock: transactionid' : null,
    blockedBy,
    lock: blockedBy.length > 0 ? { type: 'tuple', mode: 'ExclusiveLock', relation: null, since: null } : null,
    statement: null,
    ours: true,
    ...more,
  }
}

type Drawn = { [key: string]: Drawn }
function draw(nodes: readonly BlockingNode[]): Drawn {
  return Object.fromEntries(nodes.map(({ key, waiters }) => [`pid ${key}`, draw(waiters)]))
}

function treeOf(...backends: Backend[]) {
  return blockingTree({ backends, prepared: [] })
}

describe('the blocking tree', () => {
  it.each<[string, Backend[], Drawn]>([
    ['is empty where nobody waits', [backend(1), backend(2)], {}],
    [
      'shows a chain from its head',
      [backend(3, [2]), backend(2, [1]), backend(1)],
      { 'pid 1': { 'pid 2': { 'pid 3': {} } } },
    ],
    [
      'puts whoever queues for the same lock beside each other, below its holder',
      [backend(1), backend(2, [1]), backend(3, [1, 2]), backend(4, [1, 2, 3])],
      { 'pid 1': { 'pid 2': {}, 'pid 3': {}, 'pid 4': {} } },
    ],
    [
      'keeps jams apart that have nothing to do with each other',
      [backend(1), backend(2, [1]), backend(8), backend(9, [8])],
      { 'pid 1': { 'pid 2': {} }, 'pid 8': { 'pid 9': {} } },
    ],
    ['ends in a deadlock', [backend(1, [2]), backend(2, [1])], { 'pid 1': { 'pid 2': {} } }],
    [
      'shows a deadlock with those that wait for it below it',
      [backend(7, [2]), backend(2, [1]), backend(1, [2])],
      { 'pid 1': { 'pid 2': { 'pid 7': {} } } },
    ],
    ['names a head that is not listed', [backend(2, [99])], { 'pid 99': { 'pid 2': {} } }],
    ['ends where a backend waits for itself', [backend(2, [2])], { 'pid 2': {} }],
  ])('%s', (_, backends, drawn) => {
    expect(draw(treeOf(...backends).roots)).toEqual(drawn)
  })

  it('counts all that wait behind each, also where they stand below another', () => {
    const { roots } = treeOf(backend(1), backend(2), backend(3, [1, 2]), backend(4, [3]))
    expect(roots.map(({ key, behind }) => [key, behind])).toEqual([
      ['1', 2],
      ['2', 2],
    ])
    const below = roots.flatMap(({ waiters }) => waiters)
    expect(below.map(({ key, alsoWaitsFor, behind }) => ({ key, alsoWaitsFor, behind }))).toEqual([
      { key: '3', alsoWaitsFor: ['2'], behind: 1 },
    ])
  })

  it('puts the largest crowd first', () => {
    const { roots } = treeOf(backend(1), backend(2, [1]), backend(5), backend(6, [5]), backend(7, [5]))
    expect(roots.map(({ key }) => key)).toEqual(['5', '1'])
  })

  it('says what is a deadlock and what only waits for one', () => {
    const { roots } = treeOf(backend(1, [2]), backend(2, [1]), backend(3, [2]))
    expect(roots[0]).toMatchObject({ key: '1', deadlocked: true, behind: 2 })
    const [second] = roots[0]?.waiters ?? []
    expect(second).toMatchObject({ key: '2', deadlocked: true })
    expect(second?.waiters[0]).toMatchObject({ key: '3', deadlocked: false })
  })

  it('knows prepared transactions by name where that can be told', () => {
    const prepared: PreparedTransaction[] = [
      { name: 'billing', preparedAt: 1, database: 'shop', user: 'shop', blocks: [5] },
    ]
    const { roots } = blockingTree({ backends: [backend(5, [0]), backend(6, [0])], prepared })
    expect(roots.map(({ key, pid, prepared: one }) => [key, pid, one?.name ?? null])).toEqual([
      ['prepared', null, null],
      ['prepared billing', null, 'billing'],
    ])
  })

  it('keeps apart those that wait for nobody knows whom', () => {
    const lost = { ...backend(4, [1]), blockedBy: [] }
    const { roots, unknown } = treeOf(backend(1), lost)
    expect(roots).toEqual([])
    expect(unknown.map(({ pid }) => pid)).toEqual([4])
  })

  it('counts a crowd of 2,000', () => {
    const queue = Array.from({ length: 1_900 }, (_, at) => backend(at + 2, at < 50 ? [1, at + 1] : [1]))
    const { roots } = treeOf(backend(1), ...queue)
    expect(roots[0]?.behind).toBe(1_900)
  })
})
