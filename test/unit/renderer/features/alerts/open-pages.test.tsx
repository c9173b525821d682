// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { anAlert } from '../../support/alert.ts'
import { renderApp } from '../../support/render-app.tsx'

/** Six deployments with ten alerts each: two of them do not stand on the first page. */
const alerts = Array.from({ length: 60 }, (_, index) =>
  anAlert({ id: `a${index}`, deployment: `d${Math.floor(index / 10)}` }),
)

/** A page after the first one is answered when and as a test says. */
function openList(place = '/alerts') {
  const waiting: ((isAnswered: boolean) => void)[] = []
  const beforePage = ({ deployments }: { deployments?: readonly string[] | undefined }) =>
    deployments === undefined
      ? Promise.resolve(true)
      : new Promise<boolean>((resolve) => void waiting.push(resolve))
  const played = renderApp({ rows: [], alerts, beforePage }, { place })
  async function letPage(isAnswered: boolean) {
    await waitFor(() => expect(waiting).toHaveLength(1))
    waiting.pop()?.(isAnswered)
  }
  return { played, letPage }
}

it('does not say that nothing matches before the last page has come', async () => {
  const { letPage } = openList(`/alerts/open/${encodeURIComponent('in:d5:a55')}`)
  expect(await screen.findByText('0 of 60 shown')).toBeTruthy()
  expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy()
  expect(screen.queryByText('No alert matches')).toBeNull()
  await letPage(true)
  expect(await screen.findByText(/^10 of 60 shown/)).toBeTruthy()
})

it('says that a page did not come, and asks for it again when told to', async () => {
  const { letPage } = openList()
  expect(await screen.findByText('60 open alerts')).toBeTruthy()
  await letPage(false)
  const said = await screen.findByText(/20 more alerts could not be loaded\. .*not now/)
  expect(said.getAttribute('role')).toBe('alert')
  expect(screen.getByRole('table', { name: 'Alerts' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await letPage(true)
  expect(await screen.findByText('60 open alerts · 60 wait for somebody')).toBeTruthy()
  expect(screen.queryByText(/could not be loaded/)).toBeNull()
})

it('says so in place of the list where the filters let through nothing of what came', async () => {
  const { letPage } = openList(`/alerts/open/${encodeURIComponent('in:d5:a55')}`)
  await screen.findByText('0 of 60 shown')
  await letPage(false)
  expect(await screen.findByRole('heading', { name: 'The alerts could not be loaded' })).toBeTruthy()
  expect(screen.queryByText('No alert matches')).toBeNull()
})

it('asks for a page that did not come again with the next connection', async () => {
  const { letPage, played } = openList()
  await screen.findByText('60 open alerts')
  await letPage(false)
  await screen.findByText(/could not be loaded/)
  const { length } = played.asked
  played.drop()
  await waitFor(() => expect(played.asked.length).toBeGreaterThan(length))
  played.answer({ cursor: 'epoch:1', reset: false, changes: [] })
  await letPage(true)
  expect(await screen.findByText('60 open alerts · 60 wait for somebody')).toBeTruthy()
})

it('does with all of them what all are selected for, and waits until they have come', async () => {
  const { letPage } = openList()
  await screen.findByText('60 open alerts')
  fireEvent.keyDown(document.body, { key: 'a', code: 'KeyA', ctrlKey: true })
  expect(await screen.findByText('40 selected · 20 more are on their way')).toBeTruthy()
  fireEvent.keyDown(document.body, { key: 'a', code: 'KeyA' })
  const button = screen.getByRole<HTMLButtonElement>('button', { name: /^Acknowledge/ })
  expect(button.disabled).toBe(true)
  expect(screen.queryByRole('dialog')).toBeNull()
  await letPage(true)
  expect(await screen.findByText('60 selected')).toBeTruthy()
  await waitFor(() => expect(button.disabled).toBe(false))
  fireEvent.keyDown(document.body, { key: 'a', code: 'KeyA' })
  expect(await screen.findByText('Acknowledge 60 alerts')).toBeTruthy()
})
