import { describe, expect, it } from 'vitest'
import type { Status } from '#shared/catalogue/statuses.ts'
import { CommandFailure, EXIT, errorShape, probeExitCode } from '../../../../src/main/cli/exit-codes.ts'

describe('exit codes', () => {
  it.each<[Status[], number]>([
    [['HEALTHY', 'HEALTHY'], 0],
    [['HEALTHY', 'WARNING'], 1],
    [['DEGRADED', 'UNKNOWN'], 1],
    [['CRITICAL', 'WARNING'], 2],
    [['DOWN'], 2],
    [['DISCONNECTED', 'HEALTHY'], 2],
    [['UNKNOWN', 'HEALTHY'], 3],
    [['UNOBSERVED'], 3],
    [[], 3],
  ])('answers %j with %i', (statuses, code) => {
    expect(probeExitCode(statuses)).toBe(code)
  })

  it('gives scripts the shape that errors have everywhere', () => {
    const failure = new CommandFailure(EXIT.inputRefused, 'no', { data: { issues: [] } })
    expect(errorShape(failure)).toEqual({
      defined: true,
      code: 'UNPROCESSABLE',
      status: 422,
      message: 'no',
      data: { issues: [] },
    })
  })
})
