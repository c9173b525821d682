/** The console dies at every entry of the journal; the next one takes the operation up, or takes it back, and the target is whole. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ANNA, createWorld, Killed, NEVER, PARTS, request, type World } from './operations-kit.ts'

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
