/** How many fell into each hour of the week by the clock of a place, from Monday 00:00 on. Pure. */
const HOURS_OF_A_DAY = 24
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** Every zone that there is differs from UTC by a multiple of this. */
const QUARTER_MS = 15 * 60_000

/** @param timeZone IANA name; clocks that are put on or back are read as they stood */
export function hoursOf(moments: readonly number[], timeZone: string): number[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  })
  const known = new Map<number, number>()
  const hours = Array.from({ length: DAYS.length * HOURS_OF_A_DAY }, () => 0)
  for (const at of moments) {
    const quarter = Math.floor(at / QUARTER_MS)
    const index = known.get(quarter) ?? indexOf(format, quarter * QUARTER_MS)
    known.set(quarter, index)
    hours[index] = (hours[index] ?? 0) + 1
  }
  return hours
}

function indexOf(format: Intl.DateTimeFormat, at: number): number {
  const parts = format.formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  return DAYS.indexOf(part('weekday')) * HOURS_OF_A_DAY + Number(part('hour'))
}
