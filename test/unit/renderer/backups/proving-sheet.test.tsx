// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { RecoveryKey } from '../../../../src/renderer/features/backups/RecoveryKey.tsx'
import { fleetRow } from '../support/fleet-row.ts'
import { standingOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

it('the key of a sheet is typed into lines that show it whole, and `Enter` tries it', async () => {
  const key = { recipient: 'age1now', madeAt: '2026-11-28T10:00:00Z', provenAt: null }
  const backups = { kept: [], standing: standingOf(), removals: [], key, typed: [] }
  renderPart({ rows: [fleetRow({ name: 'shop' })], backups }, <RecoveryKey />)
  fireEvent.click(await screen.findByRole('button', { name: 'Prove the sheet…' }))
  const field = await screen.findByLabelText('The secret key, from the sheet')
  expect(field.tagName).toBe('TEXTAREA')
  fireEvent.change(field, { target: { value: 'AGE-S ECRET -KEY-' } })
  fireEvent.keyDown(field, { key: 'Enter' })
  await waitFor(() => expect(backups.typed).toEqual(['AGE-S ECRET -KEY-']))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})
