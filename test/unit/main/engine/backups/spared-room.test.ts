import { expect, it } from 'vitest'
import { BackupError } from '../../../../../src/main/engine/backups/backup-error.ts'
import { watchRoom } from '../../../../../src/main/engine/backups/spared-room.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

it('ends what fills a disk before that is full, and looks no more once it is stopped', async () => {
  const clock = createDrivenClock()
  const answers = [false, new Error('the disk is away'), false, true]
  let looks = 0
  const isSpent = async () => {
    const answer = answers[looks] ?? false
    looks += 1
    if (answer instanceof Error) throw answer
    return answer
  }
  const spent = () => new BackupError('scratch-full', { directory: '/scratch' })
  const watched = watchRoom('/scratch', clock, spent, isSpent)
  await clock.advance(1_000)
  expect([looks, watched.signal.aborted]).toEqual([3, false])
  await clock.advance(500)
  expect(watched.signal.reason).toMatchObject({
    failure: { code: 'scratch-full', params: { directory: '/scratch' } },
  })
  expect(clock.waiting()).toBe(0)

  const other = watchRoom('/scratch', clock, spent, isSpent)
  await clock.advance(500)
  other.stop()
  await clock.advance(5_000)
  expect([looks, other.signal.aborted, clock.waiting()]).toEqual([6, false, 0])
})
