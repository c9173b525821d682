/** A restore in place ends nobody's session once it is over, and the watch goes on, whatever becomes of the pools. */
import { expect, it } from 'vitest'
import { createHolding } from '../../../../../../src/main/engine/backups/restore/in-place/holding.ts'
import { createDrivenClock } from '../../../../../support/driven-clock.ts'

function scene() {
  const clock = createDrivenClock()
  const pausing = Promise.withResolvers<void>()
  const happened: string[] = []
  let fails: Error | null = null
  const holding = createHolding({
    clock,
    async whilePaused(work) {
      await pausing.promise
      await work()
      happened.push('pools go on')
      if (fails !== null) throw fails
    },
    endSessions() {
      happened.push('sessions are ended')
      return {
        async stop() {
          happened.push('no more')
        },
      }
    },
    onEnd: () => void happened.push('the watch goes on'),
  })
  return { clock, pausing, happened, holding, fail: (error: Error) => (fails = error) }
}

it('ends sessions while the pools wait, and no more before these go on', async () => {
  const { pausing, happened, holding } = scene()
  pausing.resolve()
  await holding.begin()
  expect([holding.isBegun(), happened]).toEqual([true, ['sessions are ended']])
  await holding.stop()
  await holding.end()
  expect(happened.filter((one) => one !== 'no more')).toEqual([
    ...['sessions are ended', 'pools go on', 'the watch goes on'],
  ])
  expect(happened.indexOf('no more')).toBe(1)
})

it('lets the pools go on where nothing is locked in time', async () => {
  const { clock, pausing, happened, holding } = scene()
  pausing.resolve()
  await holding.begin()
  await clock.advance(15_000)
  expect(happened).toEqual(['sessions are ended', 'pools go on'])
  await holding.end()
})

it('ends nobody where it was over before the pools were paused', async () => {
  const { pausing, happened, holding } = scene()
  const begun = holding.begin()
  const ended = holding.end()
  pausing.resolve()
  await Promise.all([begun, ended])
  expect(happened).toEqual(['pools go on', 'the watch goes on'])
})

it('lets the watch go on where a pool does not', async () => {
  const { pausing, happened, holding, fail } = scene()
  fail(new Error('a pool waits'))
  pausing.resolve()
  await holding.begin()
  await expect(holding.end()).rejects.toThrow('a pool waits')
  expect(happened.at(-1)).toBe('the watch goes on')
})
