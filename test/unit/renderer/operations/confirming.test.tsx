// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Outputs } from '../../../../src/renderer/client/client.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'

const line = (text: string) => ({ code: 'ends-session', params: {}, text })
const preview = {
  ...{ effect: 'destroys' as const, steps: [], irreversible: [], warnings: [], refusals: [], databases: [] },
  ...{ services: [], connections: { needed: 0, free: null }, lastTookMs: null },
  changes: [line('Drops the database that was restored')],
}

/** It waits on its way back. */
const one: Outputs['operations']['get'] = {
  ...{ id: 'one', kind: 'restore', deployment: 'shop', effect: 'destroys', state: 'interrupted' },
  ...{ heading: 'undone', undo: 'available', target: 'changed', options: {}, actor: 'anna', reason: null },
  ...{ title: 'Restore', error: null, result: null, startedAt: null, endedAt: null, log: [] },
  ...{ steps: [], progress: { phase: null, bytes: null, totalBytes: null, rate: null, secondsLeft: null } },
  createdAt: '2026-11-28T10:00:00Z',
}

it('a name that was typed for one thing confirms nothing else, and what would happen stands beside it', async () => {
  const operation = { one, preview, asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  // Which way it goes on is told by the button.
  fireEvent.click(await screen.findByRole('button', { name: 'Go on taking back…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Go on taking back: Restore, shop' })
  expect(await within(dialog).findByText('Drops the database that was restored')).toBeTruthy()
  const submit = within(dialog).getByRole('button', { name: 'Go on taking back' }) as HTMLButtonElement
  fireEvent.change(within(dialog).getByLabelText('Why'), { target: { value: 'half done' } })
  expect(submit.disabled).toBe(true)
  fireEvent.change(within(dialog).getByLabelText(/^This is production/), { target: { value: 'shop' } })
  expect(submit.disabled).toBe(false)
  fireEvent.click(submit)
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  fireEvent.click(screen.getByRole('button', { name: 'Take back…' }))
  const other = await screen.findByRole('dialog', { name: 'Take back: Restore, shop' })
  const field = await within(other).findByLabelText(/^This is production/)
  expect((field as HTMLInputElement).value).toBe('')
  expect(operation.asked).toEqual([
    { shown: 'resume' },
    { act: 'resume', id: 'one', confirm: 'shop', reason: 'half done' },
    { shown: 'undo' },
  ])
})

it('gives one that waits up as it is, and only after showing what stays', async () => {
  const lines = { ...preview, changes: [line('It ends as it is')] }
  const operation = { one, preview: lines, asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Give up as it is…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Give up as it is: Restore, shop' })
  expect(await within(dialog).findByText('It ends as it is')).toBeTruthy()
  fireEvent.change(within(dialog).getByLabelText('Why'), { target: { value: 'the host is gone' } })
  fireEvent.change(within(dialog).getByLabelText(/^This is production/), { target: { value: 'shop' } })
  fireEvent.click(within(dialog).getByRole('button', { name: 'Give up as it is' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(operation.asked).toEqual([
    { shown: 'leave' },
    { act: 'cancel', id: 'one', leave: true, confirm: 'shop', reason: 'the host is gone' },
  ])
})

it('does what changes nothing there at once, and shows it only where it has to be confirmed', async () => {
  const reading = { ...one, kind: 'backup' as const, effect: 'reads' as const, heading: 'forward' as const }
  const operation = { one: { ...reading, undo: 'none' as const }, preview, asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Resume' }))
  await screen.findByRole('dialog', { name: 'Resume: Restore, shop' })
  expect(operation.asked[0]).toEqual({ act: 'resume', id: 'one' })
})
