// "Test connection" of a deployment that is watched, while somebody looks into its database: the server has two at the most.
import { expect, it } from 'vitest'
import type { ReachStepResult } from '../../../src/shared/model/failure.ts'
import { countBackends } from '../../support/backend-counter.ts'
import { until } from '../../support/until.ts'
import { afterwards, countPostgres, startConsole, startSite, untilHealthy } from './engine-kit.ts'

const WATCHER = 'watch'

it('takes no third connection at the PostgreSQL of a deployment that is watched, whoever else asks', async () => {
  const site = await startSite()
  afterwards(() => site.stop())
  await site.postgres.query(`CREATE ROLE ${WATCHER} LOGIN PASSWORD 'right' IN ROLE pg_monitor`)
  const url = `postgresql://${WATCHER}@127.0.0.1:${site.postgres.port}/postgres`
  const { engine } = await startConsole({
    secrets: { ...site.secrets, pg: 'right' },
    profiles: [
      site.profile('shop', {
        postgres: { url, password: 'secret:pg' },
        limits: { redis_latency_ms: { warning: 3_000 } },
      }),
    ],
  })
  await untilHealthy(engine, 'shop', 3)
  const count = await countPostgres(site.postgres)
  const { signal } = new AbortController()
  const look = () => engine.database.activity('shop', signal)
  await until(async () => {
    await look()
    return (await count()) === 2
  })
  const counter = countBackends(site.postgres.directory, WATCHER)
  afterwards(() => counter.stop())
  await counter.begun

  const profile = engine.deployments.get('shop')?.profile
  if (profile === undefined) throw new Error('it is on record')
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      await look()
      // An answer that is new enough is given at once.
      await new Promise(setImmediate)
    }
  })()
  for (let round = 0; round < 4; round += 1) {
    const steps: ReachStepResult[] = []
    for await (const step of engine.testReach(profile, signal, null)) steps.push(step)
    expect(steps.filter(({ status }) => status !== 'ok')).toEqual([])
  }
  isOver = true
  await asking
  expect(counter.most()).toBe(2)
  await engine.stop()
  await until(async () => (await count()) === 0)
}, 60_000)
