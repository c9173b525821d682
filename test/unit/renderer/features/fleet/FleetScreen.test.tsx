// @vitest-environment jsdom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { FIRST_VIEW } from '../../../../../src/renderer/features/fleet/fleet-rows.ts'
import { fleetRow } from '../../support/fleet-row.ts'
import { renderApp } from '../../support/render-app.tsx'

const rows = [
  fleetRow({ name: 'shop', reason: { code: 'health-live', params: { latency: 12 } } }),
  fleetRow({
    name: 'billing',
    status: 'CRITICAL',
    environment: 'production',
    reason: { code: 'pool-utilization-high', params: { value: 95, checkedOut: 38, size: 40, limit: 90 } },
  }),
]
const bodyRows = async () => (await screen.findAllByRole('row')).slice(1)

it('shows the worst deployment first, with its reason in words, and says so in the title', async () => {
  renderApp({ rows })
  const [first, second] = await bodyRows()
  expect(first?.textContent).toContain('billing')
  expect(first?.textContent).toContain('Critical')
  expect(first?.textContent).toContain('38 of 40 connections')
  expect(second?.textContent).toContain('shop')
  await waitFor(() => expect(document.title).toBe('Critical: billing · Vakhta'))
})

it('says how old the last good backup is, and how long the last one that was proven took to come back', async () => {
  const backups = { isConfigured: true, lastGoodAt: Date.now() - 3 * 3_600_000, isStale: false }
  renderApp({
    rows: [
      fleetRow({ name: 'proven', backups: { ...backups, recoveryMs: 252_000 } }),
      fleetRow({ name: 'unproven', backups: { ...backups, recoveryMs: null } }),
    ],
  })
  const [proven, unproven] = await bodyRows()
  expect(proven?.textContent).toMatch(/3\s?h.*↺\s4\s?min.*could be used after 4\s?min\s12\s?s/)
  expect(unproven?.textContent).toMatch(/3\s?h/)
  expect(unproven?.textContent).not.toContain('↺')
})

it('moves a row when its status changes and keeps the focus on it', async () => {
  const played = renderApp({ rows })
  await bodyRows()
  fireEvent.keyDown(document.body, { key: 'ArrowDown' })
  await waitFor(() => expect(document.activeElement?.textContent).toBe('billing'))
  const row = fleetRow({ name: 'shop', status: 'DOWN' })
  act(() =>
    played.answer({ cursor: 'epoch:1', reset: false, changes: [{ kind: 'fleet-row', name: 'shop', row }] }),
  )
  await waitFor(async () => expect((await bodyRows())[0]?.textContent).toContain('shop'))
  expect(document.activeElement?.textContent).toBe('billing')
})

it('says how many match a filter, and offers to clear one that lets nothing through', async () => {
  renderApp({ rows })
  await bodyRows()
  const filter = screen.getByRole('textbox', { name: 'Filter by name or reason' })
  fireEvent.change(filter, { target: { value: 'connections' } })
  expect(screen.getByText('1 of 2 shown')).toBeDefined()
  fireEvent.change(filter, { target: { value: 'nothing like it' } })
  expect(screen.getByText('No deployment matches')).toBeDefined()
  const [clear] = screen.getAllByRole('button', { name: 'Clear the filters' }).slice(-1)
  fireEvent.click(clear ?? filter)
  expect(await bodyRows()).toHaveLength(2)
})

it('says what failed and tries again when the console refuses', async () => {
  const source = { rows, refuseFleet: 'reads needs the role READONLY; yours is none.' }
  renderApp(source as Parameters<typeof renderApp>[0])
  const alert = await screen.findByRole('alert')
  expect(within(alert).getByText('The fleet could not be loaded')).toBeDefined()
  expect(within(alert).getByText(/needs the role READONLY/)).toBeDefined()
  Reflect.deleteProperty(source, 'refuseFleet')
  fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }))
  expect(await bodyRows()).toHaveLength(2)
})

it('goes to the first run where nothing is configured', async () => {
  renderApp({ rows: [] })
  expect(await screen.findByRole('heading', { name: 'Nothing is watched yet' })).toBeDefined()
  expect(screen.getByText('npm run demo')).toBeDefined()
  expect(location.hash).toBe('#/first-run')
})

it('remembers order, groups and filters with the console, and has them again in another browser', async () => {
  const fleet = { ...FIRST_VIEW, text: 'b', sort: 'name', group: 'environment' } as const
  renderApp({ rows, fleet })
  expect(await screen.findByText('1 of 2 shown')).toBeDefined()
  expect(screen.getByText('1 deployment · 1 needs attention')).toBeDefined()
  expect(screen.getByRole('textbox', { name: 'Filter by name or reason' })).toHaveProperty('value', 'b')
})

it('shows tags, groups by the first of them and offers them as a filter', async () => {
  const tagged = rows.map((row, index) => ({ ...row, tags: index === 0 ? ['payments', 'eu'] : [] }))
  const fleet = { ...FIRST_VIEW, group: 'tag' } as const
  renderApp({ rows: tagged, fleet })
  expect(await screen.findByRole('rowheader', { name: /^payments/ })).toBeDefined()
  expect(screen.getByText('payments · eu')).toBeDefined()
  expect(screen.getByRole('rowheader', { name: /^No tag/ })).toBeDefined()
  expect(screen.getByRole('combobox', { name: 'Tag' })).toBeDefined()
})

it('offers no tags where nothing has any', async () => {
  renderApp({ rows })
  await bodyRows()
  expect(screen.queryByRole('combobox', { name: 'Tag' })).toBeNull()
})

it('keeps what was typed with the console, once the typing is over', async () => {
  const played = renderApp({ rows })
  await bodyRows()
  const filter = screen.getByRole('textbox', { name: 'Filter by name or reason' })
  fireEvent.change(filter, { target: { value: 'sh' } })
  fireEvent.change(filter, { target: { value: 'shop' } })
  await waitFor(() => expect(played.preferred.map(({ fleet }) => fleet?.text)).toEqual(['shop']), {
    timeout: 5_000,
  })
})
