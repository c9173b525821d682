/** The timeline of a whole console on real servers: what it tells while it watches, and of what changed while it did not. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Engine } from '../../../src/main/engine/engine.ts'
import { createTranslator, eventText } from '../../../src/shared/locales/translate.ts'
import type { TimelineEvent } from '../../../src/shared/model/timeline.ts'
import { until } from '../../support/until.ts'
import {
  afterwards,
  newDataDirectory,
  openConsole,
  type Site,
  startConsole,
  startSite,
  untilHealthy,
} from './engine-kit.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let site: Site
let api: { version: string; readonly url: string; close(): Promise<void> }
beforeAll(async () => {
  site = await startSite()
  const server = createServer((_, response) => response.end(JSON.stringify({ version: api.version })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  api = {
    version: '2.0.0',
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
})
afterAll(() => Promise.all([site?.stop(), api?.close()]))

const english = createTranslator('en')

function events(engine: Engine): Promise<TimelineEvent[]> {
  const query = { deployment: 'shop', from: 0, to: Date.now() + 60_000, kinds: [], limit: 100, before: null }
  return engine.timeline.between(query)
}

function untilTold(engine: Engine, words: string): Promise<TimelineEvent> {
  return until(
    async () => (await events(engine)).find(({ reason }) => eventText(english, reason) === words) ?? null,
    { timeoutMs: 40_000, what: words },
  )
}

test('a console tells restarts and deploys, also those that came while it was off, and hands them to causes', async () => {
  const dataDirectory = newDataDirectory()
  const profile = site.profile('shop', {
    services: [{ name: 'api', url: api.url, metrics: null, ready: null }],
  })
  const first = await openConsole({ dataDirectory, secrets: site.secrets, profiles: [profile] })
  let stopped = false
  afterwards(async () => {
    if (!stopped) await first.engine.stop()
  })
  await untilHealthy(first.engine, 'shop', 3)
  const restartedAt = Date.now()
  await site.redis.restart()
  const restart = await untilTold(first.engine, 'Redis cache restarted')
  expect(restart).toMatchObject({ kind: 'restart', probe: 'redis', target: 'cache' })
  // Redis tells its age in whole seconds.
  expect(Math.abs(restart.at - restartedAt)).toBeLessThan(5_000)
  expect(first.engine.timeline.recent('shop').map(({ id }) => id)).toContain(restart.id)
  await first.engine.stop()
  stopped = true

  api.version = '2.0.1'
  await site.postgres.restart()
  const second = await startConsole({ dataDirectory })
  await untilTold(second.engine, 'PostgreSQL restarted')
  await untilTold(second.engine, '2.0.1 deployed to api (before: 2.0.0) (happened while nobody looked)')
  const told = await events(second.engine)
  expect(told.filter(({ reason }) => reason.code === 'restarted')).toHaveLength(2)
  expect(first.logged.filter((line) => line.includes('timeline'))).toEqual([])
})
