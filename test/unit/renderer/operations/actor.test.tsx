// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

it.each([
  ['schedule', 'the schedule'],
  ['engine', 'the console'],
  ['anna', 'anna'],
])('says in words who began an operation: %s', async (actor, who) => {
  const operation = { one: operationOf({ actor }), preview: null as never, asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  expect(await screen.findByRole('cell', { name: who })).toBeTruthy()
  const panel = await screen.findByRole('complementary')
  await waitFor(() =>
    expect([...panel.querySelectorAll('p')].map((one) => one.textContent)).toContainEqual(
      expect.stringContaining(`Asked for by ${who} `),
    ),
  )
})
