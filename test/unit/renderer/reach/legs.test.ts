import { describe, expect, it } from 'vitest'
import { createTranslator } from '#shared/locales/translate.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import { legsOf } from '../../../../src/renderer/features/reach/legs.ts'
import { testReport } from '../../../../src/renderer/features/reach/test-report.ts'

const at = (
  hop: string,
  step: ReachStepResult['step'],
  given: Partial<ReachStepResult> = {},
): ReachStepResult => ({
  hop,
  step,
  status: 'ok',
  ms: 2,
  failure: null,
  detail: null,
  ...given,
})

const refused = at('Redis db:6379', 'tcp', {
  status: 'failed',
  ms: 1,
  failure: {
    step: 'tcp',
    hop: 'Redis db:6379',
    on: 'target',
    code: 'tcp-refused',
    params: { hop: 'Redis db:6379', host: 'db', port: 6379 },
    recovery: 'by-itself',
  },
})

describe('legsOf', () => {
  it('groups the steps of each hop and target in the order in which they were walked', () => {
    const legs = legsOf([
      at('ops@bastion:22', 'tcp'),
      at('ops@bastion:22', 'host-key', { ms: 3 }),
      at('Redis db:6379', 'resolve'),
      refused,
      at('Redis db:6379', 'protocol', { status: 'skipped', ms: null }),
      at('HTTP shop:80', 'tcp', { status: 'skipped', ms: null }),
    ])
    expect(legs.map(({ hop, status, ms, steps }) => [hop, status, ms, steps.length])).toEqual([
      ['ops@bastion:22', 'ok', 5, 2],
      ['Redis db:6379', 'failed', 3, 3],
      ['HTTP shop:80', 'skipped', null, 1],
    ])
  })

  it('keeps two services at one address apart', () => {
    const steps = ['tcp', 'protocol', 'tcp', 'protocol'] as const
    expect(
      legsOf(steps.map((step) => at('HTTP shop:80', step))).map(({ steps: { length } }) => length),
    ).toEqual([2, 2])
  })
})

describe('the report of a test', () => {
  const steps = [at('ops@bastion:22', 'tcp', { detail: '10.0.0.1' }), refused]

  it('says what the screen says, as lines for a colleague', () => {
    const report = testReport(createTranslator('en'), {
      name: 'shop',
      outcome: 'Not everything can be reached.',
      at: Date.UTC(2026, 10, 21),
      steps,
    })
    expect(report.replaceAll('\u00a0', ' ').split('\n')).toEqual([
      'Connection test · shop · 2026-11-21T00:00:00.000Z',
      '',
      'Not everything can be reached.',
      '',
      '✓ ops@bastion:22',
      '  TCP       2 ms  10.0.0.1',
      '',
      '✗ Redis db:6379',
      expect.stringMatching(
        /^ {2}TCP {5}failed {2}db refused the connection on port 6379: nothing listens there/,
      ),
    ])
  })

  it('speaks the reader’s language', () => {
    const report = testReport(createTranslator('ru'), { name: '', outcome: 'x', at: 0, steps })
    expect(report).toContain('Проверка подключения · 1970')
    expect(report).toContain('отклонил соединение на порт 6379')
  })
})
