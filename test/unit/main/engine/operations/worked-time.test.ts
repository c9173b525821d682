/** How long an operation was worked at: what passes while nobody does is no part of it. */
import { expect, test } from 'vitest'
import type { Journal } from '../../../../../src/main/engine/operations/journal.ts'
import { ranFor, workedFor } from '../../../../../src/main/engine/operations/record.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'
import { ANNA, fileKind, Killed, NEVER, request, worldOfEach } from './operations-kit.ts'

const HOUR_MS = 3_600_000
const TERMS = { confirm: null }
const { world, open } = worldOfEach()

/** Holds the first part of `write` up until it is let go; each other part takes a second. */
function held(clock: ReturnType<typeof createDrivenClock>) {
  const reached = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  let isFirst = true
  const between = async (where: string, signal: AbortSignal) => {
    if (!isFirst || where !== 'write') return clock.advance(1_000)
    isFirst = false
    reached.resolve()
    await Promise.race([letGo.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))])
  }
  return { between, reached: reached.promise, letGo: letGo.resolve }
}

/** Its console is killed after 25 seconds in its first step, and is there again after an hour. */
async function killed(clock: ReturnType<typeof createDrivenClock>): Promise<string> {
  const { between, reached, letGo } = held(clock)
  let isDead = false
  const dying = async (work: () => Promise<void>) => {
    if (isDead) throw new Killed()
    await work()
  }
  const journalOf = (journal: Journal): Journal => ({
    ...journal,
    append: (...entry) => dying(() => journal.append(...entry)),
    seen: (...sign) => dying(() => journal.seen(...sign)),
  })
  const one = await world().open({ clock, journalOf, kinds: [fileKind(world().target, between)] })
  const { id } = await one.operations.start(request(), ANNA, null, NEVER)
  await reached
  await clock.advance(25_000)
  isDead = true
  letGo()
  await one.operations.settled(id)
  await one.close()
  await clock.advance(HOUR_MS)
  return id
}

test('of a console that was killed, a step counts until the last sign of it, and again from where it is gone on', async () => {
  const clock = createDrivenClock()
  const id = await killed(clock)
  const kinds = [fileKind(world().target, () => clock.advance(1_000))]
  const { operations } = await open({ clock, kinds })
  const step = async () => (await operations.get(id)).steps[0]
  expect(await step()).toMatchObject({ state: 'in_doubt', ranMs: 20_000, underWay: null })
  await clock.advance(HOUR_MS)
  expect(await step()).toMatchObject({ ranMs: 20_000 })

  await operations.act(id, 'resume', ANNA, TERMS, NEVER)
  await operations.settled(id)
  const { state, steps } = await operations.get(id)
  expect({ state, ran: steps.map(({ ranMs }) => ranMs) }).toEqual({
    state: 'succeeded',
    ran: [21_000, 1_000],
  })
  const again = await operations.preview(request(), ANNA, NEVER)
  expect(again.preview.lastTookMs).toBe(22_000)
})

test('what it waited for a person is left out', async () => {
  const clock = createDrivenClock()
  const { between, reached } = held(clock)
  const { operations } = await open({ clock, kinds: [fileKind(world().target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  await clock.advance(5_000)
  await operations.act(id, 'pause', ANNA, TERMS, NEVER)
  await operations.settled(id)
  await clock.advance(HOUR_MS)
  await operations.act(id, 'resume', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(workedFor((await operations.get(id)).steps)).toBe(8_000)
})

test('the way back is told apart from the way there', async () => {
  const clock = createDrivenClock()
  const between = (where: string) => clock.advance(where === 'undo' ? 7_000 : 1_000)
  const { operations } = await open({ clock, kinds: [fileKind(world().target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await operations.settled(id)
  await clock.advance(HOUR_MS)
  await operations.act(id, 'undo', ANNA, TERMS, NEVER)
  await operations.settled(id)
  const { state, steps } = await operations.get(id)
  expect({ state, steps }).toMatchObject({
    state: 'undone',
    steps: [
      { ranMs: 3_000, undoMs: 0 },
      { ranMs: 1_000, undoMs: 7_000 },
    ],
  })
  expect(workedFor(steps)).toBe(11_000)
})

test('of what an older version recorded, the time between its beginning and its end is told', () => {
  const older = { ranMs: null, undoMs: null }
  expect(ranFor({ ...older, startedAt: 0, endedAt: 1_000 })).toBe(1_000)
  expect(ranFor({ ...older, startedAt: 10, endedAt: 5 })).toBe(0)
  expect(ranFor({ ...older, startedAt: 0, endedAt: null })).toBeNull()
  const steps = [
    { ...older, startedAt: 0, endedAt: 1_000 },
    { ...older, startedAt: HOUR_MS, endedAt: HOUR_MS + 2_000 },
    { ...older, startedAt: null, endedAt: null },
  ]
  expect(workedFor(steps)).toBe(3_000)
  expect(workedFor([{ ...older, startedAt: null, endedAt: null }])).toBeNull()
})
