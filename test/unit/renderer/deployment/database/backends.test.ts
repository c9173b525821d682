import { describe, expect, it } from 'vitest'
import {
  type BackendFilter,
  FIRST_FILTER,
  filterBackends,
  runningSince,
  type Sorting,
  sortBackends,
  valuesOf,
} from '../../../../../src/renderer/features/deployment/database/activity/backends.ts'
import { backend } from './backend.ts'

const backends = [
  backend(1, { state: 'active', transactionStartedAt: 500, statementStartedAt: 700, statement: 'SELECT $1' }),
  backend(2, { state: 'idle', statementStartedAt: 100, application: 'worker' }),
  backend(3, {
    state: 'idle in transaction',
    transactionStartedAt: 300,
    statementStartedAt: 300,
    user: 'etl',
  }),
  backend(4, { state: null, kind: 'autovacuum worker', user: null, transactionStartedAt: 900 }),
  backend(5, { state: 'idle in transaction (aborted)', transactionStartedAt: 800, client: null }),
  backend(12, {
    state: 'active',
    transactionStartedAt: 400,
    statementStartedAt: 400,
    waiting: 'Lock: tuple',
  }),
]

describe('the list of backends', () => {
  it.each<[string, Partial<BackendFilter>, number[]]>([
    ['leaves idle ones out at first, and keeps those whose state may not be seen', {}, [1, 3, 4, 5, 12]],
    ['has all of them where that is asked for', { state: 'all' }, [1, 2, 3, 4, 5, 12]],
    ['is narrowed to one state, and not to those that begin like it', { state: 'idle in transaction' }, [3]],
    ['is narrowed to a user', { user: 'etl' }, [3]],
    ['is narrowed to an application', { state: 'all', application: 'worker' }, [2]],
    ['is searched for a PID', { text: '12' }, [12]],
    ['is searched for all words, wherever each stands, in any case', { text: 'lock SHOP-api' }, [12]],
    ['is searched for what a backend is', { text: 'autovacuum' }, [4]],
    ['is searched in statements', { text: 'select' }, [1]],
    ['is empty where nothing matches', { text: 'nobody' }, []],
  ])('%s', (_name, filter, expected) => {
    const shown = filterBackends(backends, { ...FIRST_FILTER, ...filter })
    expect(shown.map(({ pid }) => pid)).toEqual(expected)
  })

  it.each<[string, Sorting, number[]]>([
    [
      'the oldest transaction first, without one last',
      { by: 'transaction', reversed: false },
      [3, 12, 1, 5, 4, 2],
    ],
    [
      'the youngest transaction first, without one last',
      { by: 'transaction', reversed: true },
      [4, 5, 1, 12, 3, 2],
    ],
    ['the statement that runs longest first', { by: 'statement', reversed: false }, [12, 1, 2, 3, 4, 5]],
    ['what is in most trouble first', { by: 'state', reversed: false }, [5, 3, 1, 12, 2, 4]],
    ['by PID', { by: 'pid', reversed: true }, [12, 5, 4, 3, 2, 1]],
  ])('is ordered: %s', (_name, sorting, expected) => {
    expect(sortBackends(backends, sorting).map(({ pid }) => pid)).toEqual(expected)
  })

  it('puts a state that it does not know behind those that it does', () => {
    const sorted = sortBackends([backend(1, { state: 'starting' }), ...backends.slice(1, 2)], {
      by: 'state',
      reversed: false,
    })
    expect(sorted.map(({ state }) => state)).toEqual(['idle', 'starting'])
  })

  it('counts the time of a statement only while it runs', () => {
    expect(backends.map(runningSince)).toEqual([700, null, null, null, null, 400])
  })

  it('offers each value once', () => {
    expect(valuesOf(backends, 'user')).toEqual(['etl', 'shop'])
  })
})
