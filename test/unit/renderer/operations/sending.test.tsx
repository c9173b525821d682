// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

const preview = {
  ...{ effect: 'destroys' as const, steps: [], irreversible: [], warnings: [], refusals: [], databases: [] },
  ...{ services: [], connections: { needed: 0, free: null }, lastTookMs: null },
  changes: [{ code: 'takes-back', params: {}, text: 'What it does' }],
}

/** A restore that may be taken back, or kept. */
const one = operationOf({
  ...{ state: 'succeeded', heading: 'forward' },
  result: {
    ...{
      backup: 'b',
      database: 'shop',
      before: 'shop_before',
      beforeOid: 1,
      restored: 'shop',
      restoredOid: 2,
    },
    ...{ tables: 1, rows: 1, swappedAt: 0 },
  },
})

function play() {
  const gate = Promise.withResolvers<void>()
  const operation = {
    ...{ one, preview, asked: [] as object[], isFree: true },
    ...{ gate: gate.promise, plan: 'plan' },
  }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  return { operation, gate }
}

const button = (within_: HTMLElement, name: string) =>
  within(within_).getByRole('button', { name }) as HTMLButtonElement

async function sent(opens: RegExp, does: RegExp): Promise<HTMLElement> {
  fireEvent.click(await screen.findByRole('button', { name: opens }))
  const dialog = await screen.findByRole('dialog')
  await within(dialog).findByText('What it does')
  fireEvent.click(within(dialog).getByRole('button', { name: does }))
  return dialog
}

it.each([
  ['an act', /^Take back/, /^Take back$/],
  ['one that begins', /^Keep/, /^Drop shop_before$/],
])('%s that is sent is left when there is an answer, and not before', async (_, opens, does) => {
  const { operation, gate } = play()
  const dialog = await sent(opens, does)
  await waitFor(() => expect(operation.asked.some((one_) => 'act' in one_)).toBe(true))
  expect([button(dialog, 'Cancel').disabled, button(dialog, 'Close').disabled]).toEqual([true, true])
  fireEvent.keyDown(dialog, { key: 'Escape' })
  expect(screen.queryByRole('dialog')).toBe(dialog)
  gate.reject(new Error('it cannot be done'))
  // A refusal is seen, and then it can be left.
  await within(dialog).findByRole('alert')
  fireEvent.click(button(dialog, 'Cancel'))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

it('one that was begun from among the operations is opened there, and not behind its dialog', async () => {
  const { gate } = play()
  gate.resolve()
  const dialog = await sent(/^Keep/, /^Drop shop_before$/)
  fireEvent.click(await within(dialog).findByRole('link', { name: /^Open the operation/ }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(location.hash).toBe('#/operations/one')
})

it('one whose answer was lost is begun once, however often it is sent, and another plan is another one', async () => {
  const { operation, gate } = play()
  const dialog = await sent(/^Keep/, /^Drop shop_before$/)
  await waitFor(() => expect(operation.asked).toHaveLength(1))
  gate.reject(new Error('the answer is lost'))
  await within(dialog).findByRole('alert')
  fireEvent.click(button(dialog, 'Drop shop_before'))
  await waitFor(() => expect(operation.asked).toHaveLength(2))
  await waitFor(() => expect(button(dialog, 'Drop shop_before').disabled).toBe(false))
  operation.gate = Promise.resolve()
  operation.plan = 'another'
  fireEvent.click(button(dialog, 'Drop shop_before'))
  await waitFor(() => expect(operation.asked).toHaveLength(3))
  await waitFor(() => expect(button(dialog, 'Drop shop_before').disabled).toBe(false))
  fireEvent.click(button(dialog, 'Drop shop_before'))
  await within(dialog).findByRole('status')
  const keys = operation.asked.map((one_) => (one_ as { idempotencyKey: string }).idempotencyKey)
  expect(keys[0]).toMatch(/^[0-9a-f]{32}-plan$/)
  const name = keys[0]?.slice(0, 33) ?? ''
  expect(keys).toEqual([`${name}plan`, `${name}plan`, `${name}plan`, `${name}another`])
})

it('keeps quiet only what is known to change something, whatever was ticked before', async () => {
  const { operation, gate } = play()
  gate.resolve()
  const look = Promise.withResolvers<void>()
  Object.assign(operation, { look: look.promise })
  fireEvent.click(await screen.findByRole('button', { name: /^Keep/ }))
  const dialog = await screen.findByRole('dialog')
  const quiet = () => within(dialog).queryByRole('checkbox')
  // What it does is not known yet.
  expect(quiet()).toBeNull()
  look.resolve()
  await within(dialog).findByText('What it does')
  fireEvent.click(within(dialog).getByRole('checkbox'))
  Object.assign(operation, { preview: { ...preview, effect: 'reads' } })
  fireEvent.click(button(dialog, 'Look again'))
  await waitFor(() => expect(quiet()).toBeNull())
  fireEvent.click(button(dialog, 'Drop shop_before'))
  await within(dialog).findByRole('status')
  expect(operation.asked).toMatchObject([{ act: 'restore', silence: false }])
})
