import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  nextTurnAt,
  stateOfWindow,
  turnOfWindow,
} from '../../../../../src/main/engine/alerts/windows/turn.ts'
import type { Silence } from '../../../../../src/shared/model/silence.ts'
import { MaintenanceWindow } from '../../../../../src/shared/model/window.ts'
import { type AlertScene, createAlertScene } from '../../../../support/alert-scene.ts'
import { playAlerts } from '../../../../support/alert-story.ts'

describe('a maintenance window', () => {
  it('keeps quiet what fires in it, and what is still there at its end is told', () =>
    playAlerts(`
      at 0 s window at 00:01 for 4 min on shop
      from 2 min to 7 min pool 95 on shop
      at 3 min expect state db-pool-utilization-high on shop silenced
      # A quarter of it is left: its end is announced as that of any silence.
      at 241 s expect silence-ending CRITICAL on shop: db-pool-utilization-high
      at 299 s expect nothing
      at 301 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 7 min expect nothing
    `))

  it('tells nothing of what was there and was over within it', () =>
    playAlerts(`
      at 0 s window at 00:01 for 4 min on shop
      from 70 s to 90 s pool 95 on shop
      at 90 s expect state db-pool-utilization-high on shop silenced
      from 95 s to 20 min pool 10 on shop
      at 20 min expect nothing
    `))

  it('quietens what fired before it, and says of it at its end that it is still there', () =>
    playAlerts(`
      at 0 s window at 00:01 for 4 min on shop
      from 0 s to 6 min pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 62 s expect state db-pool-utilization-high on shop silenced
      at 245 s expect silence-ending CRITICAL on shop: db-pool-utilization-high
      at 301 s expect reminder CRITICAL on shop: db-pool-utilization-high
    `))

  it('covers what gets worse, where it names no severities', () =>
    playAlerts(`
      at 0 s window at 00:01 for 30 min on shop
      from 70 s to 75 s tls 20 on shop
      from 80 s to 90 s tls 6 on shop
      at 2 min expect state tls-expiring on shop silenced
      at 2 min expect nothing
    `))

  it('is of its deployment alone', () =>
    playAlerts(`
      at 0 s window at 00:01 for 30 min on shop
      from 70 s to 75 s pool 95 on billing
      at 76 s expect firing CRITICAL on billing: db-pool-utilization-high
    `))

  it('that began while the console slept is in force before the first look is weighed', () =>
    playAlerts(`
      at 0 s window at 06:00 for 60 min on shop
      at 10 s pool 95 on shop
      at 11 s clock 370 min on
      at 11 s pool 95 on shop
      from 15 s to 60 s pool 95 on shop
      at 60 s expect state db-pool-utilization-high on shop silenced
      at 61 s expect nothing
    `))

  it('that ended while the console slept tells what is still there', () =>
    playAlerts(`
      at 0 s window at 00:01 for 60 min on shop
      from 70 s to 80 s pool 95 on shop
      at 80 s expect state db-pool-utilization-high on shop silenced
      at 85 s clock 8 h on
      from 90 s to 100 s pool 95 on shop
      at 91 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 10 min expect nothing
    `))

  it('that began and ended while the console slept was never there', () =>
    playAlerts(`
      at 0 s window at 02:00 for 60 min on shop
      at 1 s clock 8 h on
      from 5 s to 10 s pool 95 on shop
      at 11 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))

  it('is over where the clock is set back to before it, and comes again', () =>
    playAlerts(`
      at 0 s window at 00:10 for 10 min on shop
      at 1 s clock 12 min on
      from 5 s to 10 s pool 95 on shop
      at 11 s expect state db-pool-utilization-high on shop silenced
      at 12 s clock 11 min back
      at 14 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 15 s clock 11 min on
      at 17 s expect state db-pool-utilization-high on shop silenced
    `))

  it('goes on after a restart and a kill, and its end comes once', () =>
    playAlerts(`
      at 0 s window at 00:01 for 10 min on shop
      at 59 s kill
      from 70 s to 75 s pool 95 on shop
      at 80 s restart
      at 81 s expect state db-pool-utilization-high on shop silenced
      from 85 s to 11 min pool 95 on shop
      at 511 s expect silence-ending CRITICAL on shop: db-pool-utilization-high
      at 512 s kill
      at 550 s expect nothing
      at 661 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 662 s kill
      at 20 min expect nothing
    `))

  it('ended while the console was off', () =>
    playAlerts(`
      at 0 s window at 00:01 for 10 min on shop
      from 70 s to 75 s pool 95 on shop
      at 80 s clock 1 h on and kill
      from 85 s to 90 s pool 95 on shop
      at 91 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))

  it('that somebody ended does not begin again by itself, also after a restart', () =>
    playAlerts(`
      at 0 s window at 00:01 for 60 min on shop
      from 70 s to 75 s pool 95 on shop
      at 80 s unsilence
      at 81 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 90 s restart
      from 95 s to 100 s pool 95 on shop
      at 101 s expect state db-pool-utilization-high on shop firing
      at 102 s window at 00:01 for 90 min on shop
      at 103 s expect state db-pool-utilization-high on shop firing
    `))

  it('that is moved or removed while it is in force tells what it kept quiet', () =>
    playAlerts(`
      at 0 s window at 00:01 for 60 min on shop
      from 70 s to 75 s pool 95 on shop
      at 80 s window at 00:01 for 90 min on shop
      at 81 s expect state db-pool-utilization-high on shop silenced
      at 81 s expect nothing
      at 82 s unwindow
      at 83 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))
})

describe('what it says of itself', () => {
  let scene: AlertScene
  beforeEach(async () => {
    scene = await createAlertScene(['shop'])
  })
  afterEach(() => scene.close())

  const window = MaintenanceWindow.parse({
    name: 'upgrade',
    schedule: { kind: 'daily', zone: 'UTC', time: '00:01', minutes: 10 },
    matchers: { deployments: ['shop'], severities: ['CRITICAL'] },
    note: 'the database is upgraded',
  })

  it('is the one silence that there is of it, and the trace names it', async () => {
    const { windows } = scene.alerts()
    await windows.save(window, null, 'Anna')
    expect(windows.list()).toMatchObject([
      { window: { name: 'upgrade', createdBy: 'Anna' }, state: 'waiting', silence: null },
    ])
    await scene.clock.advance(70_000)
    const startsAt = scene.clock.now() - 10_000
    expect(windows.list()).toMatchObject([
      {
        state: 'in-force',
        silence: { startsAt, until: startsAt + 600_000 },
        next: { startsAt: startsAt + 86_400_000 },
      },
    ])
    expect(scene.alerts().silences()).toMatchObject([
      { window: 'upgrade', createdBy: 'Anna', note: 'the database is upgraded', untilClears: false },
    ])
    const values = { db_up: 1, db_pool_utilization: 95 }
    for (let look = 0; look < 2; look += 1) {
      scene.look({ deployment: 'shop', probe: 'pool', values })
      await scene.clock.advance(5_000)
    }
    const [alert] = scene.alerts().active('shop')
    if (alert === undefined) throw new Error('nothing fires')
    const trace = await scene.alerts().trace(alert.id)
    const silenced = { step: 'silenced', because: 'window', by: 'upgrade', until: startsAt + 600_000 }
    expect(trace).toContainEqual(expect.objectContaining(silenced))
  })

  it('that somebody ended does not begin again under another name, also after a restart', async () => {
    await scene.alerts().windows.save(window, null, 'Anna')
    await scene.clock.advance(70_000)
    await scene.alerts().unsilence(scene.alerts().silences()[0]?.id ?? '')
    await scene.alerts().windows.save({ ...window, name: 'migration' }, 'upgrade', 'Anna')
    await scene.clock.advance(2_000)
    expect(scene.alerts().silences()).toEqual([])
    await scene.restart()
    await scene.clock.advance(2_000)
    expect(scene.alerts().silences()).toEqual([])
  })

  it('is kept under its new name, and quiet meanwhile', async () => {
    const { windows, silences } = scene.alerts()
    await windows.save(window, null, 'Anna')
    await scene.clock.advance(70_000)
    const [before] = silences()
    expect(await windows.save({ ...window, name: 'migration' }, 'upgrade', 'Anna')).toBe('saved')
    expect(silences()).toEqual([{ ...before, window: 'migration' }])
    expect(await windows.save(window, 'upgrade', 'Anna')).toBe('missing')
    expect(await windows.save({ ...window, name: 'migration' }, null, 'Anna')).toBe('name-taken')
  })
})

describe('its turns', () => {
  const window = MaintenanceWindow.parse({
    name: 'upgrade',
    schedule: { kind: 'daily', zone: 'UTC', time: '02:00', minutes: 60 },
    matchers: {},
  })
  const at = (time: string) => Date.parse(`2026-05-01T${time}:00Z`)
  const silence = {
    ...{ id: 's', matchers: { alert: null, deployments: null, rules: null, severities: null } },
    ...{ startsAt: at('02:00'), until: at('03:00'), note: null, window: 'upgrade' },
  } as Silence
  const never = () => false

  it.each([
    ['before it', null, '01:59', null],
    ['at its beginning', null, '02:00', 'begin'],
    ['in it', silence, '02:30', null],
    ['at its end', silence, '03:00', 'end'],
    ['long after it', null, '12:00', null],
    ['before it, by a clock that was set back', silence, '01:30', 'end'],
    ['in it, longer than before', { ...silence, until: at('02:45') }, '02:30', 'adjust'],
    ['in it, with another note', { ...silence, note: 'old' }, '02:30', 'adjust'],
  ] as const)('%s', (_, before, time, kind) => {
    expect(turnOfWindow(window, before, never, at(time))?.kind ?? null).toBe(kind)
  })

  it('are none of one that is off, but to end what there is of it', () => {
    const off = { ...window, enabled: false }
    expect(turnOfWindow(off, null, never, at('02:30'))).toBeNull()
    expect(turnOfWindow(off, silence, never, at('02:30'))).toEqual({ kind: 'end', ending: 'window-changed' })
    expect(nextTurnAt(off, at('02:30'))).toBeNull()
    expect(stateOfWindow(off, null, at('02:30')).state).toBe('off')
  })

  it('are none of one that somebody ended', () => {
    expect(turnOfWindow(window, null, (startsAt) => startsAt === at('02:00'), at('02:30'))).toBeNull()
  })

  it('are asked for at its beginning and at its end', () => {
    expect(nextTurnAt(window, at('01:00'))).toBe(at('02:00'))
    expect(nextTurnAt(window, at('02:00'))).toBe(at('03:00'))
    const once = MaintenanceWindow.parse({
      ...window,
      schedule: { kind: 'once', zone: 'UTC', from: '2026-05-01T02:00:00Z', to: '2026-05-01T03:00:00Z' },
    })
    expect(nextTurnAt(once, at('03:00'))).toBeNull()
    expect(stateOfWindow(once, null, at('03:00'))).toEqual({ state: 'over', next: null })
  })
})
