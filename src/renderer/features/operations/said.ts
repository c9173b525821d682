/** What somebody says of an operation that is about to begin, whatever its plan is. */
export interface Said {
  /** Why. */
  readonly reason: string
  /** Its alerts are kept quiet. */
  readonly silence: boolean
}

export const NOTHING_SAID: Said = { reason: '', silence: false }
