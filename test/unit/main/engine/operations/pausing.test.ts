/** That one is to pause is told at once, holds once its step is over, and can be taken back until then. */
import { expect, test } from 'vitest'
import type { AnyKind } from '../../../../../src/main/engine/operations/kind.ts'
import { pauseOf } from '../../../../../src/main/engine/operations/pausing.ts'
import type { OperationRefused } from '../../../../../src/main/engine/operations/refused.ts'
import type { OperationStep } from '../../../../../src/shared/model/operation.ts'
import { ANNA, fileKind, NEVER, request, worldOfEach } from './operations-kit.ts'

const TERMS = { confirm: null }

const { world, open } = worldOfEach()

/** One that is held in its first step, which pauses within it or not. */
async function held(nature: 'resumable' | 'restartable') {
  const reached = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const between = async (where: string) => {
    if (where !== 'write') return
    reached.resolve()
    await letGo.promise
  }
  const kind = fileKind(world().target, between)
  const steps: AnyKind['steps'] = (...of) => {
    const [write, ...rest] = kind.steps(...of)
    return write === undefined ? rest : [{ ...write, nature }, ...rest]
  }
  const one = await open({ kinds: [{ ...kind, steps }] })
  const { id } = await one.operations.start(request(), ANNA, null, NEVER)
  await reached.promise
  const { operations } = one
  return {
    ...{ one, operations, id, letGo: letGo.resolve },
    act: (what: 'pause' | 'resume' | 'cancel') => operations.act(id, what, ANNA, TERMS, NEVER),
  }
}

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: OperationRefused) => error.refused,
  )

test('is told while the step still runs, and holds when that is over', async () => {
  const { one, operations, id, letGo, act } = await held('restartable')
  const before = one.turns.length
  expect(await act('pause')).toMatchObject({ state: 'running', willPause: true })
  expect(one.turns.length).toBe(before + 1)
  expect(await operations.get(id)).toMatchObject({ state: 'running', willPause: true })
  expect(
    (await operations.list({ deployment: null, kinds: null, states: null, before: null, limit: 1 }))
      .operations,
  ).toMatchObject([{ id, willPause: true }])
  letGo()
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({
    ...{ state: 'paused', willPause: false },
    steps: [{ state: 'succeeded' }, { state: 'pending' }],
  })
  await act('resume')
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'succeeded', willPause: false })
})

test.each(['restartable', 'resumable'] as const)(
  'is taken back by resuming, also where the step was told to stop for it (%s)',
  async (nature) => {
    const { one, operations, id, letGo, act } = await held(nature)
    await act('pause')
    const before = one.turns.length
    expect(await act('resume')).toMatchObject({ state: 'running', willPause: false })
    expect(one.turns.length).toBe(before + 1)
    expect(await refusalOf(act('resume'))).toMatchObject({ kind: 'state', reason: 'not-waiting' })
    letGo()
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
    expect(one.turns.some(({ state }) => state === 'paused')).toBe(false)
  },
)

test('is no more where it is given up, which resuming does not take back', async () => {
  const { operations, id, letGo, act } = await held('restartable')
  await act('pause')
  expect(await act('cancel')).toMatchObject({ state: 'cancelling', willPause: false })
  expect(await refusalOf(act('resume'))).toMatchObject({ kind: 'state', reason: 'not-waiting' })
  letGo()
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'cancelled' })
})

test('is nothing that a console remembers of one that it was cut off in', async () => {
  const { one, id, letGo, act } = await held('restartable')
  await act('pause')
  const stopping = one.operations.stop()
  letGo()
  await stopping
  const { operations } = await open()
  expect(await operations.get(id)).toMatchObject({ state: 'interrupted', willPause: false })
  await operations.act(id, 'resume', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
})

const step = (
  id: string,
  state: OperationStep['state'],
  nature: OperationStep['nature'] = 'restartable',
) => ({
  ...{ id, state, nature, changes: true, undoable: true, pointOfNoReturn: false, inspected: null },
  ...{ startedAt: null, endedAt: null, ranMs: null, undoMs: null, underWay: null, error: null },
})

test.each([
  ['after the step that runs', [step('one', 'running'), step('two', 'pending')], 'pauses-after-step'],
  [
    'at once within one that can',
    [step('one', 'running', 'resumable'), step('two', 'pending')],
    'pauses-soon',
  ],
  ['at once between two', [step('one', 'succeeded'), step('two', 'pending')], 'pauses-soon'],
  ['never in the last', [step('one', 'succeeded'), step('two', 'running')], 'ends-before-pause'],
] as const)('it pauses %s', (_, steps, code) => {
  expect(pauseOf({ willPause: true, steps: [...steps] })?.code).toBe(code)
  expect(pauseOf({ willPause: false, steps: [...steps] })).toBeNull()
})
