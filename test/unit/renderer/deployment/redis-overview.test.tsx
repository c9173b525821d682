// @vitest-environment jsdom
import '../support/browser-parts.ts'
import { MantineProvider } from '@mantine/core'
import { cleanup, render, screen } from '@testing-library/react'
import { I18nextProvider } from 'react-i18next'
import { afterEach, expect, it } from 'vitest'
import { createTranslator } from '#shared/locales/translate.ts'
import type { RedisAnswer } from '#shared/model/redis-server.ts'
import { overviewOf } from '../../../../src/main/engine/inspect/redis/overview.ts'
import { OverviewTables } from '../../../../src/renderer/features/deployment/redis/OverviewTables.tsx'
import { NOON } from '../support/fleet-row.ts'

afterEach(cleanup)

function show(missing: RedisAnswer['missing']) {
  const overview = overviewOf(
    { text: '', latency: missing.length === 0 ? [] : null, members: null },
    { at: NOON, node: 'a:6379', nodes: [], missing, grant: null, cost: { ms: 1, rows: 0, bytes: 0 } },
  )
  render(
    <I18nextProvider i18n={createTranslator('en')}>
      <MantineProvider>
        <OverviewTables overview={overview} />
      </MantineProvider>
    </I18nextProvider>,
  )
}

it('does not call empty what this user may not ask for', () => {
  show([
    { command: 'INFO', why: 'forbidden' },
    { command: 'LATENCY LATEST', why: 'forbidden' },
  ])
  expect(screen.getAllByText('Not known.')).toHaveLength(3)
  expect(screen.queryByText('There are no keys.')).toBeNull()
})

it('says of a server that told it that nothing is there', () => {
  show([])
  expect(screen.queryByText('Not known.')).toBeNull()
  expect(screen.getByText('There are no keys.')).toBeDefined()
})
