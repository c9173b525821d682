/** What is gathered for a hand-over of the worst of nights leaves the engine's thread to others. */
import { expect, it } from 'vitest'
import { factsOf } from '../../../../../src/main/engine/handover/facts.ts'
import { longestHeldMs } from '../../../../support/longest-held.ts'
import { alertOf, gatheredOf, HOUR, MINUTE, recordOf, START } from './pieces.ts'

const ALERTS = 10_000
const RECORDS = 20_000
const DEPLOYMENTS = 500
const HELD_MS = 50

const alerts = Array.from({ length: ALERTS }, (_, index) =>
  alertOf({
    ...{ id: `a${index}`, deployment: `d${index % DEPLOYMENTS}`, incident: `i${index % 3_000}` },
    ...{ since: START + index * 1_000, endedAt: index % 2 === 0 ? null : START + 7 * HOUR },
  }),
)
/** Half of them ask for what never ends. */
const records = Array.from({ length: RECORDS }, (_, index) =>
  recordOf({
    ...{ id: RECORDS - index, at: START + 8 * HOUR - index * 1_000, target: `a${index}` },
    ...(index % 2 === 0 ? { outcome: 'asked' as const } : {}),
  }),
)
const spans = new Map(
  Array.from({ length: DEPLOYMENTS }, (_, index) => [
    `d${index}`,
    Array.from({ length: 40 }, (_, stretch) => ({
      ...{ probe: 'health' as const, target: 'api', status: 'UNOBSERVED' as const },
      ...{ from: START + stretch * 10 * MINUTE, to: START + (stretch * 10 + 2) * MINUTE },
    })),
  ]),
)

it('makes the facts of thousands of alerts and records without holding the thread', async () => {
  // Once beforehand: what is run for the first time is compiled as well.
  const gathered = gatheredOf({ alerts, open: alerts.slice(0, 5_000), records, spans })
  const facts = await factsOf(gathered)
  expect(facts.totals).toMatchObject({ alerts: ALERTS, open: 5_000, incidents: 3_000 })
  expect(await longestHeldMs(() => factsOf(gathered))).toBeLessThan(HELD_MS)
})
