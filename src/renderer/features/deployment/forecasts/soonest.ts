/** Which of the forecasts a person has to hear of first. Pure. */
import type { ForecastOut } from './use-forecasts.ts'

const SOON_DAYS = 30

/** What is full already comes before what will be; a certificate that ends in months is no news. */
export function soonestOf(forecasts: readonly ForecastOut[]): ForecastOut | undefined {
  return (
    forecasts.find(({ why }) => why === 'before-it-is-full') ??
    forecasts.find(
      ({ at, metric, now }) => at !== null && (metric !== 'tls_days_left' || (now ?? 0) <= SOON_DAYS),
    )
  )
}
