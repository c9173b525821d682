import { describe, expect, it } from 'vitest'
import { failedFiles, tallyAgain, tallyPlaywright, tallyVitest } from '../../../scripts/test-results.ts'

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
      failures: [{ where: 'a.test.ts > test 1', words: '' }],
      again: [],
      skipped: [{ name: 'test 2', reason: null }],
    })
  })

  it('says what failed and the first words of why, in one line', () => {
    const failureMessages = [`Error: it did not come\n    at until (until.ts:34:9)\n${'x'.repeat(1_000)}`]
    const [told] = tallyVitest({
      success: false,
      testResults: [
        {
          name: 'test/a.test.ts',
          status: 'failed',
          assertionResults: [{ fullName: 'it comes', status: 'failed', failureMessages }],
        },
      ],
    }).failures
    expect(told?.where).toBe('test/a.test.ts > it comes')
    expect(told?.words).toMatch(/^Error: it did not come at until \(until\.ts:34:9\) x+$/)
    expect(told?.words.length).toBeLessThan(400)
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

describe('the tally of a run and of what failed in it, alone', () => {
  const report = (
    files: Record<string, readonly [name: string, status: string][]>,
    broken: string[] = [],
  ) => ({
    success:
      broken.length === 0 &&
      !Object.values(files)
        .flat()
        .some(([, status]) => status === 'failed'),
    testResults: Object.entries(files).map(([name, tests]) => ({
      name,
      status: broken.includes(name) || tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
      assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
    })),
  })

  it('counts each test once, and tells apart what passed then, what did not, and what ended before its end', () => {
    const first = report(
      {
        a: [['one', 'passed']],
        b: [
          ['two', 'failed'],
          ['three', 'passed'],
          ['four', 'failed'],
        ],
        c: [['five', 'skipped']],
      },
      ['c'],
    )
    expect(failedFiles(first)).toEqual(['b', 'c'])
    const alone = report({
      b: [
        ['two', 'passed'],
        ['three', 'passed'],
        ['four', 'failed'],
      ],
      c: [['five', 'passed']],
    })
    const words = ''
    expect(tallyAgain(first, alone)).toEqual({
      passed: 4,
      failed: 1,
      failures: [{ where: 'b > four', words }],
      again: [
        { where: 'b > two', words },
        { where: 'c > the file itself', words },
      ],
      skipped: [],
    })
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
        results: ['unexpected', 'flaky'].includes(status)
          ? [{ error: { message: 'Error: not\nseen' } }, ...(status === 'flaky' ? [{}] : [])]
          : [{}],
      },
    ],
  })

  it('counts tests of nested suites, and keeps why one was skipped', () => {
    const report = {
      suites: [
        {
          specs: [spec('a', 'expected')],
          suites: [
            { specs: [spec('b', 'unexpected'), spec('c', 'skipped', 'no display'), spec('d', 'flaky')] },
          ],
        },
      ],
      errors: [],
    }
    expect(tallyPlaywright(report)).toEqual({
      passed: 2,
      failed: 1,
      failures: [{ where: 'test/e2e/a.spec.ts > b', words: 'Error: not seen' }],
      again: [{ where: 'test/e2e/a.spec.ts > d', words: 'Error: not seen' }],
      skipped: [{ name: 'c', reason: 'no display' }],
    })
  })

  it('counts an error outside of any test as a failure', () => {
    expect(tallyPlaywright({ suites: [], errors: [{ message: 'no such file' }] }).failed).toBe(1)
  })
})
