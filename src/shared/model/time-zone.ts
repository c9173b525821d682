/** A time zone by its name in the IANA database, as `Europe/Berlin`. The message is a key of `locales/<language>/profile.ts`. */
import { z } from 'zod'

export const TimeZone = z.string().max(64).refine(isTimeZone, 'bad-time-zone')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
