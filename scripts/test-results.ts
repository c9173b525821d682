/** What the test runners report, as one tally. */
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { ROOT } from './command.ts'

const BROWSER_TESTS = join(ROOT, 'test/e2e')
/** Of one failure, in characters. */
const MOST_WORDS = 300

export interface Tally {
  readonly passed: number
  readonly failed: number
  /** Of what failed: where it stands, and the first words of why. */
  readonly failures: readonly string[]
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
  if (failures.length === 0 && !success) failures.push('the run failed outside of any test')
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failures.length,
    failures,
    skipped: tests
      .filter(({ status }) => ['skipped', 'pending', 'todo', 'disabled'].includes(status))
      .map(({ fullName }) => ({ name: fullName, reason: null })),
  }
}

/** One line that a log can end with: the whole words of a failure stand where it happened. */
function failure(file: string, test: string, words: string | null | undefined): string {
  const said = stripVTControlCharacters(words ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_WORDS)
  return `${relative(ROOT, file)} > ${test}${said === '' ? '' : `: ${said}`}`
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
  const failures = [
    ...tests
      .filter(({ status }) => status === 'unexpected')
      .map(({ file, title, results }) =>
        failure(join(BROWSER_TESTS, file), title, results.findLast(({ error }) => error)?.error?.message),
      ),
    ...errors.map(({ message }) => failure(BROWSER_TESTS, 'outside of any test', message)),
  ]
  const count = (...statuses: string[]) => tests.filter(({ status }) => statuses.includes(status)).length
  return {
    passed: count('expected', 'flaky'),
    failed: failures.length,
    failures,
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
