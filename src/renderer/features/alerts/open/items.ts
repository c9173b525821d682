/** The lines of the list: alerts, under the names of their deployments. Pure. */
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { Placed } from './arrange.ts'

export type Item =
  | { readonly kind: 'alert'; readonly placed: Placed }
  | {
      readonly kind: 'deployment'
      readonly deployment: string
      readonly environment: Alert['environment']
      readonly counts: readonly (readonly [Severity, number])[]
      /** They came while somebody read. */
      readonly isFresh: boolean
    }

export function itemsOf(kept: readonly Placed[], fresh: readonly Placed[]): Item[] {
  return [...withHeads(kept, false), ...withHeads(fresh, true)]
}

function withHeads(placed: readonly Placed[], isFresh: boolean): Item[] {
  const items: Item[] = []
  placed.forEach((one, index) => {
    if (one.isFirst) {
      let to = index + 1
      while (to < placed.length && placed[to]?.isFirst === false) to += 1
      const { deployment, environment } = one.alert
      const counts = countsOf(placed.slice(index, to))
      items.push({ kind: 'deployment', deployment, environment, counts, isFresh })
    }
    items.push({ kind: 'alert', placed: one })
  })
  return items
}

/** The most urgent first; only what is still there counts. */
function countsOf(placed: readonly Placed[]): [Severity, number][] {
  return SEVERITIES.toReversed().flatMap((severity): [Severity, number][] => {
    const count = placed.filter(
      ({ alert }) => alert.severity === severity && alert.state !== 'resolved',
    ).length
    return count === 0 ? [] : [[severity, count]]
  })
}
