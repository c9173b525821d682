import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Audit } from '../../../../../src/main/engine/audit/audit.ts'
import type { AnyKind } from '../../../../../src/main/engine/operations/kind.ts'
import { type ConsoleLocks, without } from '../../../../../src/main/engine/operations/lock/locks.ts'
import { OperationRefused } from '../../../../../src/main/engine/operations/refused.ts'
import { createShownPlans } from '../../../../../src/main/engine/operations/shown-plans.ts'
import { NOTHING_FORESEEN } from '../../../../../src/main/engine/operations/way-back.ts'
import type { OperationRequest } from '../../../../../src/shared/model/operation.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'
import { until } from '../../../../support/until.ts'
import {
  ANNA,
  createWorld,
  fileKind,
  Killed,
  NEVER,
  type Opened,
  PARTS,
  profileOf,
  request,
  type World,
} from './operations-kit.ts'

const WAS = { live: 'as it was' }
const BECOMES = { live: PARTS.join(''), old: 'as it was' }
const TERMS = { confirm: null }
const ALL = { deployment: null, kinds: null, states: null, before: null, limit: 10 }

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

async function open(...options: Parameters<World['open']>): Promise<Opened> {
  const one = await world.open(...options)
  opened.push(one)
  return one
}

/** A step stops where the test wants it, until it is let go or told to stop. */
function gate(at: string) {
  const reached = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  return {
    reached: reached.promise,
    letGo: letGo.resolve,
    between: async (where: string, signal: AbortSignal) => {
      if (where !== at) return
      reached.resolve()
      await Promise.race([letGo.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))])
    },
  }
}

async function refusalOf(work: Promise<unknown>) {
  try {
    await work
  } catch (error) {
    if (error instanceof OperationRefused) return error.refused
    throw error
  }
  throw new Error('it was not refused')
}

async function run({ operations }: Opened, options = {}) {
  const { id } = await operations.start(request({ options }), ANNA, null, NEVER)
  await operations.settled(id)
  return operations.get(id)
}

test('runs its steps, tells how far it is, and says what came of it', async () => {
  const one = await open()
  const done = await run(one)
  expect(done).toMatchObject({
    state: 'succeeded',
    target: 'changed',
    undo: 'available',
    result: { bytes: 13 },
  })
  expect(done.steps.map(({ id, state }) => [id, state])).toEqual([
    ['write', 'succeeded'],
    ['swap', 'succeeded'],
  ])
  expect(one.turns.some(({ progress }) => progress.phase === 'write' && progress.totalBytes === 13)).toBe(
    true,
  )
  expect(one.turns.at(-1)?.state).toBe('succeeded')
  expect(world.files()).toEqual(BECOMES)
  const audit = await one.audit.list({ limit: 10 })
  expect(audit.map(({ action, outcome }) => [action, outcome])).toEqual([
    ['operation.terminate-backend', 'succeeded'],
    ['operation.terminate-backend', 'asked'],
  ])
})

test('shows before how long the latest took that did the same, and to the same', async () => {
  const clock = createDrivenClock()
  const between = (where: string) => clock.advance(where === 'swap' ? 60_000 : 1_000)
  const one = await open({ clock, kinds: [fileKind(world.target, between)] })
  const lastTookMs = async (options = {}) =>
    (await one.operations.preview(request({ options }), ANNA, NEVER)).preview.lastTookMs
  expect(await lastTookMs()).toBeNull()
  const { id } = await run(one)
  expect(await lastTookMs()).toBe(63_000)
  expect(await lastTookMs({ staysBeside: true })).toBeNull()
  expect(await lastTookMs({ part: 'other' })).toBeNull()
  // What it took to get there says nothing of the way back.
  expect((await one.operations.previewAct(id, 'undo', false, ANNA, NEVER)).preview.lastTookMs).toBeNull()

  rmSync(join(world.target, 'live'))
  await run(one, { staysBeside: true })
  expect(await lastTookMs({ staysBeside: true })).toBe(3_000)
  expect(await lastTookMs()).toBe(63_000)
})

test('is taken back after it succeeded, once', async () => {
  const one = await open()
  const { id } = await run(one)
  await one.operations.act(id, 'undo', ANNA, { ...TERMS, reason: 'the wrong one' }, NEVER)
  await one.operations.settled(id)
  expect(await one.operations.get(id)).toMatchObject({ state: 'undone', undo: 'done', target: 'unchanged' })
  const why = { code: 'asked-undo', params: { name: 'anna', reason: 'the wrong one' } }
  expect((await one.operations.log(id)).map(({ reason }) => reason)).toContainEqual(why)
  expect(world.files()).toEqual(WAS)
  expect(await refusalOf(one.operations.act(id, 'undo', ANNA, TERMS, NEVER))).toMatchObject({
    reason: 'nothing-to-undo',
  })
})

describe('a step that fails', () => {
  test.each(['write', 'swap', 'prove'] as const)(
    'in "%s" leaves the target as it was, and says why',
    async (breaks) => {
      const failed = await run(await open(), { breaks })
      expect(failed).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: 'step-bug' } })
      expect(world.files()).toEqual(WAS)
    },
  )

  test('on the way back says so, and can be taken back again', async () => {
    const one = await open()
    const { id } = await run(one, { breaksUndo: true })
    await one.operations.act(id, 'undo', ANNA, TERMS, NEVER)
    await one.operations.settled(id)
    expect(await one.operations.get(id)).toMatchObject({ state: 'failed', undo: 'failed', target: 'changed' })
    await one.operations.act(id, 'undo', ANNA, TERMS, NEVER)
    await one.operations.settled(id)
    expect(await one.operations.get(id)).toMatchObject({ state: 'failed', undo: 'failed' })
    expect(world.files()).toEqual(BECOMES)
  })
})

test('pauses in the middle of a step that can be taken up, and goes on there', async () => {
  const { reached, between, letGo } = gate('write')
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  await operations.act(id, 'pause', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'paused', target: 'unknown' })
  expect(world.files()).toEqual({ ...WAS, next: PARTS[0] })
  letGo()
  await operations.act(id, 'resume', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
  expect(world.files()).toEqual(BECOMES)
})

test('lets a step end that cannot be taken up, and pauses after it', async () => {
  const { reached, between, letGo } = gate('swap')
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  await operations.act(id, 'pause', ANNA, TERMS, NEVER)
  letGo()
  await operations.settled(id)
  // It was the last one: there is nothing to pause before.
  expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
})

test('takes back what was done when it is given up in the middle', async () => {
  const { reached, between } = gate('write')
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  expect(await operations.act(id, 'cancel', ANNA, TERMS, NEVER)).toMatchObject({ state: 'cancelling' })
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
  expect(world.files()).toEqual(WAS)
  expect(await refusalOf(operations.act(id, 'cancel', ANNA, TERMS, NEVER))).toMatchObject({ reason: 'over' })
})

test('is not given up any less because somebody wants it to pause', async () => {
  const reached = Promise.withResolvers<void>()
  const letGo = Promise.withResolvers<void>()
  const between = async (where: string) => {
    if (where !== 'write') return
    reached.resolve()
    await letGo.promise
  }
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached.promise
  await operations.act(id, 'cancel', ANNA, TERMS, NEVER)
  expect(await refusalOf(operations.act(id, 'pause', ANNA, TERMS, NEVER))).toMatchObject({
    reason: 'turning-back',
  })
  letGo.resolve()
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
})

describe('a journal that cannot be written', () => {
  test('leaves it interrupted, kept as soon as that can be, and it can be gone on with', async () => {
    let isFull = false
    let isFreed = false
    const fills = () => {
      isFull = !isFreed
    }
    const clock = createDrivenClock()
    const one = await open({
      clock,
      kinds: [fileKind(world.target, fills)],
      journalOf: (journal) => ({
        ...journal,
        append: (...entry) => (isFull ? Promise.reject(new Error('disk full')) : journal.append(...entry)),
      }),
    })
    const { id } = await one.operations.start(request(), ANNA, null, NEVER)
    await one.operations.settled(id)
    const broken = { state: 'interrupted', error: { code: 'broken-off' } }
    expect(await one.operations.get(id)).toMatchObject(broken)
    expect((await one.operations.list(ALL)).operations).toMatchObject([broken])
    expect(one.turns.at(-1)).toMatchObject(broken)
    expect(one.operations.standing()).toEqual({ running: 0, waiting: 1 })
    isFreed = true
    isFull = false
    await clock.advance(5_000)
    // On record, by the journal alone.
    expect(await one.operations.list({ ...ALL, states: ['interrupted'] })).toMatchObject({
      operations: [{ id }],
    })
    await one.operations.act(id, 'resume', ANNA, TERMS, NEVER)
    await one.operations.settled(id)
    expect(world.files()).toEqual(BECOMES)
  })

  test('leaves nothing queued that never began', async () => {
    let isFull = true
    const silence = async () => {
      if (isFull) throw new Error('disk full')
      return async () => {}
    }
    const one = await open({ silence })
    await expect(one.operations.start(request({ silence: true }), ANNA, null, NEVER)).rejects.toThrow(
      'disk full',
    )
    isFull = false
    const { operations } = await one.operations.list(ALL)
    expect(operations).toMatchObject([{ state: 'interrupted' }])
    await one.operations.act(operations[0]?.id ?? '', 'cancel', ANNA, TERMS, NEVER)
    await one.operations.settled(operations[0]?.id ?? '')
    expect(await one.operations.list(ALL)).toMatchObject({ operations: [{ state: 'cancelled' }] })
  })
})

test('takes no further step where changes are switched off meanwhile, and waits', async () => {
  const { reached, between, letGo } = gate('write')
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  await operations.configure({ readOnly: true })
  letGo()
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({
    ...{ state: 'interrupted', error: { code: 'stopped-read-only' } },
    steps: [{ state: 'succeeded' }, { state: 'pending' }],
  })
  await operations.configure({ readOnly: false })
  await operations.act(id, 'resume', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(world.files()).toEqual(BECOMES)
})

describe('giving up at the last moment', () => {
  /** The swap cannot be taken back, and stops where it is told to. */
  function finalKind(): AnyKind {
    const kind = fileKind(world.target, (where, signal) => {
      if (where === 'swap') signal.throwIfAborted()
    })
    const steps: AnyKind['steps'] = (...of) =>
      kind.steps(...of).map((step) => {
        const { undo, ...rest } = step
        return step.id === 'swap' ? { ...rest, pointOfNoReturn: true } : step
      })
    return { ...kind, steps }
  }

  test('before the step after which it is too late, is heeded', async () => {
    let checks = 0
    const given = Promise.withResolvers<void>()
    const locks: ConsoleLocks = {
      take: async () => ({
        ...without([]),
        // The second step is the swap.
        async check() {
          checks += 1
          if (checks === 2) {
            const { operations } = one
            const { operations: all } = await operations.list(ALL)
            await operations.act(all[0]?.id ?? '', 'cancel', ANNA, TERMS, NEVER)
            given.resolve()
          }
          return null
        },
      }),
      foresee: async () => ({ warnings: [], refusals: [], connections: 0 }),
    }
    const one = await open({ kinds: [finalKind()], locks })
    const { id } = await one.operations.start(request(), ANNA, null, NEVER)
    await given.promise
    await one.operations.settled(id)
    expect(await one.operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
    expect(world.files()).toEqual(WAS)
  })

  test('when that step is just on record, comes too late: it goes on, once, and says so', async () => {
    const begun: string[] = []
    const one = await open({
      kinds: [finalKind()],
      journalOf: (journal) => ({
        ...journal,
        async append(record, entry, at) {
          if (entry.type === 'began') {
            begun.push(entry.step)
            if (entry.step === 'swap') await one.operations.act(record.id, 'cancel', ANNA, TERMS, NEVER)
          }
          await journal.append(record, entry, at)
        },
      }),
    })
    const { id } = await one.operations.start(request(), ANNA, null, NEVER)
    await one.operations.settled(id)
    expect(await one.operations.get(id)).toMatchObject({ state: 'succeeded' })
    expect(begun).toEqual(['write', 'swap'])
    await expect
      .poll(async () => (await one.operations.log(id)).map(({ reason }) => reason.code))
      .toEqual(['cancelled-too-late'])
  })
})

test('is interrupted when the console stops, and taken up by the next', async () => {
  const { reached, between } = gate('write')
  const first = await world.open({ kinds: [fileKind(world.target, between)] })
  const { id } = await first.operations.start(request(), ANNA, null, NEVER)
  await reached
  await first.operations.stop()
  await first.close()
  const { operations } = await open()
  expect(await operations.get(id)).toMatchObject({ state: 'interrupted', error: null })
  await operations.act(id, 'resume', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
})

test.each(['removed', 'gone for good'] as const)(
  'is given up as it is where its target is %s, and says so',
  async (how) => {
    const dying = await world.open({ dies: { at: 6, when: 'before' } })
    const { id } = await dying.operations.start(request(), ANNA, null, NEVER)
    await dying.operations.settled(id)
    await dying.close()
    const files = world.files()
    const one = await open(how === 'removed' ? { deploymentOf: () => null } : {})
    const terms = { confirm: null, leave: how === 'gone for good' }
    expect(await one.operations.act(id, 'cancel', ANNA, terms, NEVER)).toMatchObject({
      ...{ state: 'cancelled', target: 'unknown' },
    })
    expect(world.files()).toEqual(files)
    expect((await one.operations.log(id)).map(({ reason }) => reason.code)).toEqual(['left-as-it-is'])
    expect(one.operations.standing()).toEqual({ running: 0, waiting: 0 })
  },
)

test('may be given up as it is also past its return, which nobody takes back then, and says what is in doubt', async () => {
  const kind = fileKind(world.target)
  const kinds: AnyKind[] = [
    { ...kind, steps: (...of) => kind.steps(...of).map((step) => ({ ...step, pointOfNoReturn: true })) },
  ]
  const dying = await world.open({ kinds, dies: { at: 6, when: 'before' } })
  const { id } = await dying.operations.start(request(), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  const { operations } = await open({ kinds })
  const asked = operations.previewAct(id, 'cancel', false, ANNA, NEVER)
  expect(await refusalOf(asked)).toEqual({ kind: 'state', reason: 'past-return' })
  const { preview, confirm } = await operations.previewAct(id, 'cancel', true, ANNA, NEVER)
  expect(confirm).toBeNull()
  expect(preview).toMatchObject({
    ...{ steps: [], warnings: [] },
    changes: [{ code: 'leaves-as-it-is' }, { code: 'leaves-in-doubt', params: { step: 'write' } }],
  })
  const terms = { confirm: null, leave: true }
  expect(await operations.act(id, 'cancel', ANNA, terms, NEVER)).toMatchObject({ state: 'cancelled' })
})

test('is not given up as it is while it runs', async () => {
  const { reached, between, letGo } = gate('write')
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  const terms = { confirm: null, leave: true }
  for (const asked of [
    operations.act(id, 'cancel', ANNA, terms, NEVER),
    operations.previewAct(id, 'cancel', true, ANNA, NEVER),
  ])
    expect(await refusalOf(asked)).toEqual({ kind: 'state', reason: 'not-waiting' })
  letGo()
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
})

test('of a deployment that is on record no more shows what stays of it', async () => {
  const dying = await world.open({ dies: { at: 6, when: 'before' } })
  const { id } = await dying.operations.start(request(), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  const { operations } = await open({ deploymentOf: () => null })
  expect(await operations.previewAct(id, 'cancel', true, ANNA, NEVER)).toMatchObject({
    ...{ confirm: null, preview: { changes: [{ code: 'leaves-as-it-is' }, { code: 'leaves-in-doubt' }] } },
  })
})

test('shows what its kind says of the way back, and of what would stay, before anything is done', async () => {
  const seen: unknown[] = []
  const kinds: AnyKind[] = [
    {
      ...fileKind(world.target),
      async previewUndo({ id, steps }, back) {
        seen.push(
          id,
          steps.map(({ state }) => state),
          back,
        )
        return { ...NOTHING_FORESEEN, changes: [{ code: 'takes-back', params: { own: 1 } }] }
      },
    },
  ]
  const { operations } = await open({ kinds })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await operations.settled(id)
  const { preview, confirm } = await operations.previewAct(id, 'undo', false, ANNA, NEVER)
  expect(confirm).toBeNull()
  expect(preview).toMatchObject({
    ...{ changes: [{ params: { own: 1 } }], steps: [{ id: 'swap' }, { id: 'write' }], effect: 'writes' },
  })
  expect(seen).toEqual([id, ['succeeded', 'succeeded'], ['swap', 'write']])
  expect(world.files()).toEqual(BECOMES)
  await operations.act(id, 'undo', ANNA, TERMS, NEVER)
  await operations.settled(id)
  const again = operations.previewAct(id, 'undo', false, ANNA, NEVER)
  expect(await refusalOf(again)).toEqual({ kind: 'state', reason: 'nothing-to-undo' })
})

test('is given up where there is no way to its target, and nothing of it is left there', async () => {
  const dying = await world.open({ dies: { at: 3, when: 'before' } })
  const { id } = await dying.operations.start(request(), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  // Without a way, which is what a paused deployment is.
  const { operations } = await open({ reachOf: () => null })
  await operations.act(id, 'cancel', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
})

test('what a killed console left is told: as a turn, and in the audit', async () => {
  const dying = await world.open({ dies: { at: 6, when: 'before' } })
  const { id } = await dying.operations.start(request(), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  const { turns, audit } = await open()
  expect(turns).toMatchObject([{ id, state: 'interrupted' }])
  expect(await audit.list({ limit: 1 })).toMatchObject([
    {
      ...{ action: 'operation.terminate-backend', target: 'shop', outcome: 'failed' },
      detail: { operation: id, state: 'interrupted' },
    },
  ])
})

describe('how one ended', () => {
  const ends = async ({ audit }: Opened, id: string) =>
    (await audit.list({ limit: 20 })).flatMap(({ actor, outcome, detail }) =>
      detail?.operation === id ? [[actor.id, outcome, detail.state]] : [],
    )

  test('is in the audit before others are asked to let go of it', async () => {
    const told: unknown[] = []
    const release = async () => void told.push(...(await ends(one, id)))
    const locks: ConsoleLocks = {
      take: async () => ({ ...without([]), release }),
      foresee: async () => ({ warnings: [], refusals: [], connections: 0 }),
    }
    const one = await open({ locks })
    const { id } = await one.operations.start(request(), ANNA, null, NEVER)
    await one.operations.settled(id)
    expect(told).toEqual([
      [ANNA.id, 'succeeded', 'succeeded'],
      [ANNA.id, 'asked', undefined],
    ])
  })

  test('comes into the audit with the next console, where the one before was killed between the two', async () => {
    const asksOnly = (audit: Audit): Audit => ({
      ...audit,
      append: async (entry) => {
        if (entry.outcome !== 'asked') throw new Killed()
        return audit.append(entry)
      },
    })
    const dying = await world.open({ auditOf: asksOnly })
    const { id } = await run(dying)
    await dying.close()
    const next = await world.open()
    const told = [
      ['engine', 'succeeded', 'succeeded'],
      [ANNA.id, 'asked', undefined],
    ]
    expect(await ends(next, id)).toEqual(told)
    await next.close()

    const undoing = await world.open({ auditOf: asksOnly })
    await undoing.operations.act(id, 'undo', ANNA, TERMS, NEVER)
    await undoing.operations.settled(id)
    await undoing.close()
    await (await world.open()).close()
    // Once each, however often a console begins.
    expect(await ends(await open(), id)).toEqual([['engine', 'succeeded', 'undone'], ...told])
  })
})

test('what is asked of one and refused stands in the audit as refused', async () => {
  const one = await open()
  const { id } = await run(one)
  await refusalOf(one.operations.act(id, 'cancel', ANNA, TERMS, NEVER))
  expect(await one.audit.list({ limit: 1 })).toMatchObject([
    {
      ...{ action: 'operation.terminate-backend.cancel', target: 'shop', outcome: 'refused' },
      detail: { refused: 'state', why: 'over' },
    },
  ])
})

test('asks where somebody else was there, and leaves it as it is when it is given up', async () => {
  const { reached, between } = gate('write')
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  await operations.act(id, 'pause', ANNA, TERMS, NEVER)
  await operations.settled(id)
  writeFileSync(join(world.target, 'next'), 'somebody else’s')
  await operations.act(id, 'resume', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({
    ...{ state: 'interrupted', error: { code: 'asks-foreign', params: { step: 'write' } } },
  })
  await operations.act(id, 'cancel', ANNA, TERMS, NEVER)
  await operations.settled(id)
  expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unknown' })
  expect(existsSync(join(world.target, 'next'))).toBe(true)
})

test('one works on a target at a time; the other is told who', async () => {
  const { reached, between, letGo } = gate('write')
  const { operations } = await open({ kinds: [fileKind(world.target, between)] })
  const { id } = await operations.start(request(), ANNA, null, NEVER)
  await reached
  expect(await refusalOf(operations.start(request(), ANNA, null, NEVER))).toMatchObject({
    ...{ kind: 'locked', scope: 'files', holder: { console: null, operation: id } },
  })
  letGo()
  await operations.settled(id)
  expect((await operations.get(id)).state).toBe('succeeded')
})

test.each([
  ['only reads', { effect: 'reads' }, 'succeeded', 'cancelled'],
  ['changes its target', {}, 'locked', 'interrupted'],
  ['makes only what it drops', { changes: false }, 'succeeded', 'cancelled'],
  ['has only to drop it', { changes: false, pointOfNoReturn: true }, 'succeeded', 'succeeded'],
] as const)('one that %s and was cut off', async (_, traits, next, becomes) => {
  const { effect = 'writes', ...ofSteps } = { pointOfNoReturn: false, ...traits } as {
    effect?: 'reads'
    changes?: false
    pointOfNoReturn: boolean
  }
  const kind = fileKind(world.target)
  const steps: AnyKind['steps'] = (...of) => kind.steps(...of).map((step) => ({ ...step, ...ofSteps }))
  const kinds = [{ ...kind, effect: () => effect, steps }]
  const dying = await world.open({ kinds, dies: { at: 6, when: 'before' } })
  const { id } = await dying.operations.start(request(), ANNA, null, NEVER)
  await dying.operations.settled(id)
  await dying.close()
  const one = await open({ kinds })
  expect(await one.operations.get(id)).toMatchObject({ state: 'interrupted' })
  const came = await run(one).catch((error: OperationRefused) => error.refused)
  expect('state' in came ? came.state : came.kind).toBe(next)
  expect(await one.operations.get(id)).toMatchObject({ state: becomes })
})

describe('what is asked of one while somebody else goes on with it', () => {
  /** One that was cut off, on a console that takes its time for the lock. */
  async function takenUp(kind: Partial<AnyKind> = {}) {
    const kinds = [{ ...fileKind(world.target), ...kind }]
    const dying = await world.open({ kinds, dies: { at: 6, when: 'before' } })
    const { id } = await dying.operations.start(request(), ANNA, null, NEVER)
    await dying.operations.settled(id)
    await dying.close()
    const { reached, letGo, between } = gate('lock')
    const locks: ConsoleLocks = {
      async take() {
        await between('lock', NEVER)
        return without([])
      },
      foresee: async () => ({ warnings: [], refusals: [], connections: 0 }),
    }
    const { operations } = await open({ kinds, locks })
    return { operations, id, reached, letGo }
  }

  test.each([
    ['cancel', { confirm: null, leave: true }],
    ['cancel', TERMS],
    ['resume', TERMS],
  ] as const)('is refused: %s %o', async (what, terms) => {
    const { operations, id, reached, letGo } = await takenUp()
    const resuming = operations.act(id, 'resume', ANNA, TERMS, NEVER)
    await reached
    const refused = await refusalOf(operations.act(id, what, ANNA, terms, NEVER))
    expect(refused).toEqual({ kind: 'state', reason: 'not-waiting' })
    letGo()
    await resuming
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
    expect(world.files()).toEqual(BECOMES)
  })

  test('is in the way of the next, also where it would be given up for that', async () => {
    const { operations, id, reached, letGo } = await takenUp({ effect: () => 'reads' })
    const resuming = operations.act(id, 'resume', ANNA, TERMS, NEVER)
    await reached
    expect(await refusalOf(operations.start(request(), ANNA, null, NEVER))).toMatchObject({
      ...{ kind: 'locked', holder: { operation: id } },
    })
    letGo()
    await resuming
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
  })

  test('is refused, too, where it keeps nobody off', async () => {
    const { operations, id } = await takenUp({ lock: () => null })
    const both = await Promise.allSettled([1, 2].map(() => operations.act(id, 'resume', ANNA, TERMS, NEVER)))
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'succeeded' })
    expect(world.files()).toEqual(BECOMES)
  })

  test('goes by what it is by then: one that was given up meanwhile is not gone on with', async () => {
    const { operations, id } = await takenUp({ lock: () => null })
    const [leaving, resuming] = await Promise.allSettled([
      operations.act(id, 'cancel', ANNA, { confirm: null, leave: true }, NEVER),
      operations.act(id, 'resume', ANNA, TERMS, NEVER),
    ])
    await operations.settled(id)
    const isLeft = leaving.status === 'fulfilled'
    expect(isLeft).not.toBe(resuming.status === 'fulfilled')
    expect(await operations.get(id)).toMatchObject({ state: isLeft ? 'cancelled' : 'succeeded' })
    if (!isLeft) expect(world.files()).toEqual(BECOMES)
  })
})

test('a request that names itself is one, however often it is made, and at once', async () => {
  const one = await open()
  const twice = () => one.operations.start(request(), ANNA, 'k', NEVER)
  const [first, second] = await Promise.all([twice(), twice()])
  await one.operations.settled(first.id)
  expect([second.id, (await twice()).id]).toEqual([first.id, first.id])
  const other = one.operations.start(request({ options: { breaks: 'swap' } }), ANNA, 'k', NEVER)
  expect(await refusalOf(other)).toEqual({ kind: 'key-used' })
  const somebody = { ...ANNA, id: 'os:boris' }
  const { id } = await one.operations.start(request({ options: { breaks: 'swap' } }), somebody, 'k', NEVER)
  expect(id).not.toBe(first.id)
  await one.operations.settled(id)
})

test('lists the newest first, a page at a time, by what is asked for', async () => {
  const one = await open()
  const ids: string[] = []
  for (const options of [{ breaks: 'write' }, { breaks: 'swap' }, {}])
    ids.unshift((await run(one, options)).id)
  const first = await one.operations.list({ ...ALL, limit: 2 })
  expect(first.operations.map(({ id }) => id)).toEqual(ids.slice(0, 2))
  const rest = await one.operations.list({ ...ALL, limit: 2, before: first.next })
  expect(rest).toMatchObject({ operations: [{ id: ids[2] }], next: null })
  const failed = await one.operations.list({ ...ALL, states: ['failed'] })
  expect(failed.operations).toHaveLength(2)
  expect((await one.operations.list({ ...ALL, deployment: 'other' })).operations).toEqual([])
})

describe('the guard', () => {
  const production = { profile: profileOf({ environment: 'production' }), paused: false }

  test('asks for the name in production, with the preview, and not again for a quarter of an hour', async () => {
    const clock = createDrivenClock()
    const one = await open({ clock, deploymentOf: () => production })
    const start = (confirm?: string) =>
      one.operations.start(request(confirm === undefined ? {} : { confirm }), ANNA, null, NEVER)
    expect(await refusalOf(start())).toMatchObject({
      ...{
        kind: 'confirm',
        reason: 'missing',
        preview: { effect: 'writes', steps: [{ id: 'write' }, { id: 'swap' }] },
      },
    })
    expect(await refusalOf(start('shpo'))).toMatchObject({ kind: 'confirm', reason: 'mismatch' })
    const { id } = await start('shop')
    await one.operations.settled(id)
    await one.operations.act(id, 'undo', ANNA, TERMS, NEVER)
    await one.operations.settled(id)
    await clock.advance(15 * 60_000)
    expect(await refusalOf(start())).toMatchObject({ kind: 'confirm' })
    const outcomes = (await one.audit.list({ limit: 20 })).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['refused', 'succeeded', 'succeeded', 'asked', 'refused', 'refused'])
  })

  /** Its console died when the whole of it was done, and before that was on record. */
  async function cutOff(entry: number): Promise<string> {
    const dying = await world.open({ deploymentOf: () => production, dies: { at: entry, when: 'before' } })
    const { id } = await dying.operations.start(request({ confirm: 'shop' }), ANNA, null, NEVER)
    await dying.operations.settled(id)
    await dying.close()
    return id
  }

  test('asks for the name also where giving up takes back what was done', async () => {
    const id = await cutOff(10)
    expect(world.files()).toEqual(BECOMES)
    const { operations } = await open({ deploymentOf: () => production })
    expect(await refusalOf(operations.act(id, 'cancel', ANNA, TERMS, NEVER))).toMatchObject({
      ...{ kind: 'confirm', reason: 'missing' },
    })
    expect(world.files()).toEqual(BECOMES)
    await operations.act(id, 'cancel', ANNA, { confirm: 'shop' }, NEVER)
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
    expect(world.files()).toEqual(WAS)
  })

  test.each([false, true])(
    'shows what it is to give one up as it is, also of a paused deployment (%s)',
    async (paused) => {
      const id = await cutOff(10)
      const { operations } = await open({ deploymentOf: () => ({ ...production, paused }) })
      const terms = { confirm: null, leave: true }
      expect(await refusalOf(operations.act(id, 'cancel', ANNA, terms, NEVER))).toMatchObject({
        ...{ kind: 'confirm', reason: 'missing' },
        preview: {
          changes: [
            { code: 'leaves-as-it-is' },
            { code: 'leaves-done', params: { step: 'write' } },
            { code: 'leaves-done', params: { step: 'swap' } },
          ],
          warnings: [{ code: 'leaves-may-undo' }],
          steps: [],
        },
      })
      const asked = operations.act(id, 'cancel', ANNA, { ...terms, confirm: 'shop' }, NEVER)
      expect(await asked).toMatchObject({ state: 'cancelled' })
      expect(world.files()).toEqual(BECOMES)
    },
  )

  test('asks for nothing where what is given up left nothing there', async () => {
    const id = await cutOff(3)
    const { operations } = await open({ deploymentOf: () => production })
    await operations.act(id, 'cancel', ANNA, TERMS, NEVER)
    await operations.settled(id)
    expect(await operations.get(id)).toMatchObject({ state: 'cancelled', target: 'unchanged' })
  })

  describe('does only what was shown', () => {
    /** What it settles on is another from one look to the next. */
    async function unsettled() {
      const looks = { found: false, deployment: production }
      const kind = fileKind(world.target)
      const settle = async ({ options }: { options: object }) =>
        ({ breaksUndo: looks.found, ...options }) as never
      const one = await open({
        deploymentOf: () => looks.deployment,
        kinds: [{ ...kind, settle }],
      })
      const start = (more: Partial<OperationRequest>) =>
        one.operations.start(request(more), ANNA, null, NEVER)
      return { ...one, looks, start }
    }

    test('when it is confirmed, though nothing but the name is sent back', async () => {
      const { operations, looks, start } = await unsettled()
      expect(await refusalOf(start({}))).toMatchObject({ kind: 'confirm', reason: 'missing' })
      looks.found = true
      expect(await refusalOf(start({ confirm: 'shop' }))).toMatchObject({
        kind: 'confirm',
        reason: 'changed',
      })
      expect(world.files()).toEqual(WAS)
      // It was shown as it is now, and is confirmed anew.
      const { id, options } = await start({ confirm: 'shop' })
      expect(options).toEqual({ breaksUndo: true })
      await operations.settled(id)
    })

    test('of the preview whose plan is sent back, also while it need not be confirmed', async () => {
      const { operations, looks, start } = await unsettled()
      const staging = { profile: profileOf(), paused: false }
      looks.deployment = staging
      const { plan } = await operations.preview(request(), ANNA, NEVER)
      looks.deployment = { ...staging, profile: profileOf({ tags: ['eu'] }) }
      expect(await refusalOf(start({ plan }))).toMatchObject({ kind: 'confirm', reason: 'changed' })
      looks.deployment = staging
      const { id } = await start({ plan })
      await operations.settled(id)
      expect(world.files()).toEqual(BECOMES)
    })

    test('of the deployment as it was then: an edit while it begins comes before, or waits', async () => {
      const { operations, looks, start } = await unsettled()
      const staging = { profile: profileOf(), paused: false }
      const elsewhere = profileOf({ postgres: { url: 'postgresql://watcher@other/shop' } })
      looks.deployment = staging
      const beginning = start({})
      // Its preview has begun, and nothing of it is on record.
      looks.deployment = { ...staging, profile: elsewhere }
      expect(await refusalOf(beginning)).toMatchObject({ kind: 'confirm', reason: 'changed' })
      looks.deployment = staging
      const { id } = await start({})
      await expect(operations.mayBeEdited(profileOf(), elsewhere)).rejects.toMatchObject({
        refused: { kind: 'held', id },
      })
      await operations.settled(id)
    })

    test('what was shown long ago is not held against who confirms at once', async () => {
      const clock = createDrivenClock()
      const plans = createShownPlans({ clock })
      plans.remember('anna', 'one')
      await clock.advance(15 * 60_000 - 1)
      expect(plans.of('anna')).toBe('one')
      await clock.advance(1)
      expect(plans.of('anna')).toBe(null)
    })
  })

  test('weighs taking back as the kind says, and not by what was done', async () => {
    const kinds = [{ ...fileKind(world.target), undoEffect: () => 'destroys' as const }]
    const { operations } = await open({ deploymentOf: () => production, kinds })
    const { id } = await operations.start(request({ confirm: 'shop' }), ANNA, null, NEVER)
    await operations.settled(id)
    // It was unlocked just now, which is enough for what only writes.
    expect(await refusalOf(operations.act(id, 'undo', ANNA, TERMS, NEVER))).toMatchObject({
      ...{ kind: 'confirm', reason: 'missing' },
      // It says what going back does, and not what was done.
      preview: {
        ...{ effect: 'destroys', changes: [{ code: 'takes-back' }] },
        steps: [{ id: 'swap' }, { id: 'write' }],
      },
    })
    await operations.act(id, 'undo', ANNA, { confirm: 'shop' }, NEVER)
    await operations.settled(id)
    expect(world.files()).toEqual(WAS)
  })

  test('lets nothing be changed where that is switched off, here or there', async () => {
    const readOnly = { profile: profileOf({ readOnly: true }), paused: false }
    const there = await world.open({ deploymentOf: () => readOnly })
    expect(await refusalOf(there.operations.start(request(), ANNA, null, NEVER))).toMatchObject({
      ...{ kind: 'guard', reason: 'deployment-read-only' },
    })
    await there.close()
    const here = await world.open()
    await here.operations.configure({ readOnly: true })
    await here.close()
    // It outlives the console.
    const again = await open()
    expect(again.operations.settings()).toEqual({ readOnly: true })
    expect(await refusalOf(again.operations.start(request(), ANNA, null, NEVER))).toMatchObject({
      ...{ kind: 'guard', reason: 'console-read-only' },
    })
    expect(world.files()).toEqual(WAS)
  })
})

test('keeps alerts quiet while it is asked to, and until it is over', async () => {
  const told: string[] = []
  const { reached, between, letGo } = gate('write')
  const { operations } = await open({
    kinds: [fileKind(world.target, between)],
    silence: async ({ deployment, by, note }) => {
      told.push(`quiet ${deployment} ${by} ${note}`)
      return async () => void told.push('released')
    },
  })
  const { id } = await operations.start(request({ silence: true, reason: 'deploy' }), ANNA, null, NEVER)
  await reached
  expect(told).toEqual(['quiet shop anna deploy'])
  letGo()
  await until(() => told.length === 2)
  expect(told[1]).toBe('released')
  await operations.settled(id)
})
