import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { createNames } from '../../../../../src/main/engine/reach/names.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'

const HERE: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }]

function looked() {
  const clock = createDrivenClock()
  const asked: string[] = []
  const answers = new Map<string, (addresses: LookupAddress[]) => void>()
  const names = createNames({
    clock,
    find(host) {
      asked.push(host)
      return new Promise((resolve) => answers.set(host, resolve))
    },
  })
  const answer = async (host: string) => {
    // It may have to wait for its turn first.
    await clock.advance(0)
    answers.get(host)?.(HERE)
    await clock.advance(0)
  }
  return { clock, asked, names, answer }
}

describe('names', () => {
  it('are asked for once by all who wait, and anew by whoever comes later', async () => {
    const { clock, asked, names, answer } = looked()
    const both = Promise.all([names.addresses('a', 0), names.addresses('a', 0)])
    await answer('a')
    expect(await both).toEqual([HERE, HERE])
    void names.addresses('a', 0)
    await clock.advance(0)
    expect(asked).toEqual(['a', 'a'])
  })

  it('that are silent keep one thread, and hold up no name that is quick', async () => {
    const { clock, asked, names, answer } = looked()
    const first = names.addresses('quick', 0)
    await answer('quick')
    await first
    void names.addresses('silent', 0)
    void names.addresses('new', 0)
    await clock.advance(10_000)
    void names.addresses('quick', 0)
    expect(asked).toEqual(['quick', 'silent', 'quick'])
    await answer('silent')
    expect(asked.at(-1)).toBe('new')
  })

  it('that become silent lose their place among the quick ones', async () => {
    const { clock, asked, names, answer } = looked()
    for (const ms of [0, 3_000]) {
      const looking = names.addresses('a', 0)
      await clock.advance(ms)
      await answer('a')
      await looking
    }
    void names.addresses('other', 0)
    void names.addresses('a', 0)
    await clock.advance(0)
    expect(asked).toEqual(['a', 'a', 'other'])
  })
})
