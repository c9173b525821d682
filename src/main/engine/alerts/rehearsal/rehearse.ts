/**
 * When a rule would have fired: the looks of the last days, as the history has them, go through the same rounds as those of today.
 * What a rule reads beyond metrics the history does not have; of such a rule nothing is claimed.
 */
import { isLabelled, labelled } from '#shared/catalogue/labelled.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import { type Severity, urgency } from '#shared/catalogue/severities.ts'
import { type AlertRule, EVERYWHERE } from '#shared/model/alert-rule.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { RangeQuery, RangeResult } from '#shared/model/range.ts'
import type { RehearsalDoubt, RehearsalGap } from '#shared/model/rehearsal.ts'
import { doubtsOf, metricNamed, metricsRead, probesOf } from '../readings/readers.ts'
import { compileRules } from '../rules/compile.ts'
import { createRounds } from '../rules/rounds.ts'
import type { Tracked } from '../rules/trackings.ts'
import { createDrawing, type Drawing, type Within } from './drawing.ts'
import { createGaps, type Gap, inOrder, lengthOf } from './gaps.ts'

export const REHEARSED_MS = 7 * 86_400_000
/** So much at once that the history answers with the looks themselves. */
const PIECE_MS = 2 * 3_600_000
const POINTS = 2_000
/** As many stretches as a chart can draw; the newest. */
export const MOST_STRETCHES = 300

/** From when to when it would have fired, of what, and how urgently at the worst. */
export interface Stretch {
  readonly from: number
  /** The last look where it still fires. */
  readonly to: number
  readonly target: string
  readonly labels: Readonly<Record<string, string>>
  readonly severity: Severity
}

export interface Rehearsal {
  readonly fired: number
  /** How long it would have fired, all together. */
  readonly seconds: number
  /** Looks that there were. */
  readonly looks: number
  /** How long not all that the rule reads was looked at: of that nothing is claimed, as nothing fires or clears meanwhile. */
  readonly unobservedSeconds: number
  /** Oldest first. */
  readonly stretches: readonly Stretch[]
  /** What had to be taken for granted. */
  readonly doubts: readonly RehearsalDoubt[]
  /** What a rule over time read; `null` of one on a value, which is drawn as it is, and where it was not asked for. */
  readonly drawing: Drawing | null
}

export type Rehearsed =
  | { readonly known: true; readonly rehearsal: Rehearsal }
  | { readonly known: false; readonly why: RehearsalGap }

export interface RehearsalOptions {
  readonly rule: AlertRule
  readonly profile: Pick<DeploymentProfile, 'name' | 'tags' | 'limits'>
  readonly range: (query: RangeQuery) => Promise<RangeResult>
  /** The newest looks: what evidence a rule reads is taken to have been as it is now. */
  readonly latest: readonly Observation[]
  readonly now: number
  /** What is to be drawn of it; `null`: all of it. */
  readonly draw?: Within | null | undefined
  /** Nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined
}

/** Rejects where the history cannot be read. */
export async function rehearse({ rule, ...options }: RehearsalOptions): Promise<Rehearsed> {
  const [rehearsed] = await rehearseAll({ ...options, condition: rule.condition, rules: [rule] })
  return rehearsed ?? { known: false, why: 'nothing-to-read' }
}

/** Rules of one condition that differ in their settings, over one reading of the history; in their order. */
export async function rehearseAll({
  condition,
  rules,
  profile,
  range,
  latest,
  now,
  draw,
  signal,
}: Omit<RehearsalOptions, 'rule'> & {
  readonly condition: AlertRule['condition']
  readonly rules: readonly AlertRule[]
}): Promise<Rehearsed[]> {
  const probes = [...probesOf(condition)]
  if (probes.length === 0) return rules.map(() => ({ known: false, why: gapOf(condition) }))
  const [whole] = rules
  const drawing = whole === undefined ? null : createDrawing(whole, draw)
  const replays = rules.map((rule, index) =>
    createReplay(rule, profile, index === 0 && drawing !== null ? drawing.add : undefined),
  )
  const doubts = new Set<RehearsalDoubt>(doubtsOf(condition))
  const metrics = metricsRead(condition)
  const gaps = createGaps()
  let unobservedMs = 0
  for (let from = now - REHEARSED_MS; from < now; from += PIECE_MS) {
    signal?.throwIfAborted()
    const to = Math.min(now, from + PIECE_MS)
    const missed: Gap[] = []
    for (const probe of probes) {
      const own = metrics.filter((name) => metricNamed(name)?.probe === probe)
      const answer = await range({ deployment: profile.name, metrics: own, from, to, points: POINTS })
      if (answer.series.length > 0 && answer.source !== 'raw') doubts.add('coarse')
      const unseen = answer.unobserved.filter((gap) => gap.probe === probe)
      missed.push(...unseen)
      const looks = looksOf(answer.series, { deployment: profile.name, probe, latest })
      for (const one of inOrder(looks, gaps.begun(unseen))) {
        for (const replay of replays) {
          if ('values' in one) replay.look(one)
          else replay.unobserved(one)
        }
      }
    }
    unobservedMs += lengthOf(missed)
  }
  const unobservedSeconds = Math.round(unobservedMs / 1_000)
  return replays.map((replay) => ({
    known: true,
    rehearsal: {
      ...{ ...replay.end(), unobservedSeconds, doubts: [...doubts] },
      drawing: drawing?.end() ?? null,
    },
  }))
}

function gapOf(condition: AlertRule['condition']): RehearsalGap {
  if (condition.kind !== 'special') return 'reads-the-way'
  switch (condition.reading) {
    case 'active-alerts':
      return 'reads-alerts'
    case 'backup-age':
    case 'drill-failed':
      return 'reads-backups'
    default:
      return 'reads-the-way'
  }
}

function createReplay(
  rule: AlertRule,
  profile: RehearsalOptions['profile'],
  hear: Parameters<typeof createRounds>[1],
) {
  // As if it were in force here, whether it is or not.
  const rounds = createRounds(compileRules([{ ...rule, enabled: true, scope: EVERYWHERE }], profile), hear)
  const tracked = new Map<string, Tracked>()
  const open = new Map<string, Stretch>()
  const stretches: Stretch[] = []
  let fired = 0
  let looks = 0

  return {
    look(observation: Observation): void {
      const { at, target } = observation
      looks += 1
      for (const { key, decision, rule: measured, subject } of rounds.look(observation, tracked)) {
        const stretch = open.get(key)
        if (decision.kind === 'fires') {
          fired += 1
          const severity = measured.levels[decision.level]?.severity ?? 'INFO'
          open.set(key, { from: at, to: at, target, labels: subject.labels, severity })
        } else if (stretch !== undefined && decision.kind === 'clears') {
          open.delete(key)
          stretches.push({ ...stretch, to: at })
        } else if (stretch !== undefined && decision.kind === 'raised') {
          const severity = measured.levels[decision.level]?.severity ?? stretch.severity
          const worst = urgency(severity) > urgency(stretch.severity) ? severity : stretch.severity
          open.set(key, { ...stretch, to: at, severity: worst })
        } else if (stretch !== undefined) open.set(key, { ...stretch, to: at })
      }
    },
    unobserved(gap: Gap): void {
      rounds.unobserved({ probe: gap.probe, target: gap.target, at: gap.from }, tracked)
    },
    end(): Omit<Rehearsal, 'doubts' | 'unobservedSeconds' | 'drawing'> {
      const all = [...stretches, ...open.values()].toSorted((a, b) => a.from - b.from)
      const ms = all.reduce((sum, { from, to }) => sum + to - from, 0)
      return { fired, seconds: Math.round(ms / 1_000), looks, stretches: all.slice(-MOST_STRETCHES) }
    },
  }
}

/** The looks behind series, of each target in their order. */
function looksOf(
  series: RangeResult['series'],
  {
    deployment,
    probe,
    latest,
  }: { readonly deployment: string; readonly probe: ProbeId; readonly latest: readonly Observation[] },
): Observation[] {
  const byTarget = new Map<string, Map<number, Observation>>()
  for (const { metric, target, labels, at, mean } of series) {
    const looks = byTarget.get(target) ?? new Map<number, Observation>()
    byTarget.set(target, looks)
    const name = labels !== undefined && isLabelled(metric) ? labelled(metric, labels as never) : metric
    const evidence = latest.find((one) => one.probe === probe && one.target === target)?.evidence
    at.forEach((moment, index) => {
      const look = looks.get(moment) ?? {
        ...{ deployment, probe, target, at: moment, status: 'HEALTHY', values: {} },
        reason: { code: 'not-yet-observed', params: {} },
        cost: { ms: 0, rows: 0, bytes: 0 },
        ...(evidence === undefined ? {} : { evidence }),
      }
      look.values[name] = mean[index] ?? null
      looks.set(moment, look)
    })
  }
  return [...byTarget.values()].flatMap((looks) => [...looks.values()].toSorted((a, b) => a.at - b.at))
}
