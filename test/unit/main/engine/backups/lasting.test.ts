import { expect, it } from 'vitest'
import { lastingSettings } from '../../../../../src/main/engine/backups/postgres/lasting.ts'

it.each([
  [90_624, ['SET statement_timeout = 0']],
  [160_004, ['SET statement_timeout = 0']],
  [170_000, ['SET statement_timeout = 0', 'SET transaction_timeout = 0']],
])('a session on %d works as long as it takes', (version, settings) => {
  expect(lastingSettings(version)).toEqual(settings)
})
