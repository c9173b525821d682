// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { StandingTable } from '../../../../src/renderer/features/backups/StandingTable.tsx'
import { backupOf, standingOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

it.each([
  [3, 'proven 3 days ago'],
  [400, 'last proven 400 days ago'],
])('says when it was proven: %d days ago', async (days, said) => {
  const now = Date.now()
  const provenAt = new Date(now - days * 86_400_000).toISOString()
  const row = standingOf({ lastProven: backupOf({ id: 'one', state: 'proven', provenAt }) })
  renderPart({ rows: [] }, <StandingTable rows={[row]} now={now} />)
  const [state] = await screen.findAllByRole('cell')
  expect(state?.textContent?.trim()).toBe(said)
})
