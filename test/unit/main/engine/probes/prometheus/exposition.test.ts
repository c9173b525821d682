import { expect, it } from 'vitest'
import { readExposition } from '../../../../../../src/main/engine/probes/prometheus/exposition.ts'

function labelsOf(text: string, ...names: string[]): (string | undefined)[] {
  const found: (string | undefined)[] = []
  readExposition(Buffer.from(text), {
    wanted: () => true,
    sample: (sample) => found.push(...names.map((name) => sample.label(name))),
    declared: () => {},
  })
  return found
}

it('reads each label, however it is spaced, escaped and ordered', () => {
  const text = 'a{ path = "/x{y}\\"z\\n\\\\" , le="0.5",code="500", } 1\n'
  expect(labelsOf(text, 'code', 'le', 'path', 'od')).toEqual(['500', '0.5', '/x{y}"z\n\\', undefined])
})

it.each([
  ['what a value holds', 'a{x=",path=",path="/right"} 1\n', '/right'],
  ['a name that only begins or ends so', 'a{url_path="/1",path_x="/2",path="/right"} 1\n', '/right'],
  ['an escaped quote', 'a{x="\\",path=\\"/wrong",path="/right"} 1\n', '/right'],
  ['nothing', 'a{x="path"} 1\n', undefined],
  ['an empty value', 'a{path=""} 1\n', ''],
])('does not take for a label %s', (_, text, expected) => {
  expect(labelsOf(text, 'path')).toEqual([expected])
})

it.each([
  ['a 7', 7],
  ['a\t7 1700000000000\r', 7],
  ['a{x="1"}  -0.5e3 1700000000000', -500],
  ['a{x="1"} +Inf', Number.POSITIVE_INFINITY],
  ['a{x="1"} NaN', undefined],
  ['a{x="1" 7', undefined],
  ['a{x="1"}', undefined],
])('reads the value of %j', (line, expected) => {
  const values: number[] = []
  const reader = {
    wanted: () => true,
    declared() {},
    sample: ({ value }: { value: number }) => values.push(value),
  }
  readExposition(Buffer.from(`${line}\n`), reader)
  expect(values[0]).toBe(expected)
})

it('takes time in proportion to a line, also where its labels are made up', () => {
  // Squared in the length of a line, this is a minute of nothing else: the runner's own time limit is the assertion.
  const lines = [`a{${'x'.repeat(16_000)}} 1\n`, `a{${'x='.repeat(8_000)}} 1\n`]
  expect(labelsOf(lines.join('').repeat(300), 'x').filter((value) => value !== undefined)).toEqual([])
})
