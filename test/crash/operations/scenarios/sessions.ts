/** A session of the application, whose process is stopped: what it is told waits with it. */
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { createApplicationSessions } from '../../../support/application-sessions.ts'
import { until } from '../../../support/until.ts'
import { count, profileOn, type Scenario } from '../scenario.ts'

export async function sessionScenario(
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
    ...{ kind, profile: profileOn(server), options: { pid }, known: null },
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
