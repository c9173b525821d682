import { expect, test } from 'vitest'
import { createMeter } from '../../../../../src/main/engine/operations/progress.ts'
import { NO_PROGRESS } from '../../../../../src/shared/model/operation.ts'

/** @returns what is told at this second, with so many bytes done */
function meterAt() {
  let now = 5_000
  const meter = createMeter(() => now)
  return {
    begin: meter.begin,
    told(second: number, bytes: number, total: number | null = 1_000) {
      now = 5_000 + second * 1_000
      const { rate, secondsLeft } = meter.told({ bytes, totalBytes: total })
      return [rate, secondsLeft]
    },
  }
}

test('how fast it is and how long it takes are known from the second look on', () => {
  const { begin, told } = meterAt()
  expect(begin('dump')).toEqual({ ...NO_PROGRESS, phase: 'dump' })
  expect(told(0, 100)).toEqual([null, null])
  expect(told(0, 150)).toEqual([null, null])
  expect(told(2, 300)).toEqual([100, 7])
})

test('the rate is that of the last ten seconds', () => {
  const { begin, told } = meterAt()
  begin('dump')
  told(0, 0)
  expect(told(10, 100)).toEqual([10, 90])
  expect(told(20, 600)).toEqual([50, 8])
  expect(told(30, 600)).toEqual([0, null])
})

test('how long it takes is not known where its whole is not, and is never less than nothing', () => {
  const { begin, told } = meterAt()
  begin('dump')
  told(0, 0, null)
  expect(told(1, 500, null)).toEqual([500, null])
  expect(told(2, 1_200)).toEqual([600, 0])
})

test('each step begins anew', () => {
  const { begin, told } = meterAt()
  begin('dump')
  told(0, 0)
  expect(told(1, 900)).toEqual([900, 0])
  begin('verify')
  expect(told(2, 10)).toEqual([null, null])
  expect(told(3, 30)).toEqual([20, 49])
})

test('since when the server is held up stays until it is told otherwise, or the step is over', () => {
  const meter = createMeter(() => 0)
  meter.begin('dump')
  expect(meter.told({ bytes: 0, heldSince: 7 }).heldSince).toBe(7)
  expect(meter.told({ bytes: 10 }).heldSince).toBe(7)
  expect(meter.told({ bytes: 10, heldSince: null }).heldSince).toBeNull()
  expect(meter.told({ bytes: 20 }).heldSince).toBeNull()
  meter.told({ bytes: 20, heldSince: 9 })
  expect(meter.begin('verify').heldSince).toBeNull()
})
