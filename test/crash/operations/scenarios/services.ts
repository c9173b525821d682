/** A service that is restarted by a command of its project, and waits before it is ready. */
import { rmSync, writeFileSync } from 'node:fs'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { startRestartableService } from '../../../support/restartable-service.ts'
import { until } from '../../../support/until.ts'
import { profileOn, type Scenario } from '../scenario.ts'

export async function restartScenario(server: PostgresServer): Promise<Scenario> {
  const service = await startRestartableService()
  const before = service.pid()
  const { directory, url, at } = service
  const isNew = () => service.pid() !== null && service.pid() !== before
  return {
    ...{ kind: 'restart-service', options: { service: 'api' }, known: null },
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
    goesOn: (pid) => pid === service.pid(),
    stop: service.stop,
  }
}
