// @vitest-environment jsdom
import { act, fireEvent, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { Session } from '../../../../src/renderer/client/session.ts'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

const saying = (text: string) => ({
  ...{ effect: 'destroys' as const, steps: [], irreversible: [], warnings: [], refusals: [], databases: [] },
  ...{ services: [], connections: { needed: 0, free: null }, lastTookMs: null },
  changes: [{ code: 'ends-session', params: {}, text }],
})

it('in another language the console says all anew, and what was typed for it stays', async () => {
  const operation = { one: operationOf(), preview: saying('It is dropped'), asked: [] as object[] }
  const { console: console_ } = renderApp(
    { rows: [fleetRow({ name: 'shop' })], operation },
    { place: '/operations/one' },
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Take back…' }))
  const dialog = await screen.findByRole('dialog')
  await within(dialog).findByText('It is dropped')
  fireEvent.change(within(dialog).getByLabelText('Why'), { target: { value: 'wrong one' } })
  fireEvent.change(within(dialog).getByLabelText(/^This is production/), { target: { value: 'shop' } })
  // As the console has it in that language.
  operation.one = operationOf({ title: 'Восстановление' })
  operation.preview = saying('Она удаляется')
  act(() => {
    console_.cache.setQueryData<Session>(
      console_.keys.session,
      (old) => old && { ...old, preferences: { ...old.preferences, language: 'ru' } },
    )
  })
  await within(dialog).findByText('Она удаляется')
  await screen.findByRole('dialog', { name: /Восстановление/ })
  const typed = within(dialog)
    .getAllByRole<HTMLInputElement>('textbox')
    .map(({ value }) => value)
  expect(typed).toEqual(['wrong one', 'shop'])
})
