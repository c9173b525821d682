/** Entry of the command line: it owns the process, its signals and its exit code, and nothing else. */
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// Beside the dependencies, not in a directory that other users of the machine can write to.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/vakhta-cli'))
const { run } = await import('./run.ts')
const { Interrupted } = await import('./terminal.ts')
const { openKeyboard } = await import('./keyboard.ts')

try {
  homedir()
} catch {
  // Neither HOME nor an entry in the list of users, as in a container: what is not named then has no place of its own.
  process.env.HOME = '/'
}

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130)
    stopping.abort(new Interrupted(signal))
  })
}
// Whoever reads our output may go away before its end (`vakhta … | head`): that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

// The engine's timers keep no process alive; a command that has not ended does.
const running = setInterval(() => {}, 60_000)
process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  keyboard: openKeyboard,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopping.signal,
  platform: process.platform,
  env: process.env,
  home: homedir(),
})
clearInterval(running)
// Everything is written and closed by now; should something still be open, it does not keep the process.
setTimeout(() => process.exit(), 1_000).unref()
