/** What is done while consoles die: on what, how it is held up in its middle, and what must be true afterwards. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import type { OperationFacts, OperationKind, OperationText } from '../../../src/shared/model/operation.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'

export interface Scenario {
  readonly kind: OperationKind
  readonly profile: DeploymentProfileInput
  readonly options: OperationFacts
  /** A console's directory to begin with, which watches the deployment already; `null`: an empty one. */
  readonly known: string | null
  /** The step that `hold` keeps from its end; left out: the first. */
  readonly heldIn?: string
  /** Lets nothing get further than the middle of that step. */
  hold(): Promise<void>
  /** Resolves when it is there. */
  /** @param pid of the console */
  reached(pid: number): Promise<void>
  letGo(): Promise<void>
  /** Resolves where what cannot wait for a person is so again, once the next console has started. */
  isRelieved?(): Promise<void>
  /** Rejects unless what was wanted is so, once, and nothing else is left. */
  isWhole(): Promise<void>
  /** Rejects unless everything is as if it had not been begun; left out where there is no way back. */
  isAsBefore?(): Promise<void>
  /** Rejects unless nothing half-done is left of one that was given up and has no way back. */
  isTidy?(): Promise<void>
  /** The next console gives it up by itself. */
  readonly isGivenUpAtStart?: boolean
  /** The code of what it fails with, and has changed nothing, where it is begun upon only once. */
  readonly onceOnly?: OperationText
  /** A process that was begun on the way, and is to go on. */
  goesOn?(pid: number): boolean
  stop(): Promise<void>
}

/** What is set up once for many kills. */
export interface Stage {
  /** For one kill. After one that left something a new stage is needed. */
  begin(): Promise<Scenario>
  close(): Promise<void>
}

export type OpenStage = (server: PostgresServer) => Promise<Stage>

/** All of it anew for each kill. */
export function anew(make: (server: PostgresServer) => Promise<Scenario>): OpenStage {
  return async (server) => ({ begin: () => make(server), close: async () => {} })
}

/** A reference to a secret in a file, which goes with this process. */
export function secretFile(text: string): `file:${string}` {
  const path = join(createTemporaryDirectory('password').path, 'password')
  writeFileSync(path, text)
  return `file:${path}`
}

/** Watched and operated on with no more rights than that takes. */
export function profileOn(
  server: PostgresServer,
  more: Partial<DeploymentProfileInput> = {},
): DeploymentProfileInput {
  const password = secretFile('pw')
  return {
    ...{ name: 'shop', environment: 'staging' },
    postgres: {
      url: `postgresql://watcher@127.0.0.1:${server.port}/postgres`,
      ...{ password, operate: { user: 'operator', password } },
    },
    ...more,
  }
}

/** Sessions of the server. */
export async function count(server: PostgresServer, condition: string): Promise<number> {
  const rows = await server.query(`select count(*)::int as count from pg_stat_activity where ${condition}`)
  return Number(rows[0]?.count)
}

/** Killed before it was on record, or after it was over, a console leaves a marker until it works there again. */
export async function isFree(server: PostgresServer, mayBeMarked = false): Promise<void> {
  const [left] = await server.query(`
    select (select count(*) from pg_db_role_setting where setrole > 0)::int as markers,
      (select count(*) from pg_locks where locktype = 'advisory')::int as locks`)
  if (left?.locks !== 0) throw new Error('a lock is left')
  if (left.markers !== 0 && !mayBeMarked) throw new Error('a marker is left')
  for (const role of left.markers === 0 ? [] : ['operator', 'postgres'])
    await server.query(`alter role ${role} in database postgres reset all`)
}
