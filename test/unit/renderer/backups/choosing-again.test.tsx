// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { RestoreButton } from '../../../../src/renderer/features/backups/restore/RestoreButton.tsx'
import { operationOf } from '../operations/operation.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { backupOf } from '../support/played-backups.ts'
import { renderPart } from '../support/render-part.tsx'

const preview = {
  ...{ effect: 'destroys' as const, steps: [], irreversible: [], warnings: [], refusals: [], databases: [] },
  ...{ services: [], connections: { needed: 0, free: null }, lastTookMs: null },
  changes: [{ code: 'ends-session', params: {}, text: 'What it does' }],
}
const database = {
  ...{ name: 'shop', bytes: 1, plainBytes: 1, tables: 1, rows: 1, heldMs: 1 },
  ...{ sequences: null, largeObjects: null, objects: null },
}

function play(isFree = true) {
  const operation = { one: operationOf(), preview, asked: [] as object[], isFree }
  const rows = [fleetRow({ name: 'shop' }), fleetRow({ name: 'lab' })]
  const backup = backupOf({ id: 'one', databases: [database] })
  return renderPart({ rows, operation }, <RestoreButton backup={backup} />)
}

const dialog = (name: string | RegExp) => screen.findByRole('dialog', { name })
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))

/** @returns why, and whether its alerts are kept quiet, as it stands beside the plan */
async function said() {
  const plan = within(await dialog('Restore: shop'))
  const quiet = await plan.findByRole<HTMLInputElement>('checkbox')
  return { why: plan.getByRole<HTMLInputElement>('textbox', { name: 'Why' }), quiet }
}

it('what was said beside a plan is said again where something else is chosen, and not once nothing is', async () => {
  play()
  await press('Restore…')
  await press('Show the plan')
  const { why, quiet } = await said()
  fireEvent.change(why, { target: { value: 'a wrong migration' } })
  fireEvent.click(quiet)
  await press('Choose again')
  await press('Show the plan')
  const again = await said()
  expect([again.why.value, again.quiet.checked]).toEqual(['a wrong migration', true])
  await press('Choose again')
  fireEvent.click(within(await dialog('Restore from this backup')).getByRole('button', { name: 'Cancel' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  await press('Restore…')
  await press('Show the plan')
  const anew = await said()
  expect([anew.why.value, anew.quiet.checked]).toEqual(['', false])
})

it('in production the name is demanded, and why is not', async () => {
  play(false)
  await press('Restore…')
  await press('Show the plan')
  const plan = within(await dialog('Restore: shop'))
  const name = await plan.findByLabelText(/^This is production/)
  const submit = plan.getByRole<HTMLButtonElement>('button', { name: 'Restore' })
  expect(submit.disabled).toBe(true)
  fireEvent.change(name, { target: { value: 'shop' } })
  expect(submit.disabled).toBe(false)
})

it('nothing is restored to the server of a deployment that is gone by now', async () => {
  const page = play()
  await press('Restore…')
  fireEvent.click(await screen.findByRole('radio', { name: 'To another or a blank server' }))
  const target = await screen.findByRole<HTMLSelectElement>('combobox')
  await within(target).findByRole('option', { name: /^lab/ })
  fireEvent.change(target, { target: { value: 'lab' } })
  const submit = screen.getByRole<HTMLButtonElement>('button', { name: 'Show the plan' })
  await waitFor(() => expect(submit.disabled).toBe(false))
  page.answer({ cursor: 'epoch:1', reset: false, changes: [{ kind: 'fleet-row-removed', name: 'lab' }] })
  await waitFor(() => expect(target.value).toBe(''))
  expect(submit.disabled).toBe(true)
})
