import { describe, expect, it } from 'vitest'
import {
  draftName,
  isLeftover,
  isOwnName,
  readDraftName,
  writerOf,
} from '../../../../../src/main/engine/backups/stores/local/draft-name.ts'

const HOUR = 3_600_000
const us = writerOf('laptop', 1)

it.each(['shop-20261128T152200Z', 'a', 'A.b_c-1'])('%s names a backup', (name) => {
  expect(isOwnName(name)).toBe(true)
  expect(readDraftName(draftName(name, us))).toEqual({ id: name, host: 'laptop', pid: 1 })
})

it.each(['', '.', '..', '.hidden', 'a/b', '../a', 'a,b', 'а', 'a b', 'a'.repeat(200)])(
  '%j does not',
  (name) => {
    expect(isOwnName(name)).toBe(false)
    expect(() => draftName(name, us)).toThrow(TypeError)
  },
)

it('what is no name of ours is left alone', () => {
  for (const name of ['.git', '.a,b.part', '.a,b,c.part', 'a,b,1.part', '.a,b,1.part.gz']) {
    expect(readDraftName(name)).toBeNull()
  }
  expect(writerOf('a,b/c', 2)).toEqual({ host: 'a_b_c', pid: 2 })
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
    expect(isLeftover({ id: 'a', ...writer }, { us, isAlive, isBeingWritten, untouchedMs })).toBe(expected)
  })
})
