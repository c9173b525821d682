import { describe, expect, it } from 'vitest'
import { tallyPlaywright, tallyVitest } from '../../../scripts/test-results.ts'

describe('the tally of a Vitest report', () => {
  const file = (status: string, ...statuses: string[]) => ({
    name: 'a.test.ts',
    status,
    assertionResults: statuses.map((one, index) => ({ fullName: `test ${index}`, status: one })),
  })

  it('counts tests by their status', () => {
    const report = {
      success: false,
      testResults: [file('failed', 'passed', 'failed', 'skipped'), file('passed', 'passed')],
    }
    expect(tallyVitest(report)).toEqual({
      passed: 2,
      failed: 1,
      failures: ['a.test.ts > test 1'],
      skipped: [{ name: 'test 2', reason: null }],
    })
  })

  it('says what failed and the first words of why, in one line', () => {
    const failureMessages = [`Error: it did not come\n    at until (until.ts:34:9)\n${'x'.repeat(1_000)}`]
    const [line = ''] = tallyVitest({
      success: false,
      testResults: [
        {
          name: 'test/a.test.ts',
          status: 'failed',
          assertionResults: [{ fullName: 'it comes', status: 'failed', failureMessages }],
        },
      ],
    }).failures
    expect(line).toMatch(/^test\/a\.test\.ts > it comes: Error: it did not come at until/)
    expect(line.length).toBeLessThan(400)
  })

  it('counts a file that did not load as a failure', () => {
    expect(
      tallyVitest({ success: false, testResults: [file('failed'), file('passed', 'passed')] }).failed,
    ).toBe(1)
  })

  it('counts a run that failed without a failed test as a failure', () => {
    expect(tallyVitest({ success: false, testResults: [file('passed', 'passed')] }).failed).toBe(1)
  })
})

describe('the tally of a Playwright report', () => {
  const spec = (title: string, status: string, description?: string) => ({
    title,
    file: 'a.spec.ts',
    tests: [
      {
        status,
        annotations: description === undefined ? [] : [{ type: 'skip', description }],
        results: status === 'unexpected' ? [{ error: { message: 'Error: not\nseen' } }] : [{}],
      },
    ],
  })

  it('counts tests of nested suites, and keeps why one was skipped', () => {
    const report = {
      suites: [
        {
          specs: [spec('a', 'expected')],
          suites: [{ specs: [spec('b', 'unexpected'), spec('c', 'skipped', 'no display')] }],
        },
      ],
      errors: [],
    }
    expect(tallyPlaywright(report)).toEqual({
      passed: 1,
      failed: 1,
      failures: ['test/e2e/a.spec.ts > b: Error: not seen'],
      skipped: [{ name: 'c', reason: 'no display' }],
    })
  })

  it('counts an error outside of any test as a failure', () => {
    expect(tallyPlaywright({ suites: [], errors: [{ message: 'no such file' }] }).failed).toBe(1)
  })
})
