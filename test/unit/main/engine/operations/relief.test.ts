/** What a step holds up is let go wherever its operation waits, and whatever is asked of it meanwhile. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NotWatched } from '../../../../../src/main/engine/inspect/not-watched.ts'
import type { AnyKind } from '../../../../../src/main/engine/operations/kind.ts'
import { type ConsoleLocks, without } from '../../../../../src/main/engine/operations/lock/locks.ts'
import type { OperationFacts } from '../../../../../src/shared/model/operation.ts'
import { createDrivenClock, type DrivenClock } from '../../../../support/driven-clock.ts'
import { until } from '../../../../support/until.ts'
import { ANNA, createWorld, fileKind, NEVER, type Opened, request, type World } from './operations-kit.ts'

let world: World
let clock: DrivenClock
/** Whether the target can be reached. */
let way: 'open' | 'shut'
let reached: PromiseWithResolvers<void>
/** The server ends the session with the lock. */
let loseLock = () => {}
let lockFails = () => {}
/** What the swap was told that was kept of it, when it began the last time. */
let kept: OperationFacts | null
const opened: Opened[] = []
beforeEach(() => {
  world = createWorld()
  clock = createDrivenClock()
  way = 'open'
  reached = Promise.withResolvers<void>()
  lockFails = () => {}
  kept = null
})
afterEach(async () => {
  for (const one of opened.splice(0)) {
    await one.operations.stop()
    await one.close()
  }
  world.remove()
})

const held = () => join(world.target, 'held')

/** Its swap holds others up, and does not get through the first time. */
function holdingKind(): AnyKind {
  let isFirst = true
  const kind = fileKind(world.target, async (where, signal) => {
    if (where !== 'swap' || !isFirst) return
    isFirst = false
    writeFileSync(held(), '')
    reached.resolve()
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    signal.throwIfAborted()
  })
  const steps: AnyKind['steps'] = (...of) =>
    kind.steps(...of).map((step) => {
      if (step.id !== 'swap') return step
      return {
        ...step,
        run(context) {
          kept = context.facts('swap')
          return step.run(context)
        },
        async relieve({ keep }) {
          if (way === 'shut') throw new Error('there is no way to the target')
          rmSync(held(), { force: true })
          await keep({ isLetGo: true })
        },
      }
    })
  return { ...kind, steps }
}

const locks: ConsoleLocks = {
  async take() {
    lockFails()
    return {
      ...without([]),
      onLost(listener) {
        loseLock = () => listener({ code: 'lock-lost', params: { scope: 'files' } }, true)
      },
    }
  },
  foresee: async () => ({ warnings: [], refusals: [], connections: 0 }),
}

/** One whose lock was lost while it held others up. */
async function cutOff(): Promise<{ one: Opened; id: string }> {
  const one = await world.open({ clock, locks, kinds: [holdingKind()] })
  opened.push(one)
  const { id } = await one.operations.start(request(), ANNA, null, NEVER)
  await reached.promise
  loseLock()
  await one.operations.settled(id)
  expect(await one.operations.get(id)).toMatchObject({ state: 'interrupted', error: { code: 'lock-lost' } })
  return { one, id }
}

const isLetGo = () =>
  until(
    async () => {
      await clock.advance(30_000)
      return !existsSync(held())
    },
    { what: 'nothing that holds others up' },
  )

test('lets go of it when its lock is lost, as soon as there is a way', async () => {
  way = 'shut'
  await cutOff()
  await clock.advance(60_000)
  expect(existsSync(held())).toBe(true)
  way = 'open'
  await isLetGo()
})

test('still lets go of it when it is given up as it is, and says that it holds others up', async () => {
  way = 'shut'
  const { one, id } = await cutOff()
  expect(await one.operations.act(id, 'cancel', ANNA, { confirm: null, leave: true }, NEVER)).toMatchObject({
    state: 'cancelled',
  })
  const codes = (await one.operations.log(id)).map(({ reason }) => reason.code)
  expect(codes).toEqual(['left-as-it-is', 'left-holding-up'])
  await clock.advance(60_000)
  expect(existsSync(held())).toBe(true)
  way = 'open'
  await isLetGo()
})

test.each(['resume', 'cancel'] as const)(
  'still lets go of it where %s finds no way to its lock',
  async (what) => {
    way = 'shut'
    const { one, id } = await cutOff()
    lockFails = () => {
      throw new NotWatched('shop', 'opening')
    }
    await one.operations.act(id, what, ANNA, { confirm: null }, NEVER).catch((error: unknown) => {
      expect(error).toBeInstanceOf(NotWatched)
    })
    await one.operations.settled(id)
    expect(await one.operations.get(id)).toMatchObject({ state: 'interrupted' })
    way = 'open'
    await isLetGo()
  },
)

test('no longer does so once the step is taken up', async () => {
  way = 'shut'
  const { one, id } = await cutOff()
  await one.operations.act(id, 'resume', ANNA, { confirm: null }, NEVER)
  await one.operations.settled(id)
  expect(await one.operations.get(id)).toMatchObject({ state: 'succeeded' })
  way = 'open'
  await clock.advance(120_000)
  expect(existsSync(held())).toBe(true)
})

test('keeps that it was let go of, for whoever takes it up', async () => {
  const { one, id } = await cutOff()
  await isLetGo()
  await one.operations.act(id, 'resume', ANNA, { confirm: null }, NEVER)
  await one.operations.settled(id)
  expect(kept).toEqual({ isLetGo: true })
  expect(await one.operations.get(id)).toMatchObject({ state: 'succeeded' })
})
