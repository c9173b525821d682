// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'

const rows = [fleetRow({ name: 'shop' })]
const text = 'Critical alerts reach nobody: there is no channel.'

it('the header says that nobody hears alerts, and leads to the channels', async () => {
  renderApp({ rows, unheard: { why: 'no-channel', channels: [], rules: 4, of: 4, inPart: false, text } })
  const link = await screen.findByRole('link', { name: 'Nobody hears alerts' })
  expect(link.getAttribute('href')).toMatch(/\/settings\/channels$/)
  link.focus()
  expect((await screen.findByRole('tooltip')).textContent).toBe(text)
})

it('the header says that some alerts reach nobody', async () => {
  renderApp({ rows, unheard: { why: 'failing', channels: ['pager'], rules: 4, of: 4, inPart: true, text } })
  await screen.findByRole('link', { name: 'Some alerts reach nobody' })
})

it('the header of a page says nothing of pages that are not open', async () => {
  const page = renderApp({
    rows,
    unheard: { why: 'no-page', channels: [], rules: 4, of: 4, inPart: false, text },
  })
  await waitFor(() => expect(page.unheard()).toBeGreaterThan(0))
  await screen.findByRole('heading', { name: 'Fleet' })
  expect(screen.queryByRole('link', { name: 'Nobody hears alerts' })).toBeNull()
})
