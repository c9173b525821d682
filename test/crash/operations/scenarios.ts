/** For each kind of operation: what it works on, how it is held up in its middle, and what must be true when it is over, however often its console died. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { MARK_FILE } from '../../../src/main/engine/backups/stores/local/index.ts'
import type { OperationFacts, OperationKind } from '../../../src/shared/model/operation.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { createApplicationSessions } from '../../support/application-sessions.ts'
import { startRestartableService } from '../../support/restartable-service.ts'
import { until } from '../../support/until.ts'

export interface Scenario {
  readonly kind: OperationKind
  readonly profile: DeploymentProfileInput
  readonly options: OperationFacts
  /** Lets nothing get further than the middle of the first step that does something. */
  hold(): Promise<void>
  /** Resolves when it is there. */
  reached(): Promise<void>
  letGo(): Promise<void>
  /** Resolves where what was wanted is so, once, and nothing else is left. */
  isWhole(): Promise<void>
  stop(): Promise<void>
}

export type Scenarios = Readonly<Record<string, (server: PostgresServer) => Promise<Scenario>>>

function profileOn(
  server: PostgresServer,
  more: Partial<DeploymentProfileInput> = {},
): DeploymentProfileInput {
  const home = createTemporaryDirectory('password')
  const file = (name: string, text: string) => {
    writeFileSync(join(home.path, name), text)
    return `file:${join(home.path, name)}` as const
  }
  const password = file('watcher', 'pw')
  return {
    ...{ name: 'shop', environment: 'staging' },
    postgres: {
      url: `postgresql://watcher@127.0.0.1:${server.port}/postgres`,
      ...{ password, operate: { user: 'operator', password } },
    },
    ...more,
  }
}

async function count(server: PostgresServer, condition: string): Promise<number> {
  const rows = await server.query(`select count(*)::int as count from pg_stat_activity where ${condition}`)
  return Number(rows[0]?.count)
}

/** A session of the application, whose process is stopped: what it is told waits with it. */
async function sessionScenario(
  server: PostgresServer,
  kind: 'terminate-backend' | 'cancel-query',
): Promise<Scenario> {
  const sessions = createApplicationSessions(() => server)
  const client = await sessions.open()
  const { pid } = client
  const statement =
    kind === 'cancel-query'
      ? client.query('select pg_sleep(600)').then(
          () => 'ran',
          () => 'cancelled',
        )
      : client.query('begin').then(() => 'ran')
  if (kind === 'cancel-query')
    await until(async () => (await count(server, `pid = ${pid} and state = 'active'`)) === 1)
  return {
    ...{ kind, profile: profileOn(server), options: { pid } },
    hold: async () => void process.kill(pid, 'SIGSTOP'),
    async reached() {},
    letGo: async () => void process.kill(pid, 'SIGCONT'),
    async isWhole() {
      if (kind === 'terminate-backend') await until(async () => (await count(server, `pid = ${pid}`)) === 0)
      else if ((await statement) !== 'cancelled') throw new Error('the statement ran to its end')
      else if ((await count(server, `pid = ${pid}`)) !== 1) throw new Error('its session went with it')
    },
    stop: sessions.end,
  }
}

async function restartScenario(server: PostgresServer): Promise<Scenario> {
  const service = await startRestartableService()
  const before = service.pid()
  const { directory, url, at } = service
  const isNew = () => service.pid() !== null && service.pid() !== before
  return {
    kind: 'restart-service',
    options: { service: 'api' },
    profile: profileOn(server, {
      services: [
        {
          ...{ name: 'api', url, metrics: null },
          restart: { over: 'local', command: ['./restart'], directory, identity: ['cat', 'pid'] },
        },
      ],
    }),
    hold: async () => writeFileSync(at('wait'), ''),
    reached: async () => void (await until(isNew, { what: 'a new process' })),
    letGo: async () => rmSync(at('wait'), { force: true }),
    async isWhole() {
      if (!isNew()) throw new Error('the same process runs')
      if (!(await fetch(`${url}/ready`)).ok) throw new Error('it is not ready')
    },
    stop: service.stop,
  }
}

async function backupScenario(server: PostgresServer): Promise<Scenario> {
  const place = createTemporaryDirectory('kept')
  const directory = join(place.path, 'backups')
  await server.query(`
    create table if not exists orders as select g as id, md5(g::text) as note from generate_series(1, 2000) g;
    grant select on orders to operator`)
  const blocker = await server.connect()
  const profile = profileOn(server, { backups: { store: { kind: 'local', directory } } })
  const dumps = `application_name like 'vakhta backup%'`
  return {
    ...{ kind: 'backup', options: {}, profile },
    hold: async () => void (await blocker.query('begin; lock table orders in access exclusive mode')),
    reached: async () =>
      void (await until(async () => (await count(server, `${dumps} and query like 'LOCK TABLE%'`)) > 0, {
        ...{ what: 'a dump that waits', timeoutMs: 30_000 },
      })),
    letGo: async () => void (await blocker.query('rollback')),
    async isWhole() {
      const names = readdirSync(directory).filter((name) => name !== MARK_FILE)
      if (names.length !== 1 || names[0]?.startsWith('.')) throw new Error(`left there: ${names.join(', ')}`)
      await until(async () => (await count(server, dumps)) === 0, {
        ...{ what: 'the end of every dump', timeoutMs: 40_000 },
      })
    },
    async stop() {
      await blocker.end()
      await place.remove()
    },
  }
}

export const SCENARIOS: Scenarios = {
  'terminate-backend': (server) => sessionScenario(server, 'terminate-backend'),
  'cancel-query': (server) => sessionScenario(server, 'cancel-query'),
  'restart-service': restartScenario,
  backup: backupScenario,
}
