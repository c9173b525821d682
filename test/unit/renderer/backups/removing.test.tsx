// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { BackupsTab } from '../../../../src/renderer/features/backups/BackupsTab.tsx'
import { DeploymentProfile } from '../../../../src/shared/model/profile/deployment.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { backupOf, type PlayedBackups, standingOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

const profile = DeploymentProfile.parse({
  ...{ name: 'shop', environment: 'staging', postgres: { url: 'postgres://watch@localhost/shop' } },
})
const newest = backupOf({ id: 'newest' })

/** @returns the dialog that asks whether the newest one is to go */
async function asks(good: number, gate?: Promise<void>) {
  const backups: PlayedBackups = {
    ...{
      kept: [newest, backupOf({ id: 'before', problem: { code: 'file-altered', params: {}, text: '' } })],
    },
    ...{ standing: standingOf({ good, lastComplete: newest }), removals: [], ...(gate && { gate }) },
  }
  renderPart(
    { rows: [fleetRow({ name: 'shop' })], backups },
    <BackupsTab {...{ name: 'shop', profile }} item="newest" />,
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Remove…' }))
  const dialog = await screen.findByRole('dialog')
  const button = (name: string) => within(dialog).getByRole<HTMLButtonElement>('button', { name })
  return { backups, dialog, button }
}

it('one of several good ones goes without a name, the newest too', async () => {
  const { backups, dialog, button } = await asks(2)
  expect(dialog.textContent).not.toContain('last good one')
  expect(within(dialog).queryByRole('textbox')).toBeNull()
  fireEvent.click(button('Remove'))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(backups.removals).toEqual([{ id: 'newest' }])
})

it('of the only good one that is said before, and the name is asked for', async () => {
  const { backups, dialog, button } = await asks(1)
  expect(dialog.textContent).toContain('It is the last good one of shop')
  expect(button('Remove').disabled).toBe(true)
  fireEvent.change(within(dialog).getByRole('textbox'), { target: { value: 'shop' } })
  fireEvent.click(button('Remove'))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(backups.removals).toEqual([{ id: 'newest', confirm: 'shop' }])
})

it('where the console asks for the name, what it says stands there with the field for it', async () => {
  const { backups, dialog, button } = await asks(2)
  // Another one is gone by now.
  backups.standing = standingOf({ good: 1, lastComplete: newest })
  fireEvent.click(button('Remove'))
  await within(dialog).findByText('It is the last good one')
  expect(button('Remove').disabled).toBe(true)
  expect(within(dialog).getByRole('textbox')).toBeTruthy()
})

it('is not left while it is removed', async () => {
  const gate = Promise.withResolvers<void>()
  const { backups, dialog, button } = await asks(2, gate.promise)
  fireEvent.click(button('Remove'))
  await waitFor(() => expect(backups.removals).toHaveLength(1))
  expect([button('Cancel').disabled, button('Close').disabled]).toEqual([true, true])
  fireEvent.keyDown(dialog, { key: 'Escape' })
  expect(screen.queryByRole('dialog')).toBe(dialog)
  gate.resolve()
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})
