/** The watch and escalation over every transport. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestConsole, type TestConsole } from '../support/test-console.ts'
import { failure } from './failure.ts'
import { type Client, type Connected, TRANSPORTS } from './transports.ts'

let console_: TestConsole
const open: Connected[] = []

beforeAll(async () => {
  console_ = await startTestConsole()
  await console_.engine.notify.channels.save({ kind: 'desktop', name: 'pager', everything: false }, null)
}, 60_000)

afterAll(async () => {
  for (const { close } of open) close()
  await console_?.stop()
}, 60_000)

describe.each(TRANSPORTS)('over $name', (transport) => {
  const suffix = transport.name.toLowerCase().replaceAll(' ', '-')
  const [anna, boris] = [`Анна (${suffix})`, `Boris ${suffix}`]
  const name = `primary-${suffix}`
  const now = Date.now()
  const iso = (inMs: number) => new Date(now + inMs).toISOString()
  const HOUR_MS = 3_600_000
  let admin: Client
  let operator: Client
  let reader: Client

  beforeAll(async () => {
    const connections = await Promise.all([
      transport.connect(console_, 'ADMIN'),
      transport.connect(console_, 'OPERATOR'),
      transport.connect(console_, 'READONLY'),
    ])
    open.push(...connections)
    ;[admin, operator, reader] = connections.map(({ client }) => client) as [Client, Client, Client]
  })

  const own = {
    ...{ name, people: [anna, boris], startsOn: '2026-01-05', time: '09:00' },
    ...{ zone: 'Europe/Moscow', shiftDays: 7 },
  }
  const standing = async () => (await reader.rota.list()).items.find(({ rota }) => rota.name === name)

  it('knows people by what reaches them', async () => {
    await admin.rota.savePerson({ person: { name: anna, channels: ['pager'] } })
    await admin.rota.savePerson({ person: { name: boris } })
    const { items } = await reader.rota.people()
    expect(items).toEqual(
      expect.arrayContaining([
        { name: anna, channels: ['pager'] },
        { name: boris, channels: [] },
      ]),
    )
    const person = { name: boris, channels: ['pager', 'none'] }
    expect(await failure(admin.rota.savePerson({ person, replaces: boris }))).toMatchObject({
      code: 'BAD_REQUEST',
      data: {
        issues: [
          { path: 'person.channels[1]', message: expect.stringMatching(/no channel named none; .*pager/) },
        ],
      },
    })
    expect(await failure(operator.rota.savePerson({ person }))).toMatchObject({ status: 403 })
  })

  it('tells who has the watch now, from when to when, and who is next', async () => {
    expect(await admin.rota.save({ rota: own })).toEqual({ name })
    const seen = await standing()
    expect(seen).toMatchObject({ rota: own, overrides: [], now: { instead: null, override: null } })
    expect([seen?.now?.person, seen?.next].sort()).toEqual([anna, boris].sort())
    expect(Date.parse(seen?.now?.from ?? '')).toBeLessThanOrEqual(Date.now())
    expect(Date.parse(seen?.now?.to ?? '')).toBeGreaterThan(now)
    const { items } = await reader.rota.shifts({ name })
    expect(items.length).toBeGreaterThanOrEqual(4)
    expect(items.slice(1).map(({ from }) => from)).toEqual(items.slice(0, -1).map(({ to }) => to))
    const rota = { ...own, people: ['Nobody'] }
    expect(await failure(admin.rota.save({ rota, replaces: name }))).toMatchObject({
      ...{ code: 'BAD_REQUEST', data: { issues: [{ path: 'rota.people[0]' }] } },
    })
    expect(await failure(reader.rota.shifts({ name: 'none' }))).toMatchObject({ status: 404 })
  })

  it('lets somebody stand in, which an operator may say, and takes that back', async () => {
    const before = await standing()
    const person = before?.next ?? ''
    const [from, to] = [iso(-HOUR_MS), iso(2 * HOUR_MS)]
    const made = await operator.rota.override({ name, person, from, to, note: 'swapped' })
    expect(made).toMatchObject({ person, from, to, by: 'operator', note: 'swapped' })
    expect((await standing())?.now).toMatchObject({ person, instead: before?.now?.person, override: made.id })
    expect(await failure(operator.rota.override({ name, person, from: to, to: from }))).toMatchObject({
      ...{ code: 'BAD_REQUEST', status: 400 },
    })
    await operator.rota.removeOverride({ name, override: made.id })
    expect((await standing())?.now).toEqual(before?.now)
    expect(await failure(operator.rota.removeOverride({ name, override: made.id }))).toMatchObject({
      status: 404,
    })
  })

  it('goes on to them where nobody acknowledges, by a policy', async () => {
    const policy = {
      name: `all-${suffix}`,
      enabled: false,
      matchers: { deployments: ['shop'] },
      steps: [
        { afterMinutes: 0, to: [{ kind: 'watch' as const, rota: name }] },
        { afterMinutes: 10, to: [{ kind: 'channel' as const, channel: 'pager' }], louder: true },
      ],
    }
    expect(await admin.escalation.save({ policy })).toEqual({ name: policy.name })
    const { items } = await reader.escalation.list()
    expect(items.find((one) => one.name === policy.name)).toMatchObject(policy)
    const steps = [{ afterMinutes: 1, to: [{ kind: 'next' as const, rota: 'none' }] }]
    expect(
      await failure(admin.escalation.save({ policy: { ...policy, steps }, replaces: policy.name })),
    ).toMatchObject({
      code: 'BAD_REQUEST',
      data: {
        issues: [{ path: 'policy.steps[0].to[0].rota', message: expect.stringContaining(name) }],
      },
    })
    const misnamed = [{ afterMinutes: 1, to: [{ kind: 'channel' as const, channel: 'paper' }] }]
    expect(
      await failure(admin.escalation.save({ policy: { ...policy, steps: misnamed }, replaces: policy.name })),
    ).toMatchObject({
      data: {
        issues: [{ path: 'policy.steps[0].to[0].channel', message: expect.stringMatching(/paper; .*pager/) }],
      },
    })
    // What is named is not removed under those who name it.
    expect(await failure(admin.rota.remove({ name }))).toMatchObject({ code: 'WRONG_STATE', status: 409 })
    expect(await failure(admin.rota.removePerson({ name: anna }))).toMatchObject({ code: 'WRONG_STATE' })
    // A channel that a person or a step names would be told of nothing under another name.
    expect(await failure(admin.channels.remove({ name: 'pager' }))).toMatchObject({
      ...{ code: 'WRONG_STATE', status: 409, data: { reason: `pager is named by ${anna}` } },
    })
    const renamed = { kind: 'desktop' as const, name: 'other', everything: false }
    expect(await failure(admin.channels.save({ channel: renamed, replaces: 'pager' }))).toMatchObject({
      code: 'WRONG_STATE',
      status: 409,
    })
    await admin.escalation.remove({ name: policy.name })
    await admin.rota.remove({ name })
    expect(await admin.rota.removePerson({ name: anna })).toEqual({ name: anna })
    expect(await failure(admin.escalation.remove({ name: policy.name }))).toMatchObject({ status: 404 })
  })
})
