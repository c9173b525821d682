/** The last hour of one deployment by minute: the worst status and the means of the fleet's four metrics. */
import { FLEET_METRICS, METRICS } from '#shared/catalogue/metrics.ts'
import { badness, STATUSES, type Status } from '#shared/catalogue/statuses.ts'
import { type FleetMinute, HEARTBEAT_MINUTES } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'

export const MINUTE_MS = 60_000
const NONE = -1
/** No status yet in this minute. */
const NO_STATUS = 255
const NOT_LOOKED = badness('UNOBSERVED')
const COLUMNS = FLEET_METRICS.length

export interface Minutes {
  add(observation: Observation): void
  /** Fills minutes that nothing was observed in since the start; the minute of the start keeps the worst of before and since. */
  restore(minutes: readonly FleetMinute[]): void
  /** The 60 minutes up to the one of `now`, oldest first; `null` where nothing was observed. */
  read(now: number): { statuses: (Status | null)[]; means: (number | null)[][] }
}

/** A minute in which somebody looked is not an unobserved one, as the history has it too. */
function worse(held: number, next: number): number {
  if (held === NO_STATUS || held === NOT_LOOKED) return next
  return next === NOT_LOOKED ? held : Math.max(held, next)
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS)
}

export function createMinutes(): Minutes {
  const minutes = new Float64Array(HEARTBEAT_MINUTES).fill(NONE)
  const worst = new Uint8Array(HEARTBEAT_MINUTES)
  const sums = new Float64Array(HEARTBEAT_MINUTES * COLUMNS)
  const counts = new Uint32Array(HEARTBEAT_MINUTES * COLUMNS)

  /** The slot of a minute, emptied where it held another: an older one, or a newer one before the clock was set back. */
  function open(minute: number): number {
    const slot = minute % HEARTBEAT_MINUTES
    if (minutes[slot] !== minute) {
      minutes[slot] = minute
      worst[slot] = NO_STATUS
      sums.fill(0, slot * COLUMNS, (slot + 1) * COLUMNS)
      counts.fill(0, slot * COLUMNS, (slot + 1) * COLUMNS)
    }
    return slot
  }

  function addValue(slot: number, column: number, value: number): void {
    const cell = slot * COLUMNS + column
    sums[cell] = (sums[cell] ?? 0) + value
    counts[cell] = (counts[cell] ?? 0) + 1
  }

  return {
    add({ at, probe, status, values }) {
      const slot = open(minuteOf(at))
      worst[slot] = worse(worst[slot] ?? NO_STATUS, badness(status))
      FLEET_METRICS.forEach((metric, column) => {
        const value = METRICS[metric].probe === probe ? values[metric] : null
        if (value !== null && value !== undefined) addValue(slot, column, value)
      })
    },

    restore(restored) {
      for (const { at, status, means } of restored) {
        const minute = minuteOf(at)
        const held = minutes[minute % HEARTBEAT_MINUTES] ?? NONE
        if (held > minute) continue
        const slot = open(minute)
        worst[slot] = worse(worst[slot] ?? NO_STATUS, badness(status))
        if (held === minute) continue
        FLEET_METRICS.forEach((metric, column) => {
          const mean = means[metric]
          if (mean !== null && mean !== undefined) addValue(slot, column, mean)
        })
      }
    },

    read(now) {
      const last = minuteOf(now)
      const wanted = Array.from(
        { length: HEARTBEAT_MINUTES },
        (_, index) => last - HEARTBEAT_MINUTES + 1 + index,
      )
      const slotOf = (minute: number) => {
        const slot = ((minute % HEARTBEAT_MINUTES) + HEARTBEAT_MINUTES) % HEARTBEAT_MINUTES
        return minutes[slot] === minute ? slot : null
      }
      const slots = wanted.map(slotOf)
      return {
        statuses: slots.map((slot) => (slot === null ? null : (STATUSES[worst[slot] ?? 0] ?? null))),
        means: FLEET_METRICS.map((_, column) =>
          slots.map((slot) => {
            const cell = slot === null ? -1 : slot * COLUMNS + column
            const count = counts[cell] ?? 0
            return count === 0 ? null : (sums[cell] ?? 0) / count
          }),
        ),
      }
    },
  }
}
