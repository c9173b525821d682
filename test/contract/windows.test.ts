/** Maintenance windows over every transport. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { failure } from './failure.ts'
import { type Client, type Connected, TRANSPORTS } from './transports.ts'

let console_: TestConsole
const open: Connected[] = []

beforeAll(async () => {
  console_ = await startTestConsole()
}, 60_000)

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
}, 60_000)

describe.each(TRANSPORTS)('over $name', (transport) => {
  const name = `upgrade-${transport.name.toLowerCase().replaceAll(' ', '-')}`
  const iso = (inMs: number) => new Date(Date.now() + inMs).toISOString()
  let client: Client
  let reader: Client

  beforeAll(async () => {
    const connections = await Promise.all([
      transport.connect(console_, 'OPERATOR'),
      transport.connect(console_, 'READONLY'),
    ])
    open.push(...connections)
    client = connections[0].client
    reader = connections[1].client
  })

  const nightly = {
    ...{ name, note: 'packages' },
    schedule: { kind: 'weekly' as const, days: [1, 4], zone: 'Europe/Berlin', time: '02:30', minutes: 90 },
    matchers: { deployments: ['shop'], severities: ['CRITICAL' as const] },
  }

  it('adds one, lists it with when it comes, changes and removes it', async () => {
    expect(await client.windows.save({ window: nightly })).toMatchObject({
      window: { ...nightly, enabled: true, matchers: { ...nightly.matchers, rules: null } },
      ...{ createdBy: 'operator', state: 'waiting', silence: null },
      next: { startsAt: expect.stringMatching(/T0[01]:30:00\.000Z$/) },
    })
    expect((await failure(client.windows.save({ window: nightly }))).code).toBe('WRONG_STATE')
    const renamed = { ...nightly, name: `${name}-2`, enabled: false }
    await client.windows.save({ window: renamed, replaces: name })
    const { items } = await reader.windows.list()
    expect(items.filter(({ window }) => window.name.startsWith(name))).toMatchObject([
      { window: { name: `${name}-2` }, state: 'off', next: null },
    ])
    expect(await client.windows.remove({ name: `${name}-2` })).toEqual({ name: `${name}-2` })
    expect(await failure(client.windows.remove({ name }))).toMatchObject({ status: 404 })
  })

  it('has a silence of one that is in force, which can be ended; that is on record', async () => {
    const schedule = { kind: 'once' as const, zone: 'UTC', from: iso(-60_000), to: iso(600_000) }
    const saved = await client.windows.save({ window: { ...nightly, schedule } })
    expect(saved).toMatchObject({ state: 'in-force', silence: { until: schedule.to }, next: null })
    const { items } = await reader.silences.list()
    expect(items).toContainEqual(
      expect.objectContaining({ window: name, createdBy: 'operator', note: 'packages', until: schedule.to }),
    )
    await client.silences.end({ silence: saved.silence?.id ?? '' })
    const after = (await reader.windows.list()).items.find(({ window }) => window.name === name)
    expect(after).toMatchObject({ state: 'over', silence: null })
    await client.windows.remove({ name })
    const actions = (await console_.engine.audit.list({ limit: 500 }))
      .filter(({ target, outcome }) => target === name && outcome === 'succeeded')
      .map(({ action }) => action)
    expect(actions).toEqual(expect.arrayContaining(['windows.save', 'windows.remove']))
  })

  it('shows beforehand when it would be', async () => {
    const { schedule, matchers } = nightly
    const { next, times, hidden, matched, isCut } = await reader.windows.preview({ schedule, matchers })
    expect(next).toHaveLength(5)
    // Three where one is just now, and was a week ago.
    expect([2, 3]).toContain(times)
    expect({ hidden, matched, isCut }).toEqual({ hidden: 0, matched: 0, isCut: false })
    const lasts = next.map(({ startsAt, endsAt }) => Date.parse(endsAt) - Date.parse(startsAt))
    expect(new Set(lasts)).toEqual(new Set([90 * 60_000]))
  })

  it('refuses what cannot be, with the reason', async () => {
    const schedule = { ...nightly.schedule, zone: 'Mars/Olympus', minutes: 20_000 }
    expect(await failure(client.windows.save({ window: { ...nightly, schedule } }))).toMatchObject({
      ...{ code: 'BAD_REQUEST', status: 400 },
      data: {
        issues: [
          { path: 'window.schedule.zone', message: expect.stringContaining('Europe/Berlin') },
          { path: 'window.schedule.minutes', message: expect.stringContaining('a week where it is weekly') },
        ],
      },
    })
    expect(await failure(reader.windows.save({ window: nightly }))).toMatchObject({ status: 403 })
  })
})
