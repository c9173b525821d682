/** How many fell into each hour of the week by the clock of a place, from Monday 00:00 on. Pure. */
const HOURS_OF_A_DAY = 24
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** Every zone that there is differs from UTC by a multiple of this. */
const QUARTER_MS = 15 * 60_000
const OF_AN_HOUR = 4
const OF_A_DAY = HOURS_OF_A_DAY * OF_AN_HOUR
const OF_A_WEEK = DAYS.length * OF_A_DAY

export interface Hours {
  add(at: number): void
  /** By hour of the week. */
  counts(): number[]
}

/** @param timeZone IANA name; clocks that are put on or back are read as they stood */
export function countHours(timeZone: string): Hours {
  const aheadAt = clockOf(timeZone)
  const hours = Array.from({ length: DAYS.length * HOURS_OF_A_DAY }, () => 0)
  return {
    add(at) {
      const quarter = Math.floor(at / QUARTER_MS)
      const index = Math.floor(((quarter + aheadAt(quarter)) % OF_A_WEEK) / OF_AN_HOUR)
      hours[index] = (hours[index] ?? 0) + 1
    },
    counts: () => hours,
  }
}

/**
 * By how many quarters a quarter since the epoch is put on to count from a Monday 00:00 of the place. Asked for at both ends of a day alone, unless
 * clocks are moved within it: a format takes longer than all else.
 */
function clockOf(timeZone: string): (quarter: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  })
  /** Of a day: what holds throughout; `null`: it changes. */
  const days = new Map<number, number | null>()
  function ahead(quarter: number): number {
    const parts = format.formatToParts(quarter * QUARTER_MS)
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
    const local =
      DAYS.indexOf(part('weekday')) * OF_A_DAY +
      Number(part('hour')) * OF_AN_HOUR +
      Math.floor((Number(part('minute')) * OF_AN_HOUR) / 60)
    return (((local - quarter) % OF_A_WEEK) + OF_A_WEEK) % OF_A_WEEK
  }
  function throughout(day: number): number | null {
    const [first, last] = [ahead(day * OF_A_DAY), ahead((day + 1) * OF_A_DAY - 1)]
    return first === last ? first : null
  }
  return (quarter) => {
    const day = Math.floor(quarter / OF_A_DAY)
    const known = days.get(day)
    const found = known === undefined ? throughout(day) : known
    days.set(day, found)
    return found ?? ahead(quarter)
  }
}
