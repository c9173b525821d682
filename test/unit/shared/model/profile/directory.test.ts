import { describe, expect, it } from 'vitest'
import {
  Directory,
  isWithinOther,
  plainDirectory,
} from '../../../../../src/shared/model/profile/directory.ts'
import { WRITTEN } from './written-directories.ts'

describe('a directory', () => {
  it.each(WRITTEN)('written %s is %s', (written, known) => {
    expect(plainDirectory(written)).toBe(known)
    expect(plainDirectory(known)).toBe(known)
    expect(Directory.parse(written)).toBe(known)
  })

  it('is a whole path', () => {
    for (const part of ['', 'b', './b', '~/b', 'C:b']) expect(Directory.safeParse(part).success).toBe(false)
  })

  it.each([
    ['/b', '/b', true],
    ['/b/x', '/b', true],
    ['/b', '/b/x', true],
    ['/b', '/bx', false],
    ['/', '/b', true],
    ['C:\\b', 'C:\\b\\x', true],
    ['C:\\b', 'C:\\bx', false],
  ])('%s and %s: the same, or one within the other: %s', (one, other, is) => {
    expect(isWithinOther(one, other)).toBe(is)
  })
})
