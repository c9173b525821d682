import { expect, it } from 'vitest'
import type { Status } from '#shared/catalogue/statuses.ts'
import type { Observation } from '#shared/model/observation.ts'
import { createMinutes, MINUTE_MS } from '../../../../../src/main/engine/live/minutes.ts'

function observed(at: number, status: Status): Observation {
  return {
    deployment: 'shop',
    probe: 'health',
    target: 'api',
    at,
    status,
    reason: { code: 'x', params: {} },
    values: {},
    cost: { ms: 0, rows: 0, bytes: 0 },
  }
}

it.each<[Status[], Status]>([
  [['HEALTHY', 'CRITICAL', 'HEALTHY'], 'CRITICAL'],
  [['UNOBSERVED'], 'UNOBSERVED'],
  [['HEALTHY', 'UNOBSERVED'], 'HEALTHY'],
  [['UNOBSERVED', 'HEALTHY'], 'HEALTHY'],
  [['UNOBSERVED', 'UNKNOWN', 'UNOBSERVED'], 'UNKNOWN'],
])('takes the worst of what was observed in a minute: %j is %s', (statuses, worst) => {
  const minutes = createMinutes()
  const start = 29_000_000 * MINUTE_MS
  for (const [index, status] of statuses.entries()) minutes.add(observed(start + index * 1000, status))
  expect(minutes.read(start + 59_000).statuses.at(-1)).toBe(worst)
})
