/** Memory is freed at once where all of it is of nobody else, and never else. */
import { expect, it } from 'vitest'
import { BULK_BYTES, giveBack, giveBackPacket } from '../../../../../src/main/engine/reach/give-back.ts'

const memoryOf = (bytes: number) => Buffer.allocUnsafeSlow(bytes)

it('a whole memory is freed, and a part of one is not', () => {
  const whole = memoryOf(BULK_BYTES)
  giveBack(whole)
  expect(whole.length).toBe(0)
  const part = memoryOf(BULK_BYTES + 1).subarray(1)
  giveBack(part)
  expect(part.length).toBe(BULK_BYTES)
})

it('what was in a packet is freed with its envelope', () => {
  const packet = memoryOf(10 + 32_768 + 19)
  const carried = packet.subarray(10, 10 + 32_768)
  giveBackPacket(carried)
  expect([carried.length, packet.length]).toEqual([0, 0])
})

it.each([
  ['half of a memory', memoryOf(65_536).subarray(0, 32_768)],
  ['what is small', memoryOf(BULK_BYTES - 1)],
  ['what is of the pool', Buffer.allocUnsafe(2_000)],
  ['what threads share', Buffer.from(new SharedArrayBuffer(BULK_BYTES))],
])('%s stays', (_, buffer) => {
  const { length } = buffer
  giveBackPacket(buffer)
  expect(buffer.length).toBe(length)
})
