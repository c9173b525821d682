/** `npm run check`: types, format, lint and import boundaries; everything that fails is shown, not the first alone. */

import { join } from 'node:path'
import { installed, type Outcome, ROOT, runCommand } from './command.ts'

const TYPES = join(ROOT, 'node_modules/typescript7/bin/tsc')

const CHECKS: readonly { name: string; run: () => Promise<Outcome> }[] = [
  {
    name: 'types: main, shared, tests',
    run: () => runCommand(process.execPath, [TYPES, '-p', 'tsconfig.json']),
  },
  {
    name: 'types: page, preload',
    run: () => runCommand(process.execPath, [TYPES, '-p', 'tsconfig.web.json']),
  },
  {
    name: 'format and lint',
    run: () => runCommand(installed('biome'), ['check', '--error-on-warnings', '--max-diagnostics=50', '.']),
  },
  {
    name: 'promises and import boundaries',
    run: () => runCommand(installed('eslint'), ['--max-warnings=0', '.']),
  },
]

const outcomes = await Promise.all(
  CHECKS.map(async ({ name, run }) => {
    const outcome = await run()
    const mark = outcome.code === 0 ? 'ok    ' : 'FAILED'
    console.log(`${mark}  ${name} (${outcome.seconds.toFixed(1)} s)`)
    return { name, ...outcome }
  }),
)
const failed = outcomes.filter(({ code }) => code !== 0)
for (const { name, output } of failed) console.error(`\n--- ${name}\n${output.trimEnd()}`)
process.exitCode = failed.length === 0 ? 0 : 1
