import { expect, it } from 'vitest'
import type { BackupStore } from '../../../../../src/main/engine/backups/stores/store.ts'
import { createTimelyStores } from '../../../../../src/main/engine/backups/stores/timely.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

/** A place that answers when it is told to. */
function hanging(name: string) {
  const calls: { resolve: (bytes: number) => void }[] = []
  const room = () => new Promise<number>((resolve) => calls.push({ resolve }))
  return { calls, store: { name, room } as unknown as BackupStore }
}
const silent = { failure: { code: 'store-silent', params: { place: '/nfs' } } }
const told = (work: Promise<unknown>) => work.catch(({ failure }: { failure: unknown }) => ({ failure }))

it('ends what gets no answer, and asks nothing more until there is one', async () => {
  const clock = createDrivenClock()
  const timely = createTimelyStores({ clock })
  const { calls, store } = hanging('/nfs')
  const asked = [timely(store), timely(store), timely(store)].map((one) => told(one.room()))
  await clock.advance(60_000)
  expect(await Promise.all(asked)).toEqual([silent, silent, silent])
  // One of them waits, and no thread more than that.
  expect(calls).toHaveLength(1)
  expect(await told(timely(store).room())).toEqual(silent)
  expect(calls).toHaveLength(1)

  calls[0]?.resolve(1)
  await clock.advance(0)
  expect(calls).toHaveLength(1)
  const again = timely(store).room()
  await clock.advance(0)
  calls[1]?.resolve(2)
  expect(await again).toBe(2)
})

it('leaves other places alone', async () => {
  const clock = createDrivenClock()
  const timely = createTimelyStores({ clock })
  const [nfs, disk] = [hanging('/nfs'), hanging('/disk')]
  void told(timely(nfs.store).room())
  await clock.advance(60_000)
  const free = timely(disk.store).room()
  await clock.advance(0)
  disk.calls[0]?.resolve(7)
  expect(await free).toBe(7)
})
