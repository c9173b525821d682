/** Whole consoles that back up a real PostgreSQL: what the tests of the operations share. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { MARK_FILE } from '../../../src/main/engine/backups/stores/local/index.ts'
import type { Actor } from '../../../src/main/engine/policy/actor.ts'
import { isOver, type Operation, type OperationFacts } from '../../../src/shared/model/operation.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { until } from '../../support/until.ts'
import { afterwards, type Console, startConsole } from '../engine/engine-kit.ts'

export const ANNA: Actor = { id: 'os:anna', name: 'anna', role: 'OPERATOR', via: 'command-line' }
export const NEVER = new AbortController().signal

type Wanted = NonNullable<DeploymentProfileInput['backups']>

export interface BackedUp extends Console {
  /** Where its backups are kept. */
  readonly kept: string
  /** Names in there, also of what is no backup. */
  inPlace(): string[]
  begin(kind: 'backup' | 'drill', options?: OperationFacts): Promise<Operation>
  /** Begins one, and waits for its end. */
  run(kind: 'backup' | 'drill', options?: OperationFacts): Promise<Operation>
  preview(
    kind: 'backup' | 'drill',
    options?: OperationFacts,
  ): Promise<{ refusals: string[]; warnings: string[]; changes: string[] }>
}

export function backedUpProfile(
  server: Pick<PostgresServer, 'port' | 'user'>,
  directory: string,
  changes: Partial<DeploymentProfileInput> = {},
  wanted: Partial<Wanted> = {},
): DeploymentProfileInput {
  return {
    ...{ name: 'shop', environment: 'staging' },
    postgres: {
      url: `postgresql://${server.user}@127.0.0.1:${server.port}/postgres`,
      password: 'secret:pg',
    },
    backups: { store: { kind: 'local', directory }, ...wanted },
    ...changes,
  }
}

/** @param kept where backups go; a directory of its own where it is left out */
export async function startBackedUp(
  server: PostgresServer,
  {
    kept = newPlace(),
    changes = {},
    wanted = {},
    password = server.password,
    secrets = {},
    dataDirectory,
  }: {
    kept?: string
    changes?: Partial<DeploymentProfileInput>
    wanted?: Partial<Wanted>
    password?: string
    secrets?: Readonly<Record<string, string>>
    dataDirectory?: string
  } = {},
): Promise<BackedUp> {
  const console = await startConsole({
    secrets: { pg: password, ...secrets },
    profiles: [backedUpProfile(server, kept, changes, wanted)],
    ...(dataDirectory === undefined ? {} : { dataDirectory }),
  })
  const { operations } = console.engine
  await until(() => console.engine.live.latest('shop').some(({ probe }) => probe === 'pool'), {
    what: 'a first look',
  })

  async function begin(kind: 'backup' | 'drill', options: OperationFacts = {}) {
    return operations.start({ kind, deployment: 'shop', options, silence: false }, ANNA, null, NEVER)
  }
  return {
    ...{ ...console, kept, begin },
    inPlace: () => namesIn(kept),
    async run(kind, options) {
      return ended(console, (await begin(kind, options)).id)
    },
    async preview(kind, options = {}) {
      const request = { kind, deployment: 'shop', options, silence: false }
      const { preview } = await operations.preview(request, ANNA, NEVER)
      const codes = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code)
      const { refusals, warnings, changes: does } = preview
      return { refusals: codes(refusals), warnings: codes(warnings), changes: codes(does) }
    },
  }
}

export function newPlace(): string {
  const home = createTemporaryDirectory('kept')
  afterwards(() => home.remove())
  return join(home.path, 'backups')
}

export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name !== MARK_FILE)
      .sort()
  } catch {
    return []
  }
}

export async function ended({ engine }: Pick<Console, 'engine'>, id: string): Promise<Operation> {
  return until(
    async () => {
      const operation = await engine.operations.get(id)
      return isOver(operation.state) && operation
    },
    { what: 'the end of the operation', timeoutMs: 60_000 },
  )
}

/** What it failed with. */
export function failureOf({ error }: Operation): string | null {
  if (error === null) return null
  return 'failure' in error ? error.failure.code : error.code
}
