/** What takes long to make, and is often not asked for. */

/** Makes it when it is asked for, once. */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | null = null
  return () => {
    made ??= make()
    return made
  }
}
