import { describe, it } from 'vitest'
import { playAlerts } from '../../../../../support/alert-story.ts'

describe('a silence of an operation', () => {
  it('lasts as long as it runs, and until every service is well after it', () =>
    playAlerts(`
      at 0 s operation on shop at most 30 min after
      from 5 s to 10 min health ill on shop
      from 6 s to 20 min pool 95 on shop
      at 10 min expect state service-not-ready on shop silenced
      at 601 s operation ends
      from 605 s to 620 s health ill on shop
      at 625 s expect state service-not-ready on shop silenced
      from 630 s to 640 s health well on shop
      # What is well again is over, and is told nobody of; what is not is told.
      at 641 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 20 min expect nothing
    `))

  it('is not ended by what was well before its end, nor by one service of two', () =>
    playAlerts(`
      at 0 s operation on shop at most 30 min after
      from 5 s to 60 s health well on shop
      from 6 s to 5 min pool 95 on shop
      at 61 s expect state db-pool-utilization-high on shop silenced
      at 62 s operation ends
      from 65 s to 3 min ready 1 on shop
      at 181 s expect state db-pool-utilization-high on shop silenced
      at 182 s health well on shop
      at 183 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))

  it('is not ended by what nobody observed', () =>
    playAlerts(`
      at 0 s operation on shop at most 30 min after
      from 6 s to 5 min pool 95 on shop
      at 62 s operation ends
      from 65 s to 3 min unobserved health on shop
      at 181 s expect state db-pool-utilization-high on shop silenced
    `))

  it('ends announced after the longest that it may last, where nothing is well', () =>
    playAlerts(`
      at 0 s operation on shop at most 8 min after
      from 5 s to 5 h health ill on shop
      at 4 h operation ends
      at 14640 s expect nothing
      at 14761 s expect silence-ending EMERGENCY on shop: service-not-ready service-not-ready
      at 14879 s expect nothing
      at 14881 s expect firing EMERGENCY on shop: service-not-ready service-not-ready
    `))

  it('lasts for days where the operation does, and is not announced meanwhile', () =>
    playAlerts(`
      at 0 s operation on shop at most 8 min after
      from 5 s to 10 s pool 95 on shop
      at 60 h expect state db-pool-utilization-high on shop silenced
      at 60 h expect nothing
    `))

  it.each(['restart', 'kill'])('ends by the same rule after a %s', (end) =>
    playAlerts(`
      at 0 s operation on shop at most 30 min after
      from 6 s to 60 s pool 95 on shop
      at 62 s ${end}
      from 65 s to 3 min pool 95 on shop
      at 180 s expect state db-pool-utilization-high on shop silenced
      at 181 s health well on shop
      at 182 s expect firing CRITICAL on shop: db-pool-utilization-high
    `),
  )

  it('is taken up again by the operation that is resumed', () =>
    playAlerts(`
      at 0 s operation on shop at most 5 min after
      from 6 s to 60 s pool 95 on shop
      at 62 s kill
      at 63 s operation on shop at most 5 min after
      from 65 s to 20 min pool 95 on shop
      from 66 s to 20 min health well on shop
      at 20 min expect state db-pool-utilization-high on shop silenced
      at 1201 s operation ends
      at 1202 s health well on shop
      at 1203 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))

  it('does not last for longer because the clock is set back', () =>
    playAlerts(`
      at 0 s clock 8 h on
      at 1 s operation on shop at most 4 min after
      from 6 s to 10 min pool 95 on shop
      at 62 s operation ends
      at 70 s clock 3 h back
      at 255 s expect silence-ending CRITICAL on shop: db-pool-utilization-high
      at 315 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))
})
