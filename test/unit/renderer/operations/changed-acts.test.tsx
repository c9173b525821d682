// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Outputs } from '../../../../src/renderer/client/client.ts'
import type { Change } from '../../../../src/shared/model/change.ts'
import type { PlayedConsole } from '../support/console-over-port.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

type One = Outputs['operations']['get']

const line = (text: string) => ({ code: 'takes-back', params: {}, text })
const previewOf = (text: string) => ({
  ...{ effect: 'destroys' as const, steps: [], irreversible: [], warnings: [], refusals: [], databases: [] },
  ...{ services: [], connections: { needed: 0, free: null }, lastTookMs: null },
  changes: [line(text)],
})

const step = (id: string, state: One['steps'][number]['state']): One['steps'][number] => ({
  ...{ id, title: id, state, nature: 'restartable', changes: true, undoable: true, pointOfNoReturn: false },
  ...{ inspected: null, startedAt: null, endedAt: null, tookMs: null, runningSince: null, error: null },
})

/** It is under way. */
const one = operationOf({
  ...{ state: 'running', heading: 'forward' },
  steps: [step('fill', 'running'), step('swap', 'pending')],
})
const swapped = { ...one, steps: [step('fill', 'succeeded'), step('swap', 'succeeded')] }

let cursor = 0
/** The console says that the operation turned. */
function turned(console_: PlayedConsole): void {
  const open = { running: 1, waiting: 0 }
  const change: Change = { kind: 'operation', id: 'one', deployment: 'shop', open }
  cursor += 1
  console_.answer({ cursor: `epoch:${cursor}`, reset: false, changes: [change] })
}

async function opened(isFree = true) {
  const played = {
    ...{ one, preview: previewOf('Drops the copy beside it'), asked: [] as object[], isFree },
    plan: 'of the copy',
  }
  const console_ = renderApp(
    { rows: [fleetRow({ name: 'shop' })], operation: played },
    { place: '/operations/one' },
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Give up…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Give up: Restore, shop' })
  await within(dialog).findByText('Drops the copy beside it')
  const submit = () => within(dialog).getByRole('button', { name: 'Give up' }) as HTMLButtonElement
  return { console_, played, dialog, submit }
}

it('what is shown is looked at anew as soon as the operation is a step further, and not for its progress', async () => {
  const { console_, played, dialog } = await opened()
  played.preview = previewOf('Swaps them back')
  played.one = { ...one, progress: { ...one.progress, phase: 'fill', bytes: 42 } }
  turned(console_)
  await screen.findByText('42 B')
  expect(played.asked).toEqual([{ shown: 'cancel' }])
  played.one = swapped
  turned(console_)
  await within(dialog).findByText('Swaps them back')
  expect(within(dialog).queryByText('Drops the copy beside it')).toBeNull()
  expect(played.asked).toEqual([{ shown: 'cancel' }, { shown: 'cancel' }])
})

it('what is sent is what was read, and what it is by now is read before it is sent again', async () => {
  const { played, dialog, submit } = await opened()
  played.preview = previewOf('Swaps them back')
  played.plan = 'of the swap'
  fireEvent.click(submit())
  await within(dialog).findByText('Swaps them back')
  expect(within(dialog).getByRole('alert').textContent).toBeTruthy()
  fireEvent.click(submit())
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(played.asked).toEqual([
    { shown: 'cancel' },
    { act: 'cancel', id: 'one', plan: 'of the copy' },
    { act: 'cancel', id: 'one', plan: 'of the swap' },
  ])
})

it('a name is asked for beside what it is by now', async () => {
  const { played, dialog, submit } = await opened()
  played.preview = previewOf('Swaps them back')
  played.plan = 'of the swap'
  played.isFree = false
  fireEvent.click(submit())
  await within(dialog).findByText('Swaps them back')
  expect(within(dialog).queryByText('Drops the copy beside it')).toBeNull()
  fireEvent.change(within(dialog).getByLabelText('Why'), { target: { value: 'wrong one' } })
  fireEvent.change(within(dialog).getByLabelText(/^This is production/), { target: { value: 'shop' } })
  fireEvent.click(submit())
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(played.asked.at(-1)).toEqual({
    ...{ act: 'cancel', id: 'one', plan: 'of the swap', confirm: 'shop', reason: 'wrong one' },
  })
})
