import { describe, it } from 'vitest'
import { playAlerts } from '../../../../support/alert-story.ts'

describe('an alert', () => {
  it('fires at the second look, once, and is over at the third that is well', () =>
    playAlerts(`
      at 0 s pool 95 on shop
      at 1 s expect nothing
      at 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 10 s to 60 s pool 95 on shop
      at 60 s expect nothing
      from 65 s to 70 s pool 40 on shop
      at 71 s expect nothing
      at 75 s pool 40 on shop
      at 90 s expect resolved CRITICAL on shop: db-pool-utilization-high
    `))

  it('that was pending only is told nobody of', () =>
    playAlerts(`
      at 0 s pool 95 on shop
      at 5 s pool 40 on shop
      at 10 s pool 95 on shop
      at 15 s pool 40 on shop
      at 60 s expect nothing
    `))

  it('that comes back is told without what was over with its incident before', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 6 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 10 s to 15 s redis down on shop
      at 16 s expect raised EMERGENCY on shop: redis-disconnected db-pool-utilization-high
      from 20 s to 30 s pool 40 on shop
      from 20 s to 30 s redis up on shop
      at 31 s expect update EMERGENCY on shop: redis-disconnected db-pool-utilization-high
      at 45 s expect resolved EMERGENCY on shop: redis-disconnected db-pool-utilization-high
      from 2 min to 10 min redis down on shop
      at 3 min expect nothing
      at 6 min expect firing EMERGENCY on shop: redis-disconnected
    `))

  it('holds between threshold and clear line', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 6 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 10 s to 10 min pool 88 on shop
      at 10 min expect state db-pool-utilization-high on shop firing
      at 11 min expect nothing
    `))

  it('neither fires nor clears on what is not known or not observed', () =>
    playAlerts(`
      at 0 s pool 95 on shop
      from 5 s to 60 s pool unknown on shop
      at 65 s expect nothing
      at 70 s pool 95 on shop
      at 70 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 75 s unobserved pool on shop
      from 80 s to 120 s pool unknown on shop
      at 125 s expect state db-pool-utilization-high on shop firing
      from 130 s to 140 s pool 10 on shop
      at 145 s expect resolved CRITICAL on shop: db-pool-utilization-high
    `))

  it('takes its looks anew after a stretch in which nobody looked, to fire as to clear', () =>
    playAlerts(`
      at 0 s pool 95 on shop
      at 1 s unobserved pool on shop
      at 61 s pool 95 on shop
      at 62 s expect nothing
      at 66 s pool 95 on shop
      at 66 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 70 s to 75 s pool 10 on shop
      at 76 s unobserved pool on shop
      from 136 s to 141 s pool 10 on shop
      at 142 s expect state db-pool-utilization-high on shop firing
      at 146 s pool 10 on shop
      at 146 s expect resolved CRITICAL on shop: db-pool-utilization-high
    `))

  it('is held to what its environment allows', () =>
    playAlerts(`
      from 0 s to 5 s redis down on shop-staging
      at 6 s expect firing CRITICAL on shop-staging: redis-disconnected
      from 0 s to 5 s redis down on shop-development
      at 7 s expect firing WARNING on shop-development: redis-disconnected
    `))

  it('that gets worse rings again, whoever has acknowledged it', () =>
    playAlerts(`
      from 0 s to 5 s tls 20 on shop
      at 6 s expect firing WARNING on shop: tls-expiring
      at 10 s acknowledge tls-expiring on shop by Anna
      at 20 s expect update WARNING on shop: tls-expiring
      from 30 s to 35 s tls 6 on shop
      at 36 s expect raised CRITICAL on shop: tls-expiring
    `))

  it('is not well again because nobody knows of what was bad', () =>
    playAlerts(`
      from 0 s to 5 s ready 0 on shop
      at 6 s expect firing EMERGENCY on shop: service-not-ready
      from 10 s to 60 s ready unknown on shop
      at 61 s expect state service-not-ready on shop firing
      from 65 s to 75 s ready 1 on shop
      at 80 s expect resolved EMERGENCY on shop: service-not-ready
    `))
})

describe('the cooldown', () => {
  it('mutes the same again, and tells it afterwards where it is still there', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 10 s to 20 s pool 10 on shop
      at 21 s expect resolved CRITICAL on shop: db-pool-utilization-high
      from 30 s to 330 s pool 95 on shop
      at 290 s expect nothing
      at 310 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))

  it('tells nothing of what came and went within it', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 10 s to 20 s pool 10 on shop
      at 21 s expect resolved CRITICAL on shop: db-pool-utilization-high
      from 30 s to 40 s pool 95 on shop
      from 45 s to 10 min pool 10 on shop
      at 11 min expect nothing
    `))
})

describe('a restart', () => {
  it('tells nothing again, and goes on where it was', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 20 s restart
      from 25 s to 60 s pool 95 on shop
      at 60 s expect nothing
      at 62 s kill
      from 65 s to 75 s pool 10 on shop
      at 76 s expect resolved CRITICAL on shop: db-pool-utilization-high
    `))

  it('after a kill before anything was written sees it again', () =>
    playAlerts(`
      at 0 s pool 95 on shop
      at 5 s pool 95 on shop and kill
      at 10 s expect nothing
      from 10 s to 15 s pool 95 on shop
      at 16 s expect firing CRITICAL on shop: db-pool-utilization-high
    `))

  it('keeps a cooldown, an acknowledgement and a silence', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 10 s acknowledge db-pool-utilization-high on shop by Anna
      at 20 s expect update CRITICAL on shop: db-pool-utilization-high
      at 21 s restart
      at 22 s expect state db-pool-utilization-high on shop acknowledged
      at 23 s silence db-pool-utilization-high on shop for 10 min
      at 24 s kill
      at 25 s expect state db-pool-utilization-high on shop silenced
      from 30 s to 40 s pool 10 on shop
      at 41 s expect resolved CRITICAL on shop: db-pool-utilization-high
      at 42 s restart
      from 50 s to 60 s pool 95 on shop
      at 60 s expect state db-pool-utilization-high on shop silenced
      at 61 s expect nothing
    `))
})

describe('a silence', () => {
  it('keeps an alert quiet, announces its end, and what is still there then is told', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 10 s silence db-pool-utilization-high on shop for 40 min
      from 15 s to 45 min pool 95 on shop
      at 29 min expect nothing
      at 31 min expect silence-ending CRITICAL on shop: db-pool-utilization-high
      at 40 min expect state db-pool-utilization-high on shop silenced
      at 41 min expect reminder CRITICAL on shop: db-pool-utilization-high
    `))

  it('until it clears outlives what nobody observed, and ends when it cleared', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 10 s silence db-pool-utilization-high on shop until-clear
      at 15 s unobserved pool on shop
      at 2 h expect state db-pool-utilization-high on shop silenced
      from 121 min to 122 min pool 10 on shop
      at 123 min expect resolved CRITICAL on shop: db-pool-utilization-high
      from 150 min to 151 min pool 95 on shop
      at 152 min expect firing CRITICAL on shop: db-pool-utilization-high
    `))

  it('of one alert ends where that gets worse', () =>
    playAlerts(`
      from 0 s to 5 s tls 20 on shop
      at 6 s expect firing WARNING on shop: tls-expiring
      at 10 s silence tls-expiring on shop for 10 h
      from 30 s to 35 s tls 6 on shop
      at 36 s expect raised CRITICAL on shop: tls-expiring
    `))

  it('of one alert until it clears is there still while that is worse, and quietens it when it is as it was', () =>
    playAlerts(`
      from 0 s to 5 s tls 20 on shop
      at 6 s expect firing WARNING on shop: tls-expiring
      at 10 s silence tls-expiring on shop until-clear
      from 30 s to 35 s tls 6 on shop
      at 36 s expect raised CRITICAL on shop: tls-expiring
      at 37 s expect state tls-expiring on shop firing
      from 60 s to 90 s tls 20 on shop
      at 91 s expect state tls-expiring on shop silenced
      from 95 s to 110 s tls 60 on shop
      at 111 s expect resolved CRITICAL on shop: tls-expiring
      from 20 min to 21 min tls 20 on shop
      at 21 min expect firing WARNING on shop: tls-expiring
    `))

  it('of a deployment keeps also what is new quiet', () =>
    playAlerts(`
      at 0 s quiet on shop for 1 h
      from 1 s to 6 s redis down on shop
      at 10 s expect nothing
      at 10 s expect state redis-disconnected on shop silenced
      from 15 s to 20 s redis down on billing
      at 21 s expect firing EMERGENCY on billing: redis-disconnected
      at 46 min expect silence-ending EMERGENCY on shop: redis-disconnected
      at 61 min expect firing EMERGENCY on shop: redis-disconnected
    `))
})

describe('an incident', () => {
  it('goes out with its first alert; what joins it is one update', () =>
    playAlerts(`
      from 0 s to 5 s ready 0 on shop
      at 5 s expect firing EMERGENCY on shop: service-not-ready
      from 6 s to 11 s pool 95 on shop
      from 7 s to 12 s cpu 99 on shop
      at 13 s expect nothing
      at 20 s expect update EMERGENCY on shop: service-not-ready db-pool-utilization-high system-cpu-high
      at 60 s expect nothing
    `))

  it('is headed by what the others come from, and says so as soon as that is found', () =>
    playAlerts(`
      from 0 s to 60 s ready 0 on shop
      at 5 s expect firing EMERGENCY on shop: service-not-ready
      from 6 s to 61 s pool 95 on shop
      at 16 s expect update EMERGENCY on shop: service-not-ready db-pool-utilization-high
      at 17 s lock on shop
      at 30 s expect update EMERGENCY on shop: db-pool-utilization-high service-not-ready
      at 60 s expect nothing
    `))

  it('hours later does not take in what comes from something else', () =>
    playAlerts(`
      at 0 s lock on shop
      from 1 s to 3 h pool 95 on shop
      at 7 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 90 min to 91 min pool 95 on shop
      at 100 min cpu 99 on shop
      at 101 min cpu 99 on shop
      at 102 min expect firing WARNING on shop: system-cpu-high
    `))

  it('rings again where something more urgent joins', () =>
    playAlerts(`
      from 0 s to 5 s cpu 99 on shop
      at 5 s expect firing WARNING on shop: system-cpu-high
      from 6 s to 11 s ready 0 on shop
      at 12 s expect raised EMERGENCY on shop: service-not-ready system-cpu-high
    `))

  it('rings for what joins once the rest was acknowledged, and not for what joins that', () =>
    playAlerts(`
      from 0 s to 5 s ready 0 on shop
      at 6 s expect firing EMERGENCY on shop: service-not-ready
      at 60 s acknowledge service-not-ready on shop by Anna
      at 75 s expect update EMERGENCY on shop: service-not-ready
      from 3 min to 5 min redis down on shop
      at 186 s expect raised EMERGENCY on shop: service-not-ready redis-disconnected
      from 190 s to 200 s pool 95 on shop
      at 197 s expect update EMERGENCY on shop: service-not-ready redis-disconnected db-pool-utilization-high
      at 10 min expect nothing
    `))

  it('rings for what joins once the rest was silenced', () =>
    playAlerts(`
      from 0 s to 5 s cpu 99 on shop
      at 6 s expect firing WARNING on shop: system-cpu-high
      at 30 s silence system-cpu-high on shop for 5 h
      from 60 s to 65 s tls 20 on shop
      at 66 s expect raised WARNING on shop: tls-expiring
      at 2 min acknowledge tls-expiring on shop by Anna
      at 130 s expect update WARNING on shop: tls-expiring
      at 10 min expect nothing
    `))

  it('rings for what joins though something less urgent was not taken up', () =>
    playAlerts(`
      from 0 s to 5 s cpu 99 on shop
      from 1 s to 6 s tls 20 on shop
      at 5 s expect firing WARNING on shop: system-cpu-high
      at 16 s expect update WARNING on shop: system-cpu-high tls-expiring
      at 30 s acknowledge system-cpu-high on shop by Anna
      at 45 s expect update WARNING on shop: system-cpu-high tls-expiring
      from 60 s to 65 s postgres down on shop
      at 66 s expect raised EMERGENCY on shop: postgres-down system-cpu-high tls-expiring
      at 70 s acknowledge postgres-down on shop by Anna
      at 85 s expect update EMERGENCY on shop: postgres-down system-cpu-high tls-expiring
      from 100 s to 105 s redis down on shop
      at 106 s expect raised EMERGENCY on shop: postgres-down redis-disconnected system-cpu-high tls-expiring
      at 10 min expect nothing
    `))

  it('of last week does not draw in what breaks today', () =>
    playAlerts(`
      from 0 s to 5 s redis down on shop
      at 5 s expect firing EMERGENCY on shop: redis-disconnected
      from 10 min to 11 min ready 0 on shop
      at 11 min expect firing EMERGENCY on shop: service-not-ready
    `))

  it('is told of again after hours, for as long as somebody looks', () =>
    playAlerts(`
      from 0 s to 250 min pool 95 on shop
      at 6 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 239 min expect nothing
      at 241 min expect reminder CRITICAL on shop: db-pool-utilization-high
      at 251 min unobserved pool on shop
      at 20 h expect nothing
    `))
})

describe('an unreachable deployment', () => {
  it('keeps quiet what stands behind it, and what can be known again is told', () =>
    playAlerts(`
      from 0 s to 5 s redis down on shop
      at 5 s expect firing EMERGENCY on shop: redis-disconnected
      at 6 s path down on shop
      from 10 s to 20 s redis unknown on shop
      at 21 s expect update EMERGENCY on shop: deployment-unreachable
      from 25 s to 30 s pool unknown on shop
      at 40 s expect nothing
    `))

  it('is told of together with others behind the same host, and each takes in only what is of the way', () =>
    playAlerts(`
      at 6 s path down on shop
      at 6 s path down on billing
      from 10 s to 20 s pool unknown on shop
      from 10 s to 20 s pool unknown on billing
      at 16 s expect firing EMERGENCY on shop: deployment-unreachable
      at 26 s expect update EMERGENCY on null: deployment-unreachable deployment-unreachable
      at 29 s path up on shop
      from 30 s to 40 s pool unknown on shop
      at 41 s expect update EMERGENCY on null: deployment-unreachable deployment-unreachable
      from 45 s to 50 s redis down on shop
      at 51 s expect firing EMERGENCY on shop: redis-disconnected
      at 54 s path up on billing
      from 55 s to 65 s pool unknown on billing
      at 66 s expect resolved EMERGENCY on null: deployment-unreachable deployment-unreachable
      at 80 s expect nothing
    `))
})

describe('flapping', () => {
  it('is said once, and settles', () => {
    const turns = [0, 1, 2, 3, 4, 5].map(
      (turn) => `
      from ${turn * 400} s to ${turn * 400 + 195} s pool 95 on shop
      from ${turn * 400 + 200} s to ${turn * 400 + 395} s pool 10 on shop`,
    )
    return playAlerts(`
      ${turns.join('\n')}
      at 10 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 240 s expect resolved CRITICAL on shop: db-pool-utilization-high
      at 410 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 640 s expect resolved CRITICAL on shop: db-pool-utilization-high
      at 810 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 1040 s expect resolved CRITICAL on shop: db-pool-utilization-high
      at 1210 s expect flapping CRITICAL on shop: db-pool-utilization-high
      at 2390 s expect nothing
      from 2400 s to 3200 s pool 10 on shop
      at 3210 s expect resolved CRITICAL on shop: db-pool-utilization-high
    `)
  })
})

describe('a person', () => {
  it('may not resolve what is still true, and may what is not known any more', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 6 s resolve db-pool-utilization-high on shop refused
      at 10 s unobserved pool on shop
      at 11 s resolve db-pool-utilization-high on shop
      at 12 s expect resolved CRITICAL on shop: db-pool-utilization-high
    `))
})

describe('a deployment that is removed', () => {
  it('closes its alerts', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 6 s remove deployment shop
      at 10 s expect resolved CRITICAL on shop: db-pool-utilization-high
    `))
})

describe('a disk that fails', () => {
  it('holds nothing up: it is told, marked, and put on record later', () =>
    playAlerts(`
      at 0 s disk fails
      from 1 s to 6 s pool 95 on shop
      at 7 s expect firing CRITICAL on shop: db-pool-utilization-high (possible repeat)
      at 20 s disk works
      at 30 s expect nothing
      at 31 s kill
      from 32 s to 60 s pool 95 on shop
      at 61 s expect nothing
    `))
})

describe('a clock that is set', () => {
  it('back tells nothing twice and loses nothing', () =>
    playAlerts(`
      from 0 s to 5 s pool 95 on shop
      at 5 s expect firing CRITICAL on shop: db-pool-utilization-high
      from 10 s to 20 s pool 10 on shop
      at 21 s expect resolved CRITICAL on shop: db-pool-utilization-high
      at 25 s clock 2 h back
      from 30 s to 40 s pool 95 on shop
      at 41 s expect firing CRITICAL on shop: db-pool-utilization-high
      at 45 s clock 3 h forward
      from 50 s to 60 s pool 95 on shop
      at 61 s expect nothing
    `))
})
