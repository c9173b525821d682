/** What a rule can see: which of its deployments have what it reads, and what they lack where none has. Pure. */
import { type Lack, lackOf } from '#shared/catalogue/lacks.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Edited } from '../alerts.ts'
import { metricNamed, metricsRead } from '../readings/readers.ts'
import { isInScope } from './compile.ts'

/** What of a deployment says what can be seen there. */
export type Sighted = Pick<Edited, 'targets' | 'unfilled'> & {
  readonly profile: Pick<Edited['profile'], 'name' | 'tags'>
}

/** A metric that none of some deployments can ever have, and what they lack for it. */
export interface Unseen {
  readonly metric: string
  readonly lacks: Lack
}

/** Why a rule does nothing as things are. */
export type Blindness =
  | { readonly why: 'for-nothing' }
  | ({ readonly why: 'sees-nothing'; readonly deployments: readonly string[] } & Unseen)

/** Those that a rule is for. */
export function inScope<T extends Sighted>(
  rule: Pick<AlertRule, 'scope'>,
  deployments: readonly T[],
): readonly T[] {
  return deployments.filter(({ profile }) => isInScope(rule, profile))
}

/** All that a rule reads of metrics, where none of the deployments can ever have any of it; else none. */
export function unseenBy(
  { condition }: Pick<AlertRule, 'condition'>,
  deployments: readonly Sighted[],
): Unseen[] {
  const known = metricsRead(condition).filter((name) => metricNamed(name) !== null)
  if (known.some((metric) => deployments.some((one) => mayHave(one, metric)))) return []
  return known.flatMap((metric) => {
    const definition = metricNamed(metric)
    return definition === null ? [] : [{ metric, lacks: lackOf(metric, definition) }]
  })
}

/** `null`: it may find something, or is off, or there is nothing at all to look at yet. */
export function blindnessOf(rule: AlertRule, deployments: readonly Sighted[]): Blindness | null {
  if (!rule.enabled || deployments.length === 0) return null
  const own = inScope(rule, deployments)
  if (own.length === 0) return { why: 'for-nothing' }
  const [first] = unseenBy(rule, own)
  if (first === undefined) return null
  return { why: 'sees-nothing', deployments: own.map(({ profile }) => profile.name), ...first }
}

function mayHave({ targets, unfilled = [] }: Sighted, metric: string): boolean {
  const probe = metricNamed(metric)?.probe
  return probe !== undefined && (targets[probe]?.length ?? 0) > 0 && !unfilled.includes(metric)
}
