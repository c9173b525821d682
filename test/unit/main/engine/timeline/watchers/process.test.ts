import { describe, expect, it } from 'vitest'
import type { Ended, Image, RunningProcess } from '../../../../../../src/main/engine/standing.ts'
import type { Sighting } from '../../../../../../src/main/engine/timeline/draft.ts'
import {
  type KnownProcess,
  watchProcess,
} from '../../../../../../src/main/engine/timeline/watchers/process.ts'
import { createTranslator, eventText } from '../../../../../../src/shared/locales/translate.ts'

const NOW = Date.UTC(2026, 0, 1)
const MINUTE = 60_000
const english = createTranslator('en')

const image = (version: string): Image => ({
  name: `registry.example.com/shop:${version}`,
  digest: `sha256:${version.replaceAll('.', '').padEnd(64, 'a')}`,
})
const process = (rest: Partial<RunningProcess> = {}): RunningProcess => ({
  ...{ id: 'one', startedAt: NOW - 60 * MINUTE, image: image('2.0.3'), restarts: 0, ended: null },
  ...rest,
})
const ended = (how: Ended['how'], detail: string): Ended => ({ how, detail, at: NOW - 2_000 })

/** What is told of looks that follow each other, half a minute apart. */
function told(...looks: (RunningProcess | undefined)[]): { words: string[]; kinds: string[]; at: number[] } {
  let known: KnownProcess | undefined
  const drafts = looks.flatMap((look, index) => {
    const at = NOW + index * 30_000
    const sighting: Sighting = {
      ...{ probe: 'host', target: 'web', of: '', at, lastAt: at - 30_000, isAfterPause: false },
    }
    const seen = watchProcess(known, look, sighting)
    known = seen.known
    return seen.events
  })
  return {
    words: drafts.map(({ reason }) => eventText(english, reason)),
    kinds: drafts.map(({ kind }) => kind),
    at: drafts.map(({ at }) => at),
  }
}

describe('a container or a unit', () => {
  it('that goes on running, is seen first, or is not known for a moment, is no news', () => {
    expect(told(process(), process(), undefined, process()).words).toEqual([])
    expect(told(process({ ended: ended('stopped', '0') })).words).toEqual([])
  })

  it('of another image is one deploy, when it began, and no restart beside it', () => {
    const startedAt = NOW + 10_000
    const { words, kinds, at } = told(process(), process({ id: 'two', startedAt, image: image('2.1.0') }))
    expect(words).toEqual([
      'registry.example.com/shop:2.1.0 (sha256:210aaaaaaaaa) deployed to web (before: registry.example.com/shop:2.0.3 (sha256:203aaaaaaaaa))',
    ])
    expect(kinds).toEqual(['deploy'])
    expect(at).toEqual([startedAt])
  })

  it('whose tag was moved to another image is a deploy too; a tag that only has another name is none', () => {
    const moved = { ...image('2.0.3'), digest: `sha256:${'b'.repeat(64)}` }
    expect(told(process(), process({ id: 'two', image: moved })).kinds).toEqual(['deploy'])
    const renamed = { ...image('2.0.3'), name: 'registry.example.com/shop:latest' }
    expect(told(process(), process({ id: 'two', image: renamed })).kinds).toEqual(['restart'])
  })

  it('that somebody restarted is told apart from one that ended and was started again', () => {
    expect(told(process(), process({ id: 'two' })).words).toEqual(['web restarted'])
    expect(told(process(), process({ id: 'two', restarts: 1 })).words).toEqual([
      'web ended and was started again',
    ])
    expect(told(process({ restarts: 3 }), process({ id: 'two', restarts: 0 })).words).toEqual([
      'web restarted',
    ])
    expect(told(process({ restarts: null }), process({ id: 'two', restarts: null })).words).toEqual([
      'web restarted',
    ])
  })

  it('that is started again and again is told of every five minutes, with how often', () => {
    const looks = Array.from({ length: 13 }, (_, index) =>
      process({ id: String(index), restarts: index * 4 }),
    )
    expect(told(...looks).words).toEqual([
      'web ended and was started again, 4 times',
      'web ended and was started again, 40 times',
    ])
  })

  it.each([
    ['memory', '137', 'web was killed: the memory that it may have ran out'],
    ['signal', '9', 'web was ended by signal 9'],
    ['code', '3', 'web ended with exit code 3'],
    ['failed', 'watchdog', 'web failed (watchdog)'],
    ['stopped', '0', 'web was stopped'],
  ] as const)('that ended (%s) says how, once', (how, detail, words) => {
    const over = process({ ended: ended(how, detail) })
    const seen = told(process(), over, over)
    expect(seen.words).toEqual([words])
    expect(seen.at).toEqual([NOW - 2_000])
  })

  it('that ended, and began again, and ended again, says so each time', () => {
    const second = process({ id: 'two' })
    const looks = [process(), process({ ended: ended('code', '1') }), second]
    expect(told(...looks, { ...second, ended: ended('code', '2') }).words).toEqual([
      'web ended with exit code 1',
      'web restarted',
      'web ended with exit code 2',
    ])
  })
})
