import { describe, expect, it } from 'vitest'
import {
  pan,
  select,
  type View,
  windowOf,
  zoom,
} from '../../../../src/renderer/features/deployment/live/view.ts'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const following: View = { kind: 'following', spanMs: 10 * MINUTE }

describe('the stretch of time that charts show', () => {
  it('moves along with the present while it follows', () => {
    expect(windowOf(following, NOW)).toEqual({ from: NOW - 10 * MINUTE, to: NOW })
  })

  it('pans back by half a window, and follows again once it is back at the present', () => {
    const back = pan(following, -1, NOW)
    expect(back).toEqual({ kind: 'fixed', from: NOW - 15 * MINUTE, to: NOW - 5 * MINUTE })
    expect(pan(back, 1, NOW)).toEqual(following)
  })

  it('zooms towards the present while it follows, else around its middle', () => {
    expect(zoom(following, 0.5, NOW)).toEqual({ kind: 'following', spanMs: 5 * MINUTE })
    const fixed: View = { kind: 'fixed', from: NOW - 60 * MINUTE, to: NOW - 40 * MINUTE }
    expect(zoom(fixed, 0.5, NOW)).toEqual({ kind: 'fixed', from: NOW - 55 * MINUTE, to: NOW - 45 * MINUTE })
  })

  it('never reaches into the future, nor beyond seven days, nor below a minute', () => {
    const late: View = { kind: 'fixed', from: NOW - 20 * MINUTE, to: NOW - MINUTE }
    expect(windowOf(zoom(late, 2, NOW), NOW).to).toBe(NOW)
    expect(zoom({ kind: 'following', spanMs: 6 * 86_400_000 }, 2, NOW)).toEqual({
      kind: 'following',
      spanMs: 7 * 86_400_000,
    })
    const { from, to } = windowOf(select({ from: NOW - 5_000, to: NOW - 4_000 }, NOW), NOW)
    expect(to - from).toBe(MINUTE)
  })
})
