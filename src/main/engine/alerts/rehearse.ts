/** How often a rule would have fired: replayed over the looks of the last days as the history has them. */

import { isLabelled, labelled } from '#shared/catalogue/labelled.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { RangeQuery, RangeResult } from '#shared/model/range.ts'
import { evaluate, type Tracking } from './evaluate.ts'
import { createReader, metricsIn, probesOf } from './readings/readers.ts'
import { labelKey, type Reader } from './readings/reading.ts'

export const REHEARSED_MS = 7 * 86_400_000
/** So much at once that the history answers with the looks themselves. */
const PIECE_MS = 2 * 3_600_000
const POINTS = 2_000

export interface Rehearsal {
  readonly fired: number
  /** How long it would have fired, all together. */
  readonly seconds: number
  /** Looks that there were. */
  readonly looks: number
}

/** `null`: it reads more than the history keeps. Rejects where the history cannot be read. */
export async function rehearse({
  rule,
  deployment,
  range,
  now,
}: {
  readonly rule: AlertRule
  readonly deployment: string
  readonly range: (query: RangeQuery) => Promise<RangeResult>
  readonly now: number
}): Promise<Rehearsal | null> {
  const metrics = metricsIn(rule.condition)
  if (metrics.length === 0) return null
  const [probe] = probesOf(rule.condition)
  if (probe === undefined) return null
  const replays = new Map<string, Replay>()
  for (let from = now - REHEARSED_MS; from < now; from += PIECE_MS) {
    const to = Math.min(now, from + PIECE_MS)
    const { series } = await range({ deployment, metrics: [...metrics], from, to, points: POINTS })
    for (const [target, looks] of looksOf(series, { deployment, probe })) {
      const replay = replays.get(target) ?? createReplay(rule, probe)
      replays.set(target, replay)
      for (const look of looks) replay.look(look)
    }
  }
  const all = [...replays.values()].map(({ end }) => end())
  const sum = (of: (one: Rehearsal) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    fired: sum(({ fired }) => fired),
    seconds: sum(({ seconds }) => seconds),
    looks: sum((one) => one.looks),
  }
}

interface Replay {
  look(observation: Observation): void
  end(): Rehearsal
}

function createReplay(rule: AlertRule, probe: ProbeId): Replay {
  const read: Reader = createReader(rule, probe) ?? (() => [])
  const tracked = new Map<string, Tracking>()
  const since = new Map<string, number>()
  let fired = 0
  let firingMs = 0
  let looks = 0
  let last = 0
  return {
    look(observation) {
      const { at } = observation
      looks += 1
      last = at
      for (const reading of read(observation)) {
        const key = labelKey(reading.labels)
        const decision = evaluate(rule, reading, tracked.get(key) ?? null, at)
        if ('tracking' in decision) tracked.set(key, decision.tracking)
        else tracked.delete(key)
        if (decision.kind === 'fires') {
          fired += 1
          since.set(key, at)
        }
        if (decision.kind === 'clears') {
          firingMs += at - (since.get(key) ?? at)
          since.delete(key)
        }
      }
    },
    end() {
      for (const at of since.values()) firingMs += last - at
      return { fired, seconds: Math.round(firingMs / 1_000), looks }
    },
  }
}

/** The looks behind series, by target and in their order. */
function looksOf(
  series: RangeResult['series'],
  { deployment, probe }: { readonly deployment: string; readonly probe: ProbeId },
): Map<string, Observation[]> {
  const byTarget = new Map<string, Map<number, Observation>>()
  for (const { metric, target, labels, at, mean } of series) {
    const looks = byTarget.get(target) ?? new Map<number, Observation>()
    byTarget.set(target, looks)
    const name = labels !== undefined && isLabelled(metric) ? labelled(metric, labels as never) : metric
    at.forEach((moment, index) => {
      const look = looks.get(moment) ?? {
        ...{ deployment, probe, target, at: moment, status: 'HEALTHY', values: {} },
        reason: { code: 'not-yet-observed', params: {} },
        cost: { ms: 0, rows: 0, bytes: 0 },
      }
      looks.set(moment, { ...look, values: { ...look.values, [name]: mean[index] ?? null } } as Observation)
    })
  }
  return new Map(
    [...byTarget].map(([target, looks]) => [target, [...looks.values()].toSorted((a, b) => a.at - b.at)]),
  )
}
