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

it('takes time in proportion to a line, also where its labels are made up', () => {
  // Squared in the length of a line, this is a minute of nothing else: the runner's own time limit is the assertion.
  const lines = [`a{${'x'.repeat(16_000)}} 1\n`, `a{${'x='.repeat(8_000)}} 1\n`]
  expect(labelsOf(lines.join('').repeat(300), 'x').filter((value) => value !== undefined)).toEqual([])
})
