/** Drills that a schedule begins on another deployment's server, over the runner: what is cut off goes on by itself, and what is in the way is waited for. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createBackupMarks } from '../../../../../src/main/engine/backups/marks.ts'
import { createBackupSchedules } from '../../../../../src/main/engine/backups/schedule.ts'
import type { Deployment } from '../../../../../src/main/engine/deployments/deployments.ts'
import { NotWatched } from '../../../../../src/main/engine/inspect/not-watched.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import type { AnyKind } from '../../../../../src/main/engine/operations/kind.ts'
import { type ConsoleLocks, without } from '../../../../../src/main/engine/operations/lock/locks.ts'
import { ReachError } from '../../../../../src/main/engine/reach/reach.ts'
import type { ScheduleClock } from '../../../../../src/main/engine/schedules/clock.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Store } from '../../../../../src/main/engine/store/store.ts'
import { createDrivenClock, type DrivenClock } from '../../../../support/driven-clock.ts'
import { until } from '../../../../support/until.ts'
import {
  ANNA,
  type Between,
  createWorld,
  fileKind,
  NEVER,
  type Opened,
  profileOf,
  request,
  type World,
} from '../operations/operations-kit.ts'

const HOUR_MS = 3_600_000
/** Past 02:00 and whatever things are spread by. */
const AFTER_TWO_MS = 2 * HOUR_MS + 6 * 60_000
const DRILL = request({ kind: 'drill', deployment: 'lab', options: { from: 'shop' } })

const SHOP: Deployment = {
  profile: profileOf({
    postgres: { url: 'postgresql://watcher@db/shop' },
    backups: {
      store: { kind: 'local', directory: '/kept' },
      drills: { kind: 'daily', zone: 'UTC', times: ['02:00'] },
      drillsOn: 'lab',
    },
  }),
  paused: false,
}
const LAB: Deployment = { profile: profileOf({ name: 'lab' }), paused: false }
const deploymentOf = (name: string) => [SHOP, LAB].find(({ profile }) => profile.name === name) ?? null

let world: World
let clock: DrivenClock
let marks: Store
let home: string
/** Called for each lock that is asked for: throws why there is none, or lets it wait. */
let lockFor: () => Promise<void> | void
/** The server ends the session with the newest lock. */
let loseLock: () => void
let asked: number
const opened: Opened[] = []
const running: ScheduleClock[] = []
beforeEach(() => {
  world = createWorld()
  clock = createDrivenClock()
  home = mkdtempSync(join(tmpdir(), 'vakhta-schedule-'))
  marks = openStore({ dataDirectory: home, log: silentLog })
  lockFor = () => {}
  loseLock = () => {}
  asked = 0
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  for (const one of opened.splice(0)) {
    await one.operations.stop()
    await one.close()
  }
  await marks.close()
  rmSync(home, { recursive: true, force: true })
  world.remove()
})

const locks: ConsoleLocks = {
  async take() {
    asked += 1
    await lockFor()
    return {
      ...without([]),
      onLost(listener) {
        loseLock = () => listener({ code: 'lock-lost', params: { scope: 'drill' } }, true)
      },
    }
  },
  foresee: async () => ({ warnings: [], refusals: [], connections: 0 }),
}

/** A drill of files: it makes what it drops, and changes nothing else. */
function drillKind(between: Between = () => {}): AnyKind {
  const kind = fileKind(world.target, between)
  const steps: AnyKind['steps'] = (...of) => kind.steps(...of).map((step) => ({ ...step, changes: false }))
  const drill: AnyKind = {
    ...{ ...kind, kind: 'drill', options: z.strictObject({ from: z.string() }) as never, steps },
    lock: () => ({ scope: 'drill', required: true }),
  }
  return drill
}

async function open(between?: Between): Promise<Opened> {
  const one = await world.open({ clock, locks, deploymentOf, kinds: [drillKind(between)] })
  opened.push(one)
  return one
}

/** One that was cut off with its console. */
async function cutOff(actor = ANNA): Promise<string> {
  const dying = await world.open({
    ...{ clock, locks, deploymentOf, kinds: [drillKind()], dies: { at: 6, when: 'before' } },
  })
  const { id } = await dying.operations.start(DRILL, actor, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  asked = 0
  return id
}

/** @param all whose schedules are kept */
function start({ operations, audit }: Opened, all = [SHOP, LAB]) {
  const known = createBackupMarks({ store: marks })
  const schedules = createBackupSchedules({
    ...{ clock, log: silentLog, audit, operations },
    deployments: { list: () => all, get: deploymentOf },
    backedUp: { marks: known, notBegun: known.setNotBegun },
  })
  running.push(schedules)
  schedules.start()
  return known
}

/** Time goes on until it is so. */
const soon = <T>(what: string, look: () => Promise<T>) =>
  until(
    async () => {
      await clock.advance(60_000)
      return look()
    },
    { what },
  )

const isIn = async ({ operations }: Opened, id: string, state: string) =>
  (await operations.get(id)).state === state

const SHUT = new ReachError({
  ...{ step: 'tcp', hop: 'PostgreSQL lab:5432', on: 'target', code: 'tcp-refused', params: {} },
  recovery: 'by-itself',
})
const LOCKED_OUT = new ReachError({ ...SHUT.failure, step: 'authentication', recovery: 'person' })

it('a drill that loses its lock is taken up again, by itself', async () => {
  const reached = Promise.withResolvers<void>()
  let isFirst = true
  const one = await open(async (where, signal) => {
    if (where !== 'write' || !isFirst) return
    isFirst = false
    reached.resolve()
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  })
  start(one)
  await clock.advance(AFTER_TWO_MS)
  await reached.promise
  const { operations: all } = await one.operations.list({
    ...{ deployment: 'lab', kinds: null, states: null, before: null, limit: 2 },
  })
  expect(all).toMatchObject([{ state: 'running', actor: 'schedule' }])
  const id = all[0]?.id ?? ''
  loseLock()
  await one.operations.settled(id)
  expect(await one.operations.get(id)).toMatchObject({ state: 'interrupted', error: { code: 'lock-lost' } })
  await soon('its success', () => isIn(one, id, 'succeeded'))
})

it('what a clock that was ahead began for a moment to come is begun at that moment, too', async () => {
  const one = await open()
  start(one)
  await clock.advance(HOUR_MS)
  const ended = async () => {
    const { operations: all } = await one.operations.list({
      ...{ deployment: 'lab', kinds: null, states: ['succeeded'], before: null, limit: 9 },
    })
    return all.length
  }
  // 04:00 by a clock that is three hours ahead.
  clock.jump(3 * HOUR_MS)
  await soon('the one before its time', async () => (await ended()) === 1)
  clock.jump(-3 * HOUR_MS)
  await clock.advance(60_000)
  expect(await ended()).toBe(1)
  await clock.advance(AFTER_TWO_MS)
  await soon('the one at its time', async () => (await ended()) === 2)
})

it('what is due waits for one that is only just beginning', async () => {
  const letGo = Promise.withResolvers<void>()
  const one = await open()
  lockFor = () => letGo.promise
  const beginning = one.operations.start(DRILL, ANNA, null, NEVER)
  await until(() => asked > 0, { what: 'a lock that is asked for' })
  const known = start(one)
  await clock.advance(AFTER_TWO_MS)
  const waits = async () => (await known.notBegun('shop'))[0] ?? null
  expect(await until(waits, { what: 'what waits' })).toMatchObject({
    ...{ what: 'drill', waits: true, reason: { code: 'target-busy', params: { name: 'lab' } } },
  })
  letGo.resolve()
  const { id } = await beginning
  await one.operations.settled(id)
  await soon('its turn', async () => (await waits()) === null)
})

describe('what was cut off with the console', () => {
  it.each([
    ['of a schedule goes on', { ...ANNA, id: 'schedule', name: 'schedule' }, 'succeeded'],
    ['of a person is taken back', ANNA, 'cancelled'],
  ] as const)('%s, however long there is no way to its server', async (_, actor, state) => {
    const id = await cutOff(actor)
    const one = await open()
    const lacks = [new NotWatched('lab', 'opening'), ...Array.from({ length: 7 }, () => SHUT)]
    lockFor = () => {
      const lack = lacks.shift()
      if (lack !== undefined) throw lack
    }
    // Nothing else begins there, for which it would be given up.
    start(one, [])
    await soon('its end', () => isIn(one, id, state))
    expect(lacks).toEqual([])
  })

  it.each([ANNA, { ...ANNA, id: 'schedule', name: 'schedule' }])(
    'waits for a person where one is needed (%o)',
    async (actor) => {
      const id = await cutOff(actor)
      const one = await open()
      lockFor = () => {
        throw LOCKED_OUT
      }
      start(one, [])
      await until(() => asked > 0, { what: 'a try' })
      await clock.advance(HOUR_MS)
      expect(asked).toBe(1)
      expect(await one.operations.get(id)).toMatchObject({ state: 'interrupted' })
    },
  )
})
