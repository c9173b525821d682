// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

const preview = {
  ...{ effect: 'writes' as const, steps: [], irreversible: [], warnings: [], refusals: [], databases: [] },
  ...{ services: [], connections: { needed: 0, free: null }, lastTookMs: null, changes: [] },
}

const one = operationOf({ state: 'running', heading: 'forward', undo: 'none' })
const pause = { code: 'pauses-after-step', params: {}, text: 'It pauses after this step: Restore into it.' }

it('that one is to pause stands there at once, and is taken back without a question', async () => {
  const operation = { one, preview, asked: [] as object[], isFree: true }
  const console_ = renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Pause' }))
  await waitFor(() => expect(operation.asked).toEqual([{ act: 'pause' }]))
  const turned = (to: Partial<typeof one>, cursor: string) => {
    operation.one = { ...one, ...to }
    const open = { running: 1, waiting: 0 }
    const changes = [{ kind: 'operation' as const, id: 'one', deployment: 'shop', open }]
    console_.answer({ cursor, reset: false, changes })
  }
  turned({ pause }, 'epoch:1')
  expect(await screen.findByText('It pauses after this step: Restore into it.')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Pause' })).toBeNull()
  expect(screen.getByRole('button', { name: 'Give up…' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Do not pause' }))
  await waitFor(() => expect(operation.asked.at(-1)).toEqual({ act: 'resume', id: 'one' }))
  expect(screen.queryByRole('dialog')).toBeNull()
  turned({ pause: null }, 'epoch:2')
  expect(await screen.findByRole('button', { name: 'Pause' })).toBeTruthy()
})

it('one that paused is resumed, after what that does was shown', async () => {
  const paused = { ...one, state: 'paused' as const }
  const operation = { one: paused, preview, asked: [] as object[], isFree: true }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Resume…' }))
  const submit = (await screen.findByRole('button', { name: 'Resume' })) as HTMLButtonElement
  await waitFor(() => expect(submit.disabled).toBe(false))
  fireEvent.click(submit)
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(operation.asked).toEqual([{ shown: 'resume' }, { act: 'resume', id: 'one', plan: 'plan' }])
})
