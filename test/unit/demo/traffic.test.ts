import { expect, it } from 'vitest'
import { chooseRequest, shareOfPeak } from '../../../demo/traffic.ts'

const at = (hour: number, minute = 0) => shareOfPeak(new Date(2026, 4, 4, hour, minute))

it('is busiest before noon and quiet at night, and never silent', () => {
  const day = Array.from({ length: 24 }, (_, hour) => at(hour))
  expect(at(11, 30)).toBe(1)
  expect(Math.max(...day)).toBeLessThanOrEqual(1)
  expect(Math.min(...day)).toBeGreaterThanOrEqual(0.25)
  expect(at(3)).toBeLessThan(0.3)
  expect(at(19, 30)).toBeGreaterThan(at(16))
})

it('changes smoothly, over midnight too', () => {
  for (let minute = 0; minute < 1_440; minute += 10) {
    const next = minute + 10
    const step = at(Math.floor(next / 60) % 24, next % 60) - at(Math.floor(minute / 60), minute % 60)
    expect(Math.abs(step)).toBeLessThan(0.04)
  }
})

it('asks mostly for what is popular, so that the cache has something to do', () => {
  let seed = 1
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const paths = Array.from({ length: 2_000 }, () => chooseRequest(random))
  const cached = paths.filter(({ path }) => /^\/orders\/\d+$/.test(path))
  const popular = cached.filter(({ path }) => Number(path.slice('/orders/'.length)) <= 12)
  expect(cached.length / paths.length).toBeGreaterThan(0.6)
  expect(popular.length / cached.length).toBeGreaterThan(0.95)
  expect(paths.some(({ method }) => method === 'POST')).toBe(true)
})
