/** What the test runners report, as one tally. */
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { ROOT } from './command.ts'

const BROWSER_TESTS = join(ROOT, 'test/e2e')
/** Of one failure, in characters. */
const MOST_WORDS = 300

/** In one line that a log can end with: the whole words stand where it happened. */
export interface Failure {
  /** The file and the test. */
  readonly where: string
  /** The first words of why. */
  readonly words: string
}

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly failures: readonly Failure[]
  /** Of `passed`: what failed at first. */
  readonly again: readonly Failure[]
  readonly skipped: readonly { readonly name: string; readonly reason: string | null }[]
}

const VitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

/**
 * Counts Vitest's JSON report. A file that failed without a failed test (it did not load, or its hooks threw) and a
 * run that failed otherwise count as one failure each: nothing that failed may look as if it had passed.
 */
export function tallyVitest(report: unknown): Tally {
  const { success, testResults } = VitestReport.parse(report)
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failedFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  const failures = [
    ...testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => failure(name, fullName, failureMessages?.[0])),
    ),
    ...failedFiles.map(({ name, message }) => failure(name, 'the file itself', message)),
  ]
  if (failures.length === 0 && !success) failures.push(failure('', 'outside of any test', null))
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failures.length,
    failures,
    again: [],
    skipped: tests
      .filter(({ status }) => ['skipped', 'pending', 'todo', 'disabled'].includes(status))
      .map(({ fullName }) => ({ name: fullName, reason: null })),
  }
}

function failure(file: string, test: string, words: string | null | undefined): Failure {
  return {
    where: file === '' ? test : `${relative(ROOT, file)} > ${test}`,
    words: stripVTControlCharacters(words ?? '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, MOST_WORDS),
  }
}

/** The files of a Vitest report in which something failed; `[]` where the run failed outside of any. */
export function failedFiles(report: unknown): string[] {
  return VitestReport.parse(report)
    .testResults.filter(({ status }) => status === 'failed')
    .map(({ name }) => name)
}

/**
 * What a run and a second one of its failed files alone come to.
 * @param first the report of the whole run
 * @param alone of the files that `failedFiles` named
 */
export function tallyAgain(first: unknown, alone: unknown): Tally {
  const files = new Set(failedFiles(first))
  const { testResults } = VitestReport.parse(first)
  const others = tallyVitest({
    success: true,
    testResults: testResults.filter(({ name }) => !files.has(name)),
  })
  const second = tallyVitest(alone)
  const still = new Set(second.failures.map(({ where }) => where))
  return {
    passed: others.passed + second.passed,
    failed: second.failed,
    failures: second.failures,
    again: tallyVitest(first).failures.filter(({ where }) => !still.has(where)),
    skipped: [...others.skipped, ...second.skipped],
  }
}

const PlaywrightError = z.object({ message: z.string().optional() })
const PlaywrightSpec = z.object({
  title: z.string(),
  file: z.string().default(''),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })).default([]),
      results: z.array(z.object({ error: PlaywrightError.optional() })).default([]),
    }),
  ),
})
interface PlaywrightSuite {
  readonly specs?: z.infer<typeof PlaywrightSpec>[] | undefined
  readonly suites?: PlaywrightSuite[] | undefined
}
const PlaywrightSuiteSchema: z.ZodType<PlaywrightSuite> = z.lazy(() =>
  z.object({ specs: z.array(PlaywrightSpec).optional(), suites: z.array(PlaywrightSuiteSchema).optional() }),
)
const PlaywrightReport = z.object({
  suites: z.array(PlaywrightSuiteSchema),
  errors: z.array(PlaywrightError).default([]),
})

/** Counts Playwright's JSON report. An error outside of any test counts as a failure. */
export function tallyPlaywright(report: unknown): Tally {
  const { suites, errors } = PlaywrightReport.parse(report)
  const specs = suites.flatMap(specsOf)
  const tests = specs.flatMap(({ title, file, tests: runs }) => runs.map((run) => ({ title, file, ...run })))
  const told = (wanted: 'unexpected' | 'flaky'): Failure[] =>
    tests
      .filter(({ status }) => status === wanted)
      .map(({ file, title, results }) =>
        failure(join(BROWSER_TESTS, file), title, results.findLast(({ error }) => error)?.error?.message),
      )
  const failures = [
    ...told('unexpected'),
    ...errors.map(({ message }) => failure(BROWSER_TESTS, 'outside of any test', message)),
  ]
  const count = (...statuses: string[]) => tests.filter(({ status }) => statuses.includes(status)).length
  return {
    passed: count('expected', 'flaky'),
    failed: failures.length,
    failures,
    again: told('flaky'),
    skipped: tests
      .filter(({ status }) => status === 'skipped')
      .map(({ title, annotations }) => ({
        name: title,
        reason: annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? null,
      })),
  }
}

function specsOf({ specs = [], suites = [] }: PlaywrightSuite): z.infer<typeof PlaywrightSpec>[] {
  return [...specs, ...suites.flatMap(specsOf)]
}
