/** What of the open alerts an address means: one of them, those of a deployment, or one among those. */

export interface OpenPlace {
  /** Of one deployment alone. */
  readonly deployment: string | null
  readonly alert: string | null
}

/** @param item `ID`, `in:NAME` or `in:NAME:ID`; neither names nor ids have colons */
export function placeOf(item: string | null): OpenPlace {
  const [first = '', second, third] = (item ?? '').split(':')
  if (first === 'in' && second) return { deployment: second, alert: third || null }
  return { deployment: null, alert: first === '' || second !== undefined ? null : first }
}

/** The address' part for it; `undefined`: all of them, and none in particular. */
export function itemOf({ deployment, alert }: OpenPlace): string | undefined {
  if (deployment === null) return alert ?? undefined
  return alert === null ? `in:${deployment}` : `in:${deployment}:${alert}`
}
