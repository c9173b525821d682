/**
 * Everything that a person asks a deployment's PostgreSQL for, at this moment. Who asks the same within a second gets the
 * same answer; what nobody waits for any more is ended by its own time limit at the latest.
 */
import type { DatabaseActivity, RevealedStatement } from '#shared/model/database/activity.ts'
import type { DatabaseConnections } from '#shared/model/database/connections.ts'
import type { DatabaseReplication } from '#shared/model/database/replication.ts'
import type { TopStatements } from '#shared/model/database/statements.ts'
import type { DatabaseTables } from '#shared/model/database/tables.ts'
import type { DatabaseVacuum } from '#shared/model/database/vacuum.ts'
import type { Cost } from '#shared/model/observation.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Reach } from '../../reach/reach.ts'
import { NotWatched } from '../not-watched.ts'
import { createSharedAnswers } from '../shared-answers.ts'
import { ActivityRow, activityOf, activitySql } from './activity.ts'
import { CONNECTIONS_SQL, ConnectionsRow, connectionsOf } from './connections.ts'
import { askPooler } from './pooler.ts'
import { type Asker, addCosts, askForRow, createAsker } from './question.ts'
import { REPLICATION_SQL, ReplicationRow, replicationOf } from './replication.ts'
import { REVEAL_SQL, RevealRow, type RunningStatement } from './reveal.ts'
import { askForStatements, type StatementsWanted } from './statements/ask.ts'
import { createStatementHistory } from './statements/history.ts'
import { TABLES_SQL, TablesRow, tablesOf } from './tables.ts'
import { VACUUM_SQL, VacuumRow, vacuumOf } from './vacuum.ts'

/** A deployment with a PostgreSQL, as far as it matters here. */
export interface InspectedDatabase {
  readonly name: string
  /** The URL of its profile: another one is another server. */
  readonly address: string
  /** Whose backends are the application's; what is left out matches all. */
  readonly application: { readonly role?: string | undefined; readonly name?: string | undefined }
}

export interface DatabaseInspectionOptions {
  /** Those that are on record and not paused. */
  readonly databases: () => readonly InspectedDatabase[]
  readonly reachOf: (deployment: string) => Reach | null
  /** What the application said of its own pool at the latest look. */
  readonly applicationPoolOf: (deployment: string) => Record<string, number | null> | null
  readonly clock: Clock
  readonly log: Log
}

/**
 * All of them throw `NotWatched` where the deployment has no way at the moment, and `ReachError` where PostgreSQL cannot
 * be asked or does not answer: within five seconds a statement, eight in all.
 */
export interface DatabaseInspection {
  activity(deployment: string, signal: AbortSignal): Promise<DatabaseActivity>
  statements(deployment: string, wanted: StatementsWanted, signal: AbortSignal): Promise<TopStatements>
  connections(deployment: string, signal: AbortSignal): Promise<DatabaseConnections>
  replication(deployment: string, signal: AbortSignal): Promise<DatabaseReplication>
  vacuum(deployment: string, signal: AbortSignal): Promise<DatabaseVacuum>
  tables(deployment: string, signal: AbortSignal): Promise<DatabaseTables>
  /** The literal text of a statement, straight to whoever asked; `over`: another one runs there by now, or none. */
  reveal(
    deployment: string,
    statement: RunningStatement,
    signal: AbortSignal,
  ): Promise<RevealedStatement | 'over' | 'hidden'>
  /** Ends what is under way. */
  stop(): Promise<void>
}

export function createDatabaseInspection(options: DatabaseInspectionOptions): DatabaseInspection {
  const { databases, reachOf, applicationPoolOf, clock } = options
  const shared = createSharedAnswers({ clock })
  const history = createStatementHistory(options)

  function askerOf(deployment: string, signal: AbortSignal): Asker {
    const session = reachOf(deployment)?.postgres?.people
    if (session === undefined) throw new NotWatched(deployment, 'opening')
    return createAsker(session, clock, signal)
  }

  /** A question without input: its statement, and what its row comes to. */
  function question<Row, Answer>(
    kind: string,
    schema: Parameters<typeof askForRow<Row>>[1],
    sql: string,
    answerOf: (row: Row, cost: Cost) => Answer,
  ) {
    return (deployment: string, signal: AbortSignal) =>
      shared.ask(`${deployment}/${kind}`, signal, async (untilNobodyWaits) => {
        const { row, cost } = await askForRow(askerOf(deployment, untilNobodyWaits), schema, sql)
        return answerOf(row, cost)
      })
  }

  return {
    activity: (deployment, signal) =>
      shared.ask(`${deployment}/activity`, signal, async (untilNobodyWaits) => {
        const asker = askerOf(deployment, untilNobodyWaits)
        const application = databases().find(({ name }) => name === deployment)?.application
        const sql = activitySql({ pooled: asker.session.pooled })
        const values = [application?.role ?? null, application?.name ?? null]
        const { row, cost } = await askForRow(asker, ActivityRow, sql, values)
        return activityOf(row, cost)
      }),

    statements: (deployment, wanted, signal) =>
      shared.ask(`${deployment}/statements/${JSON.stringify(wanted)}`, signal, (untilNobodyWaits) =>
        askForStatements(askerOf(deployment, untilNobodyWaits), deployment, wanted, history),
      ),

    connections: (deployment, signal) =>
      shared.ask(`${deployment}/connections`, signal, async (untilNobodyWaits) => {
        const asker = askerOf(deployment, untilNobodyWaits)
        const { row, cost } = await askForRow(asker, ConnectionsRow, CONNECTIONS_SQL)
        const asked = await askPooler(asker, reachOf(deployment)?.postgres ?? null)
        const pools = { applicationPool: applicationPoolOf(deployment), pooler: asked?.pools ?? null }
        return connectionsOf(row, pools, asked === null ? cost : addCosts(cost, asked.cost))
      }),
    replication: question('replication', ReplicationRow, REPLICATION_SQL, replicationOf),
    vacuum: question('vacuum', VacuumRow, VACUUM_SQL, vacuumOf),
    tables: question('tables', TablesRow, TABLES_SQL, tablesOf),

    async reveal(deployment, { pid, startedAt, statementStartedAt }, signal) {
      const asker = askerOf(deployment, signal)
      const values = [pid, startedAt, statementStartedAt]
      const { row } = await askForRow(asker, RevealRow, REVEAL_SQL, values)
      if (row.hidden === true) return 'hidden'
      return row.statement === null ? 'over' : { at: row.at, pid, statement: row.statement }
    },

    async stop() {
      shared.close()
      await history.stop()
    },
  }
}
