import { describe, expect, it } from 'vitest'
import { linesIn } from '../../../../../../src/main/engine/inspect/logs/files/lines.ts'
import { BLOCK } from '../../../../../../src/main/engine/inspect/logs/files/script.ts'
import { seek } from '../../../../../../src/main/engine/inspect/logs/files/seek.ts'
import { UTC } from '../../../../../../src/main/engine/inspect/logs/moments.ts'

const START = Date.parse('2026-11-28T00:00:00Z')

/** A log with a line every `everyMs`, of which `extra` says what follows it. */
function logOf(lines: number, everyMs: number, extra: (index: number) => string = () => '') {
  const text = Array.from({ length: lines }, (_, index) => {
    const at = new Date(START + index * everyMs).toISOString()
    return `${at} INFO line ${index}\n${extra(index)}`
  }).join('')
  return Buffer.from(text)
}

async function find(log: Buffer, at: number) {
  let rounds = 0
  let bytes = 0
  const offset = await seek({
    size: log.length,
    at,
    zone: UTC,
    now: START + 1e9,
    copy: async (blocks) => {
      rounds += 1
      return blocks.map(({ skip, count }) => {
        const copied = log.subarray(skip * BLOCK, (skip + count) * BLOCK)
        bytes += copied.length
        return copied
      })
    },
  })
  return { offset, rounds, bytes, text: log.subarray(offset, offset + 60).toString('utf8') }
}

describe('finding a moment in a log', () => {
  const log = logOf(400_000, 1_000)

  it.each([0, 1, 777, 123_456, 399_999])('finds line %i in a few rounds', async (index) => {
    const found = await find(log, START + index * 1_000)
    expect(found.text).toContain(`line ${index}\n`)
    expect(found.rounds).toBeLessThan(6)
    expect(found.bytes).toBeLessThan(1_000_000)
  })

  it('finds the next one where no line has that moment', async () => {
    expect((await find(log, START + 777_500)).text).toContain('line 778\n')
  })

  it('is before everything, and after everything', async () => {
    expect((await find(log, START - 5_000)).offset).toBe(0)
    expect((await find(log, START + 1e9)).offset).toBe(log.length)
    expect((await find(Buffer.alloc(0), START)).offset).toBe(0)
  })

  it('finds through tracebacks that say no time', async () => {
    const long = logOf(2_000, 1_000, (index) =>
      index % 50 === 0 ? '  File "a.py", line 1, in f\n'.repeat(2_000) : '',
    )
    expect((await find(long, START + 1_234_000)).text).toContain('line 1234\n')
  })
})

describe('lines in bytes', () => {
  it('leaves a part of a line at either end out, unless it is one', () => {
    const bytes = Buffer.from('rest\none\r\ntwo\nbegun')
    const texts = (atStart: boolean, toEnd: boolean) =>
      linesIn(bytes, 100, { atStart, toEnd }).map(({ text }) => text)
    expect(texts(false, false)).toEqual(['one', 'two'])
    expect(texts(true, true)).toEqual(['rest', 'one', 'two', 'begun'])
    expect(linesIn(bytes, 100, { atStart: false, toEnd: false }).map(({ offset }) => offset)).toEqual([
      105, 110,
    ])
  })

  it('gives a line without end in pieces, and what is no UTF-8 as marks', () => {
    expect(linesIn(Buffer.from('endless'), 5, { atStart: false, toEnd: true })).toEqual([
      { offset: 5, text: 'endless', piece: true },
    ])
    expect(linesIn(Buffer.from([0x61, 0xff, 0x62, 0x0a]), 0, { atStart: true, toEnd: false })[0]?.text).toBe(
      'a\ufffdb',
    )
  })
})
