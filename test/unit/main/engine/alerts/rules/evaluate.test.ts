import { describe, expect, it } from 'vitest'
import { evaluate, type Tracking } from '../../../../../../src/main/engine/alerts/rules/evaluate.ts'
import type { Severity } from '../../../../../../src/shared/catalogue/severities.ts'

const level = (severity: Severity, threshold: number, clear: number) => ({ severity, threshold, clear })
const POOL = {
  direction: 'above' as const,
  levels: [level('WARNING', 75, 70), level('CRITICAL', 90, 85)],
  ...{ fireAfter: 2, clearAfter: 3 },
}

/** What each of some values in a row comes to. */
function decisions(
  values: readonly (number | null)[],
  rule: Parameters<typeof evaluate>[0] = POOL,
): string[] {
  let before: Tracking | null = null
  return values.map((value, index) => {
    const decision = evaluate(rule, { value, of: 0, unknown: value === null ? 1 : 0 }, before, index * 5_000)
    before = 'tracking' in decision ? decision.tracking : null
    const because = 'because' in decision ? ` ${decision.because}` : ''
    return 'level' in decision ? `${decision.kind} ${decision.level}` : decision.kind + because
  })
}

describe('a rule', () => {
  it.each([
    ['is not true', [50, 50], ['nothing', 'nothing']],
    ['fires at the second look', [80, 80], ['pending first-look', 'fires 0']],
    ['fires as urgent as it is then', [80, 95], ['pending first-look', 'fires 1']],
    ['was true once', [80, 50, 80], ['pending first-look', 'withdrawn', 'pending first-look']],
    [
      'goes on counting past what is not known',
      [80, null, 80],
      ['pending first-look', 'pending not-enough-looks', 'fires 0'],
    ],
    ['is on its line, which is not beyond it', [75, 75], ['nothing', 'nothing']],
    [
      'clears at the third look past its clear line',
      [80, 80, 70, 69, 68],
      ['pending first-look', 'fires 0', 'stays clearing', 'stays clearing', 'clears'],
    ],
    [
      'begins to clear anew after a look between the lines',
      [80, 80, 70, 72, 70, 70, 70],
      [
        'pending first-look',
        'fires 0',
        'stays clearing',
        'stays between-lines',
        'stays clearing',
        'stays clearing',
        'clears',
      ],
    ],
    [
      'does not clear by what is not known',
      [80, 80, 70, 70, null, null, null],
      [
        'pending first-look',
        'fires 0',
        'stays clearing',
        'stays clearing',
        'stays not-known',
        'stays not-known',
        'stays not-known',
      ],
    ],
    [
      'is raised at the second look that is worse',
      [80, 80, 95, 80, 95, 95],
      [
        'pending first-look',
        'fires 0',
        'stays still-true',
        'stays still-true',
        'stays still-true',
        'raised 1',
      ],
    ],
    [
      'is lowered past the clear line of what it was',
      [95, 95, 87, 80, 80, 80],
      [
        'pending first-look',
        'fires 1',
        'stays still-true',
        'stays still-true',
        'stays still-true',
        'lowered 0',
      ],
    ],
  ])('%s', (_, values, expected) => {
    expect(decisions(values)).toEqual(expected)
  })

  it('may be about what is too small', () => {
    const low = { ...POOL, direction: 'below' as const, levels: [level('CRITICAL', 2, 2)] }
    expect(decisions([2, 1, 1, 2, 2, 2], low)).toEqual([
      ...['nothing', 'pending first-look', 'fires 0', 'stays clearing', 'stays clearing', 'clears'],
    ])
  })

  it('is not well again where what was bad is not known, whatever else is well', () => {
    const flags = { ...POOL, direction: 'below' as const, levels: [level('CRITICAL', 1, 1)] }
    const bad = evaluate({ ...flags, fireAfter: 1 }, { value: 0, of: 1, unknown: 0 }, null, 0)
    const before = 'tracking' in bad ? bad.tracking : null
    const half = evaluate(flags, { value: 1, of: 0, unknown: 0b10 }, before, 5_000)
    expect(half).toMatchObject({ kind: 'stays', because: 'not-known' })
    expect(evaluate(flags, { value: 1, of: 0, unknown: 0 }, before, 5_000)).toMatchObject({
      because: 'clearing',
    })
  })
})
