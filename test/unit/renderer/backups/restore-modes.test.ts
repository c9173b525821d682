import { expect, it } from 'vitest'
import { modesFor } from '../../../../src/renderer/features/backups/restore/modes/restore-modes.ts'

it('offers of a dump that others made only what comes into a database of its own', () => {
  const foreign = { file: '/dump.sql' } as NonNullable<Parameters<typeof modesFor>[0]['foreign']>
  const ids = (of: Parameters<typeof modesFor>[0]) => modesFor(of).map(({ id }) => id)
  expect(ids({ foreign: null })).toEqual(['swap', 'beside', 'in-place', 'tables', 'elsewhere'])
  expect(ids({ foreign })).toEqual(['swap', 'beside'])
})
