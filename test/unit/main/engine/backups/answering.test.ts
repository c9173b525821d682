import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { answering, heeding } from '../../../../../src/main/engine/backups/stores/answering.ts'
import type { BackupStore, Draft } from '../../../../../src/main/engine/backups/stores/store.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const MINUTE = 60_000

/** A store whose disk does what it is asked once it is let. */
function slowDisk() {
  const did: string[] = []
  const waiting: (() => void)[] = []
  const asked = (what: string) =>
    new Promise<void>((resolve) =>
      waiting.push(() => {
        did.push(what)
        resolve()
      }),
    )
  const draft: Draft = {
    async write(name, content) {
      for await (const piece of content) await asked(`${name} ${piece}`)
      await asked(`${name} synced`)
    },
    commit: () => asked('committed'),
    abandon: () => asked('abandoned'),
  }
  const store = { name: '/nfs', begin: async () => draft } as unknown as BackupStore
  return {
    store,
    did,
    async answer() {
      waiting.shift()?.()
      for (let turn = 0; turn < 5; turn += 1) await setImmediate()
    },
  }
}

const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { failure?: { code: string; params: unknown } }) => error.failure,
  )
const stuckFor = (seconds: number) => ({ code: 'store-stuck', params: { place: '/nfs', seconds } })

async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text)
}

it('waits for a disk that is slow, and for a source for as long as that takes', async () => {
  const clock = createDrivenClock()
  const disk = slowDisk()
  const draft = await answering(disk.store, clock).begin('a')
  const next = Promise.withResolvers<void>()
  async function* slowly(): AsyncGenerator<Buffer> {
    yield Buffer.from('one')
    await next.promise
    yield Buffer.from('two')
  }
  const written = outcomeOf(draft.write('f', slowly()))
  await clock.advance(29 * MINUTE)
  await disk.answer()
  await clock.advance(24 * 60 * MINUTE)
  next.resolve()
  await clock.advance(29 * MINUTE)
  await disk.answer()
  await clock.advance(29 * MINUTE)
  await disk.answer()
  expect(await written).toBe('done')
  expect(disk.did).toEqual(['f one', 'f two', 'f synced'])
  expect(clock.waiting()).toBe(0)
})

it('lets its writer go once the disk takes nothing for half an hour, and takes the draft back when it answers', async () => {
  const clock = createDrivenClock()
  const disk = slowDisk()
  const draft = await answering(disk.store, clock).begin('a')
  const written = outcomeOf(draft.write('f', pieces('one')))
  await clock.advance(30 * MINUTE + 1_000)
  expect(await written).toEqual(stuckFor(1_800))
  await draft.abandon()
  expect(disk.did).toEqual([])
  for (let times = 0; times < 3; times += 1) await disk.answer()
  expect(disk.did).toEqual(['f one', 'f synced', 'abandoned'])
  expect(clock.waiting()).toBe(0)
})

it('lets it go within seconds once it is to stop, but not while it is the source that is waited for', async () => {
  const clock = createDrivenClock()
  const stopping = new AbortController()
  const disk = slowDisk()
  const draft = await answering(disk.store, clock).begin('a')
  const written = outcomeOf(heeding(draft, stopping.signal).write('f', pieces('one')))
  await clock.advance(MINUTE)
  stopping.abort()
  await clock.advance(1_000)
  expect(await written).toEqual(stuckFor(61))

  const other = await answering(slowDisk().store, clock).begin('b')
  const never = Promise.withResolvers<never>()
  async function* silent(): AsyncGenerator<Buffer> {
    yield await never.promise
  }
  let ended = false
  void other.write('f', silent(), stopping.signal).finally(() => {
    ended = true
  })
  await clock.advance(10 * MINUTE)
  expect(ended).toBe(false)
})

it('is not held up by what cannot be taken back, or made whole', async () => {
  const clock = createDrivenClock()
  const disk = slowDisk()
  const draft = await answering(disk.store, clock).begin('a')
  const abandoned = draft.abandon()
  await clock.advance(20_000)
  await abandoned
  const committed = outcomeOf((await answering(slowDisk().store, clock).begin('b')).commit())
  await clock.advance(31 * MINUTE)
  expect(await committed).toEqual(stuckFor(1_800))
  const never = { name: '/nfs', begin: () => new Promise(() => {}) } as unknown as BackupStore
  const begun = outcomeOf(answering(never, clock).begin('c'))
  await clock.advance(31 * MINUTE)
  expect(await begun).toEqual(stuckFor(1_800))
})
