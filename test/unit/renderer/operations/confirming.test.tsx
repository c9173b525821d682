// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'
import { operationOf } from './operation.ts'

const line = (text: string) => ({ code: 'ends-session', params: {}, text })
const preview = {
  ...{ effect: 'destroys' as const, steps: [], irreversible: [], warnings: [], refusals: [], databases: [] },
  ...{ services: [], connections: { needed: 0, free: null }, lastTookMs: null },
  changes: [line('Drops the database that was restored')],
}

const one = operationOf()

afterEach(() => {
  vi.useRealTimers()
})

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
    { act: 'resume', id: 'one', plan: 'plan', confirm: 'shop', reason: 'half done' },
    { shown: 'undo' },
  ])
})

it('asks why, and takes the name without it', async () => {
  const operation = { one, preview, asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Take back…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Take back: Restore, shop' })
  fireEvent.change(await within(dialog).findByLabelText(/^This is production/), { target: { value: 'shop' } })
  expect(within(dialog).getByLabelText('Why').getAttribute('placeholder')).toMatch(/^Optional/)
  fireEvent.click(within(dialog).getByRole('button', { name: 'Take back' }))
  await waitFor(() => expect(operation.asked.at(-1)).toMatchObject({ act: 'undo', confirm: 'shop' }))
  expect(operation.asked.at(-1)).not.toHaveProperty('reason')
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
    {
      ...{ act: 'cancel', id: 'one', leave: true, plan: 'plan', confirm: 'shop' },
      reason: 'the host is gone',
    },
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

const waiting = { ...one, heading: 'forward' as const }
const refused = { ...preview, refusals: [line('There is nothing to go back to')] }
const LOOKS = [
  ['says no', refused],
  ['fails', null],
] as const

/** Asks for it where nothing has to be confirmed. @returns what was asked, its dialog and the button that does it */
async function asksFor(
  button: string,
  operation: typeof one,
  seen: typeof refused | null,
): Promise<{ asked: object[]; dialog: HTMLElement; submit: HTMLButtonElement }> {
  const played = { one: operation, preview: seen, asked: [] as object[], isFree: true }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation: played }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: `${button}…` }))
  const dialog = await screen.findByRole('dialog', { name: `${button}: Restore, shop` })
  // It is said all the same.
  if (seen === null) await within(dialog).findByRole('alert')
  else await within(dialog).findByText('There is nothing to go back to')
  const submit = within(dialog).getByRole('button', { name: button }) as HTMLButtonElement
  return { asked: played.asked, dialog, submit }
}

it.each(
  LOOKS.flatMap(([look, seen]) => [
    ['Give up', 'it runs', look, seen, { ...waiting, state: 'running' as const }, { act: 'cancel' }] as const,
    ['Give up', 'it was cut off', look, seen, waiting, { act: 'cancel' }] as const,
    ['Give up as it is', 'it was cut off', look, seen, waiting, { act: 'cancel', leave: true }] as const,
    ['Resume', 'it was cut off', look, seen, waiting, { act: 'resume' }] as const,
  ]),
)('%s: where %s, that is possible, though a look %s', async (act, _, __, seen, operation, wanted) => {
  const { asked, submit } = await asksFor(act, operation, seen)
  expect(submit.disabled).toBe(false)
  fireEvent.click(submit)
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  // What nobody saw has no word.
  expect(asked.at(-1)).toEqual({ ...wanted, id: 'one', ...(seen !== null && { plan: 'plan' }) })
})

it.each([
  ['Give up', { ...waiting, state: 'running' as const }, { act: 'cancel' }],
  ['Give up as it is', waiting, { act: 'cancel', leave: true }],
  ['Resume', waiting, { act: 'resume' }],
] as const)('%s: a look that takes its time does not hold that up', async (act, operation, wanted) => {
  const look = Promise.withResolvers<void>()
  const played = { one: operation, preview, asked: [] as object[], isFree: true, look: look.promise }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation: played }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: `${act}…` }))
  const dialog = await screen.findByRole('dialog', { name: `${act}: Restore, shop` })
  const submit = within(dialog).getByRole('button', { name: act }) as HTMLButtonElement
  // What comes within a moment is read before.
  expect(submit.disabled).toBe(true)
  await waitFor(() => expect(submit.disabled).toBe(false))
  fireEvent.click(submit)
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(played.asked.at(-1)).toEqual({ ...wanted, id: 'one' })
  look.resolve()
})

it('what is over is not taken back before it was looked at, however long that takes', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const look = Promise.withResolvers<void>()
  const over = { ...waiting, state: 'succeeded' as const }
  const played = { one: over, preview, asked: [] as object[], isFree: true, look: look.promise }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation: played }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Take back…' }))
  const dialog = await screen.findByRole('dialog')
  const submit = within(dialog).getByRole('button', { name: 'Take back' }) as HTMLButtonElement
  await vi.advanceTimersByTimeAsync(10_000)
  expect(submit.disabled).toBe(true)
  look.resolve()
  await waitFor(() => expect(submit.disabled).toBe(false))
})

it.each(LOOKS)('what is over is not taken back where a look %s', async (_, seen) => {
  const { submit } = await asksFor('Take back', { ...waiting, state: 'succeeded' as const }, seen)
  expect(submit.disabled).toBe(true)
})

it('looks anew while it stands there, and what was typed confirms nothing but what was read', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  const loses = (text: string, inserted: number, seconds: number) => ({
    ...preview,
    irreversible: [{ code: 'undo-loses-counted', params: { inserted, seconds }, text }],
  })
  const played = { one, preview: loses('Nothing is lost', 0, 10), asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation: played }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Take back…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Take back: Restore, shop' })
  await within(dialog).findByText('Nothing is lost')
  const name = () => within(dialog).getByLabelText(/^This is production/) as HTMLInputElement
  const submit = within(dialog).getByRole('button', { name: 'Take back' }) as HTMLButtonElement
  fireEvent.change(within(dialog).getByLabelText('Why'), { target: { value: 'wrong one' } })
  fireEvent.change(name(), { target: { value: 'shop' } })
  expect(submit.disabled).toBe(false)
  // That it is longer ago by now is nothing else.
  played.preview = loses('Nothing is lost, still', 0, 310)
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  await within(dialog).findByText('Nothing is lost, still')
  expect([name().value, submit.disabled]).toEqual(['shop', false])
  played.preview = loses('Three rows are lost', 3, 610)
  await vi.advanceTimersByTimeAsync(5 * 60_000)
  await within(dialog).findByText('Three rows are lost')
  expect([name().value, submit.disabled]).toEqual(['', true])
})

it('says of steps that they are taken back, where that is what would be done', async () => {
  const step = (id: string, title: string) => ({
    ...{ id, title, nature: 'restartable' as const, changes: true, undoable: true },
    pointOfNoReturn: false,
  })
  const steps = [step('restore-swap', 'Swap the two databases'), step('restore-fill', 'Restore into it')]
  const operation = { one, preview: { ...preview, steps }, asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  for (const [button, heading] of [
    ['Take back…', 'Steps that are taken back'],
    ['Go on taking back…', 'Steps that are taken back'],
    ['Give up as it is…', 'Steps'],
  ] as const) {
    fireEvent.click(await screen.findByRole('button', { name: button }))
    const dialog = await screen.findByRole('dialog')
    expect(await within(dialog).findByRole('heading', { name: heading })).toBeTruthy()
    fireEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  }
})

it('the way out of what gives up is not called as what gives up is', async () => {
  const paused = operationOf({ state: 'paused', heading: 'forward' })
  const operation = { one: paused, preview, asked: [] as object[] }
  renderApp({ rows: [fleetRow({ name: 'shop' })], operation }, { place: '/operations/one' })
  fireEvent.click(await screen.findByRole('button', { name: 'Give up…' }))
  const dialog = await screen.findByRole('dialog')
  expect(within(dialog).queryByRole('button', { name: 'Cancel' })).toBeNull()
  fireEvent.click(within(dialog).getByRole('button', { name: 'Do not give up' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(operation.asked).toEqual([{ shown: 'cancel' }])
})
