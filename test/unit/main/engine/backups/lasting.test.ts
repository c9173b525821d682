import { expect, it } from 'vitest'
import { lastingSettings } from '../../../../../src/main/engine/backups/postgres/lasting.ts'

const SILENT = 'SET idle_in_transaction_session_timeout = 0'
const IDLE = 'SET idle_session_timeout = 0'

it.each([
  [90_624, ['SET statement_timeout = 0', SILENT]],
  [160_004, ['SET statement_timeout = 0', SILENT, IDLE]],
  [170_000, ['SET statement_timeout = 0', SILENT, IDLE, 'SET transaction_timeout = 0']],
])('a session on %d works, and is silent, as long as it takes', (version, settings) => {
  expect(lastingSettings(version)).toEqual(settings)
})
