/** What is shown of what is asked of an operation that there is: it bars nothing that can be done, and asks for no more than doing it does. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AnyKind, Kind } from '../../../../../src/main/engine/operations/kind.ts'
import { without } from '../../../../../src/main/engine/operations/lock/locks.ts'
import type { OperationRefused } from '../../../../../src/main/engine/operations/refused.ts'
import { NOTHING_FORESEEN } from '../../../../../src/main/engine/operations/way-back.ts'
import { ReachError } from '../../../../../src/main/engine/reach/reach.ts'
import type { OperationFacts } from '../../../../../src/shared/model/operation.ts'
import {
  ANNA,
  createWorld,
  fileKind,
  NEVER,
  type Opened,
  profileOf,
  request,
  type World,
} from './operations-kit.ts'

const PRODUCTION = { profile: profileOf({ environment: 'production' }), paused: false }
const READ_ONLY = { profile: profileOf({ environment: 'production', readOnly: true }), paused: false }
/** Entries of its journal before which nothing, and all, of it was done. */
const NOTHING_YET = 3
const ALL_DONE = 10

let world: World
const opened: Opened[] = []
beforeEach(() => {
  world = createWorld()
})
afterEach(async () => {
  for (const one of opened.splice(0)) {
    await one.operations.stop()
    await one.close()
  }
  world.remove()
})

async function open(...options: Parameters<World['open']>): Promise<Opened['operations']> {
  const one = await world.open(...options)
  opened.push(one)
  return one.operations
}

async function cutOff(entry: number): Promise<string> {
  const dying = await world.open({ deploymentOf: () => PRODUCTION, dies: { at: entry, when: 'before' } })
  const { id } = await dying.operations.start(request({ confirm: 'shop' }), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  return id
}

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: OperationRefused) => error.refused,
  )

const unreachable = () => Promise.reject(new ReachError({ code: 'connect-refused', params: {} } as never))

describe('giving up', () => {
  test.each([
    ['the console', PRODUCTION, true],
    ['its deployment', READ_ONLY, false],
  ])(
    'what runs is shown and done without a question, also where %s was made read-only',
    async (_, then, readOnly) => {
      const reached = Promise.withResolvers<void>()
      const between = (where: string, signal: AbortSignal) => {
        if (where !== 'write') return
        reached.resolve()
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      }
      let deployment = PRODUCTION
      const operations = await open({
        ...{ kinds: [fileKind(world.target, between)], deploymentOf: () => deployment },
      })
      const { id } = await operations.start(request({ confirm: 'shop' }), ANNA, null, NEVER)
      await reached.promise
      deployment = then
      await operations.configure({ readOnly })
      const { preview, confirm } = await operations.previewAct(id, 'cancel', false, ANNA, NEVER)
      expect({ confirm, preview }).toMatchObject({
        confirm: null,
        preview: { changes: [{ code: 'takes-back' }], warnings: [{ code: 'undo-read-only' }] },
      })
      await operations.act(id, 'cancel', ANNA, { confirm: null }, NEVER)
      await operations.settled(id)
      deployment = PRODUCTION
      await operations.configure({ readOnly: false })
      // What changes something waits until that may be again.
      expect(await operations.get(id)).toMatchObject({
        heading: 'cancelled',
        error: { code: 'stopped-read-only' },
      })
    },
  )

  test.each([false, true])(
    'what left nothing there asks nobody, read-only and paused as it is; left as it is: %s',
    async (leave) => {
      const id = await cutOff(NOTHING_YET)
      const operations = await open({ deploymentOf: () => ({ ...READ_ONLY, paused: true }) })
      expect(await operations.previewAct(id, 'cancel', leave, ANNA, NEVER)).toMatchObject({ confirm: null })
      await operations.act(id, 'cancel', ANNA, { confirm: null, leave }, NEVER)
      await operations.settled(id)
      expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
    },
  )

  test("what would be taken back is asked for by name as ever, and is nobody's where nothing may be changed", async () => {
    const id = await cutOff(ALL_DONE)
    let deployment = PRODUCTION
    const operations = await open({ deploymentOf: () => deployment })
    for (const leave of [false, true])
      expect(await operations.previewAct(id, 'cancel', leave, ANNA, NEVER)).toMatchObject({ confirm: 'shop' })
    for (const act of ['resume', 'undo'] as const)
      expect(await operations.previewAct(id, act, false, ANNA, NEVER)).toMatchObject({ confirm: 'shop' })
    deployment = READ_ONLY
    for (const leave of [false, true]) {
      const asked = [
        operations.previewAct(id, 'cancel', leave, ANNA, NEVER),
        operations.act(id, 'cancel', ANNA, { confirm: 'shop', leave }, NEVER),
      ]
      for (const one of asked)
        expect(await refusalOf(one)).toMatchObject({ kind: 'guard', reason: 'deployment-read-only' })
    }
  })

  test('where nobody can look it is said so, and confirmed; to take it back has to wait', async () => {
    const id = await cutOff(ALL_DONE)
    const kinds: AnyKind[] = [{ ...fileKind(world.target), previewUndo: unreachable }]
    const operations = await open({ kinds, deploymentOf: () => PRODUCTION })
    const unseen = {
      changes: [{ code: 'takes-back' }],
      warnings: [{ code: 'undo-unseen', params: { name: 'shop' } }],
    }
    expect(await operations.previewAct(id, 'cancel', false, ANNA, NEVER)).toMatchObject({
      ...{ confirm: 'shop', preview: { ...unseen, refusals: [], steps: [{ id: 'swap' }, { id: 'write' }] } },
    })
    expect(await refusalOf(operations.act(id, 'cancel', ANNA, { confirm: null }, NEVER))).toMatchObject({
      ...{ kind: 'confirm', reason: 'missing', preview: unseen },
    })
    await expect(operations.previewAct(id, 'undo', false, ANNA, NEVER)).rejects.toBeInstanceOf(ReachError)
    await operations.act(id, 'cancel', ANNA, { confirm: 'shop' }, NEVER)
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
  })
})

test('going on tells of what would be in the way of one that begins, lists what is left, and knows whose marker is there', async () => {
  const id = await cutOff(6)
  const seen: unknown[] = []
  const kind = fileKind(world.target) as unknown as Kind<OperationFacts>
  const kinds = [
    {
      ...kind,
      async preview(_: unknown, begun: { id: string } | null) {
        seen.push(begun?.id)
        return {
          ...NOTHING_FORESEEN,
          changes: [{ code: 'restore-names', params: {} }],
          refusals: [{ code: 'restore-exists', params: { database: 'shop' } }],
        }
      },
    },
  ] as unknown as AnyKind[]
  const operations = await open({
    kinds,
    locks: {
      take: async () => without([]),
      async foresee(_, __, operation) {
        seen.push(operation)
        return { warnings: [], refusals: [], connections: 0 }
      },
    },
  })
  const { preview } = await operations.previewAct(id, 'resume', false, ANNA, NEVER)
  expect(preview).toMatchObject({
    ...{ refusals: [], steps: [{ id: 'write' }, { id: 'swap' }] },
    changes: [{ code: 'resumes-what-is-left' }, { code: 'restore-names' }],
    warnings: [{ code: 'resumes-in-spite-of' }, { code: 'restore-exists' }],
  })
  expect(seen).toEqual([id, id])
  await operations.act(id, 'resume', ANNA, { confirm: null }, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
})

test('of going on, steps that are done are none of what is left', async () => {
  const id = await cutOff(9)
  const operations = await open()
  const { preview } = await operations.previewAct(id, 'resume', false, ANNA, NEVER)
  expect(preview.steps.map((step) => step.id)).toEqual(['swap'])
})
