/** What the databases of a restore are called: after the one that is restored, and the operation. Pure. */

/** PostgreSQL cuts longer names. */
const LONGEST_BYTES = 63

export interface Names {
  readonly database: string
  /** What is restored, before it is swapped in. */
  readonly beside: string
  /** What was there, after it was swapped out. */
  readonly before: string
  /** What the one beside is marked with until it is swapped in, as its comment; a word of how far it is follows. */
  readonly marker: string
}

/** @param id of the operation; `null` where there is none yet */
export function namesOf(database: string, id: string | null): Names {
  const short = id === null ? '…' : id.slice(0, 8)
  return {
    database,
    beside: withSuffix(database, `__restore_${short}`),
    before: withSuffix(database, `__before_${short}`),
    marker: `Vakhta: restore ${id ?? short}`,
  }
}

/** Of one that is filled. */
export function filledMarker(marker: string): string {
  return `${marker}: filled`
}

/** Cut so that it fits with what follows. */
export function withSuffix(name: string, suffix: string): string {
  const room = LONGEST_BYTES - Buffer.byteLength(suffix)
  let kept = name
  // A character is cut whole.
  while (Buffer.byteLength(kept) > room) kept = [...kept].slice(0, -1).join('')
  return `${kept}${suffix}`
}
