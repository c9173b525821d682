/** What a person asks PostgreSQL for. */
import type { Engine } from '../engine/engine.ts'
import { NotWatched } from '../engine/inspect/not-watched.ts'
import { deploymentOf } from './deployment-views.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'

const NEVER = new AbortController().signal

export function implementDatabase({ database }: Procedures, engine: Engine) {
  /** @throws Refusal, or NotWatched, where there is nothing to ask */
  function askedOf(name: string): string {
    const { profile, paused } = deploymentOf(engine, name)
    if (profile.postgres === undefined) {
      throw new Refusal('NOT_FOUND', 'no-postgres', { name }, { what: 'postgres', name })
    }
    if (paused) throw new NotWatched(name, 'paused')
    return name
  }

  return {
    activity: database.activity.handler(({ input, signal = NEVER }) =>
      engine.database.activity(askedOf(input.name), signal),
    ),
    statements: database.statements.handler(({ input: { name, ...wanted }, signal = NEVER }) =>
      engine.database.statements(askedOf(name), wanted, signal),
    ),
    connections: database.connections.handler(({ input, signal = NEVER }) =>
      engine.database.connections(askedOf(input.name), signal),
    ),
    replication: database.replication.handler(({ input, signal = NEVER }) =>
      engine.database.replication(askedOf(input.name), signal),
    ),
    vacuum: database.vacuum.handler(({ input, signal = NEVER }) =>
      engine.database.vacuum(askedOf(input.name), signal),
    ),
    tables: database.tables.handler(({ input, signal = NEVER }) =>
      engine.database.tables(askedOf(input.name), signal),
    ),
    reveal: database.reveal.handler(async ({ input: { name, ...statement }, signal = NEVER }) => {
      const { pid } = statement
      const revealed = await engine.database.reveal(askedOf(name), statement, signal)
      if (revealed === 'over') {
        throw new Refusal('NOT_FOUND', 'no-statement', { pid }, { what: 'statement', name: String(pid) })
      }
      if (revealed === 'hidden') {
        throw new Refusal('WRONG_STATE', 'statement-hidden', { pid }, { reason: 'hidden' })
      }
      return revealed
    }),
  }
}
