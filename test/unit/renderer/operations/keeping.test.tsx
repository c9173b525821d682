// @vitest-environment jsdom
import { screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

const before = 'shop__before_1a2b3c4d'
const swapped = { database: 'shop', before, beforeOid: 7, swappedAt: 1 }
const failed = { state: 'failed', undo: 'failed' } as const
const error = (code: string) => ({ code, params: {}, text: 'It could not be taken back' })

const open = (rest: Parameters<typeof operationOf>[0]) =>
  renderApp(
    {
      rows: [fleetRow({ name: 'shop' })],
      operation: { one: operationOf(rest), preview: null, asked: [] },
    },
    { place: '/operations/one' },
  )
const keep = /^Keep it/

it.each<[string, Parameters<typeof operationOf>[0], string]>([
  ['swapped', { state: 'succeeded', result: swapped }, `Keep it: drop ${before}…`],
  [
    'could not be taken back for any reason',
    { ...failed, result: swapped, error: error('database-in-use') },
    `Keep it: drop ${before}…`,
  ],
  [
    'has nothing to go back to any more',
    { ...failed, result: swapped, error: error('restore-before-gone') },
    'Keep it: give up the way back…',
  ],
  [
    'put nothing aside',
    { state: 'succeeded', result: { database: 'shop', restored: 'shop' } },
    'Keep it: give up the way back…',
  ],
  ['was given up in doubt', { state: 'cancelled' }, 'Keep it: give up the way back…'],
])('a restore may be kept that %s', async (_, rest, name) => {
  open(rest)
  expect(await screen.findByRole('button', { name: keep })).toHaveProperty('textContent', name)
})

it.each<[string, Parameters<typeof operationOf>[0]]>([
  ['waits', { state: 'interrupted', result: swapped }],
  ['is no restore', { kind: 'restart-service', title: 'Restart', state: 'succeeded' }],
])('nothing is kept of one that %s', async (_, rest) => {
  open(rest)
  await screen.findByText(/Asked for by/)
  expect(screen.queryByRole('button', { name: keep })).toBeNull()
})
