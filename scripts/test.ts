/** `npm test`: everything, on what a fresh clone has; it ends with one plain line of how many passed and failed. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from './build.ts'
import { installed, ROOT, runCommand } from './command.ts'
import { installPostgresMajors } from './postgres-majors.ts'
import { installRedisVersions } from './redis-versions.ts'
import { meetRequirements } from './requirements.ts'
import { type Tally, tallyPlaywright, tallyVitest } from './test-results.ts'

const RESULTS = join(ROOT, 'test-results')

/** One runner: its report is read even when it failed, and a run without a report is a failure. */
async function run(options: {
  name: string
  command: string
  args: readonly string[]
  report: string
  env?: NodeJS.ProcessEnv
  tally: (report: unknown) => Tally
}): Promise<Tally> {
  const { name, command, args, report, env, tally } = options
  const { code, seconds } = await runCommand(command, args, {
    show: true,
    // In a log, colours are rubbish between the words.
    env: { ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }), ...env },
  })
  console.log(`${name}: ${seconds.toFixed(0)} s\n`)
  try {
    const counted = tally(JSON.parse(await readFile(report, 'utf8')))
    return code !== 0 && counted.failed === 0
      ? { ...counted, failed: 1, failures: [`${name} ended with exit code ${code}`] }
      : counted
  } catch (error) {
    const why = `${name} left no report that can be read (exit code ${code}): ${error}`
    return { passed: 0, failed: 1, failures: [why], skipped: [] }
  }
}

function close(tallies: readonly Tally[]): number {
  const skipped = tallies.flatMap((tally) => tally.skipped)
  for (const { name, reason } of skipped)
    console.log(`skipped: ${name}${reason === null ? '' : ` (${reason})`}`)
  // Last, where whoever opens the log looks first.
  for (const failure of tallies.flatMap(({ failures }) => failures)) console.log(`failed: ${failure}`)
  const sum = (of: 'passed' | 'failed') => tallies.reduce((total, tally) => total + tally[of], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
  return sum('failed') === 0 && sum('passed') > 0 ? 0 : 1
}

async function main(): Promise<number> {
  const ready = (await meetRequirements('tests')) && (await build())
  if (!ready) return close([{ passed: 0, failed: 1, failures: ['it was not begun'], skipped: [] }])
  const without = await installPostgresMajors()
  if (without !== null) console.warn(`Only the PostgreSQL of this machine is tested: ${without}.`)
  const withoutRedis = await installRedisVersions()
  if (withoutRedis !== null)
    console.warn(`Some versions of Redis and Valkey are not tested: ${withoutRedis}.`)
  await rm(RESULTS, { recursive: true, force: true })
  await mkdir(RESULTS, { recursive: true })
  const vitestReport = join(RESULTS, 'vitest.json')
  const tallies = [
    await run({
      name: 'unit, servers, contract',
      command: installed('vitest'),
      args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`],
      report: vitestReport,
      tally: tallyVitest,
    }),
  ]
  if (existsSync(join(ROOT, 'playwright.config.ts'))) {
    const playwrightReport = join(RESULTS, 'playwright.json')
    tallies.push(
      await run({
        name: 'browser',
        command: installed('playwright'),
        args: ['test', '--reporter=list,json'],
        env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport },
        report: playwrightReport,
        tally: tallyPlaywright,
      }),
    )
  }
  return close(tallies)
}

process.exitCode = await main()
