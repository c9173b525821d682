/** `npm run demo`: the demo deployment, and Vakhta watching it. When it ends, nothing of it is left. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DemoRuns } from '../demo/control.ts'
import { type ServerProcess, tail } from '../demo/servers/server-process.ts'
import { createTemporaryDirectory } from '../demo/servers/temporary-directory.ts'
import { type Demo, startDemo } from '../demo/start.ts'
import { StoreError } from '../src/main/engine/store/store.ts'
import { VaultError } from '../src/main/engine/vault/vault.ts'
import { type LaunchOptions, parseLaunchArguments } from './arguments.ts'
import { build } from './build.ts'
import { ConsoleFailed, startDesktop, startWebHost } from './console.ts'
import { findDesktop } from './desktop.ts'
import { meetRequirements } from './requirements.ts'
import { seedConsole } from './seed.ts'
import { onStop } from './signals.ts'

const USAGE = `Usage: npm run demo -- [options]

Starts three deployments on this machine (real PostgreSQL, Redis, sshd and services, with traffic) and opens Vakhta on
them. Without --data, what the console keeps is removed at the end.`

/** An app that ends sooner than this, and badly, could not start. */
const START_MS = 15_000

async function main(): Promise<number> {
  const parsed = parseLaunchArguments(process.argv.slice(2), USAGE)
  if (parsed.kind === 'end') {
    console[parsed.code === 0 ? 'log' : 'error'](parsed.text)
    return parsed.code
  }
  const stopped = new Promise<void>((resolve) => onStop(() => resolve()))
  if (!(await meetRequirements('demo')) || !(await build())) return 1

  const home = createTemporaryDirectory('console')
  const { data, keyFile } = parsed.options
  const dataDirectory = data ?? join(home.path, 'data')
  // A directory that goes takes its key with it; a directory that stays is opened with the user's own key, as always.
  const key = keyFile ?? (data === null ? join(home.path, 'vault.key') : null)
  let demo: Demo | null = null
  let running: ServerProcess | null = null
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    demo = await startDemo({ dataDirectory })
    await seedConsole({ dataDirectory, keyFile: key, demo })
    const logFile = join(demo.directory, 'vakhta.log')
    running = await openConsole(parsed.options, { dataDirectory, keyFile: key, logFile })
    explain(data)
    const how = await Promise.race([stopped.then(() => null), running.ended])
    if (how === null || how === 'exit code 0') return 0
    console.error(`Vakhta ended by ${how}. The last that it said:\n${tail(logFile)}`)
    return 1
  } catch (error) {
    if (error instanceof ConsoleFailed) {
      console.error(error.message)
      return error.exitCode
    }
    if (error instanceof StoreError || error instanceof VaultError || error instanceof DemoRuns) {
      console.error(error.message)
      return 65
    }
    throw error
  } finally {
    await running?.stop()
    await demo?.stop()
    await home.remove()
  }
}

async function openConsole(
  options: LaunchOptions,
  where: { dataDirectory: string; keyFile: string | null; logFile: string },
): Promise<ServerProcess> {
  console.log('The demo runs: shop (direct), billing (one SSH hop), ledger (two hops), with traffic.')
  if (!options.headless) {
    const desktop = await findDesktop({
      platform: process.platform,
      env: process.env,
      uid: process.getuid?.() ?? null,
    })
    const reason = 'reason' in desktop ? desktop.reason : null
    if ('runtime' in desktop) {
      const app = startDesktop(desktop.runtime, where)
      const early = await Promise.race([
        app.ended,
        new Promise<null>((resolve) => setTimeout(resolve, START_MS, null)),
      ])
      if (early === null || early === 'exit code 0') return app
      console.log(`No window, because the app ended by ${early}: serving the console on loopback instead.`)
    } else {
      console.log(`No window, because ${reason}: serving the console on loopback instead.`)
    }
  }
  const { process: host, link } = await startWebHost({ ...where, port: options.port })
  console.log(`\n  Open Vakhta:    ${link}   (this link works once)`)
  return host
}

function explain(data: string | null): void {
  const where = data === null ? '' : ` --data ${data}`
  console.log(`  Cause a fault:  npm run demo:fault -- pool-exhausted${where}   (--off ends it, --help lists them)
  Stop:           Ctrl-C\n`)
}

process.exitCode = await main()
