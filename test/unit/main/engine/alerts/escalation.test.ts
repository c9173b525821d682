import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decideEscalation } from '../../../../../src/main/engine/alerts/escalation/decide.ts'
import { reachedBy } from '../../../../../src/main/engine/alerts/escalation/reached.ts'
import type { Hold, Member } from '../../../../../src/main/engine/alerts/telling/decide-notice.ts'
import { EscalationPolicy } from '../../../../../src/shared/model/escalation.ts'
import { Person, Rota } from '../../../../../src/shared/model/rota.ts'
import { type AlertScene, createAlertScene } from '../../../../support/alert-scene.ts'
import { playAlerts } from '../../../../support/alert-story.ts'

describe('an escalation', () => {
  it('goes on step by step to whoever has the watch, to the next, and to a channel', () =>
    playAlerts(`
      at 0 s watch of Anna Boris
      at 0 s policy on shop 5 min watch 10 min next 15 min pager louder
      from 0 s to 30 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 304 s expect nothing
      at 306 s expect escalated CRITICAL on shop: db-pool-utilization-high to anna
      at 604 s expect nothing
      at 606 s expect escalated CRITICAL on shop: db-pool-utilization-high to boris
      at 906 s expect escalated CRITICAL on shop: db-pool-utilization-high to pager louder
      at 30 min expect nothing
      from 31 min to 32 min pool 10 on shop
      # Whoever was reached hears that it is over, beside all that everything goes to.
      at 32 min expect resolved CRITICAL on shop: db-pool-utilization-high to anna boris pager *
    `))

  it('reaches whoever has the watch with the first message, where its first step is at once', () =>
    playAlerts(`
      at 0 s watch of Anna Boris
      at 0 s policy on shop 0 min watch 10 min next
      from 0 s to 12 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high to anna *
      at 606 s expect escalated CRITICAL on shop: db-pool-utilization-high to boris
    `))

  it.each([
    ['is acknowledged', 'acknowledge db-pool-utilization-high on shop by Anna', 'update'],
    ['is silenced', 'silence db-pool-utilization-high on shop for 2 h', null],
  ])('stops where the alert %s', (_, deed, told) =>
    playAlerts(`
      at 0 s policy on shop 5 min pager 10 min boss
      from 0 s to 1 h pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 306 s expect escalated CRITICAL on shop: db-pool-utilization-high to pager
      at 310 s ${deed}
      ${told === null ? '' : `at 330 s expect ${told} CRITICAL on shop: db-pool-utilization-high to pager *`}
      at 1 h expect nothing
    `),
  )

  it('stops where the alert is over, and begins anew where it comes back', () =>
    playAlerts(`
      at 0 s policy on shop 5 min pager
      from 0 s to 2 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 125 s to 135 s pool 10 on shop
      at 136 s expect resolved CRITICAL on shop: db-pool-utilization-high
      from 140 s to 20 min pool 95 on shop
      at 310 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 604 s expect nothing
      at 606 s expect escalated CRITICAL on shop: db-pool-utilization-high to pager
    `))

  it('begins anew with what joins after everybody was acknowledged', () =>
    playAlerts(`
      at 0 s policy on shop 5 min pager
      from 0 s to 20 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 100 s acknowledge db-pool-utilization-high on shop by Anna
      at 111 s expect update CRITICAL on shop: db-pool-utilization-high
      from 200 s to 20 min cpu 99 on shop
      at 216 s expect raised CRITICAL on shop: db-pool-utilization-high system-cpu-high
      at 500 s expect nothing
      at 520 s expect escalated WARNING on shop: system-cpu-high to pager
    `))

  it('goes on when it gets worse, and whoever was reached hears of that', () =>
    playAlerts(`
      at 0 s policy on shop 5 min pager 10 min boss
      from 0 s to 6 min tls 20 on shop
      at 6 s expect firing WARNING on shop: tls-expiring
      at 306 s expect escalated WARNING on shop: tls-expiring to pager
      from 365 s to 20 min tls 6 on shop
      at 371 s expect raised CRITICAL on shop: tls-expiring to pager *
      at 606 s expect escalated CRITICAL on shop: tls-expiring to boss
    `))

  it('takes no step twice and none less through a restart and a kill', () =>
    playAlerts(`
      at 0 s policy on shop 5 min pager 10 min boss
      from 0 s to 30 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 200 s restart
      at 299 s kill
      at 306 s expect escalated CRITICAL on shop: db-pool-utilization-high to pager
      at 307 s kill
      at 400 s restart
      at 600 s expect nothing
      at 606 s expect escalated CRITICAL on shop: db-pool-utilization-high to boss
      at 607 s kill
      at 30 min expect nothing
    `))

  it('after a sleep takes one step, when somebody looked, and the next as much later as it is', () =>
    playAlerts(`
      at 0 s policy on shop 5 min pager 10 min boss
      from 0 s to 60 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 65 s unobserved pool on shop
      at 66 s clock 3 h on
      at 80 s expect nothing
      from 90 s to 20 min pool 95 on shop
      at 96 s expect escalated CRITICAL on shop: db-pool-utilization-high to pager
      at 390 s expect nothing
      at 397 s expect escalated CRITICAL on shop: db-pool-utilization-high to boss
    `))

  it('counts from now where the clock is set back', () =>
    playAlerts(`
      at 0 s policy on shop 5 min pager
      from 0 s to 20 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 200 s clock 1 h back
      at 499 s expect nothing
      at 503 s expect escalated CRITICAL on shop: db-pool-utilization-high to pager
    `))

  it('goes by a policy that is added while it fires, and stops with one that is removed', () =>
    playAlerts(`
      from 0 s to 30 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 100 s policy on shop 5 min pager 10 min boss
      at 399 s expect nothing
      at 401 s expect escalated CRITICAL on shop: db-pool-utilization-high to pager
      at 500 s unpolicy on shop
      at 30 min expect nothing
    `))

  it('goes to everybody where nobody can be found', () =>
    playAlerts(`
      at 0 s policy on shop 5 min watch
      from 0 s to 6 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 306 s expect escalated CRITICAL on shop: db-pool-utilization-high to *
    `))

  it('is of its own deployments alone', () =>
    playAlerts(`
      at 0 s policy on shop 5 min pager
      from 0 s to 20 min pool 95 on billing
      at 5 s expect firing CRITICAL on billing: db-pool-utilization-high
      at 20 min expect nothing
    `))
})

describe('its trace', () => {
  let scene: AlertScene
  beforeEach(async () => {
    scene = await createAlertScene(['shop'])
  })
  afterEach(() => scene.close())

  it('says which step was taken, why, and to whom', async () => {
    const { policies, rotas } = scene.alerts()
    await rotas.savePerson({ name: 'Anna', channels: ['phone'] }, null)
    const rota = { name: 'primary', people: ['Anna'], startsOn: '2026-01-01', time: '00:00', zone: 'UTC' }
    await rotas.save({ ...rota, shiftDays: 7 }, null)
    const steps = [{ afterMinutes: 1, to: [{ kind: 'watch', rota: 'primary' }] }]
    await policies.save(EscalationPolicy.parse({ name: 'all', matchers: {}, steps }), null)
    for (let look = 0; look < 20; look += 1) {
      scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: 95 } })
      await scene.clock.advance(5_000)
    }
    const [alert] = scene.alerts().active('shop')
    const trace = await scene.alerts().trace(alert?.id ?? '')
    const escalated = trace.filter(({ step }) => step === 'escalated')
    expect(escalated).toMatchObject([
      {
        ...{ because: 'not-acknowledged', by: 'Anna', severity: 'CRITICAL' },
        escalation: { policy: 'all', step: 1, of: 1, afterMinutes: 1, to: ['Anna'], louder: false },
        notification: { kind: 'escalated' },
      },
    ])
    const told = (await scene.decided()).find(({ id }) => id === escalated[0]?.notification?.id)
    expect(told).toMatchObject({ kind: 'escalated', channels: ['phone'], escalation: { to: ['Anna'] } })
  })
})

it('counts how often nobody took it up, until all is over', async () => {
  const scene = await createAlertScene(['shop'])
  const to = [{ kind: 'channel', channel: 'pager' }]
  const steps = [1, 2].map((afterMinutes) => ({ afterMinutes, to }))
  await scene.alerts().policies.save(EscalationPolicy.parse({ name: 'all', matchers: {}, steps }), null)
  for (let look = 0; look < 45; look += 1) {
    const used = look < 35 ? 95 : 10
    scene.look({ deployment: 'shop', probe: 'pool', values: { db_up: 1, db_pool_utilization: used } })
    await scene.clock.advance(5_000)
    if (look === 20) await scene.kill()
  }
  expect((await scene.decided()).map(({ kind, calls }) => [kind, calls])).toEqual([
    ['firing', 0],
    ['escalated', 1],
    ['escalated', 2],
    ['resolved', 2],
  ])
  await scene.close()
})

describe('a step', () => {
  const policy = EscalationPolicy.parse({
    ...{ name: 'all', matchers: {} },
    steps: [
      { afterMinutes: 5, to: [{ kind: 'channel', channel: 'pager' }] },
      { afterMinutes: 15, to: [{ kind: 'channel', channel: 'boss' }] },
    ],
  })
  const at = 1_000_000_000
  const minutes = (count: number) => at + count * 60_000
  const member: Member = {
    ...{ id: 'a', severity: 'CRITICAL', isOver: false, isAcknowledged: false, isExplained: false },
    ...{ owed: null, owesFlapping: false, hold: null, isObserved: true },
  }
  const said = { at, severity: 'CRITICAL' as const, marks: { a: 'CRITICAL' }, isOver: false }
  const begun = { policy: 'all', taken: 0, lastAt: at }
  const held = (because: Hold['because']) => ({
    hold: { because, until: null, by: null },
  })

  it.each([
    ['begins with what was told', {}, null, 0, 'begin'],
    ['does not begin with what was not told', { said: null }, null, 0, 'none'],
    ['waits', {}, begun, 4, 'wait'],
    ['is taken to the minute', {}, begun, 5, 'step'],
    ['is taken late after a sleep', {}, begun, 500, 'step'],
    ['waits for the one before it', {}, { ...begun, taken: 1, lastAt: minutes(7) }, 16, 'wait'],
    ['comes as much later as it is', {}, { ...begun, taken: 1, lastAt: minutes(7) }, 17, 'step'],
    ['is the last once', {}, { ...begun, taken: 2 }, 500, 'done'],
    ['counts anew by a clock that was set back', {}, begun, -60, 'recount'],
    ['stops for what is acknowledged', { isAcknowledged: true }, begun, 5, 'stop'],
    ['stops for what is over', { isOver: true }, begun, 5, 'stop'],
    ['stops for what is silenced', held('silenced'), begun, 5, 'stop'],
    ['stops for what stands behind another', held('inhibited'), begun, 5, 'stop'],
    ['stops for what another console tells', held('told-elsewhere'), begun, 5, 'stop'],
    ['is taken though the same again is muted', held('cooldown'), begun, 5, 'step'],
    ['is taken for what comes and goes', held('flapping'), begun, 5, 'step'],
    ['waits for somebody to look', { isObserved: false }, begun, 5, 'wait'],
  ] as const)('%s', (_, change, escalation, minute, kind) => {
    const of = {
      escalation,
      said,
      policy,
      ...('said' in change ? change : {}),
      members: [{ ...member, ...change }],
    }
    expect(decideEscalation(of, minutes(minute)).kind).toBe(kind)
  })

  it('is none without a policy', () => {
    const of = { said, members: [member], policy: null }
    expect(decideEscalation({ ...of, escalation: null }, at).kind).toBe('none')
    expect(decideEscalation({ ...of, escalation: begun }, at).kind).toBe('stop')
  })

  it('reaches people through their channels, each once', () => {
    const rota = Rota.parse({
      ...{ name: 'primary', people: ['Anna', 'Boris'], startsOn: '2026-01-01', time: '09:00' },
      ...{ zone: 'Europe/Berlin', shiftDays: 7 },
    })
    const people = new Map(
      [Person.parse({ name: 'Anna', channels: ['phone', 'mail'] }), Person.parse({ name: 'Boris' })].map(
        (person) => [person.name, person],
      ),
    )
    const watches = {
      rota: (name: string) => (name === 'primary' ? { rota, overrides: [] } : null),
      person: (name: string) => people.get(name) ?? null,
    }
    const now = Date.parse('2026-01-02T00:00Z')
    const reached = (...targets: Parameters<typeof reachedBy>[0]) => reachedBy(targets, watches, now)
    const pager = { kind: 'channel', channel: 'phone' } as const
    expect(reached(pager, { kind: 'watch', rota: 'primary' })).toEqual({
      names: ['phone', 'Anna'],
      channels: ['phone', 'mail'],
    })
    // Nothing reaches Boris, and there is no such rota.
    expect(reached({ kind: 'next', rota: 'primary' }, { kind: 'watch', rota: 'none' })).toEqual({
      ...{ names: [], channels: [] },
    })
    expect(reachedBy([{ kind: 'watch', rota: 'primary' }], watches, Date.parse('2025-12-31T00:00Z'))).toEqual(
      {
        ...{ names: [], channels: [] },
      },
    )
  })

  it.each([
    [[], 'steps'],
    [[{ afterMinutes: 5, to: [] }], 'steps.0.to'],
    [
      [
        { afterMinutes: 5, to: [{ kind: 'watch', rota: 'a' }] },
        { afterMinutes: 5, to: [{ kind: 'next', rota: 'a' }] },
      ],
      'steps.1.afterMinutes',
    ],
  ])('is refused where it cannot be: %o', (steps, path) => {
    const { error } = EscalationPolicy.safeParse({ name: 'all', matchers: {}, steps })
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})
