/** Answers which statements cost most: the counters first, then the texts of those that are shown. */
import type { StatementOrder, TopStatements } from '#shared/model/database/statements.ts'
import { type Asker, addCosts, askForRow } from '../question.ts'
import { type Counters, CountersRow, countersOf, countersSql, TextsRow, textsSql } from './counters.ts'
import { EXTENSION_SQL, ExtensionRow, extensionOf } from './extension.ts'
import { COUNTED, type StatementHistory } from './history.ts'
import { windowUntil } from './ledger.ts'
import { noStatements, overWindow, type Ranking, sinceItCounts, topStatements } from './top.ts'

export interface StatementsWanted {
  /** `null`: since the server's statistics began. */
  readonly minutes: number | null
  readonly order: StatementOrder
  readonly limit: number
}

export async function askForStatements(
  asker: Asker,
  deployment: string,
  { minutes, order, limit }: StatementsWanted,
  history: StatementHistory,
): Promise<TopStatements> {
  const asked = await askForRow(asker, ExtensionRow, EXTENSION_SQL)
  const found = extensionOf(asked.row)
  if (!('extension' in found)) return noStatements(asker.clock.now(), minutes, found, asked.cost)
  const { extension } = found
  const sql =
    minutes === null ? countersSql(extension, order, limit) : countersSql(extension, 'total', COUNTED)
  const answer = await askForRow(asker, CountersRow, sql)
  const counters = countersOf(answer.row, extension)
  const ranking = minutes === null ? sinceItCounts(counters) : rank(minutes, counters)

  const texts = history.texts(deployment)
  const unknown = texts.unknown(ranking.statements.map(({ queryId }) => queryId))
  let cost = addCosts(asked.cost, answer.cost)
  if (unknown.length > 0) {
    const read = await askForRow(asker, TextsRow, textsSql(extension), [unknown])
    texts.add(read.row.texts)
    cost = addCosts(cost, read.cost)
  }
  return topStatements(counters.at, minutes, ranking, texts.known, cost)

  function rank(over: number, now: Counters): Ranking {
    history.begin(deployment, now)
    return overWindow(windowUntil(history.ledger(deployment), now, over), now, order, limit)
  }
}
