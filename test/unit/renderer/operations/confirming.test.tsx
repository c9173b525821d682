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
  fireEvent.click(await screen.findByRole('button', { name: 'Go on taking back' }))
  const form = await screen.findByRole('form', { name: 'Go on taking back' })
  expect(within(form).getByText('Drops the database that was restored')).toBeTruthy()
  fireEvent.change(within(form).getByLabelText('Why'), { target: { value: 'half done' } })
  fireEvent.change(within(form).getByLabelText(/^This is production/), { target: { value: 'shop' } })
  fireEvent.submit(form)
  await waitFor(() => expect(screen.queryByRole('form', { name: 'Go on taking back' })).toBeNull())
  fireEvent.click(screen.getByRole('button', { name: 'Take back' }))
  const other = await screen.findByRole('form', { name: 'Take back' })
  expect((within(other).getByLabelText(/^This is production/) as HTMLInputElement).value).toBe('')
  expect(operation.asked).toEqual([
    { act: 'resume', id: 'one' },
    { act: 'resume', id: 'one', confirm: 'shop', reason: 'half done' },
    { act: 'undo', id: 'one' },
  ])
})
