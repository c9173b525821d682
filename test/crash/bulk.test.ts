/** SIGKILL to a real console between two parts of what is done to a thousand alerts at once: each is wholly on record or as it was, and the same once more does the rest. */
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { AlertRecord } from '../../src/main/engine/alerts/records.ts'
import { until } from '../support/until.ts'
import { type ConsoleProcess, type Dies, startConsoleProcess } from './operations/console.ts'

// A thousand alerts take two looks at each deployment to fire.
vi.setConfig({ testTimeout: 300_000 })

const DEPLOYMENTS = 40
const RULES = 25
const ALERTS = DEPLOYMENTS * RULES

async function start(directory: string, dies: Dies | null): Promise<ConsoleProcess> {
  const console = await startConsoleProcess(directory, dies)
  onTestFinished(() => console.child.kill())
  return console
}

/** A service that answers, and later than at once: each rule of our own holds for it. */
async function fire(console: ConsoleProcess): Promise<void> {
  const service = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1')
  onTestFinished(() => void service.close())
  await until(() => service.listening)
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  for (let rule = 0; rule < RULES; rule += 1) {
    const { status } = await console.ask('POST', '/monitoring/alerts/rules', {
      definition: {
        title: `Answers at all, ${rule}`,
        condition: { kind: 'metrics', metrics: ['health_latency_ms'] },
        direction: 'above',
        // No two fire at the same.
        levels: [{ severity: 'WARNING', threshold: 0.001 * (rule + 1), clear: 0.001 * (rule + 1) }],
      },
    })
    expect(status).toBeLessThan(300)
  }
  const documents = Array.from(
    { length: DEPLOYMENTS },
    (_, index) => `name: shop-${index}\nenvironment: staging\nservices:\n  - { name: api, url: "${url}" }\n`,
  )
  await console.ask('POST', '/deployments/import', { yaml: documents.join('---\n') })
  await until(
    async () => {
      const { body } = await console.ask('GET', '/monitoring/alerts/statistics')
      return z.object({ active: z.number() }).parse(body).active === ALERTS
    },
    { what: 'alerts that fire', timeoutMs: 200_000, everyMs: 1_000 },
  )
}

/** Everything that is on record of them. */
function recorded(directory: string) {
  const database = new DatabaseSync(join(directory, 'data', 'state.db'), { readOnly: true })
  try {
    const alerts = database
      .prepare('SELECT alert FROM alerts WHERE ended_at IS NULL')
      .all()
      .map(({ alert }) => AlertRecord.parse(JSON.parse(String(alert))))
    const traces = database
      .prepare(`SELECT alert, json_extract(entry, '$.step') AS step FROM alert_trace`)
      .all()
    const traced = (deed: string) =>
      new Set(traces.filter(({ step }) => step === deed).map(({ alert }) => String(alert)))
    const silenced = new Set(
      database
        .prepare(
          `SELECT json_extract(silence, '$.matchers.alert') AS alert FROM silences WHERE ended_at IS NULL`,
        )
        .all()
        .map(({ alert }) => String(alert)),
    )
    return { alerts, traced, silenced }
  } finally {
    database.close()
  }
}

type Recorded = ReturnType<typeof recorded>

/** Some are done and some are not, what is said of each agrees, and what belongs to one incident stayed together. */
function expectPart(
  { alerts, traced }: Recorded,
  deed: string,
  isDone: (alert: AlertRecord) => boolean,
): void {
  expect(alerts).toHaveLength(ALERTS)
  const done = alerts.filter(isDone)
  expect(done.length).toBeGreaterThan(0)
  expect(done.length).toBeLessThan(ALERTS)
  expect(new Set(done.map(({ id }) => id))).toEqual(traced(deed))
  for (const together of Map.groupBy(alerts, ({ incident }) => incident).values())
    expect(new Set(together.map(isDone)).size).toBe(1)
}

const Became = z.looseObject({ done: z.array(z.string()) })

test('what people do about a thousand alerts at once', async () => {
  const home = createTemporaryDirectory('bulk')
  onTestFinished(home.remove)
  const directory = join(home.path, 'console')
  mkdirSync(directory)
  const first = await start(directory, { at: 1, when: 'acknowledged' })
  await fire(first)
  const ids = recorded(directory).alerts.map(({ id }) => id)
  expect(ids).toHaveLength(ALERTS)
  const acknowledge = { alerts: ids, note: 'on it' }
  await expect(first.ask('POST', '/monitoring/alerts/acknowledge', acknowledge)).rejects.toThrow()
  await first.child.ended()
  const isAcknowledged = ({ acknowledgedBy }: AlertRecord) => acknowledgedBy !== null
  expectPart(recorded(directory), 'acknowledged', isAcknowledged)

  const second = await start(directory, { at: 1, when: 'silenced' })
  const again = await second.ask('POST', '/monitoring/alerts/acknowledge', acknowledge)
  expect(Became.parse(again.body).done).toHaveLength(ALERTS)
  const { alerts } = recorded(directory)
  expect(alerts.filter(isAcknowledged)).toHaveLength(ALERTS)
  const silence = { alerts: ids, minutes: 60, note: 'planned' }
  await expect(second.ask('POST', '/monitoring/alerts/silence', silence)).rejects.toThrow()
  await second.child.ended()
  const part = recorded(directory)
  expectPart(part, 'silenced', ({ id }) => part.silenced.has(id))

  const third = await start(directory, null)
  const rest = await third.ask('POST', '/monitoring/alerts/silence', silence)
  expect(Became.parse(rest.body).done).toHaveLength(ALERTS)
  expect(recorded(directory).silenced).toEqual(new Set(ids))
  await third.child.kill()
})
