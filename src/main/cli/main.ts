/** Entry of the command line: it owns the process, its signals and its exit code, and nothing else. */
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

// Beside the dependencies, not in a directory that other users of the machine can write to.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/vakhta-cli'))
const { asBug, run } = await import('./run.ts')
const { EXIT } = await import('./exit-codes.ts')
const { Interrupted, say } = await import('./terminal.ts')
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
  if (error.code === 'EPIPE') process.exit()
  say(process, `vakhta: the result could not be written to standard output (${error.message}).`)
  process.exit(EXIT.failed)
})
// Words that nobody can hear stop nothing: a console goes on watching.
process.stderr.on('error', () => {})
process.on('uncaughtException', (error) => {
  asBug(error, process.argv.slice(2)).then(
    ({ message, exitCode }) => {
      say(process, `vakhta: ${message}`)
      process.exit(exitCode)
    },
    () => process.exit(EXIT.bug),
  )
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
