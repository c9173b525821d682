/** How old the last successful save is. */
import type { RedisInfo } from './info.ts'

/** A save and the start are told in whole seconds: within this of each other they are the same moment. */
const SAME_MOMENT_SECONDS = 2

/**
 * Seconds since the data was last saved.
 *
 * `rdb_last_save_time` is the start's time until something saves, also where nothing ever will (`save ''`). So it counts
 * where snapshots are known to be configured, or where it moved since the start. With an append-only file alone, what
 * was written is saved within a second: 0, as long as writing it succeeds.
 *
 * @param snapshots the `save` setting is not empty; `null` where the server does not let us ask
 * @returns `null` where nothing saves, or where that cannot be known
 */
export function persistenceAge(info: RedisInfo, snapshots: boolean | null, nowMs: number): number | null {
  const { lastSaveAtSeconds, uptimeSeconds, aofEnabled, aofOk } = info
  const now = Math.floor((info.serverTimeMs ?? nowMs) / 1000)
  if (lastSaveAtSeconds !== null) {
    const startedAt = uptimeSeconds === null ? null : now - uptimeSeconds
    const savedSinceStart = startedAt !== null && lastSaveAtSeconds > startedAt + SAME_MOMENT_SECONDS
    if (snapshots === true || savedSinceStart) return Math.max(0, now - lastSaveAtSeconds)
  }
  return aofEnabled === true && aofOk === true ? 0 : null
}
