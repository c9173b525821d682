/** What commands were answered with instead of what they asked for, by the code that the error begins with. Pure. */
import { labelled } from '#shared/catalogue/labelled.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { perSecond, round } from '../figures.ts'
import type { RedisInfo } from './info.ts'

/** Scripts and modules make up as many codes as they like. */
export const MOST_CODES = 20

/** By code, those too that did not come in the interval. */
export type ErrorRates = Readonly<Record<string, number>>

/** Errors per minute of one server; `null` where it does not tell (before 6.2), and where nothing is known of before. */
export function errorRates(
  info: Pick<RedisInfo, 'errorsByCode'>,
  before: Pick<RedisInfo, 'errorsByCode'> | null,
  elapsedMs: number,
): ErrorRates | null {
  const earlier = before?.errorsByCode ?? null
  if (info.errorsByCode === null || earlier === null) return null
  return Object.fromEntries(
    Object.entries(info.errorsByCode).flatMap(([code, count]) => {
      // A code is counted from its first error on.
      const rate = perSecond(earlier[code] ?? 0, count, elapsedMs)
      return rate === null ? [] : [[code, rate * 60]]
    }),
  )
}

/** As metrics, of all servers together: the most frequent now, then those that came before. */
export function errorValues(servers: readonly (ErrorRates | null)[]): MetricValues {
  const sums = new Map<string, number>()
  for (const rates of servers) {
    for (const [code, rate] of Object.entries(rates ?? {})) sums.set(code, (sums.get(code) ?? 0) + rate)
  }
  return Object.fromEntries(
    [...sums]
      .sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
      .slice(0, MOST_CODES)
      .map(([error, rate]) => [labelled('redis_errors_per_minute', { error }), round(rate)]),
  )
}
