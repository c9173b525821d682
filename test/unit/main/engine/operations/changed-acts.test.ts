/** What is asked of an operation with the word of what was shown is done as it was shown, or shown anew. */
import { expect, test } from 'vitest'
import { OperationRefused } from '../../../../../src/main/engine/operations/refused.ts'
import { ANNA, fileKind, NEVER, profileOf, request, worldOfEach } from './operations-kit.ts'

const PRODUCTION = { profile: profileOf({ environment: 'production' }), paused: false }
/** An entry of its journal in the middle of the first step, and one after all was done. */
const MIDDLE = 6
const ALL_DONE = 10

const { world, open } = worldOfEach()

async function cutOff(at: number): Promise<string> {
  const dying = await world().open({ deploymentOf: () => PRODUCTION, dies: { at, when: 'before' } })
  const { id } = await dying.operations.start(request({ confirm: 'shop' }), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  return id
}

async function shownAnew(work: Promise<unknown>) {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof OperationRefused && error.refused.kind === 'confirm') return error.refused
  throw new Error('it was not shown anew', { cause: error })
}

/** One that waits in each of its steps until it is let go, or told to stop. */
async function stepByStep() {
  const reached = new Map(['write', 'swap'].map((step) => [step, Promise.withResolvers<void>()]))
  const goOn = Promise.withResolvers<void>()
  const between = async (where: string, signal: AbortSignal) => {
    if (where === 'undo') return
    reached.get(where)?.resolve()
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    await (where === 'write' ? Promise.race([goOn.promise, stopped]) : stopped)
  }
  const one = await open({ kinds: [fileKind(world().target, between)] })
  const { id } = await one.operations.start(request(), ANNA, null, NEVER)
  await reached.get('write')?.promise
  return {
    ...{ id, one },
    async toTheNext() {
      goOn.resolve()
      await reached.get('swap')?.promise
    },
  }
}

test('what came a step further while it was read is not given up by what was read of it', async () => {
  const { id, one, toTheNext } = await stepByStep()
  const { operations, audit } = one
  const read = await operations.previewAct(id, 'cancel', false, ANNA, NEVER)
  expect(read.preview.steps.map((step) => step.id)).toEqual(['write'])
  await toTheNext()
  const asked = (plan: string) =>
    operations.act(id, 'cancel', ANNA, { confirm: null, reason: 'wrong one', plan }, NEVER)
  const now = await shownAnew(asked(read.plan))
  expect(now).toMatchObject({ reason: 'changed', preview: { steps: [{ id: 'swap' }, { id: 'write' }] } })
  expect(await operations.get(id)).toMatchObject({ state: 'running' })
  expect(await operations.log(id)).toEqual([])
  expect((await audit.list({ limit: 1 }))[0]).toMatchObject({
    ...{ action: 'operation.terminate-backend.cancel', outcome: 'refused' },
    detail: { refused: 'confirm', why: 'changed' },
  })
  expect(now.plan).toBe((await operations.previewAct(id, 'cancel', false, ANNA, NEVER)).plan)
  await asked(now.plan)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
  expect((await operations.log(id)).map(({ reason }) => reason.code)).toContain('asked-cancel')
})

test('without the word it is given up as ever, however far it came', async () => {
  const { id, one, toTheNext } = await stepByStep()
  await one.operations.previewAct(id, 'cancel', false, ANNA, NEVER)
  await toTheNext()
  await one.operations.act(id, 'cancel', ANNA, { confirm: null }, NEVER)
  await one.operations.settled(id)
  expect(await one.operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
})

test('a name that is typed for what was shown before confirms nothing of what is there now', async () => {
  const id = await cutOff(ALL_DONE)
  const first = await open({ deploymentOf: () => PRODUCTION })
  const terms = {
    confirm: 'shop',
    plan: (await first.operations.previewAct(id, 'resume', false, ANNA, NEVER)).plan,
  }
  // Somebody else begins to take it back, and that is cut off, too.
  await first.operations.stop()
  const dying = await world().open({ deploymentOf: () => PRODUCTION, dies: { at: 3, when: 'after' } })
  await dying.operations.act(id, 'undo', ANNA, { confirm: 'shop' }, NEVER).catch(() => null)
  await dying.operations.settled(id)
  await dying.close()
  const { operations } = await open({ deploymentOf: () => PRODUCTION })
  expect(await operations.get(id)).toMatchObject({ state: 'interrupted', heading: 'undone' })
  const now = await shownAnew(operations.act(id, 'resume', ANNA, terms, NEVER))
  expect(now).toMatchObject({ reason: 'changed', preview: { changes: [{ code: 'takes-back' }] } })
  // What was refused unlocked nothing.
  expect(await shownAnew(operations.act(id, 'resume', ANNA, { confirm: null }, NEVER))).toMatchObject({
    reason: 'missing',
  })
  await operations.act(id, 'resume', ANNA, { ...terms, plan: now.plan }, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'undone', target: 'unchanged' })
})

test('what was read while it ran is shown anew with the question for the name, once it was cut off', async () => {
  const { id, one } = await stepByStep()
  const { plan, confirm } = await one.operations.previewAct(id, 'cancel', false, ANNA, NEVER)
  expect(confirm).toBeNull()
  await one.operations.stop()
  const { operations } = await open({ deploymentOf: () => PRODUCTION })
  const now = await shownAnew(operations.act(id, 'cancel', ANNA, { confirm: null, plan }, NEVER))
  expect(now.reason).toBe('missing')
  expect(now.plan).not.toBe(plan)
})

test.each(['cancel', 'resume', 'undo'] as const)('%s has a word of its own', async (act) => {
  const id = await cutOff(MIDDLE)
  const { operations } = await open({ deploymentOf: () => PRODUCTION })
  const { plan } = await operations.previewAct(id, 'cancel', true, ANNA, NEVER)
  const refused = await shownAnew(operations.act(id, act, ANNA, { confirm: 'shop', plan }, NEVER))
  expect(refused.reason).toBe('changed')
})

test('one whose deployment is gone is left as it is by the word for that', async () => {
  const id = await cutOff(MIDDLE)
  const { operations } = await open({ deploymentOf: () => null })
  const { plan } = await operations.previewAct(id, 'cancel', false, ANNA, NEVER)
  const wrong = operations.act(id, 'cancel', ANNA, { confirm: null, plan: 'of another' }, NEVER)
  expect(await shownAnew(wrong)).toMatchObject({ reason: 'changed', plan })
  expect(await operations.act(id, 'cancel', ANNA, { confirm: null, plan }, NEVER)).toMatchObject({
    state: 'cancelled',
  })
})
