import { describe, expect, it } from 'vitest'
import type { Status } from '#shared/catalogue/statuses.ts'
import {
  CommandFailure,
  EXIT,
  errorShape,
  exitCodeOf,
  probeExitCode,
} from '../../../../src/main/cli/exit-codes.ts'

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

  it.each<[code: string, status: number, exit: number]>([
    ['BAD_REQUEST', 400, 65],
    ['UNPROCESSABLE', 422, 65],
    ['UNAUTHORIZED', 401, 77],
    ['FORBIDDEN', 403, 77],
    ['CONFIRMATION_REQUIRED', 428, 77],
    ['NOT_FOUND', 404, 1],
    ['WRONG_STATE', 409, 1],
    ['TARGET_LOCKED', 409, 5],
    ['TARGET_FAILED', 502, 1],
    ['INTERNAL_SERVER_ERROR', 500, 70],
    ['SERVICE_UNAVAILABLE', 503, 69],
  ])('of a console that answers with %s (%i) is %i', (code, status, exit) => {
    expect(exitCodeOf({ code, status })).toBe(exit)
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
