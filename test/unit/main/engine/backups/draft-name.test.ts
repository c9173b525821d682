import { describe, expect, it } from 'vitest'
import {
  draftName,
  isLeftover,
  isOwnName,
  readDraftName,
  writerOf,
} from '../../../../../src/main/engine/backups/stores/local/draft-name.ts'

const HOUR = 3_600_000
const us = writerOf('laptop', 1, 'us')

it.each(['shop-20261128T152200Z', 'a', 'A.b_c-1'])('%s names a backup', (name) => {
  expect(isOwnName(name)).toBe(true)
  expect(readDraftName(draftName(name, us))).toEqual({ id: name, host: 'laptop', pid: 1, console: 'us' })
})

it.each(['', '.', '..', '.hidden', 'a/b', '../a', 'a,b', 'а', 'a b', 'a'.repeat(200)])(
  '%j does not',
  (name) => {
    expect(isOwnName(name)).toBe(false)
    expect(() => draftName(name, us)).toThrow(TypeError)
  },
)

it('reads what was written before consoles said who they are', () => {
  expect(readDraftName('.a,laptop,1.part')).toEqual({ id: 'a', host: 'laptop', pid: 1, console: null })
})

it('what is no name of ours is left alone', () => {
  for (const name of ['.git', '.a,b.part', '.a,b,c.part', 'a,b,1.part', '.a,b,1.part.gz']) {
    expect(readDraftName(name)).toBeNull()
  }
  expect(writerOf('a,b/c', 2, 'd/e')).toEqual({ host: 'a_b_c', pid: 2, console: 'd_e' })
})

describe('what is being written is left over', () => {
  const cases = [
    ['by nobody, where its process is gone', { host: 'laptop', pid: 7 }, {}, true],
    ['not, where its process lives', { host: 'laptop', pid: 8 }, { alive: [8] }, false],
    ['not, where this process writes it', { host: 'laptop', pid: 1 }, { writing: true }, false],
    ['where an earlier process had our number', { host: 'laptop', pid: 1 }, { alive: [1] }, true],
    [
      'not, where another machine wrote to it lately',
      { host: 'server', pid: 7 },
      { untouchedMs: 23 * HOUR },
      false,
    ],
    [
      'not, where another console on a machine of our name wrote to it lately',
      { host: 'laptop', pid: 7, console: 'them' },
      { untouchedMs: 23 * HOUR },
      false,
    ],
    [
      'where a console did of which it is not known whether it is another',
      { host: 'laptop', pid: 7, console: null },
      {},
      true,
    ],
    ['where another machine did not for a day', { host: 'server', pid: 7 }, { untouchedMs: 24 * HOUR }, true],
  ] as const
  it.each(cases)('%s', (_, writer, facts, expected) => {
    const {
      alive = [],
      writing = false,
      untouchedMs = 0,
    } = facts as {
      alive?: readonly number[]
      writing?: boolean
      untouchedMs?: number
    }
    const isAlive = (pid: number) => alive.includes(pid)
    const isBeingWritten = () => writing
    expect(
      isLeftover({ id: 'a', console: 'us', ...writer }, { us, isAlive, isBeingWritten, untouchedMs }),
    ).toBe(expected)
  })
})
