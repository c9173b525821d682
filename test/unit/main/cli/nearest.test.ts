import { describe, expect, it } from 'vitest'
import { nearest } from '../../../../src/main/cli/nearest.ts'

describe('nearest', () => {
  it.each([
    ['porbe', 'probe'],
    ['serv', 'serve'],
    ['hosst', 'hosts'],
    ['pass', 'passphrase-file'],
    ['xyzzy', null],
    ['', null],
  ])('for %j suggests %j', (typed, expected) => {
    expect(nearest(typed, ['serve', 'probe', 'secret', 'hosts', 'passphrase-file'])).toBe(expected)
  })
})
