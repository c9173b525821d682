/** Follows the deployment that a person is about to open, so that its screen stands at once. */
import { QueryObserver } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { navigate, useHashLocation } from 'wouter/use-hash-location'
import type { Alert } from '#shared/model/alert.ts'
import { deploymentAt, leadsToAlerts } from '../places.ts'
import { type Console, useConsole } from './console.tsx'
import { deploymentQuery } from './live.ts'
import { alertsQuery } from './live-alerts.ts'

/** Whoever only passes over a row does not mean it. */
const MEANT_AFTER_MS = 100
/** The screen that is opened follows it itself by then. */
const OPEN_WITHIN_MS = 3_000

export interface Ahead {
  /** The deployment that has the focus, or that is pointed at. */
  means(name: string): void
  /** It is being opened: asked for before the screen is drawn, whose own asking it then is. */
  opens(name: string): void
  /** As `opens`, for the alerts that fire. */
  opensAlerts(): void
  /** Nothing is meant any more; what is being opened is. */
  stop(): void
}

type Followed = Pick<Console, 'cache' | 'client' | 'keys' | 'changes' | 'topics'>

export function createAhead(console: Followed): Ahead {
  const meant = createSlot(console)
  const opened = createSlot(console)
  let letAlertsGo = () => {}
  return {
    means: (name) => meant.hold(name, MEANT_AFTER_MS, null),
    opens: (name) => opened.hold(name, 0, OPEN_WITHIN_MS),
    opensAlerts() {
      letAlertsGo()
      const unfollow = followAlerts(console)
      const timer = setTimeout(unfollow, OPEN_WITHIN_MS)
      letAlertsGo = () => {
        clearTimeout(timer)
        unfollow()
      }
    },
    stop: () => meant.free(),
  }
}

/** One deployment at a time. */
function createSlot(console: Followed) {
  let held: string | null = null
  let release = () => {}

  function follow(name: string): () => void {
    const unwant = console.topics.want([`deployment:${name}`])
    const query = new QueryObserver(console.cache, deploymentQuery(console, name))
    const unsubscribe = query.subscribe(() => {})
    return () => {
      unsubscribe()
      unwant()
    }
  }

  function free(): void {
    held = null
    release()
    release = () => {}
  }

  return {
    free,
    hold(name: string, afterMs: number, forMs: number | null): void {
      if (name === held) return
      free()
      held = name
      function begin() {
        const unfollow = follow(name)
        const timer = forMs === null ? undefined : setTimeout(free, forMs)
        release = () => {
          clearTimeout(timer)
          unfollow()
        }
      }
      if (afterMs === 0) {
        begin()
        return
      }
      const timer = setTimeout(begin, afterMs)
      release = () => clearTimeout(timer)
    },
  }
}

/** One for each console: a link that opens a deployment goes with its list, and what it began goes on. */
const aheads = new WeakMap<Console, Ahead>()
function aheadOf(console: Console): Ahead {
  const known = aheads.get(console)
  if (known !== undefined) return known
  const fresh = createAhead(console)
  aheads.set(console, fresh)
  return fresh
}

/** What is meant is let go of with the component. */
export function useAhead(): Ahead {
  const ahead = aheadOf(useConsole())
  useEffect(() => ahead.stop, [ahead])
  return ahead
}

/**
 * Follows the alerts that fire until the returned function is called: what a person opens in the greatest hurry has its first
 * page there before they can.
 * @param onThere told once, when the first page has come
 */
export function followAlerts(
  console: Followed,
  onThere: (alerts: readonly Alert[]) => void = () => {},
): () => void {
  const unwant = console.topics.want(['alerts'])
  let isThere = false
  const unsubscribe = new QueryObserver(console.cache, alertsQuery(console)).subscribe(({ data }) => {
    if (isThere || data === undefined) return
    isThere = true
    onThere(data.alerts)
  })
  return () => {
    unsubscribe()
    unwant()
  }
}

/** @param onThere stays the same function for as long as what is followed shall not begin anew */
export function useAlertsAhead(onThere: (alerts: readonly Alert[]) => void): void {
  const console = useConsole()
  useEffect(() => followAlerts(console, onThere), [console, onThere])
}

/** Where the page is, in the hash; whichever link, key or palette leads to a deployment or to the alerts, they are asked for at once. */
export function useAheadLocation(): ReturnType<typeof useHashLocation> {
  const console = useConsole()
  const [path] = useHashLocation()
  const go = useCallback<typeof navigate>(
    (to, options) => {
      const name = deploymentAt(to)
      if (name !== null) aheadOf(console).opens(name)
      if (leadsToAlerts(to)) aheadOf(console).opensAlerts()
      navigate(to, options)
    },
    [console],
  )
  return [path, go]
}
/** Links are written as the hash has it. */
useAheadLocation.hrefs = (href: string) => `#${href}`
