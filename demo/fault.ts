/** `npm run demo:fault -- NAME [--off] [--deployment D] [--data DIR]`: causes or ends a fault of the running demo. */
import { parseArgs } from 'node:util'
import { giveOrder, NoDemo } from './control.ts'
import { FAULT_NAMES, FAULTS, FaultRefused, isFaultName } from './fault-names.ts'
import { DEPLOYMENT_NAMES, type DeploymentName } from './profiles.ts'

/** As everywhere in Vakhta: 64 usage, 65 refused, 69 no demo, 1 it did not take effect. */
const EXIT = { ok: 0, failed: 1, usage: 64, refused: 65, unavailable: 69 } as const

const HELP = `Usage: npm run demo:fault -- NAME [--off] [--deployment D] [--data DIR]

Causes a fault in the running demo and returns once it is in effect; --off ends it.

Faults, and where they are caused unless --deployment says otherwise:
${FAULT_NAMES.map((name) => `  ${name.padEnd(19)} ${FAULTS[name].deployment.padEnd(8)} ${FAULTS[name].effect}`).join('\n')}

Options:
  --off            end the fault
  --deployment D   ${DEPLOYMENT_NAMES.join(', ')}
  --data DIR       the demo of this data directory; otherwise the one that was last started
  --help           this text

Exit codes: 0 done, 1 it did not take effect, 64 usage, 65 refused there, 69 no demo runs.`

function usage(message: string): number {
  console.error(`${message}\n\n${HELP}`)
  return EXIT.usage
}

async function main(args: string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error))
  }
  const { values, positionals } = parsed
  if (values.help === true) {
    console.log(HELP)
    return EXIT.ok
  }
  const [name, ...rest] = positionals
  if (name === undefined) return usage('Which fault?')
  if (!isFaultName(name)) return usage(`There is no fault "${name}".`)
  if (rest.length > 0) return usage(`One fault at a time: "${rest.join(' ')}" is too much.`)
  const deployment = values.deployment ?? FAULTS[name].deployment
  if (!isDeploymentName(deployment)) return usage(`There is no deployment "${deployment}".`)

  const on = values.off !== true
  try {
    await giveOrder({ fault: name, on, deployment }, values.data)
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    if (error instanceof NoDemo) return EXIT.unavailable
    return error instanceof FaultRefused ? EXIT.refused : EXIT.failed
  }
  const where = values.data === undefined ? '' : ` --data ${values.data}`
  const end = `npm run demo:fault -- ${name} --off --deployment ${deployment}${where}`
  console.log(
    on ? `${deployment}: ${FAULTS[name].effect}. End it: ${end}` : `${deployment}: ${name} is over.`,
  )
  return EXIT.ok
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      off: { type: 'boolean' },
      deployment: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
}

function isDeploymentName(name: string): name is DeploymentName {
  return DEPLOYMENT_NAMES.some((known) => known === name)
}

process.exitCode = await main(process.argv.slice(2))
