/** The console dies at every entry of a restore's journal: what each kind of restore is tried with, said once. */
import { expect } from 'vitest'
import type { Operation, OperationFacts, OperationText } from '../../../src/shared/model/operation.ts'
import { type Died, Killed, type RestoreConsole, type RestoreKit } from './restore-kit.ts'

export interface KilledTerms {
  readonly restore: RestoreKit
  readonly options: OperationFacts
  /** Everything that a restore could change or leave. */
  readonly state: () => Promise<unknown>
  /** What that is where it was not begun, or taken back; and where it is done. */
  readonly before: unknown
  readonly after: unknown | ((done: Operation) => unknown)
  /** What is before that only reads. */
  readonly from: number
  /** What it fails with, and has changed nothing, where it is begun upon only once. */
  readonly onceOnly?: OperationText
}

/** Dies at each entry, and takes it up with the next console, and then takes all of it back. @returns how many entries there were */
export async function takesUpWhereverItDied(terms: KilledTerms): Promise<number> {
  const { restore, state, before, after, onceOnly } = terms
  let refused = 0
  for (let at = terms.from; ; at += 1) {
    const ran = await runUntil(terms, { at, when: 'before' })
    await onNext(restore, async (console) => {
      const found = await console.operations.get(ran.id)
      const done = found.state === 'succeeded' ? found : await console.actForeseen(ran.id, 'resume')
      if (onceOnly !== undefined && done.state === 'failed') {
        refused += 1
        expect({ at, ...done }).toMatchObject({ at, target: 'unchanged', error: { code: onceOnly } })
        expect({ at, state: await state() }).toEqual({ at, state: before })
        return
      }
      expect({ at, ...done }).toMatchObject({ at, state: 'succeeded', undo: 'available', error: null })
      const wanted = typeof after === 'function' ? after(done) : after
      expect({ at, state: await state() }).toEqual({ at, state: wanted })
      expect({ at, ...(await console.actForeseen(ran.id, 'undo')) }).toMatchObject({
        ...{ at, state: 'undone', target: 'unchanged' },
      })
      expect({ at, state: await state() }).toEqual({ at, state: before })
    })
    if (ran.entries < at) {
      expect(refused > 0).toBe(onceOnly !== undefined)
      return ran.entries
    }
  }
}

/** Dies at each entry, and is given up, or taken back where it was over. */
export async function takesBackWhereverItDied(terms: KilledTerms): Promise<void> {
  const { restore, state, before } = terms
  for (let at = terms.from; ; at += 1) {
    const ran = await runUntil(terms, { at, when: 'after' })
    await onNext(restore, async (console) => {
      const found = await console.operations.get(ran.id)
      const act = found.state === 'interrupted' ? 'cancel' : 'undo'
      expect({ at, ...(await console.actForeseen(ran.id, act)) }).toMatchObject({
        ...{ at, state: act === 'cancel' ? 'cancelled' : 'undone', target: 'unchanged', error: null },
      })
      expect({ at, state: await state() }).toEqual({ at, state: before })
    })
    if (ran.entries < at) return
  }
}

/** Is done, and on the way back the console dies at each entry. */
export async function takesBackThoughItDies({ restore, options, state, before }: KilledTerms): Promise<void> {
  const id = await onNext(restore, async (console) => {
    const done = await console.run(options)
    expect(done.state).toBe('succeeded')
    return done.id
  })
  for (let at = 2; ; at += 1) {
    // Each time it gets further by as much as one entry at the least.
    const dying = await restore.console({ at, when: 'before' })
    const { state: now } = await dying.operations.get(id)
    if (now !== 'undone') await dying.actForeseen(id, now === 'succeeded' ? 'undo' : 'resume')
    await dying.close()
    if (now === 'undone') break
  }
  expect(await state()).toEqual(before)
}

async function onNext<T>(restore: RestoreKit, work: (console: RestoreConsole) => Promise<T>): Promise<T> {
  const console = await restore.console()
  try {
    return await work(console)
  } finally {
    await console.close()
  }
}

/** Begins one on a console that dies. @returns how many entries there were, and the operation */
async function runUntil(
  { restore, options }: Pick<KilledTerms, 'restore' | 'options'>,
  dies: Died,
): Promise<{ entries: number; id: string }> {
  const console = await restore.console(dies)
  await console.run(options).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  const entries = console.entries()
  await console.close()
  return onNext(restore, async ({ operations }) => {
    const page = await operations.list({
      ...{ deployment: null, kinds: null, states: null, before: null, limit: 1 },
    })
    return { entries, id: page.operations[0]?.id ?? '' }
  })
}
