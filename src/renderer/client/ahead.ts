/** Follows the deployment that a person is about to open, so that its screen stands at once. */
import { QueryObserver } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { type Console, useConsole } from './console.tsx'
import { deploymentQuery } from './live.ts'

/** Whoever only passes over a row does not mean it. */
const MEANT_AFTER_MS = 100

export interface Ahead {
  /** The deployment that has the focus, or that is pointed at. */
  means(name: string): void
  stop(): void
}

export function createAhead(
  console: Pick<Console, 'cache' | 'client' | 'keys' | 'changes' | 'topics'>,
): Ahead {
  let meant: string | null = null
  let release = () => {}

  return {
    means(name) {
      if (name === meant) return
      meant = name
      release()
      const timer = setTimeout(() => {
        const unwant = console.topics.want([`deployment:${name}`])
        const unsubscribe = new QueryObserver(console.cache, deploymentQuery(console, name)).subscribe(
          () => {},
        )
        release = () => {
          unsubscribe()
          unwant()
        }
      }, MEANT_AFTER_MS)
      release = () => clearTimeout(timer)
    },
    stop() {
      meant = null
      release()
      release = () => {}
    },
  }
}

/** One at a time is followed, until the component goes. */
export function useAhead(): Ahead {
  const console = useConsole()
  const ahead = useMemo(() => createAhead(console), [console])
  useEffect(() => ahead.stop, [ahead])
  return ahead
}
