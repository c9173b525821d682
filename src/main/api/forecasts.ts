/** Forecasts of a deployment, in words. */
import { forecastText } from '#shared/locales/translate.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { deploymentOf } from './deployment-views.ts'
import type { Procedures } from './procedures.ts'
import { moment, translatorOf } from './speech.ts'

export function implementForecasts({ forecasts }: Procedures, engine: Engine, clock: Clock) {
  return {
    list: forecasts.list.handler(async ({ input, context: { language } }) => {
      const { name } = deploymentOf(engine, input.name).profile
      const found = await engine.forecasts.of(name)
      const items = found.map((forecast) => ({
        ...forecast,
        at: forecast.at && {
          earliest: moment(forecast.at.earliest),
          likely: moment(forecast.at.likely),
          latest: moment(forecast.at.latest),
        },
        from: forecast.from && { ...forecast.from, at: moment(forecast.from.at) },
        text: forecastText(translatorOf(language), forecast, clock.now()),
      }))
      return { items, nextCursor: null }
    }),
  }
}
