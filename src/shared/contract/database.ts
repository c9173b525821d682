/** What a person asks PostgreSQL for, at this moment. Each question is one bounded statement on the deployment's own session. */
import { z } from 'zod'
import { DatabaseActivity, RevealedStatement } from '#shared/model/database/activity.ts'
import { DatabaseConnections } from '#shared/model/database/connections.ts'
import { DatabaseReplication } from '#shared/model/database/replication.ts'
import { STATEMENT_ORDERS, STATEMENT_WINDOWS, TopStatements } from '#shared/model/database/statements.ts'
import { DatabaseTables } from '#shared/model/database/tables.ts'
import { DatabaseVacuum } from '#shared/model/database/vacuum.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { procedure, reads } from './procedure.ts'

const ByName = z.object({ name: Name })
const LONGEST_WINDOW = Math.max(...STATEMENT_WINDOWS)

const question = (path: string, summary: string) =>
  reads().route({ method: 'GET', path: `/deployments/{name}/database/${path}`, tags: ['database'], summary })

export const database = {
  activity: question('activity', 'Who runs and who waits for whom, statements without literals')
    .input(ByName)
    .output(DatabaseActivity),
  statements: question('statements', 'What costs most, over a window or since the server counts')
    .input(
      ByName.extend({
        /** Left out: since the server's statistics began. */
        minutes: z.coerce.number().int().min(1).max(LONGEST_WINDOW).nullable().default(null),
        order: z.enum(STATEMENT_ORDERS).default('total'),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
    )
    .output(TopStatements),
  connections: question('connections', 'Connections by application, user and state, beside the pools')
    .input(ByName)
    .output(DatabaseConnections),
  replication: question('replication', 'Standbys, slots and archiving')
    .input(ByName)
    .output(DatabaseReplication),
  vacuum: question('vacuum', 'What waits for a vacuum, what runs, and what holds it back')
    .input(ByName)
    .output(DatabaseVacuum),
  tables: question('tables', 'The largest tables, and indexes that nothing uses')
    .input(ByName)
    .output(DatabaseTables),
  /** The literals of one running statement; who asked, and for which PID, is on record. `WRONG_STATE`, `NOT_FOUND`: it is over. */
  reveal: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      method: 'POST',
      path: '/deployments/{name}/database/reveal',
      tags: ['database'],
      summary: 'The literal text of one running statement; on record',
    })
    .input(
      ByName.extend({
        pid: z.number().int().positive(),
        /** As `activity` gave them: what runs there by now is not revealed in its place. */
        startedAt: z.number(),
        statementStartedAt: z.number(),
      }),
    )
    .output(RevealedStatement),
}
