/** Which topics the screens that are open want to be told of; counted, so that two screens may want the same one. */

export interface Topics {
  /** Sorted, each once. */
  wanted(): string[]
  /** Adds topics until the returned function is called. */
  want(topics: readonly string[]): () => void
  subscribe(listener: () => void): () => void
}

export function createTopics(always: readonly string[] = []): Topics {
  const counts = new Map<string, number>(always.map((topic) => [topic, 1]))
  const listeners = new Set<() => void>()

  function add(topics: readonly string[], by: 1 | -1) {
    let altered = false
    for (const topic of topics) {
      const count = (counts.get(topic) ?? 0) + by
      altered ||= by === 1 ? count === 1 : count === 0
      if (count > 0) counts.set(topic, count)
      else counts.delete(topic)
    }
    if (altered) for (const listener of [...listeners]) listener()
  }

  return {
    wanted: () => [...counts.keys()].sort(),
    want(topics) {
      add(topics, 1)
      let released = false
      return () => {
        if (released) return
        released = true
        add(topics, -1)
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
