/** Looks, as they come in: what the rules make of each, of the deployment as a whole, and what unexplained alerts come from. */
import type { Connection } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Clock } from '../clock.ts'
import type { Edited } from './alerts.ts'
import type { Book } from './book.ts'
import type { Changing } from './changing.ts'
import type { BackupStanding } from './readings/special.ts'
import { type CompiledRules, compileRules } from './rules/compile.ts'
import { createRounds, type Rounds } from './rules/rounds.ts'
import type { RuleBook } from './rules/rule-book.ts'
import type { Trackings } from './rules/trackings.ts'

/** Looks at the deployment as a whole are this far apart: those of one round of probes count as one. */
const WHOLE_EVERY_MS = 4_000
/** How often it is looked what unexplained alerts come from. */
const EXPLAIN_EVERY_MS = 5_000

export interface LookingOptions {
  readonly book: Book
  readonly changing: Pick<Changing, 'apply' | 'explain'>
  readonly rules: Pick<RuleBook, 'all'>
  readonly trackings: Trackings
  readonly watched: ReadonlyMap<string, Edited>
  readonly latestOf: (deployment: string) => readonly Observation[]
  readonly connectionOf: (deployment: string) => Connection
  readonly backupsOf: (deployment: string) => BackupStanding | null
  readonly clock: Clock
  /** Before a look is weighed. */
  readonly onBefore: (now: number) => void
  /** After its decisions were taken, of one that saw something. */
  readonly onSeen: (observation: Observation) => void
}

export interface Looking {
  observe(observation: Observation): void
  /** Other rules or targets, from now on. */
  change(name: string, compiled: CompiledRules, targets: Edited['targets']): void
  /** What rules have read of it so far says nothing any more. */
  forget(name: string): void
  /** It is not watched any more. */
  drop(name: string): void
}

export function createLooking(options: LookingOptions): Looking {
  const { book, changing, rules, trackings, watched, clock, onBefore, onSeen } = options
  const { latestOf, connectionOf, backupsOf } = options
  const rounds = new Map<string, Rounds>()
  const wholeAt = new Map<string, number>()
  const explainedAt = new Map<string, number>()

  function roundsOf(name: string): Rounds | null {
    const known = rounds.get(name)
    const one = watched.get(name)
    if (known !== undefined || one === undefined) return known ?? null
    const fresh = createRounds(compileRules(rules.all(), one.profile))
    rounds.set(name, fresh)
    return fresh
  }

  function isDue(at: Map<string, number>, name: string, everyMs: number): boolean {
    const monotonic = clock.monotonic()
    if (monotonic - (at.get(name) ?? Number.NEGATIVE_INFINITY) < everyMs) return false
    at.set(name, monotonic)
    return true
  }

  function whole(name: string, of: Rounds, at: number, now: number): void {
    if (!isDue(wholeAt, name, WHOLE_EVERY_MS)) return
    const active = book.openIn(name).filter(({ rule }) => rule !== 'alerts-active-high').length
    const looks = latestOf(name)
    const seen = { connection: connectionOf(name), looks, active, backups: backupsOf(name) }
    const decided = of.whole(seen, at, trackings.of(name))
    if (decided.length > 0) changing.apply(name, decided, now)
  }

  function unobserved({ deployment, probe, target, at, reason }: Observation, of: Rounds): void {
    for (const key of of.unobserved({ probe, target, at }, trackings.of(deployment))) {
      const alert = book.openAt(deployment, key)
      if (alert !== null) book.trace(alert.id, at, 'not-observed', { because: reason.code })
    }
  }

  return {
    observe(observation) {
      const { deployment: name, at } = observation
      const of = roundsOf(name)
      if (of === null) return
      const now = clock.now()
      onBefore(now)
      if (observation.status === 'UNOBSERVED') return unobserved(observation, of)
      const decided = of.look(observation, trackings.of(name))
      if (decided.length > 0) changing.apply(name, decided, now)
      onSeen(observation)
      whole(name, of, at, now)
      if (book.activeIn(name) > 0 && isDue(explainedAt, name, EXPLAIN_EVERY_MS)) changing.explain(name, now)
    },
    change: (name, compiled, targets) => rounds.get(name)?.change(compiled, targets),
    forget: (name) => void rounds.delete(name),
    drop(name) {
      for (const map of [rounds, wholeAt, explainedAt]) map.delete(name)
    },
  }
}
