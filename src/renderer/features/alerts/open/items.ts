/** The lines of the list: alerts, under the names of the deployments that they are of. Pure. */
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import { chainOf } from '#shared/locales/alert-words.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { Placed } from './arrange.ts'

export type Item =
  | {
      readonly kind: 'alert'
      readonly placed: Placed
      /** What it comes from is said at the head of its group. */
      readonly isCauseAbove: boolean
    }
  | {
      readonly kind: 'head'
      readonly key: string
      /** More than one where it is an incident over several; at least one. */
      readonly deployments: readonly string[]
      /** `null`: not all have the same. */
      readonly environment: Alert['environment'] | null
      readonly counts: readonly (readonly [Severity, number])[]
      /** One of an incident over several whose alerts all come from the same; `null`: each says its own. */
      readonly ofOneCause: Alert | null
      /** They came while somebody read. */
      readonly isFresh: boolean
    }

export function itemsOf(kept: readonly Placed[], fresh: readonly Placed[]): Item[] {
  return [...withHeads(kept, false), ...withHeads(fresh, true)]
}

function withHeads(placed: readonly Placed[], isFresh: boolean): Item[] {
  const items: Item[] = []
  let isCauseAbove = false
  placed.forEach((one, index) => {
    if (one.isFirst) {
      let to = index + 1
      while (to < placed.length && placed[to]?.isFirst === false) to += 1
      const group = placed.slice(index, to)
      const { deployment, environment, incident } = one.alert
      const isOfOne = group.every(({ alert }) => alert.environment === environment)
      const ofOneCause = one.isShared && haveOneCause(group) ? one.alert : null
      isCauseAbove = ofOneCause !== null
      items.push({
        kind: 'head',
        key: `head ${isFresh} ${one.isShared ? incident : deployment}`,
        deployments: [...new Set(group.map(({ alert }) => alert.deployment))],
        environment: isOfOne ? environment : null,
        counts: countsOf(group),
        ofOneCause,
        isFresh,
      })
    }
    items.push({ kind: 'alert', placed: one, isCauseAbove })
  })
  return items
}

function haveOneCause(group: readonly Placed[]): boolean {
  const [first, ...others] = group.map(({ alert }) => JSON.stringify(chainOf(alert.cause)))
  return first !== '[]' && others.every((other) => other === first)
}

/** The most urgent first; only what is still there counts. */
function countsOf(placed: readonly Placed[]): [Severity, number][] {
  const counts = new Map<Severity, number>()
  for (const { alert } of placed) {
    if (alert.state !== 'resolved') counts.set(alert.severity, (counts.get(alert.severity) ?? 0) + 1)
  }
  return SEVERITIES.toReversed().flatMap((severity): [Severity, number][] => {
    const count = counts.get(severity)
    return count === undefined ? [] : [[severity, count]]
  })
}
