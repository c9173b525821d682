import { expect, it } from 'vitest'
import { type Client, createApi, type Outputs } from '../../../../../src/renderer/client/client.ts'
import type { Definition } from '../../../../../src/renderer/features/alerts/rules/draft.ts'
import { asOf, definitionIn } from '../../../../../src/renderer/features/alerts/rules/use-rehearsal.ts'

type Told = Outputs['alerts']['rehearse']

const rate = {
  condition: { kind: 'rate', metric: 'db_size_bytes', windowSeconds: 600 },
  levels: [{ severity: 'WARNING', threshold: 1, clear: 0 }],
} as unknown as Definition
const forecast = {
  ...rate,
  condition: { kind: 'forecast', metric: 'system_disk_percent', limit: 90 },
} as Definition
const told = { fired: 2, drawing: { stepMs: 1_000, lines: [{}], left: 0 } } as unknown as Told

it('draws nothing that was read of the rule as it was before, in whose unit it is', () => {
  expect(asOf(forecast, told, rate)).toEqual({ ...told, drawing: null })
  expect(asOf(forecast, told, null)).toEqual({ ...told, drawing: null })
})

it('goes on drawing it while only its levels are altered', () => {
  expect(asOf({ ...rate, levels: [] }, told, structuredClone(rate))).toBe(told)
})

it('knows of which rule an answer was asked for', () => {
  const api = createApi({ alerts: { rehearse: async () => ({}) } } as unknown as Client)
  const input = { rule: null, definition: rate, deployment: 'shop', draw: null }
  const { queryKey } = api.alerts.rehearse.queryOptions({ input: input as never })
  expect(definitionIn(queryKey)).toEqual(rate)
  expect(definitionIn(undefined)).toBeNull()
})
