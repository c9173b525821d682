/** For how long something has been so, look by look, while somebody looked and whatever the clock does. */

export interface Stretch {
  /** A look comes; whether it is still so is not said yet. */
  goOn(at: number, unwatchedMs: number): void
  /** It was not so until this look. */
  end(): void
  /** It is so from this look on, or was before. `isAtLeast`: from the first look on, and maybe for longer. */
  length(): { readonly ms: number; readonly isAtLeast: boolean }
}

export function createStretch(): Stretch {
  let last: number | null = null
  let since: number | null = null
  let isAtLeast = true
  return {
    goOn(at, unwatchedMs) {
      // What went by while nobody looked does not count, nor do hours that a clock is set back.
      if (since !== null) since += unwatchedMs + Math.min(0, at - (last ?? at))
      last = at
    },
    end() {
      since = null
      isAtLeast = false
    },
    length() {
      since ??= last ?? 0
      return { ms: (last ?? since) - since, isAtLeast }
    },
  }
}
