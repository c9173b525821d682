import { describe, expect, it } from 'vitest'
import { targetKey, targetOf } from '../../../../../src/renderer/features/alerts/watch/policies/targets.ts'
import {
  windowDraft,
  windowOf,
} from '../../../../../src/renderer/features/alerts/watch/windows/window-draft.ts'
import { MaintenanceWindow } from '../../../../../src/shared/model/window.ts'

const NOW = Date.UTC(2026, 10, 28, 12, 10)
const again = { zone: 'Europe/Berlin', time: '02:30', minutes: 90, from: '2026-12-01', until: null }

describe('a maintenance window in its form', () => {
  it.each([
    { kind: 'daily', ...again },
    { kind: 'weekly', days: [1, 7], ...again, from: null, until: '2027-01-31' },
    { kind: 'monthly', on: { day: 31 }, ...again },
    { kind: 'monthly', on: { week: -1, weekday: 2 }, ...again },
    { kind: 'once', zone: 'UTC', from: '2026-12-01T01:30:00.000Z', to: '2026-12-01T03:00:00.000Z' },
  ])('is what it was when nothing was changed: $kind', (schedule) => {
    const window = MaintenanceWindow.parse({
      ...{ name: 'patches', enabled: false, note: 'packages', schedule },
      matchers: { deployments: ['shop'], severities: ['CRITICAL'] },
    })
    const made = windowOf(windowDraft(window, 'Europe/Moscow', NOW))
    expect(MaintenanceWindow.parse(made)).toEqual(window)
  })

  it('of a new one is in the zone of whoever makes it, and for everything', () => {
    const draft = windowDraft(null, 'Europe/Moscow', NOW)
    const made = MaintenanceWindow.parse(windowOf({ ...draft, name: ' nightly ' }))
    expect(made).toMatchObject({
      ...{ name: 'nightly', enabled: true, note: null },
      matchers: { deployments: null, rules: null, severities: null },
      schedule: { kind: 'weekly', days: [7], zone: 'Europe/Moscow', from: null, until: null },
    })
  })

  it('keeps what has no field', () => {
    const labels = [{ name: 'team', value: 'db', isRegex: false, isEqual: true }]
    const window = MaintenanceWindow.parse({
      ...{ name: 'patches', schedule: { kind: 'daily', ...again } },
      matchers: { labels },
    })
    const made = MaintenanceWindow.parse(windowOf(windowDraft(window, 'UTC', NOW)))
    expect(made.matchers.labels).toEqual(window.matchers.labels)
  })
})

it.each([
  { kind: 'channel', channel: 'pager' },
  { kind: 'watch', rota: 'primary' },
  { kind: 'next', rota: 'primary' },
] as const)('whom a step reaches is one choice: $kind', (target) => {
  expect(targetOf(targetKey(target))).toEqual(target)
})
