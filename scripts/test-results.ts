/** What the test runners report, as one tally. */
import { z } from 'zod'

export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly name: string; readonly reason: string | null }[]
}

const VitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
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
  const failed = tests.filter(({ status }) => status === 'failed').length + failedFiles.length
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: failed === 0 && !success ? 1 : failed,
    skipped: tests
      .filter(({ status }) => ['skipped', 'pending', 'todo', 'disabled'].includes(status))
      .map(({ fullName }) => ({ name: fullName, reason: null })),
  }
}

const PlaywrightSpec = z.object({
  title: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      annotations: z.array(z.object({ type: z.string(), description: z.string().optional() })).default([]),
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
  errors: z.array(z.unknown()).default([]),
})

/** Counts Playwright's JSON report. An error outside of any test counts as a failure. */
export function tallyPlaywright(report: unknown): Tally {
  const { suites, errors } = PlaywrightReport.parse(report)
  const specs = suites.flatMap(specsOf)
  const tests = specs.flatMap(({ title, tests: runs }) => runs.map((run) => ({ title, ...run })))
  const count = (...statuses: string[]) => tests.filter(({ status }) => statuses.includes(status)).length
  return {
    passed: count('expected', 'flaky'),
    failed: count('unexpected') + errors.length,
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
