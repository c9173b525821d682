/** The console dies at every entry of the journal; the next one takes the operation up, or takes it back, and the target is whole. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AnyKind } from '../../../../../src/main/engine/operations/kind.ts'
import { ANNA, createWorld, fileKind, Killed, NEVER, PARTS, request, type World } from './operations-kit.ts'

const WAS = { live: 'as it was' }
const BECOMES = { live: PARTS.join(''), old: 'as it was' }
const TERMS = { confirm: null }

let world: World
beforeEach(() => {
  world = createWorld()
})
afterEach(() => world.remove())

/** Runs the operation until the console dies at an entry. @returns its id, where it is on record, and how many entries were asked for */
async function runUntil(
  at: number,
  when: 'before' | 'after',
): Promise<{ id: string | null; entries: number }> {
  const console = await world.open({ dies: { at, when } })
  try {
    const { id } = await console.operations.start(request(), ANNA, null, NEVER)
    await console.operations.settled(id)
  } catch (error) {
    if (!(error instanceof Killed)) throw error
  }
  await console.close()
  const next = await world.open()
  const { operations } = await next.operations.list({
    ...{ deployment: null, kinds: null, states: null, before: null, limit: 10 },
  })
  await next.close()
  return { id: operations[0]?.id ?? null, entries: console.entries() }
}

async function entriesOfARun(): Promise<number> {
  const { entries } = await runUntil(Number.POSITIVE_INFINITY, 'before')
  expect(world.files()).toEqual(BECOMES)
  world.remove()
  world = createWorld()
  return entries
}

test.each(['before', 'after'] as const)('resumes whatever entry it died %s', async (when) => {
  const entries = await entriesOfARun()
  expect(entries).toBeGreaterThanOrEqual(9)
  for (let at = 1; at <= entries; at += 1) {
    const { id } = await runUntil(at, when)
    if (id === null) {
      expect({ at, files: world.files() }).toEqual({ at: 1, files: WAS })
      continue
    }
    const { operations, close } = await world.open()
    const found = await operations.get(id)
    if (at < entries || when === 'before') {
      expect({ at, state: found.state }).toEqual({ at, state: 'interrupted' })
      await operations.act(id, 'resume', ANNA, TERMS, NEVER)
      await operations.settled(id)
    }
    expect({ at, ...(await operations.get(id)) }).toMatchObject({
      ...{ at, state: 'succeeded', target: 'changed', undo: 'available', error: null },
    })
    expect({ at, files: world.files() }).toEqual({ at, files: BECOMES })
    await close()
    world.remove()
    world = createWorld()
  }
})

test.each([
  ['undo', 'undone'],
  ['cancel', 'cancelled'],
] as const)('%s takes everything back, whatever entry it died at', async (act, state) => {
  const entries = await entriesOfARun()
  for (let at = 2; at <= entries; at += 1) {
    const { id } = await runUntil(at, 'before')
    const { operations, close } = await world.open()
    const before = await operations.get(id ?? '')
    if (act === 'cancel' || before.undo === 'available') {
      await operations.act(before.id, act, ANNA, TERMS, NEVER)
      await operations.settled(before.id)
      expect({ at, ...(await operations.get(before.id)) }).toMatchObject({ at, state, target: 'unchanged' })
    }
    expect({ at, files: world.files() }).toEqual({ at, files: WAS })
    await close()
    world.remove()
    world = createWorld()
  }
})

test('takes everything back, though it dies at every entry of that, too', async () => {
  for (let at = 1; ; at += 1) {
    const { id } = await runUntil(Number.POSITIVE_INFINITY, 'before')
    if (id === null) throw new Error('it ran')
    const dying = await world.open({ dies: { at, when: 'before' } })
    await dying.operations.act(id, 'undo', ANNA, TERMS, NEVER)
    await dying.operations.settled(id)
    const isWhole = dying.entries() < at
    await dying.close()
    const { operations, close } = await world.open()
    if (!isWhole) {
      const { state } = await operations.get(id)
      // Of the first entry nothing is on record: it succeeded, as it did before.
      expect({ at, state }).toEqual({ at, state: at === 1 ? 'succeeded' : 'interrupted' })
      await operations.act(id, at === 1 ? 'undo' : 'resume', ANNA, TERMS, NEVER)
      await operations.settled(id)
    }
    expect({ at, ...(await operations.get(id)) }).toMatchObject({
      ...{ at, state: 'undone', undo: 'done', target: 'unchanged' },
    })
    expect({ at, files: world.files() }).toEqual({ at, files: WAS })
    await close()
    world.remove()
    world = createWorld()
    if (isWhole) break
  }
})

test('tells what was done of what is found done on the way back, which may fail', async () => {
  const kindOf = ({ target }: World): AnyKind => {
    const kind = fileKind(target)
    const steps = (...of: Parameters<AnyKind['steps']>) =>
      kind.steps(...of).map((step) => ({
        ...step,
        async inspect(context: Parameters<typeof step.inspect>[0]) {
          const found = await step.inspect(context)
          if (found === 'done') context.result({ done: step.id })
          return found
        },
      }))
    return { ...kind, steps }
  }
  // The end of its last step, and its own, are not written.
  const at = (await entriesOfARun()) - 1
  const kinds = [kindOf(world)]
  const dying = await world.open({ kinds, dies: { at, when: 'before' } })
  const { id } = await dying.operations.start(request({ options: { breaksUndo: true } }), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  const { operations, close } = await world.open({ kinds })
  expect(await operations.get(id)).toMatchObject({ state: 'interrupted', result: null })
  await operations.act(id, 'undo', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({
    state: 'failed',
    undo: 'failed',
    result: { done: 'swap' },
  })
  await close()
})
