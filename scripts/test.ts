/** `npm test`: everything, on what a fresh clone has; it ends with one plain line of how many passed and failed. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from './build.ts'
import { installed, ROOT, runCommand } from './command.ts'
import { installPostgresMajors } from './postgres-majors.ts'
import { installRedisVersions } from './redis-versions.ts'
import { meetRequirements } from './requirements.ts'
import { failedFiles, type Tally, tallyAgain, tallyPlaywright, tallyVitest } from './test-results.ts'

const RESULTS = join(ROOT, 'test-results')
/** Files that are tried again. */
const MOST_AGAIN = 12

interface Runner {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Where it leaves its report. */
  readonly report: string
  readonly env?: NodeJS.ProcessEnv
}

interface Outcome {
  /** `null`: a signal ended it. */
  readonly code: number | null
  /** `undefined`: it left none that can be read. */
  readonly report: unknown
}

async function run({ name, command, args, report, env }: Runner): Promise<Outcome> {
  const { code, seconds } = await runCommand(command, args, {
    show: true,
    // In a log, colours are rubbish between the words.
    env: { ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
  })
  console.log(`${name}: ${seconds.toFixed(0)} s\n`)
  try {
    return { code, report: JSON.parse(await readFile(report, 'utf8')) }
  } catch (error) {
    console.error(`${name} left no report that can be read (exit code ${code}): ${error}`)
    return { code, report: undefined }
  }
}

/** A run without a report is a failure, and so is one that ended badly though nothing in its report did. */
function counted(name: string, { code, report }: Outcome, tally: (report: unknown) => Tally): Tally {
  if (report === undefined) return nothing(name, 'it left no report that can be read')
  const told = tally(report)
  return code !== 0 && told.failed === 0
    ? { ...told, failed: 1, failures: [{ where: name, words: `it ended with exit code ${code}` }] }
    : told
}

function nothing(where: string, words: string): Tally {
  return { passed: 0, failed: 1, failures: [{ where, words }], again: [], skipped: [] }
}

function vitest(name: string, report: string, ...args: string[]): Runner {
  return {
    name,
    command: installed('vitest'),
    args: ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    report,
  }
}

/**
 * What failed is run once more with nothing beside it: on two cores that others use too, a test may wait for its turn longer
 * than it waits for an answer. What passes then is told as that; where much failed, it was not the machine.
 */
async function runVitest(): Promise<Tally> {
  const name = 'unit, servers, contract'
  const first = await run(vitest(name, join(RESULTS, 'vitest.json')))
  const files = first.report === undefined ? [] : failedFiles(first.report)
  if (files.length === 0 || files.length > MOST_AGAIN) return counted(name, first, tallyVitest)
  const alone = `${name}: what failed, alone`
  const second = await run(vitest(alone, join(RESULTS, 'vitest-alone.json'), ...files, '--maxWorkers=1'))
  return counted(alone, second, (report) => tallyAgain(first.report, report))
}

function close(tallies: readonly Tally[]): number {
  const skipped = tallies.flatMap((tally) => tally.skipped)
  for (const { name, reason } of skipped)
    console.log(`skipped: ${name}${reason === null ? '' : ` (${reason})`}`)
  // Last, where whoever opens the log looks first.
  for (const { where, words } of tallies.flatMap(({ again }) => again))
    console.log(`passed when tried again: ${where}: ${words}`)
  for (const { where, words } of tallies.flatMap(({ failures }) => failures))
    console.log(`failed: ${where}: ${words}`)
  const sum = (of: 'passed' | 'failed') => tallies.reduce((total, tally) => total + tally[of], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1
}

async function main(): Promise<number> {
  const ready = (await meetRequirements('tests')) && (await build())
  if (!ready) return close([nothing('npm test', 'it was not begun')])
  const without = await installPostgresMajors()
  if (without !== null) console.warn(`Only the PostgreSQL of this machine is tested: ${without}.`)
  const withoutRedis = await installRedisVersions()
  if (withoutRedis !== null)
    console.warn(`Some versions of Redis and Valkey are not tested: ${withoutRedis}.`)
  await rm(RESULTS, { recursive: true, force: true })
  await mkdir(RESULTS, { recursive: true })
  const tallies = [await runVitest()]
  if (existsSync(join(ROOT, 'playwright.config.ts'))) {
    const playwrightReport = join(RESULTS, 'playwright.json')
    const name = 'browser'
    const outcome = await run({
      name,
      command: installed('playwright'),
      args: ['test', '--reporter=list,json', '--retries=1'],
      env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
      report: playwrightReport,
    })
    tallies.push(counted(name, outcome, tallyPlaywright))
  }
  return close(tallies)
}

process.exitCode = await main()
