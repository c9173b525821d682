/** Calls after alerts have begun, ended, come back or been taken: soon, when that is on record, and in a storm once for many. */
import { useEffect, useRef } from 'react'
import type { Alert } from '#shared/model/alert.ts'

const SOON_MS = 1_500

/**
 * @param firing `undefined` until they are known
 * @param cost of the act: so many times as long it is put off
 */
export function useTurns(firing: readonly Alert[] | undefined, act: () => void, cost: number): void {
  const latest = useRef({ act, cost })
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const seen = useRef<string | null>(null)
  const now = firing === undefined ? null : turnsOf(firing)

  useEffect(() => {
    latest.current = { act, cost }
  })
  useEffect(() => {
    const before = seen.current
    seen.current = now
    if (before === null || now === null || before === now) return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      latest.current.act()
    }, SOON_MS * latest.current.cost)
  }, [now])
  useEffect(() => () => clearTimeout(timer.current), [])
}

/** Other where one began, ended, came back or was taken. */
function turnsOf(firing: readonly Alert[]): string {
  let newest = 0
  let taken = 0
  for (const { since, acknowledgedAt } of firing) {
    newest = Math.max(newest, since)
    if (acknowledgedAt !== null) taken += 1
  }
  return `${firing.length} ${newest} ${taken}`
}
