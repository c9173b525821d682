import { describe, expect, it } from 'vitest'
import {
  type Given,
  keyOf,
  keysOf,
  outdatedKeyOf,
} from '../../../../../../src/main/engine/alerts/notify/keys.ts'
import type { NotificationKind } from '../../../../../../src/shared/model/notification.ts'

const LONGEST = 255

interface Counts {
  readonly raises?: number
  readonly calls?: number
  readonly reminders?: number
}

function message(kind: NotificationKind, { raises = 0, calls = 0, reminders = 0 }: Counts = {}) {
  return { incident: 'i1', kind, notification: { raises, calls, reminders } }
}

describe('a message goes under', () => {
  it.each([
    ['firing', {}, 'i1', null],
    ['update', { raises: 2, calls: 1 }, 'i1', null],
    ['raised', { raises: 1 }, 'i1:raised-1', null],
    ['raised', { raises: 2, calls: 7 }, 'i1:raised-2', null],
    ['raised', { raises: 21 }, 'i1:raised-21', 'i1:raised-1'],
    ['escalated', { calls: 20 }, 'i1:escalated-20', null],
    ['escalated', { calls: 25 }, 'i1:escalated-25', 'i1:escalated-5'],
    ['reminder', { reminders: 1 }, 'i1:reminder-1', null],
    ['reminder', { reminders: 9 }, 'i1:reminder-9', 'i1:reminder-8'],
    // Decided by a console that did not count them yet.
    ['raised', {}, 'i1:raised-1', null],
  ] as const)('%s with %j: %s, and ends %s', (kind, counts, key, outdated) => {
    expect(keyOf(message(kind, counts), LONGEST)).toBe(key)
    expect(outdatedKeyOf(message(kind, counts), [], LONGEST)).toBe(outdated)
  })
})

it.each([1, 3, 7])(
  'no key is used twice within an incident, and the end of a channel that hears one in %i of a kind asks for every one that is open',
  (hears) => {
    const open = new Set<string>()
    const used = new Set<string>()
    const given: Given[] = []
    const counts = { raises: 0, calls: 0, reminders: 0 }
    const kinds = [
      ['raised', 'raises'],
      ['escalated', 'calls'],
      ['reminder', 'reminders'],
    ] as const
    for (let turn = 0; turn < 240 * hears; turn += 1) {
      const [kind, count] = kinds[turn % 3] ?? expect.unreachable()
      counts[count] += 1
      if (counts[count] % hears !== 0) continue
      const told = message(kind, counts)
      const key = keyOf(told, LONGEST)
      expect(used).not.toContain(key)
      used.add(key)
      open.add(key)
      open.delete(outdatedKeyOf(told, given, LONGEST) ?? '')
      given.unshift({ kind, ...counts })
    }
    expect(open.size).toBe(20 + 20 + 1)
    const asked = keysOf(message('resolved', counts), given, LONGEST)
    expect(asked).toEqual(expect.arrayContaining([...open]))
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.length).toBeLessThan(110)
  },
)

it('a key of a long incident is no longer than the service takes, and still its own', () => {
  const incident = 'x'.repeat(400)
  const long = {
    incident,
    kind: 'reminder',
    notification: { raises: 0, calls: 0, reminders: 5_000_000 },
  } as const
  expect(keyOf(long, LONGEST).length).toBeLessThanOrEqual(LONGEST)
  expect(keyOf(long, LONGEST)).toMatch(/:reminder-999999$/)
  expect(keyOf({ ...long, kind: 'firing' }, LONGEST)).not.toBe(keyOf(long, LONGEST))
})
