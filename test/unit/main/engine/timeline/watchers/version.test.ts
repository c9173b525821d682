import { describe, expect, it } from 'vitest'
import type { Draft, Sighting } from '../../../../../../src/main/engine/timeline/draft.ts'
import {
  type KnownVersion,
  watchVersion,
} from '../../../../../../src/main/engine/timeline/watchers/version.ts'

const EVERY_MS = 5_000

/** Looks at a service again and again, once for each word: `-` is a look that told no version. */
function watched(
  words: string,
  { isAfterPause = false, known = undefined as KnownVersion | undefined } = {},
) {
  const told: Draft[] = []
  for (const [index, word] of words.split(' ').entries()) {
    const sighting: Sighting = {
      probe: 'health',
      target: 'api',
      of: '',
      at: (index + 1) * EVERY_MS,
      lastAt: null,
      isAfterPause: isAfterPause && index === 0,
    }
    const { events, known: after } = watchVersion(known, word === '-' ? undefined : word, sighting)
    told.push(...events)
    known = after
  }
  return { told, known, codes: told.map(({ reason }) => `${reason.code} ${reason.params.version}`) }
}

describe('a deploy', () => {
  it.each([
    ['of the first version that is seen is none', '1 1 1 1', []],
    ['is told when the new version was seen three times in a row', '1 2 2 2', ['deployed 2']],
    ['is not told of a version that was seen twice', '1 2 2', []],
    ['is told once', '1 2 2 2 2 2 2', ['deployed 2']],
    ['is told though looks in between told no version', '1 2 - 2 - - 2', ['deployed 2']],
    [
      'back to the version before is one too, and takes longer to believe',
      '1 2 2 2 1 1 1 1 1 1',
      ['deployed 2', 'deployed 1'],
    ],
    ['of a third version, while the second was not settled', '1 2 2 3 3 3', ['deployed 3']],
    [
      'that is being rolled out says once that two versions answer',
      '1 2 1 2 1 2 1 2 1',
      ['versions-mixed 2'],
    ],
    [
      'that was rolled out is told at its end',
      '1 2 1 2 2 1 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2',
      ['versions-mixed 2', 'deployed 2'],
    ],
    [
      'that never ends, each version for three looks, is not told for each',
      '1 2 2 2 1 1 1 2 2 2 1 1 1 2 2 2 1 1 1',
      ['deployed 2', 'versions-mixed 1'],
    ],
  ])('%s', (_, words, codes) => {
    expect(watched(words).codes).toEqual(codes)
  })

  it('happened when the new version was first seen', () => {
    expect(watched('1 1 2 2 2').told[0]?.at).toBe(3 * EVERY_MS)
  })

  it('that came while nobody looked says so, though it took some looks to believe', () => {
    const { known } = watched('1')
    expect(watched('2 2 2', { isAfterPause: true, known }).told[0]?.reason.params.afterPause).toBe(1)
    expect(
      watched('1 2 2 2', { isAfterPause: true, known }).told[0]?.reason.params.afterPause,
    ).toBeUndefined()
  })

  it('names both versions and the service', () => {
    expect(watched('2.0.0 2.0.1 2.0.1 2.0.1').told[0]).toMatchObject({
      kind: 'deploy',
      probe: 'health',
      target: 'api',
      reason: { code: 'deployed', params: { what: 'api', version: '2.0.1', before: '2.0.0' } },
    })
  })

  it('is settled as quickly as at first when it was calm for ten minutes', () => {
    const { known } = watched('1 2 2 2')
    const later = watchVersion(known, '3', {
      ...{ probe: 'health', target: 'api', of: '', lastAt: null, isAfterPause: false },
      at: 20 * 60_000,
    })
    expect(later.known?.turns).toBe(0)
  })
})

it('tells at once that a server was upgraded: it has one version at a time', () => {
  const sighting: Sighting = {
    ...{ probe: 'pool', target: 'postgres', of: '', at: 9, lastAt: 4, isAfterPause: true },
  }
  const { known } = watchVersion(undefined, '15.4', sighting)
  const { events } = watchVersion(known, '15.6', sighting)
  expect(events).toMatchObject([
    {
      kind: 'deploy',
      reason: {
        code: 'upgraded',
        params: { what: 'PostgreSQL', before: '15.4', version: '15.6', afterPause: 1 },
      },
    },
  ])
})
