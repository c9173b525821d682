/** When something is full if it goes on as it has. */
import { z } from 'zod'
import { Forecast } from '#shared/model/forecast.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { listOf, Moment, reads } from './procedure.ts'

export const ForecastOut = Forecast.extend({
  at: z.object({ earliest: Moment, likely: Moment, latest: Moment }).nullable(),
  from: z.object({ at: Moment, value: z.number() }).nullable(),
  /** All of it in words, or why nothing is foretold. */
  text: z.string(),
})
export type ForecastOut = z.infer<typeof ForecastOut>

export const forecasts = {
  /** Of each metric and target that can be full; those that are foretold first, the soonest at the front. */
  list: reads()
    .route({
      method: 'GET',
      path: '/deployments/{name}/forecasts',
      tags: ['history'],
      summary:
        'When pool, disk, Redis memory, transaction ids and certificates run out, with the range of doubt',
    })
    .input(z.object({ name: Name }))
    .output(listOf(ForecastOut)),
}
