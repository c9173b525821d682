/** Which backends are listed, and in which order. Pure. */
import type { Backend } from '#shared/model/database/activity.ts'

/** `busy`: whatever is in the middle of something. */
export type StateFilter = 'busy' | 'all' | (string & {})

export interface BackendFilter {
  readonly text: string
  readonly state: StateFilter
  readonly user: string | null
  readonly application: string | null
}

export const FIRST_FILTER: BackendFilter = { text: '', state: 'busy', user: null, application: null }

export const ORDERS = ['pid', 'state', 'transaction', 'statement'] as const
export type BackendOrder = (typeof ORDERS)[number]

export interface Sorting {
  readonly by: BackendOrder
  readonly reversed: boolean
}

export const FIRST_SORTING: Sorting = { by: 'transaction', reversed: false }

/** States by how much they are somebody's trouble. */
const STATES = [
  'idle in transaction (aborted)',
  'idle in transaction',
  'active',
  'fastpath function call',
  'disabled',
  'idle',
]

export function isIdleInTransaction({ state }: Backend): boolean {
  return state?.startsWith('idle in transaction') ?? false
}

/** Since when its statement runs; `null` where none does: PostgreSQL keeps the last one's start. */
export function runningSince({ state, statementStartedAt }: Backend): number | null {
  return state === 'active' || state === 'fastpath function call' ? statementStartedAt : null
}

export function filterBackends(backends: readonly Backend[], filter: BackendFilter): Backend[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return backends.filter(
    (backend) =>
      isOfState(backend, filter.state) &&
      (filter.user === null || backend.user === filter.user) &&
      (filter.application === null || backend.application === filter.application) &&
      (words.length === 0 || hasWords(backend, words)),
  )
}

function isOfState({ state }: Backend, wanted: StateFilter): boolean {
  if (wanted === 'all') return true
  return wanted === 'busy' ? state !== 'idle' : state === wanted
}

function hasWords(backend: Backend, words: readonly string[]): boolean {
  const { pid, user, application, database, client, state, waiting, kind, statement } = backend
  const text = [pid, user, application, database, client, state, waiting, kind, statement]
    .join('\n')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}

/** The longest first, and what is in most trouble; what is not known comes last either way. */
export function sortBackends(backends: readonly Backend[], { by, reversed }: Sorting): Backend[] {
  const sign = reversed ? -1 : 1
  const rank = RANKS[by]
  return backends.toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)]
    if (first === second) return a.pid - b.pid
    if (first === null) return 1
    if (second === null) return -1
    return sign * (first - second)
  })
}

const RANKS: Record<BackendOrder, (backend: Backend) => number | null> = {
  pid: ({ pid }) => pid,
  state: ({ state }) =>
    state === null ? null : (STATES.indexOf(state) + STATES.length + 1) % (STATES.length + 1),
  transaction: ({ transactionStartedAt }) => transactionStartedAt,
  statement: runningSince,
}

/** Values of a field that there are, sorted. */
export function valuesOf(backends: readonly Backend[], field: 'state' | 'user' | 'application'): string[] {
  const values = new Set(backends.map((backend) => backend[field]).filter((value) => value !== null))
  return [...values].sort()
}
