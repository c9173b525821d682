/**
 * A `ProxyCommand`: a local program whose standard input and output are the connection to an SSH server. It runs under the
 * user's shell as ssh runs it, and ends with the connection, with all that it started, however this process ends.
 */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import { within } from '../deadline.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import type { Machine } from '../machine.ts'
import { type Limits, ReachError } from '../reach.ts'
import { hideSecrets } from '../secret.ts'
import type { OnStep, Wire } from '../way.ts'
import { asWire } from './as-wire.ts'
import { guardGroup } from './orphan-guard.ts'

/** What is kept of what it says on its standard error: the end of it tells. */
const SAID_MAX_BYTES = 4 * 1024
const WORDS_MAX = 300
/** Between being asked to end and being made to. */
const ENDS_WITHIN_MS = 500
/** Between its last output and its end, which says why. */
const EXPLAINS_WITHIN_MS = 500

export interface ProxiedWire {
  readonly wire: Wire
  /** Where the program is to blame for an error of the handshake over its wire: what it said. Else the error itself. */
  explain(error: unknown): Promise<unknown>
}

/** @param command with its tokens put in. Throws a `ReachError` where not even the shell starts. */
export async function runProxyCommand(
  { command, place, machine, clock }: { command: string; place: Place; machine: Machine; clock: Clock },
  limits: Limits,
  onStep?: OnStep,
): Promise<ProxiedWire> {
  limits.signal.throwIfAborted()
  const child = start(command, machine)
  const exited = Promise.withResolvers<void>()
  let how: { readonly code: number | null; readonly signal: string | null } | null = null
  let said = Buffer.alloc(0)
  const dismissGuard = child.pid === undefined ? () => {} : guardGroup(child.pid, machine)

  child.on('exit', (code, signal) => {
    how = { code, signal }
    dismissGuard()
    // What it left running in its group goes with it.
    signalGroup(child, 'SIGKILL', machine)
    exited.resolve()
  })
  child.on('error', () => exited.resolve())
  child.stderr.on('data', (chunk: Buffer) => {
    said = Buffer.concat([said, chunk]).subarray(-SAID_MAX_BYTES)
  })
  child.stderr.on('error', () => {})

  try {
    await within(
      clock,
      limits,
      () => failed(place, 'tcp', 'proxy-command-not-started', { words: 'no answer' }),
      () => started(child),
    )
  } catch (error) {
    void end()
    if (error instanceof ReachError || limits.signal.aborted) throw error
    throw failed(place, 'tcp', 'proxy-command-not-started', { words: errorWords(error) }, error)
  }
  // A connection is what answers: servers greet first.
  child.stdout.once('data', () => onStep?.('tcp', 'ProxyCommand'))
  return { wire: wireOver(child, end), explain }

  /** Resolves when nothing of it is left. */
  async function end(): Promise<void> {
    if (child.pid === undefined || how !== null) return
    child.stdin.destroy()
    signalGroup(child, 'SIGHUP', machine)
    const cancel = clock.after(ENDS_WITHIN_MS, () => signalGroup(child, 'SIGKILL', machine))
    await exited.promise
    cancel()
  }

  async function explain(error: unknown): Promise<unknown> {
    if (!(error instanceof ReachError) || limits.signal.aborted) return error
    const { failure } = error
    // Once a host key was seen, the program did its part.
    if (failure.step !== 'host-key') return error
    if (isFailure(failure, 'ssh-handshake-silent')) {
      return failed(place, 'tcp', 'proxy-command-silent', { seconds: failure.params.seconds ?? null }, error)
    }
    if (!isFailure(failure, 'ssh-closed-early', 'ssh-handshake-failed')) return error
    const gone = Promise.withResolvers<void>()
    const cancel = clock.after(EXPLAINS_WITHIN_MS, gone.resolve)
    await Promise.race([exited.promise, gone.promise])
    cancel()
    // One that had to be ended spoke something, but not SSH.
    if (how === null || how.signal === 'SIGHUP' || how.signal === 'SIGKILL') return error
    const told = { how: how.signal ?? String(how.code) }
    const words = lastWords(said, command)
    return words === ''
      ? failed(place, 'tcp', 'proxy-command-ended', told, error)
      : failed(place, 'tcp', 'proxy-command-failed', { ...told, words }, error)
  }
}

function start(command: string, { env, platform }: Machine): ChildProcessWithoutNullStreams {
  const options = { env, stdio: 'pipe', windowsHide: true } as const
  if (platform === 'win32') return spawn(command, { ...options, shell: true })
  // A group of its own, so that what it starts can be ended with it; "exec" spares the shell, as ssh does.
  return spawn(env.SHELL || '/bin/sh', ['-c', `exec ${command}`], { ...options, detached: true })
}

function started(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
}

function signalGroup(
  { pid }: ChildProcessWithoutNullStreams,
  signal: NodeJS.Signals,
  { platform }: Machine,
): void {
  if (pid === undefined) return
  if (platform === 'win32') {
    execFile('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true }, () => {})
    return
  }
  try {
    process.kill(-pid, signal)
  } catch {
    // Nothing of the group is left.
  }
}

/** The end of what it said, without what the command holds that may be a password: a shell repeats what it trips over. */
function lastWords(said: Buffer, command: string): string {
  const text = said
    .toString('utf8')
    .replaceAll(/\p{C}+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return hideSecrets(text, mayBeSecrets(command))
    .slice(-WORDS_MAX)
    .replace(/[.\s]+$/, '')
}

/** What follows `=` (a variable, an option), and what follows a colon and is no port (a user's password). */
function mayBeSecrets(command: string): string[] {
  const values = [
    ...command.matchAll(/=["']?([^\s"']+)/g),
    ...command.matchAll(/:(?!\/\/)([^\s"'@:]*[^\s"'@:\d][^\s"'@:]*)/g),
  ]
  return values.map(([, value = '']) => value)
}

/** @param end ends the program; resolves when it is gone */
function wireOver(child: ChildProcessWithoutNullStreams, end: () => Promise<void>): Wire {
  const { stdin, stdout } = child
  const duplex = new Duplex({
    allowHalfOpen: false,
    read() {
      stdout.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      stdin.write(chunk, (error) => done(error ?? null))
    },
    final(done) {
      stdin.end()
      done()
    },
    destroy(error, done) {
      stdout.destroy()
      void end().then(() => done(error))
    },
  })
  stdout.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) stdout.pause()
  })
  stdout.on('end', () => duplex.push(null))
  stdout.on('error', (error) => duplex.destroy(error))
  // A program that ended takes nothing any more; what it said last is read first.
  stdin.on('error', () => {})
  child.on('exit', () => stdout.resume())
  child.on('close', () => {
    if (duplex.readableEnded) duplex.destroy()
    else duplex.once('end', () => duplex.destroy())
  })
  return asWire(duplex)
}
