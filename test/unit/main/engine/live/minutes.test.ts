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

it('goes on showing what is observed after the clock was set back by hours', () => {
  const minutes = createMinutes()
  const start = 29_000_000 * MINUTE_MS
  for (let minute = 0; minute < 60; minute++) minutes.add(observed(start + minute * MINUTE_MS, 'HEALTHY'))
  const back = start - 3 * 60 * MINUTE_MS
  minutes.add(observed(back, 'CRITICAL'))
  minutes.add(observed(back + MINUTE_MS, 'HEALTHY'))
  const { statuses } = minutes.read(back + MINUTE_MS)
  expect(statuses.slice(-2)).toEqual(['CRITICAL', 'HEALTHY'])
  expect(statuses.slice(0, -2).every((status) => status === null)).toBe(true)
})
