/** `npm start`: the console on the user's own data, as a desktop app where that can be, else on loopback. */

import { homedir } from 'node:os'
import { join } from 'node:path'
import { tail } from '../demo/servers/server-process.ts'
import { createTemporaryDirectory } from '../demo/servers/temporary-directory.ts'
import { defaultDataDirectory } from '../src/main/engine/store/default-paths.ts'
import { type LaunchOptions, parseLaunchArguments } from './arguments.ts'
import { build } from './build.ts'
import { COMMAND_LINE } from './command-line.ts'
import { startDesktop } from './console.ts'
import { findDesktop } from './desktop.ts'
import { onStop } from './signals.ts'

/** An app that ends sooner than this, and badly, could not start. */
const START_MS = 15_000

async function main(): Promise<void> {
  const usage = 'Usage: npm start -- [options]\n\nOpens Vakhta, as a desktop app where there can be a window.'
  const parsed = parseLaunchArguments(process.argv.slice(2), usage)
  if (parsed.kind === 'end') {
    console[parsed.code === 0 ? 'log' : 'error'](parsed.text)
    process.exitCode = parsed.code
    return
  }
  const { options } = parsed
  if (!(await build())) {
    process.exitCode = 1
    return
  }
  if (options.headless) return serve(options)
  const desktop = await findDesktop({
    platform: process.platform,
    env: process.env,
    uid: process.getuid?.() ?? null,
  })
  const reason = 'reason' in desktop ? desktop.reason : await runDesktop(desktop.runtime, options)
  if (reason === null) return
  console.log(`No window, because ${reason}: serving the console on loopback instead.`)
  return serve(options)
}

/** Runs the app until it ends. @returns why it could not start, or `null` */
async function runDesktop(runtime: string, { data, keyFile }: LaunchOptions): Promise<string | null> {
  const began = performance.now()
  const home = createTemporaryDirectory('start')
  const logFile = join(home.path, 'vakhta.log')
  const dataDirectory =
    data ?? defaultDataDirectory({ platform: process.platform, env: process.env, home: homedir() })
  const app = startDesktop(runtime, { dataDirectory, keyFile, logFile })
  console.log('Vakhta is open. Ctrl-C closes it.')
  onStop(() => void app.stop())
  const how = await app.ended
  const good = how === 'exit code 0' || performance.now() - began > START_MS
  const said = good ? '' : tail(logFile)
  await home.remove()
  if (good) {
    process.exitCode = how === 'exit code 0' ? 0 : 1
    return null
  }
  return `the app ended by ${how}${said === '' ? '' : ` (${said.split('\n').at(-1)})`}`
}

/** Hands this process to `vakhta serve`: its words, its signals and its exit codes are the command line's. */
async function serve({ data, keyFile, port }: LaunchOptions): Promise<void> {
  const option = (name: string, value: string | number | null) =>
    value === null ? [] : [name, String(value)]
  const words = [
    'serve',
    ...option('--data', data),
    ...option('--key-file', keyFile),
    ...option('--port', port),
  ]
  // In its place, where the system can: the terminal and whoever sends signals see one process.
  if (process.platform !== 'win32' && process.execve !== undefined) {
    const { command, args } = COMMAND_LINE
    process.execve(command, [command, ...args, ...words], process.env)
  }
  process.argv.splice(2, process.argv.length, ...words)
  await import('../src/main/cli/main.ts')
}

await main()
