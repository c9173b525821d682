// @vitest-environment jsdom
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { filterActions } from '../../../../src/renderer/shell/palette-filter.ts'
import { keysAreTaken, letterOf } from '../../../../src/renderer/shell/shortcuts.ts'
import { worstOf } from '../../../../src/renderer/shell/WindowTitle.tsx'
import { fleetRow } from '../support/fleet-row.ts'
import { renderApp } from '../support/render-app.tsx'

const rows = [fleetRow({ name: 'shop' }), fleetRow({ name: 'ledger', environment: 'production' })]

describe('the keys of the shell', () => {
  it('go by the key in any layout', () => {
    expect(letterOf({ key: 'g', code: 'KeyG' })).toBe('g')
    expect(letterOf({ key: 'п', code: 'KeyG' })).toBe('g')
    expect(letterOf({ key: 'Л', code: 'KeyK' })).toBe('k')
    expect(letterOf({ key: 'G', code: 'KeyU' })).toBe('g')
  })

  it('belong to a field while one types into it', () => {
    expect(keysAreTaken(document.createElement('input'))).toBe(true)
    expect(keysAreTaken(document.body)).toBe(false)
  })

  it('lead to the settings and back to the fleet', async () => {
    renderApp({ rows })
    await screen.findByRole('heading', { name: 'Fleet' })
    fireEvent.keyDown(document.body, { key: 'п', code: 'KeyG' })
    fireEvent.keyDown(document.body, { key: 'ы', code: 'KeyS' })
    await waitFor(() => expect(location.hash).toBe('#/settings'))
    fireEvent.keyDown(document.body, { key: 'g', code: 'KeyG' })
    fireEvent.keyDown(document.body, { key: 'f', code: 'KeyF' })
    await waitFor(() => expect(location.hash).toBe('#/'))
  })

  it('are listed under ?', async () => {
    renderApp({ rows })
    await screen.findByRole('heading', { name: 'Fleet' })
    fireEvent.keyDown(document.body, { key: '?', code: 'Slash', shiftKey: true })
    const keys = within(await screen.findByRole('dialog', { name: 'Keys' }))
    const zoom = keys.getByText('Charts: zoom in and out').nextElementSibling
    expect([...(zoom?.querySelectorAll('kbd') ?? [])].map(({ textContent }) => textContent)).toEqual([
      '+',
      '−',
    ])
  })
})

describe('a screen that is opened', () => {
  it('leaves what is followed ahead of it as it is', async () => {
    const { console } = renderApp({ rows })
    await waitFor(() => expect(console.topics.wanted()).toContain('alerts'))
    location.hash = '#/settings'
    await screen.findByRole('navigation', { name: 'Sections of the settings' })
    expect(console.topics.wanted()).toContain('alerts')
  })

  it('is the same one when an alert is opened beside its list', async () => {
    renderApp({ rows }, { place: '/alerts' })
    const field = await screen.findByRole('textbox', { name: 'Filter by rule, reason, deployment or name' })
    location.hash = '#/alerts/open/one'
    await screen.findByRole('complementary', { name: 'The alert' })
    expect(field.isConnected).toBe(true)
  })
})

describe('the palette', () => {
  it('keeps what has each word typed, in any order, labels before descriptions', () => {
    const action = (label: string, description?: string) => ({
      id: label,
      label,
      ...(description && { description }),
    })
    const groups = [
      { group: 'A', actions: [action('shop', 'Staging'), action('staging-db')] },
      { group: 'B', actions: [action('Pause watching shop')] },
    ]
    const kept = (query: string) =>
      filterActions(query, groups).map(({ group, actions }) => [group, ...actions.map(({ id }) => id)])
    expect(kept('shop pause')).toEqual([['B', 'Pause watching shop']])
    expect(kept('STAGING')).toEqual([['A', 'staging-db', 'shop']])
    expect(kept('')).toHaveLength(2)
    expect(kept('nothing')).toEqual([])
  })

  it('finds a deployment and what can be done to it, and does it', async () => {
    const { paused } = renderApp({ rows })
    await screen.findByRole('heading', { name: 'Fleet' })
    fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true })
    const search = await screen.findByPlaceholderText('Deployment, screen or action')
    fireEvent.change(search, { target: { value: 'pause ledger' } })
    fireEvent.click(await screen.findByText('Pause watching ledger'))
    await waitFor(() => expect(paused).toEqual([{ name: 'ledger', paused: true }]))
  })

  it('changes the language of the page, and the document says so', async () => {
    renderApp({ rows })
    await screen.findByRole('heading', { name: 'Fleet' })
    fireEvent.keyDown(document.body, { key: 'k', code: 'KeyK', ctrlKey: true })
    fireEvent.click(await screen.findByText('Language: Russian (Русский)'))
    expect(await screen.findByRole('heading', { name: 'Обзор' })).toBeDefined()
    expect(document.documentElement.lang).toBe('ru')
  })
})

describe('the link to the console', () => {
  it('is said to be gone when it is, and the screen stays', async () => {
    const { drop, console } = renderApp({ rows })
    await screen.findByRole('heading', { name: 'Fleet' })
    await waitFor(() => expect(console.link.state().status).toBe('connected'))
    drop()
    await screen.findByText('Console not reachable')
    expect(screen.getByRole('heading', { name: 'Fleet' })).toBeDefined()
    await screen.findByText('Connected')
  })
})

describe('the title', () => {
  it('names the worst of what is watched', () => {
    expect(
      worstOf([
        fleetRow({ name: 'b', status: 'DOWN', paused: true }),
        fleetRow({ name: 'z', status: 'WARNING' }),
        fleetRow({ name: 'a', status: 'WARNING' }),
        fleetRow({ name: 'c' }),
      ]),
    ).toEqual({ status: 'WARNING', names: ['a', 'z'] })
    expect(worstOf([])).toBeNull()
  })
})
