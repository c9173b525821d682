// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { renderApp } from '../support/render-app.tsx'

it('that the console changes nothing, as somebody else decided, stands there at once', async () => {
  const played = { rows: [], readOnly: false }
  const page = renderApp(played, { place: '/operations' })
  const box = await screen.findByRole<HTMLInputElement>('checkbox', {
    name: 'Read-only',
  })
  expect(box.checked).toBe(false)
  played.readOnly = true
  const changes = [{ kind: 'operation-settings' as const, readOnly: true }]
  page.answer({ cursor: 'epoch:1', reset: false, changes })
  await waitFor(() => expect(box.checked).toBe(true))
})
