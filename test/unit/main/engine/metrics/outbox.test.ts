import { beforeEach, expect, test } from 'vitest'
import type { Log } from '../../../../../src/main/engine/log.ts'
import type { Sighting } from '../../../../../src/main/engine/metrics/archive.ts'
import { createOutbox, OUTBOX_LIMIT, type Outbox } from '../../../../../src/main/engine/metrics/outbox.ts'
import { WorkerGone } from '../../../../../src/main/engine/metrics/worker-link.ts'
import { StoreError } from '../../../../../src/main/engine/store/store.ts'
import { createDrivenClock, type DrivenClock } from '../../../../support/driven-clock.ts'

let clock: DrivenClock
let outbox: Outbox
let stored: number[]
let batches: number
let failure: Error | null
let isOpen: boolean
let lines: string[]
beforeEach(() => {
  clock = createDrivenClock()
  stored = []
  batches = 0
  failure = null
  isOpen = true
  lines = []
  const note = (level: string) => (_: object, message: string) => {
    lines.push(`${level}: ${message}`)
  }
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  outbox = createOutbox({
    clock,
    log,
    isOpen: () => isOpen,
    async store(sightings) {
      batches += 1
      if (failure !== null) throw failure
      stored.push(...sightings.map(({ at }) => at))
    },
  })
})

function append(count: number): void {
  for (let at = stored.length + outbox.waiting(), end = at + count; at < end; at++) {
    outbox.append({
      deployment: 'shop',
      probe: 'pool',
      target: 'db',
      at,
      status: 'HEALTHY',
      values: {},
    } satisfies Sighting)
  }
}
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
const full = () => new StoreError('full', 'the disk is full')

test('gathers what comes within a second into one batch', async () => {
  append(3)
  await clock.advance(999)
  expect(stored).toEqual([])
  append(2)
  await clock.advance(1)
  expect([stored, batches]).toEqual([numbers(0, 5), 1])
  expect(clock.waiting()).toBe(0)
})

test('sends at once what fills a batch, one batch after the other', async () => {
  append(2_500)
  await clock.advance(0)
  expect([stored.length, outbox.waiting()]).toEqual([2_000, 500])
  await clock.advance(1_000)
  expect([stored, batches]).toEqual([numbers(0, 2_500), 3])
})

test('keeps what a failing disk does not take, says so once, and goes on by itself', async () => {
  failure = full()
  append(5)
  await clock.advance(60_000)
  expect(stored).toEqual([])
  // After 1 s, then with pauses of 1, 2, 4, 8, 16 and at last 30 s.
  expect(batches).toBe(6)
  append(5)
  failure = null
  await clock.advance(30_000)
  expect(stored).toEqual(numbers(0, 10))
  expect(outbox.dropped()).toBe(0)
  expect(lines).toEqual([
    'error: the history cannot be written; observations wait, and it is tried again',
    'info: the history is written again',
  ])
})

test('drops the oldest, and counts them, when the disk fails for long', async () => {
  failure = full()
  append(1)
  await clock.advance(1_000)
  append(OUTBOX_LIMIT + 499)
  expect([outbox.waiting(), outbox.dropped()]).toEqual([OUTBOX_LIMIT, 500])
  failure = null
  await clock.advance(60_000)
  expect(stored).toEqual(numbers(500, OUTBOX_LIMIT + 500))
})

test('a flush resolves when everything so far is stored', async () => {
  append(1_500)
  const flushed = outbox.flush()
  append(3)
  await flushed
  expect(stored.slice(0, 1_500)).toEqual(numbers(0, 1_500))
})

test('a flush rejects with the reason instead of waiting for a full disk', async () => {
  failure = full()
  append(5)
  await expect(outbox.flush()).rejects.toMatchObject({ code: 'full' })
  expect(outbox.waiting()).toBe(5)
  failure = null
  await outbox.flush()
  expect(stored).toEqual(numbers(0, 5))
})

test('waits while the worker is gone, however long, and goes on when it is back', async () => {
  isOpen = false
  append(5)
  await clock.advance(600_000)
  await expect(outbox.flush()).rejects.toThrow(WorkerGone)
  expect([batches, outbox.dropped(), outbox.waiting()]).toEqual([0, 0, 5])
  isOpen = true
  outbox.resume()
  await clock.advance(0)
  expect(stored).toEqual(numbers(0, 5))
})

test('drops what the worker crashes on again and again, and nothing else', async () => {
  failure = new WorkerGone('crashed')
  append(5)
  await clock.advance(1_000)
  for (let crash = 2; crash <= 3; crash++) {
    expect(outbox.dropped()).toBe(0)
    outbox.resume()
    await clock.advance(0)
  }
  expect([outbox.dropped(), outbox.waiting()]).toEqual([5, 0])
  failure = null
  append(2)
  await clock.advance(5_000)
  expect(stored).toHaveLength(2)
})

test('drops a batch that the history refuses, for it would be refused for ever', async () => {
  failure = new RangeError('no such status')
  append(5)
  await clock.advance(1_000)
  expect([outbox.dropped(), outbox.waiting()]).toEqual([5, 0])
})

test('leaves no timer behind when it is closed', async () => {
  append(5)
  outbox.close()
  expect(clock.waiting()).toBe(0)
})
