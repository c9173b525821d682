/** Restores on a real PostgreSQL, over the runner and a real reach: a console that can be killed at any entry of its journal. */

import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { Client } from 'pg'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { createAudit } from '../../../src/main/engine/audit/chain.ts'
import { type BackupsOfEngine, createBackups } from '../../../src/main/engine/backups/backups.ts'
import type { CataloguedBackup } from '../../../src/main/engine/backups/catalogue.ts'
import { createBackupKind } from '../../../src/main/engine/backups/kinds/backup.ts'
import { createDrillKind } from '../../../src/main/engine/backups/kinds/drill.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { createTools, type Tools } from '../../../src/main/engine/backups/postgres/tools.ts'
import { heldBackups } from '../../../src/main/engine/backups/restore/held.ts'
import { createRestoreKind } from '../../../src/main/engine/backups/restore/kind.ts'
import type { RunJob } from '../../../src/main/engine/backups/worker/run-job.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { createSecretMask } from '../../../src/main/engine/masking/secrets.ts'
import { createOperations } from '../../../src/main/engine/operations/create-operations.ts'
import { createJournal } from '../../../src/main/engine/operations/journal.ts'
import { createRestartKind } from '../../../src/main/engine/operations/restart/kind.ts'
import { createSessionKinds } from '../../../src/main/engine/operations/sessions/kinds.ts'
import { createReach } from '../../../src/main/engine/reach/create-reach.ts'
import { createLinks } from '../../../src/main/engine/reach/links/links.ts'
import { nobody } from '../../../src/main/engine/reach/questions.ts'
import { ReachError } from '../../../src/main/engine/reach/reach.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { createSecretResolver } from '../../../src/main/engine/vault/resolve.ts'
import type { BackupFailure } from '../../../src/shared/model/backup.ts'
import {
  isOver,
  type Operation,
  type OperationFacts,
  type OperationPreview,
  type OperationRequest,
} from '../../../src/shared/model/operation.ts'
import {
  DeploymentProfile,
  type DeploymentProfileInput,
} from '../../../src/shared/model/profile/deployment.ts'
import type { Ssh } from '../../../src/shared/model/profile/ssh.ts'
import { until } from '../../support/until.ts'
import { ANNA, dyingJournal, Killed, NEVER } from '../../unit/main/engine/operations/operations-kit.ts'
import type { BackupKit } from '../backups/backup-kit.ts'

export interface Died {
  readonly at: number
  readonly when: 'before' | 'after'
}

export interface RestoreKit {
  /** What the catalogue was told of backups. */
  readonly told: Record<string, BackupFailure | 'verified'>
  know(manifest: Manifest, changes?: Partial<CataloguedBackup>): void
  console(dies?: Died): Promise<RestoreConsole>
  /** Databases that there are beside those of PostgreSQL. */
  databases(): Promise<string[]>
  /** A person tries the way again. */
  retry(): void
  close(): Promise<void>
}

export interface RestoreConsole {
  readonly backedUp: BackupsOfEngine
  readonly operations: Awaited<ReturnType<typeof createOperations>>
  /** What was told of operations, as it turned. */
  readonly turns: readonly Operation[]
  entries(): number
  preview(options: OperationFacts): ReturnType<RestoreConsole['operations']['preview']>
  /** Begins a restore and waits for its end. */
  run(options: OperationFacts, more?: Partial<OperationRequest>): Promise<Operation>
  act(id: string, what: 'resume' | 'undo' | 'cancel'): Promise<Operation>
  /** Shows before what it would do. Rejects where that is refused, though it can be done. */
  actForeseen(id: string, what: 'resume' | 'undo' | 'cancel'): Promise<Operation>
  /** What taking it back would do. */
  previewUndo(id: string): Promise<OperationPreview>
  close(): Promise<void>
}

export function createRestoreKit(
  server: PostgresServer,
  kit: BackupKit,
  {
    database,
    operate = 'postgres',
    watch = 'postgres',
    port = server.port,
    service = null,
    readsOnce = false,
    maintenance,
    clock = systemClock,
    pooler,
    ssh,
    backups = {},
    sourceProfile = null,
    tools = createTools({ env: process.env }),
    name = 'this',
    data = join(kit.home, `restore-${Math.random().toString(36).slice(2)}`),
  }: {
    readonly database: string
    readonly operate?: string
    /** Whom the watch logs in as; all have one password. */
    readonly watch?: string
    readonly port?: number
    readonly service?: Omit<NonNullable<DeploymentProfileInput['services']>[number], 'name'> | null
    /** What only reads a backup is done once for all restores of it. */
    readonly readsOnce?: boolean
    /** Programs of the console's machine. */
    readonly tools?: Tools
    /** The database that operations lock in. */
    readonly maintenance?: string
    /** What restores go by. */
    readonly clock?: Clock
    /** The console of a PgBouncer before it. */
    readonly pooler?: { readonly url: string; readonly password: 'secret:pooler' }
    /** The chain that leads there. */
    readonly ssh?: Ssh
    /** What else its profile says of backups. */
    readonly backups?: Partial<DeploymentProfileInput['backups']>
    /** Of any other deployment that is asked for. */
    readonly sourceProfile?: DeploymentProfile | null
    /** What the console is called. */
    readonly name?: string
    /** Where the console keeps what it knows: another process goes on with it. */
    readonly data?: string
  },
): RestoreKit {
  mkdirSync(data, { recursive: true })
  const read = new Map<string, Promise<never>>()
  const runJob: RunJob = (job, limits) => {
    const onlyReads =
      job.kind === 'archive' ||
      job.kind === 'whole' ||
      job.kind === 'verify' ||
      job.kind === 'columns' ||
      job.kind === 'definitions'
    if (!readsOnce || !onlyReads) return kit.runJob(job, limits)
    const tables = job.kind === 'columns' || job.kind === 'definitions' ? JSON.stringify(job.tables) : ''
    const whole = job.kind === 'definitions' && job.whole === true ? ' whole' : ''
    const key = `${job.kind} ${job.manifest.id} ${job.identity} ${tables}${whole}`
    const before = read.get(key) ?? (kit.runJob(job, limits) as Promise<never>)
    read.set(key, before)
    return before
  }
  const known = new Map<string, CataloguedBackup>()
  const told: RestoreKit['told'] = {}
  const resolveSecret = createSecretResolver({
    vault: kit.vault,
    env: {},
    readFile: async () => {
      throw new Error('no files here')
    },
  })
  const profile = DeploymentProfile.parse({
    ...{ name: 'shop', environment: 'staging' },
    ssh,
    services: service === null ? [] : [{ name: 'api', ...service }],
    backups: { store: { kind: 'local', directory: kit.directory }, ...backups },
    postgres: {
      url: `postgresql://${watch}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
      password: 'secret:postgres',
      operate: { user: operate, password: 'secret:postgres', maintenance },
      pooler,
    },
  })
  const dependencies = {
    ...{ resolveSecret, hostKeys: kit.hostKeys, clock: systemClock, random: Math.random, log: silentLog },
    questions: nobody,
    machine: { home: kit.home, user: userInfo().username, platform: process.platform, env: {} },
  }
  const links = createLinks(dependencies)
  const reach = createReach({ ...dependencies, profile, links })

  return {
    told,
    know(manifest, changes = {}) {
      known.set(manifest.id, {
        ...{ manifest, place: kit.directory, state: 'complete', signedBy: 'this-console' },
        ...{ verifiedAt: null, provenAt: null, recoveryMs: null, recoveryOn: null, problem: null },
        ...changes,
      } as CataloguedBackup)
    },
    async console(dies) {
      const store = openStore({ dataDirectory: data, log: silentLog })
      const turns: Operation[] = []
      const stagingDirectory = join(data, 'staging')
      const journal = dyingJournal(
        createJournal({ store }),
        dies?.at ?? Number.POSITIVE_INFINITY,
        dies?.when ?? 'before',
      )
      // What is replaced is backed up as by the whole console.
      const deployment = { profile, paused: false }
      const backedUp = createBackups({
        ...{ store, vault: kit.vault, clock: systemClock, log: silentLog, onTurn() {}, console: 'kit' },
        deployments: { get: () => deployment, list: () => [deployment] } as never,
        isReadOnly: () => false,
        ...{ stagingDirectory, held: () => heldBackups(operations) },
      })
      const making = { backedUp, runJob, resolveSecret, tools, clock, stagingDirectory }
      const operations = await createOperations({
        ...{ store, clock: systemClock, audit: createAudit({ store, clock: systemClock }) },
        ...{ log: silentLog, journal, reachOf: () => reach },
        console: { id: `id of ${name}`, name: () => name },
        kinds: [
          createDrillKind({
            ...{ ...making, consoleName: () => name },
            profileOf: (of) => (of === 'shop' ? profile : sourceProfile),
            isOver: (id) =>
              operations.get(id).then(
                ({ state }) => isOver(state),
                () => false,
              ),
          }),
          createBackupKind({ ...making, consoleName: () => 'this' }),
          createRestartKind({ clock, secretMaskFor: async () => createSecretMask([]) }),
          ...createSessionKinds({ clock }),
          createRestoreKind({
            clock,
            ...{ resolveSecret, runJob, making: { ...making, consoleName: () => name } },
            operationOf: (id) => operations.traced(id).catch(() => null),
            keepForGood: (id) => operations.keepForGood(id),
            backedUp: {
              keys: kit.keys,
              refresh: async () => {},
              catalogue: {
                get: async (id) => known.get(id) ?? backedUp.catalogue.get(id),
                async verified(id) {
                  told[id] = 'verified'
                },
                async faulty(id, problem) {
                  told[id] = problem
                },
              },
            },
          }),
        ],
        deploymentOf: (of) => (of === 'shop' ? { profile, paused: false } : null),
        editsSettled: async () => {},
        silence: async () => async () => {},
        onTurn: (_, now) => turns.push(now),
      })
      const request = (options: OperationFacts): OperationRequest => ({
        ...{ kind: 'restore', deployment: 'shop', options, silence: false, confirm: 'shop' },
      })
      async function act(id: string, what: 'resume' | 'undo' | 'cancel'): Promise<Operation> {
        await asked(() => operations.act(id, what, ANNA, { confirm: 'shop' }, NEVER))
        await operations.settled(id)
        return operations.get(id)
      }
      return {
        ...{ backedUp, operations, turns },
        entries: journal.count,
        preview: (options) => asked(() => operations.preview(request(options), ANNA, NEVER)),
        async run(options, more = {}) {
          const { id } = await asked(() =>
            operations.start({ ...request(options), ...more }, ANNA, null, NEVER),
          )
          await operations.settled(id)
          return operations.get(id)
        },
        act,
        async actForeseen(id, what) {
          const { preview } = await asked(() => operations.previewAct(id, what, false, ANNA, NEVER))
          const after = await act(id, what)
          if (after.state !== 'failed' && preview.refusals.length > 0)
            throw new Error(`to ${what} was refused, and can be done: ${JSON.stringify(preview.refusals)}`)
          return after
        },
        async previewUndo(id) {
          return (await asked(() => operations.previewAct(id, 'undo', false, ANNA, NEVER))).preview
        },
        async close() {
          await operations.stop()
          await store.close()
        },
      }
    },
    retry: reach.retry,
    async databases() {
      const rows = await server.query(
        `SELECT datname FROM pg_database WHERE datname <> 'postgres' AND NOT datistemplate ORDER BY 1`,
      )
      return rows.map(({ datname }) => String(datname))
    },
    async close() {
      await reach.close()
      await links.close()
    },
  }
}

const MOST_TRIES = 20

/** A restore ends sessions of the database, those of the watch among them: who asks something in that moment asks again, as people do. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      const isEnded = error instanceof ReachError && error.failure.code === 'postgres-shutting-down'
      if (!isEnded || tries === MOST_TRIES) throw error
      await pass(500)
    }
  }
}

export { ANNA, Killed, NEVER }

/** Begins one on a console that dies, and looks with the next. @returns how many entries there were, and the id of the operation where it is on record */
export async function runUntil(
  restore: RestoreKit,
  options: OperationFacts,
  dies: Died,
  more: Partial<OperationRequest> = {},
): Promise<{ entries: number; id: string | null }> {
  const console = await restore.console(dies)
  await console.run(options, more).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  const entries = console.entries()
  await console.close()
  const next = await restore.console()
  const { operations } = await next.operations.list({
    ...{ deployment: null, kinds: null, states: null, before: null, limit: 1 },
  })
  await next.close()
  return { entries, id: operations[0]?.id ?? null }
}

/**
 * A service that is ready as long as it reads its database and finds what it needs there, and writes it, over one connection that it opens again when it broke.
 * @param needs a statement that answers a row
 */
export async function startService(
  url: string,
  needs = 'SELECT count(*) FROM visits',
): Promise<{
  readonly url: string
  /** Rows that it was told were written. */
  written(): number
  stop(): Promise<void>
}> {
  let client: Client | null = null
  let written = 0
  let isStopped = false
  const connected = async (): Promise<Client> => {
    if (client !== null) return client
    const opened = new Client(url)
    opened.on('error', () => {
      if (client === opened) client = null
    })
    await opened.connect()
    client = opened
    return opened
  }
  const write = async (): Promise<void> => {
    try {
      const { rowCount } = await (await connected()).query('INSERT INTO visits DEFAULT VALUES')
      written += rowCount ?? 0
    } catch (error) {
      await client?.end().catch(() => {})
      client = null
      throw error
    }
  }
  // As services do: it writes all the time, and what fails is tried again.
  const writing = (async () => {
    while (!isStopped) {
      await write().catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  const http = createServer((request, response) => {
    if (request.url === '/health') return void response.end('{}')
    const probe = new Client(url)
    probe.on('error', () => {})
    probe
      .connect()
      .then(() => probe.query(needs))
      .then(
        ({ rowCount }) => response.writeHead(rowCount === 0 ? 503 : 200).end('{}'),
        () => response.writeHead(503).end('{}'),
      )
      .finally(() => probe.end().catch(() => {}))
  })
  http.listen(0, '127.0.0.1')
  await until(() => http.listening, { what: 'the service' })
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    written: () => written,
    async stop() {
      isStopped = true
      await writing
      await client?.end().catch(() => {})
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
