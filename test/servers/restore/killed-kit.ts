/** The console dies at every entry of a restore's journal: what each kind of restore is tried with, said once. */
import { expect } from 'vitest'
import type {
  Operation,
  OperationFacts,
  OperationRequest,
  OperationText,
} from '../../../src/shared/model/operation.ts'
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

/** What leaves nothing to take back: it is done, or it is not. */
export interface OnceTerms {
  readonly restore: RestoreKit
  readonly kind: OperationRequest['kind']
  /** Sets up anew what it is done to. */
  readonly options: () => Promise<OperationFacts> | OperationFacts
  /** Throws where it was not done, or not once, or anything is left besides. */
  readonly isWhole: (done: Operation, console: RestoreConsole) => Promise<void>
  /** The same of one that was given up, or of which nothing is on record: it was done, or not begun. */
  readonly isTidy: (console: RestoreConsole) => Promise<void>
}

/** Dies before each entry and is taken up, and right after each and is given up where it can be. @returns how many entries there were */
export async function endsWhereverItDied(terms: OnceTerms): Promise<number> {
  const { restore, kind, options, isWhole, isTidy } = terms
  for (let at = 1; ; at += 1) {
    let entries = 0
    for (const when of ['before', 'after'] as const) {
      const asked = { restore, options: await options() }
      const ran = await runUntil(asked, { at, when }, { kind })
      entries = ran.entries
      await onNext(restore, async (console) => {
        // Of its first entry nothing is on record.
        if (at === 1 && when === 'before') return isTidy(console)
        const found = await console.operations.get(ran.id)
        const isGivenUp = found.state === 'interrupted' && when === 'after' && mayBeGivenUp(found)
        const act = isGivenUp ? 'cancel' : 'resume'
        const ended = found.state === 'interrupted' ? await console.actForeseen(ran.id, act) : found
        expect({ at, when, ...ended }).toMatchObject({
          ...{ at, when, state: isGivenUp ? 'cancelled' : 'succeeded', error: null },
        })
        await (isGivenUp ? isTidy(console) : isWhole(ended, console))
      })
    }
    if (entries < at) return entries
  }
}

/** Not where what was begun cannot be stopped any more. */
function mayBeGivenUp({ steps }: Operation): boolean {
  return !steps.some(({ pointOfNoReturn, state }) => pointOfNoReturn && state !== 'pending')
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
  more: Partial<OperationRequest> = {},
): Promise<{ entries: number; id: string }> {
  const console = await restore.console(dies)
  await console.run(options, more).catch((error: unknown) => {
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
