/** How days and hours of the watch are said: by the clock of a zone, to the minute. */

/** @param zone that of the reader where it is left out */
export function formatInZone(language: string, zone?: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23',
    ...(zone === undefined ? {} : { timeZone: zone }),
  })
}
