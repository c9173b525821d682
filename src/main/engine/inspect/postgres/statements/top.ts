/** Which statements cost most: as the server has counted since it began, or over a window of the ledger. */
import type { StatementFigures, StatementOrder, TopStatements } from '#shared/model/database/statements.ts'
import type { Cost } from '#shared/model/observation.ts'
import { type Counters, FIGURES } from './counters.ts'
import type { Missing } from './extension.ts'
import type { Window } from './ledger.ts'

type Figures = Omit<StatementFigures, 'statement'> & { readonly queryId: string }

export interface Ranking {
  readonly since: number | null
  readonly totalMs: number
  readonly totalCalls: number
  readonly restarted: boolean
  readonly statements: readonly Figures[]
}

const SIZES: Record<StatementOrder, (figures: Figures) => number> = {
  total: ({ totalMs }) => totalMs,
  mean: ({ meanMs }) => meanMs,
  calls: ({ calls }) => calls,
  rows: ({ rows }) => rows,
  temp: ({ tempBlocksWritten }) => tempBlocksWritten,
  wal: ({ walBytes }) => walBytes ?? 0,
}

/** @param counters in the order that is wanted */
export function sinceItCounts(counters: Counters): Ranking {
  return {
    since: counters.resetAt,
    totalMs: counters.totalMs,
    totalCalls: counters.totalCalls,
    restarted: false,
    statements: counters.statements.map(({ key, queryId, user, figures, maxMs }) => ({
      ...figuresOf(key, figures, counters.countsWal),
      queryId,
      user,
      maxMs,
    })),
  }
}

/** @param counters as they are now, to say whose the statements are */
export function overWindow(
  window: Window,
  counters: Counters,
  order: StatementOrder,
  limit: number,
): Ranking {
  const users = new Map(counters.statements.map(({ key, user }) => [key, user]))
  const statements = [...window.statements].map(([key, figures]) => ({
    ...figuresOf(key, figures, counters.countsWal),
    queryId: key.slice(key.indexOf('/') + 1),
    user: users.get(key) ?? null,
    maxMs: null,
  }))
  const size = SIZES[order]
  return {
    since: window.since,
    totalMs: window.totalMs,
    totalCalls: window.totalCalls,
    restarted: window.restarted,
    statements: statements.sort((a, b) => size(b) - size(a)).slice(0, limit),
  }
}

function figuresOf(key: string, figures: readonly number[], countsWal: boolean) {
  const of = (name: (typeof FIGURES)[number]) => figures[FIGURES.indexOf(name)] ?? 0
  const calls = of('calls')
  const totalMs = of('totalMs')
  return {
    id: key,
    // Where the counting of a statement is known in part, its calls need not be whole.
    calls: Math.max(1, Math.round(calls)),
    totalMs,
    meanMs: totalMs / Math.max(calls, 1),
    rows: Math.round(of('rows')),
    blocksHit: Math.round(of('blocksHit')),
    blocksRead: Math.round(of('blocksRead')),
    tempBlocksWritten: Math.round(of('tempBlocksWritten')),
    walBytes: countsWal ? Math.round(of('walBytes')) : null,
  }
}

export function topStatements(
  at: number,
  minutes: number | null,
  { statements, ...ranking }: Ranking,
  texts: ReadonlyMap<string, string>,
  cost: Cost,
): TopStatements {
  return {
    at,
    missing: null,
    remedy: null,
    minutes,
    ...ranking,
    statements: statements.map(({ queryId, ...figures }) => ({
      ...figures,
      statement: texts.get(queryId) ?? null,
    })),
    cost,
  }
}

export function noStatements(
  at: number,
  minutes: number | null,
  { missing, remedy }: { missing: Missing; remedy: string },
  cost: Cost,
): TopStatements {
  const ranking = { since: null, totalMs: 0, totalCalls: 0, restarted: false, statements: [] }
  return { at, missing, remedy, minutes, ...ranking, cost }
}
