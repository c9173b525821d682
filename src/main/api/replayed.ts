/** The alerts that a preview is replayed over: those of the last seven days, as many as can be looked through. */
import type { Alert } from '#shared/model/alert.ts'
import type { Alerts } from '../engine/alerts/alerts.ts'

const PREVIEW_MS = 7 * 86_400_000
export const MOST_REPLAYED = 5_000

export interface Replayed {
  /** Milliseconds since the epoch. */
  readonly from: number
  /** The newest first. */
  readonly alerts: readonly Alert[]
  /** There were more, which are not looked at. */
  readonly isCut: boolean
}

/** Rejects with `StoreError` where the store cannot be read. */
export async function replayed(alerts: Pick<Alerts, 'history'>, now: number): Promise<Replayed> {
  const from = now - PREVIEW_MS
  const found = await alerts.history({ deployment: null, from, limit: MOST_REPLAYED + 1, before: null })
  return { from, alerts: found.slice(0, MOST_REPLAYED), isCut: found.length > MOST_REPLAYED }
}
