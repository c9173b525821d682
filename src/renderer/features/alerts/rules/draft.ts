/** A rule as its form holds it, and back. What is wrong with it is for the console to say. Pure. */
import type { Severity } from '#shared/catalogue/severities.ts'
import type { Inputs, Outputs } from '../../../client/client.ts'

export type Rule = Outputs['alerts']['rules']['items'][number]
export type Settings = Inputs['alerts']['configureRule']['settings']
export type Definition = Inputs['alerts']['saveRule']['definition']

export const OWN_KINDS = ['metrics', 'rate', 'absence', 'forecast'] as const
export type OwnKind = (typeof OWN_KINDS)[number]

/** An empty field holds a text. */
type Figure = number | string

export interface LevelDraft {
  severity: Severity
  threshold: Figure
  clear: Figure
}

export interface RuleDraft {
  title: string
  enabled: boolean
  kind: OwnKind
  /** Of a value. */
  metrics: string[]
  /** Of all else. */
  metric: string
  windowSeconds: Figure
  limit: Figure
  direction: 'above' | 'below'
  levels: LevelDraft[]
  fireAfter: Figure
  clearAfter: Figure
  cooldownSeconds: Figure
  deployments: string[]
  tags: string[]
  channels: string[]
  checklist: string
}

const USUAL_WINDOW_SECONDS = 600

/** @param rule `null`: a new one of somebody's own */
export function draftOf(rule: Omit<Rule, 'name' | 'inert' | 'drawn'> | null): RuleDraft {
  const condition = rule?.condition
  const one = condition !== undefined && 'metric' in condition ? condition : null
  return {
    title: rule?.title ?? '',
    enabled: rule?.enabled ?? true,
    kind: one?.kind ?? 'metrics',
    metrics: condition?.kind === 'metrics' ? [...condition.metrics] : [],
    metric: one?.metric ?? '',
    windowSeconds: one !== null && 'windowSeconds' in one ? one.windowSeconds : USUAL_WINDOW_SECONDS,
    limit: one !== null && 'limit' in one ? one.limit : '',
    direction: rule?.direction ?? 'above',
    levels: rule?.levels.map((level) => ({ ...level })) ?? [
      { severity: 'WARNING', threshold: '', clear: '' },
    ],
    fireAfter: rule?.fireAfter ?? 2,
    clearAfter: rule?.clearAfter ?? 3,
    cooldownSeconds: rule?.cooldownSeconds ?? 300,
    deployments: [...(rule?.scope.deployments ?? [])],
    tags: [...(rule?.scope.tags ?? [])],
    channels: [...(rule?.channels ?? [])],
    checklist: rule?.checklist ?? '',
  }
}

export function settingsOf(draft: RuleDraft): Settings {
  const checklist = draft.checklist.trim()
  return {
    enabled: draft.enabled,
    levels: draft.levels.map(({ severity, threshold, clear }) => ({
      severity,
      threshold: figure(threshold),
      // Without a line of its own it is over where it began.
      clear: clear === '' ? figure(threshold) : figure(clear),
    })),
    fireAfter: figure(draft.fireAfter),
    clearAfter: figure(draft.clearAfter),
    cooldownSeconds: figure(draft.cooldownSeconds),
    scope: { deployments: listed(draft.deployments), tags: listed(draft.tags) },
    channels: draft.channels,
    checklist: checklist === '' ? null : checklist,
  }
}

/** @param rule the one of the catalogue that is set: its condition stays as it is; `null`: one of somebody's own */
export function definitionOf(
  draft: RuleDraft,
  rule: Pick<Rule, 'id' | 'condition' | 'direction'> | null,
): Definition {
  const settings = settingsOf(draft)
  if (rule !== null)
    return { ...settings, title: rule.id, condition: rule.condition, direction: rule.direction }
  return { ...settings, title: draft.title.trim(), condition: conditionOf(draft), direction: draft.direction }
}

function conditionOf({ kind, metrics, metric, windowSeconds, limit }: RuleDraft): Definition['condition'] {
  switch (kind) {
    case 'metrics':
      return { kind, metrics }
    case 'rate':
      return { kind, metric, windowSeconds: figure(windowSeconds) }
    case 'absence':
      return { kind, metric }
    case 'forecast':
      return { kind, metric, windowSeconds: figure(windowSeconds), limit: figure(limit) }
  }
}

/** What is no number is none for the console, either: it says so. */
function figure(value: Figure): number {
  return value === '' ? Number.NaN : Number(value)
}

function listed(names: readonly string[]): string[] | null {
  return names.length === 0 ? null : [...names]
}
