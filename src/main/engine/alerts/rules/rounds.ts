/**
 * From a look to decisions: which rules read it, what each reads, and what follows from that. Nothing is kept of what is well, so
 * that a healthy look costs a few comparisons.
 */
import { isLabelled } from '#shared/catalogue/labelled.ts'
import { PROBE_IDS, type ProbeId } from '#shared/catalogue/probes.ts'
import type { Status } from '#shared/catalogue/statuses.ts'
import type { AlertSubject } from '#shared/model/alert.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Observation } from '#shared/model/observation.ts'
import { createReader, metricsIn, probesOf, wholeReader } from '../readings/readers.ts'
import { labelKey, type Reader, type Reading } from '../readings/reading.ts'
import type { Whole } from '../readings/special.ts'
import type { CompiledRules } from './compile.ts'
import { type Decision, evaluate, unwatched } from './evaluate.ts'
import { keyOf, type Tracked } from './trackings.ts'

/** A thing with labels that is not among those seen for so many looks which tell of such things is gone: five minutes of them. */
const GONE_AFTER_LOOKS = 60

/** What was decided of one thing, and by which reading. */
export interface Decided {
  readonly key: string
  readonly rule: AlertRule
  readonly subject: AlertSubject
  readonly reading: Reading
  readonly decision: Decision
  readonly at: number
}

interface Slot {
  readonly rule: AlertRule
  readonly read: Reader
  /** Of a reading without labels: most have none. */
  readonly key: string
  /** Its readings may have labels, and come and go. */
  readonly hasLabels: boolean
}

export interface Rounds {
  /** Other rules, or other targets, from now on. What rules that look at the same have read so far stays with them. */
  change(rules: CompiledRules, targets: Targets): void
  /** Decisions of a look that somebody took; what is well and was well is not among them. */
  look(observation: Observation, tracked: Map<string, Tracked>): Decided[]
  /** Decisions about the deployment as a whole. */
  whole(whole: Whole, at: number, tracked: Map<string, Tracked>): Decided[]
  /** From then on nobody looked: what fires of a target is not known for now, and what was pending begins anew. @returns keys of what fires */
  unobserved(seen: Pick<Observation, 'probe' | 'target' | 'at'>, tracked: Map<string, Tracked>): string[]
}

/** Names of what a deployment has, by who looks at it. */
type Targets = Partial<Record<ProbeId, readonly string[]>>

/**
 * The rounds of one deployment.
 * @param hear what each rule read of a look
 */
export function createRounds(
  initial: CompiledRules,
  hear?: (observation: Observation, readings: readonly Reading[]) => void,
): Rounds {
  let rules = initial
  const series = new Map<string, readonly Slot[]>()
  /** Of targets that nobody looks at, since when. */
  const unwatchedSince = new Map<string, number>()

  /** How much of the time before a look nobody looked; asked once. */
  function unwatchedMs({ probe, target, at }: Observation): number {
    const name = nameOf(probe, target)
    const since = unwatchedSince.get(name)
    if (since === undefined) return 0
    unwatchedSince.delete(name)
    return Math.max(0, at - since)
  }

  function slotsOf(probe: ProbeId, target: string): readonly Slot[] {
    const name = nameOf(probe, target)
    const known = series.get(name)
    if (known !== undefined) return known
    const slots = slotsFor(probe, target, [])
    series.set(name, slots)
    return slots
  }

  /** @param before whose readers go on where they look at the same */
  function slotsFor(probe: ProbeId, target: string, before: readonly Slot[]): Slot[] {
    return rules.byProbe[probe].flatMap((rule): Slot[] => {
      const read = before.find((slot) => readsAs(slot.rule, rule))?.read ?? createReader(rule, probe)
      return read === null
        ? []
        : [{ rule, read, key: keyOf(rule.id, probe, target, ''), hasLabels: mayHaveLabels(rule) }]
    })
  }

  function decide(
    rule: AlertRule,
    key: string,
    reading: Reading,
    at: number,
    tracked: Map<string, Tracked>,
  ): Decision | null {
    const before = tracked.get(key)?.tracking ?? null
    const { instead } = reading
    const measured =
      instead === undefined
        ? rule
        : { ...rule, levels: rule.levels.slice(-1).map((level) => ({ ...level, ...instead })) }
    const decision = evaluate(measured, reading, before, at)
    if (decision.kind === 'nothing') return null
    if ('tracking' in decision) {
      tracked.set(key, { tracking: decision.tracking, isKnown: reading.value !== null, missing: 0 })
    } else tracked.delete(key)
    return decision
  }

  /** Things with labels that were not among those that were seen. */
  function missing(
    slot: Slot,
    seen: ReadonlySet<string>,
    tracked: Map<string, Tracked>,
    observation: Observation,
  ): Decided[] {
    const { at } = observation
    const gone: Decided[] = []
    for (const [key, one] of tracked) {
      if (!key.startsWith(slot.key) || seen.has(key)) continue
      const looks = one.missing + (tellsOfThings(observation) ? 1 : 0)
      if (looks < GONE_AFTER_LOOKS) {
        tracked.set(key, { ...one, isKnown: false, missing: looks })
        continue
      }
      tracked.delete(key)
      const reading = { labels: {}, value: null, of: 0, unknown: 0 }
      gone.push({ key, rule: slot.rule, subject: WHOLE, reading, decision: { kind: 'clears' }, at })
    }
    return gone
  }

  return {
    change(next, targets) {
      rules = next
      const known = new Map(series)
      series.clear()
      const names = new Set<string>()
      for (const probe of PROBE_IDS) {
        for (const target of targets[probe] ?? []) {
          const name = nameOf(probe, target)
          names.add(name)
          const before = known.get(name)
          if (before !== undefined) series.set(name, slotsFor(probe, target, before))
        }
      }
      for (const name of [...unwatchedSince.keys()]) if (!names.has(name)) unwatchedSince.delete(name)
    },

    look(observation, tracked) {
      const { probe, target, at } = observation
      const decided: Decided[] = []
      const gapMs = unwatchedSince.size === 0 ? 0 : unwatchedMs(observation)
      for (const slot of slotsOf(probe, target)) {
        const { rule, read } = slot
        const readings = read(observation, gapMs)
        hear?.(observation, readings)
        for (const reading of readings) {
          const labels = labelKey(reading.labels)
          const key = labels === '' ? slot.key : slot.key + labels
          const decision = decide(rule, key, reading, at, tracked)
          if (decision === null) continue
          decided.push({
            key,
            rule,
            subject: { probe, target, labels: reading.labels },
            reading,
            decision,
            at,
          })
        }
        if (tracked.size === 0 || !slot.hasLabels) continue
        const seen = new Set(readings.map(({ labels }) => slot.key + labelKey(labels)))
        decided.push(...missing(slot, seen, tracked, observation))
      }
      return decided
    },

    whole(whole, at, tracked) {
      return rules.whole.flatMap(({ rule, read }): Decided[] => {
        const reading = read(whole)
        const key = keyOf(rule.id, null, null, '')
        const decision = decide(rule, key, reading, at, tracked)
        return decision === null ? [] : [{ key, rule, subject: WHOLE, reading, decision, at }]
      })
    },

    unobserved({ probe, target, at }, tracked) {
      unwatchedSince.set(nameOf(probe, target), at)
      if (tracked.size === 0) return []
      // What is said of the deployment as a whole was not confirmed meanwhile, either.
      for (const { rule } of rules.whole) interrupt(keyOf(rule.id, null, null, ''), tracked)
      const keys = slotsOf(probe, target).flatMap(({ key: slot }) =>
        [...tracked.keys()].filter((key) => key.startsWith(slot)),
      )
      return keys.filter((key) => {
        const one = interrupt(key, tracked)
        if (one === null || !one.isKnown) return false
        tracked.set(key, { ...one, isKnown: false })
        return true
      })
    },
  }
}

function nameOf(probe: ProbeId, target: string): string {
  return `${probe}/${target}`
}

/** Whether what one rule has read so far is what another would have: an edited condition is another object. */
function readsAs(one: AlertRule, other: AlertRule): boolean {
  return one.id === other.id && one.condition === other.condition && one.direction === other.direction
}

/** @returns what is left of it; `null`: it was pending, or there was nothing */
function interrupt(key: string, tracked: Map<string, Tracked>): Tracked | null {
  const one = tracked.get(key)
  if (one === undefined) return null
  const tracking = unwatched(one.tracking)
  const left = tracking && { ...one, tracking }
  if (left === null) tracked.delete(key)
  else tracked.set(key, left)
  return left
}

const WHOLE: AlertSubject = { probe: null, target: null, labels: {} }

/** Statuses of a look that did not get at what it was to look at. */
const BLIND: ReadonlySet<Status> = new Set(['UNKNOWN', 'DOWN', 'DISCONNECTED'])

/** Whether a look could have told of things with labels, so that one which it leaves out is not there. */
export function tellsOfThings({ status, values }: Pick<Observation, 'status' | 'values'>): boolean {
  const told = Object.keys(values).filter((name) => values[name] !== null)
  if (told.some((name) => name.endsWith('}'))) return true
  if (BLIND.has(status)) return false
  // Of a PostgreSQL that lets nobody in only that is told.
  return status !== 'CRITICAL' || told.some((name) => name !== 'db_up')
}

function mayHaveLabels({ condition }: AlertRule): boolean {
  if (condition.kind === 'special') return condition.reading === 'slow-paths'
  return metricsIn(condition).some(isLabelled)
}

/** Whether a rule reads anything of the kind that an alert is about: one whose condition is another by now may not. */
export function mayRead(rule: AlertRule, { probe, labels }: AlertSubject): boolean {
  if (probe === null) return wholeReader(rule) !== null
  return probesOf(rule.condition).has(probe) && (mayHaveLabels(rule) || Object.keys(labels).length === 0)
}

/** Whether a deployment with these targets still has what an alert is about. */
export function isWatched({ probe, target }: AlertSubject, targets: Targets): boolean {
  return probe === null || (PROBE_IDS.includes(probe) && (targets[probe]?.includes(target ?? '') ?? false))
}
