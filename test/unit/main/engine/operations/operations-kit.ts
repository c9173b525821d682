/** Operations on files of a directory, over a real `state.db`: the target is real, and what it looks like can be compared. */

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { z } from 'zod'
import type { Audit } from '../../../../../src/main/engine/audit/audit.ts'
import { createAudit } from '../../../../../src/main/engine/audit/chain.ts'
import { systemClock } from '../../../../../src/main/engine/clock.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import {
  createOperations,
  type OperationsOptions,
} from '../../../../../src/main/engine/operations/create-operations.ts'
import { createJournal, type Journal } from '../../../../../src/main/engine/operations/journal.ts'
import {
  type AnyKind,
  type Kind,
  OperationFailed,
  type Step,
} from '../../../../../src/main/engine/operations/kind.ts'
import { type ConsoleLocks, without } from '../../../../../src/main/engine/operations/lock/locks.ts'
import type { Actor } from '../../../../../src/main/engine/policy/actor.ts'
import { openStore } from '../../../../../src/main/engine/store/open-store.ts'
import type { Operation, OperationRequest } from '../../../../../src/shared/model/operation.ts'
import { DeploymentProfile } from '../../../../../src/shared/model/profile/deployment.ts'

export const ANNA: Actor = { id: 'os:anna', name: 'anna', role: 'OPERATOR', via: 'command-line' }
export const NEVER = new AbortController().signal

export function profileOf(more: Partial<z.input<typeof DeploymentProfile>> = {}) {
  return DeploymentProfile.parse({
    ...{ name: 'shop', environment: 'staging', services: [{ name: 'api', url: 'http://127.0.0.1:9' }] },
    ...more,
  })
}

export const PARTS = ['one ', 'two ', 'three']
const WHOLE = PARTS.join('')

const Options = z.strictObject({
  breaks: z.enum(['write', 'swap', 'prove']).optional(),
  breaksUndo: z.boolean().optional(),
  /** Written only, and not swapped in. */
  staysBeside: z.boolean().optional(),
  /** What of the files it is for. */
  part: z.string().optional(),
})
type Options = z.infer<typeof Options>

/** What a step does between its parts: a test stops it there, or waits for it. */
export type Between = (where: string, signal: AbortSignal) => Promise<void> | void

/**
 * Replaces the file `live` by one that is written in parts (resumable), swapped in (undone by swapping back), and proven.
 */
export function fileKind(directory: string, between: Between = () => {}): AnyKind {
  const at = (name: string) => join(directory, name)
  const read = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : null)

  const write: Step<Options> = {
    ...{ id: 'write', nature: 'resumable', changes: true },
    async run(context) {
      if (context.options.breaks === 'write') throw new OperationFailed('step-bug', { step: 'write' })
      for (let said = read('next') ?? ''; said !== WHOLE; said = read('next') ?? '') {
        const part = PARTS.find((_, index) => PARTS.slice(0, index).join('') === said)
        if (part === undefined) throw new OperationFailed('asks-foreign', { step: 'write' })
        context.signal.throwIfAborted()
        appendFileSync(at('next'), part)
        context.progress({ bytes: said.length + part.length, totalBytes: WHOLE.length })
        await context.keep({ bytes: said.length + part.length })
        await between('write', context.signal)
        context.signal.throwIfAborted()
      }
    },
    async inspect() {
      if (read('live') === WHOLE) return 'done'
      const next = read('next')
      if (next === null) return 'not-done'
      if (next === WHOLE) return 'done'
      return WHOLE.startsWith(next) ? 'partial' : 'foreign'
    },
    async undo() {
      rmSync(at('next'), { force: true })
    },
  }
  const swap: Step<Options> = {
    ...{ id: 'swap', nature: 'restartable', changes: true },
    async run({ options, signal }) {
      if (options.breaks === 'swap') throw new OperationFailed('step-bug', { step: 'swap' })
      if (!existsSync(at('old'))) renameSync(at('live'), at('old'))
      await between('swap', signal)
      if (!existsSync(at('live'))) renameSync(at('next'), at('live'))
    },
    async inspect() {
      if (!existsSync(at('old'))) return 'not-done'
      return existsSync(at('live')) ? 'done' : 'partial'
    },
    async undo({ options }) {
      if (options.breaksUndo) throw new OperationFailed('step-bug', { step: 'swap' })
      if (existsSync(at('live')) && !existsSync(at('next'))) renameSync(at('live'), at('next'))
      await between('undo', NEVER)
      if (existsSync(at('old'))) renameSync(at('old'), at('live'))
    },
    async proof({ options, result }) {
      if (options.breaks === 'prove') throw new OperationFailed('step-bug', { step: 'swap' })
      result({ bytes: read('live')?.length ?? null })
    },
  }
  const kind: Kind<Options> = {
    ...{ kind: 'terminate-backend', options: Options, effect: () => 'writes', onFailure: 'undo' },
    lock: ({ part }) => ({ scope: part === undefined ? 'files' : `files ${part}`, required: true }),
    async preview() {
      const lists = { changes: [], irreversible: [], warnings: [], refusals: [], databases: [], services: [] }
      return { ...lists, connections: { needed: 0, free: null } }
    },
    steps: ({ staysBeside }) => (staysBeside ? [write] : [write, swap]),
  }
  return kind as AnyKind
}

/** The console's process dies at one of its entries, before it is written or right after. */
export class Killed extends Error {}

export function dyingJournal(
  journal: Journal,
  at: number,
  when: 'before' | 'after',
): Journal & { count(): number } {
  let count = 0
  const dying = async (work: () => Promise<void>) => {
    count += 1
    if (count > at || (count === at && when === 'before')) throw new Killed()
    await work()
    if (count === at) throw new Killed()
  }
  return {
    ...journal,
    count: () => count,
    create: (...entry) => dying(() => journal.create(...entry)),
    append: (...entry) => dying(() => journal.append(...entry)),
    note: async (...line) => (count >= at ? undefined : journal.note(...line)),
  }
}

export interface World {
  readonly target: string
  /** What the target looks like: file names and what stands in them. */
  files(): Record<string, string>
  open(
    more?: Partial<OperationsOptions> & {
      dies?: { at: number; when: 'before' | 'after' }
      /** Its journal, altered. */
      journalOf?: (journal: Journal) => Journal
      /** Its audit, altered. */
      auditOf?: (audit: Audit) => Audit
    },
  ): Promise<Opened>
  remove(): void
}

export interface Opened {
  readonly operations: Awaited<ReturnType<typeof createOperations>>
  readonly turns: Operation[]
  readonly audit: ReturnType<typeof createAudit>
  entries(): number
  close(): Promise<void>
}

/** Of one console there is nobody to keep off. */
const ALONE: ConsoleLocks = {
  take: async () => without([]),
  foresee: async () => ({ warnings: [], refusals: [], connections: 0 }),
}

export function createWorld(): World {
  const root = mkdtempSync(join(tmpdir(), 'vakhta-operations-'))
  const target = join(root, 'target')
  const data = join(root, 'data')
  for (const directory of [target, data]) mkdirSync(directory)
  writeFileSync(join(target, 'live'), 'as it was')

  return {
    target,
    files: () =>
      Object.fromEntries(readdirSync(target).map((name) => [name, readFileSync(join(target, name), 'utf8')])),
    async open({
      dies,
      journalOf = (journal: Journal) => journal,
      auditOf = (audit: Audit) => audit,
      ...more
    } = {}) {
      const store = openStore({ dataDirectory: data, log: silentLog })
      const clock = more.clock ?? systemClock
      const audit = auditOf(createAudit({ store, clock }))
      const journal = journalOf(createJournal({ store }))
      const dying = dyingJournal(journal, dies?.at ?? Number.POSITIVE_INFINITY, dies?.when ?? 'before')
      const turns: Operation[] = []
      const operations = await createOperations({
        ...{ store, clock, audit, log: silentLog, journal: dying, reachOf: () => null },
        console: { id: 'this', name: () => 'this' },
        ...(more.reachOf === undefined && { locks: ALONE }),
        kinds: [fileKind(target)],
        deploymentOf: (name) => (name === 'shop' ? { profile: profileOf(), paused: false } : null),
        editsSettled: async () => {},
        silence: async () => async () => {},
        onTurn: (_, now) => turns.push(now),
        ...more,
      })
      return { operations, turns, audit, entries: dying.count, close: () => store.close() }
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

export function request(more: Partial<OperationRequest> = {}): OperationRequest {
  return { kind: 'terminate-backend', deployment: 'shop', options: {}, silence: false, ...more }
}

/** A world of its own for each test of a file, and consoles in it that are stopped with the test. */
export function worldOfEach() {
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
  return {
    world: () => world,
    async open(...options: Parameters<World['open']>): Promise<Opened> {
      const one = await world.open(...options)
      opened.push(one)
      return one
    },
  }
}
