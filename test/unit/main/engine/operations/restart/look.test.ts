import { describe, expect, it } from 'vitest'
import {
  type Processes,
  type Renewal,
  renewalOf,
} from '../../../../../../src/main/engine/operations/restart/look.ts'

/** Those that run, and after a bar those that ended. */
function processes(text: string): Processes {
  const [running = [], ended = []] = text.split('|').map((part) => part.split(' ').filter(Boolean))
  return { running, ended, beganAt: null }
}

describe('what became of the processes of a service', () => {
  it.each<[what: string, before: string | null, now: string | null, Renewal]>([
    ['every one is another', 'a b', 'c d', 'new'],
    ['every one is the same', 'a b', 'a b', 'old'],
    ['some are the same', 'a b', 'a c', 'mixed'],
    ['one of those from before was ended, and nothing more', 'a b', 'a | b', 'old'],
    ['one that is new ended', 'a b', 'c | d', 'ended'],
    ['one that had ended before stands there still', 'a | gone', 'b | gone', 'new'],
    ['one that had ended before is started, too', 'a | gone', 'b c', 'new'],
    ['none ran, and one does', '| gone', 'a', 'new'],
    ['none ran, and none does', '| gone', '| gone', 'old'],
    ['none is left', 'a', '', 'unseen'],
    ['nothing told one run from the next before', null, 'a', 'unknown'],
    ['nothing tells one run from the next now', 'a', null, 'unseen'],
  ])('%s', (_, before, now, renewal) => {
    const seen = (text: string | null) => (text === null ? null : processes(text))
    expect(renewalOf(seen(before), seen(now))).toBe(renewal)
  })

  it.each<[number, number, Renewal]>([
    [100, 200, 'new'],
    [100, 100, 'old'],
    // A process that began before the one that was seen is not the one that was begun.
    [100, 90, 'old'],
  ])('by its own clock the process began at %d and then at %d: %s', (was, is, renewal) => {
    const began = (beganAt: number): Processes => ({ running: [String(beganAt)], ended: [], beganAt })
    expect(renewalOf(began(was), began(is))).toBe(renewal)
  })
})
