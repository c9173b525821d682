/** Moments and labels of a time axis in the reader's language and zone. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Distances between ticks that people can count in. */
export const TIME_STEPS_MS = [
  SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  30 * DAY,
] as const

/** Ticks at round local times, ascending; hours and days are the reader's, also where the clock changed. */
export function timeTicks(from: number, to: number, stepMs: number): number[] {
  const ticks: number[] = []
  const first = new Date(from)
  const midnight = new Date(first.getFullYear(), first.getMonth(), first.getDate()).getTime()
  if (stepMs >= DAY) {
    const days = Math.round(stepMs / DAY)
    for (const day = new Date(midnight); day.getTime() <= to; day.setDate(day.getDate() + days)) {
      if (day.getTime() >= from) ticks.push(day.getTime())
    }
    return ticks
  }
  for (let tick = midnight + Math.ceil((from - midnight) / stepMs) * stepMs; tick <= to; tick += stepMs) {
    ticks.push(tick)
  }
  return ticks
}

/** Labels for ticks: times, and the date where a day begins. */
export function createTickLabels(language: string): (ticks: readonly number[], stepMs: number) => string[] {
  const seconds = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const minutes = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const days = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
  return (ticks, stepMs) =>
    ticks.map((tick) => {
      const date = new Date(tick)
      if (date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0)
        return days.format(date)
      return (stepMs < MINUTE ? seconds : minutes).format(date)
    })
}
