import { describe, expect, it } from 'vitest'
import { isUnprotected } from '../../../../../../src/main/engine/reach/links/key-file.ts'

describe('the file of a private key', () => {
  it.each([
    [0o600, 1_000, 1_000, false],
    [0o400, 1_000, 1_000, false],
    [0o700, 1_000, 1_000, false],
    [0o644, 1_000, 1_000, true],
    [0o640, 1_000, 1_000, true],
    [0o604, 1_000, 1_000, true],
    [0o601, 1_000, 1_000, true],
    [0o620, 1_000, 1_000, true],
    // With the type of the file, as `stat` tells it.
    [0o100600, 1_000, 1_000, false],
    [0o100644, 1_000, 1_000, true],
    // Root's own as well, and a stranger's never: ssh judges what the user could mend.
    [0o644, 0, 0, true],
    [0o644, 0, 1_000, false],
    [0o644, 1_000, undefined, false],
  ])('of mode %o, owned by %s and read by %s, lies open: %s', (mode, uid, user, open) => {
    expect(isUnprotected({ mode, uid }, user)).toBe(open)
  })
})
