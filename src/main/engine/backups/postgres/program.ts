/** One run of one of PostgreSQL's programs: its output as it comes, its end, and nothing of it left afterwards. */
import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { errorCode, errorWords } from '../../reach/failed.ts'
import { guardGroup, guardProcess } from '../../reach/links/orphan-guard.ts'
import type { ReachError } from '../../reach/reach.ts'

/** Of what a program complains about, the end tells why it stopped. */
export const KEPT_BYTES = 16 * 1024
/** From being asked to stop until it is made to. */
const STOPS_WITHIN_MS = 3_000

export interface Run {
  /** Its standard output. */
  readonly output: Readable
  /** Gives it a piece of its input; `false`: it takes no more, which is no failure before it has ended as one. */
  give(piece: Buffer): Promise<boolean>
  /** Its input is at its end. */
  giveNoMore(): void
  /** How it ended, when its output is closed. Never rejects. */
  readonly exit: Promise<Exit>
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>
}

/** One that works on a server, wherever it runs. */
export interface ServerRun extends Run {
  /** What must not be shown of what it says. */
  readonly secrets: readonly (string | null)[]
  /** Takes the password away: it is not needed any more. */
  loggedIn(): Promise<void>
  /** What went wrong on the way, which is to blame for how it ended; `null`: nothing. */
  failure(): ReachError | null
  /** Gives up the way, once it is gone. */
  close(): Promise<void>
}

export interface Exit {
  /** `null`: a signal ended it, or it could not be started. */
  readonly code: number | null
  readonly signal: string | null
  /** The end of what it wrote to standard error. */
  readonly words: string
}

/**
 * @param env its whole environment: nothing of ours is handed on
 * @param reads whether it is given input
 * @param passes what it is given open, as its descriptors from 3 on
 * @param forks whether it starts processes of its own, which end with it: where it is killed, they would go on
 * @param isGuarded whether it is to be ended where we are killed; else it ends by itself, for want of us
 */
export function runProgram(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  {
    reads = false,
    passes = [],
    forks = false,
    isGuarded = false,
  }: { reads?: boolean; passes?: readonly number[]; forks?: boolean; isGuarded?: boolean } = {},
): Run {
  // There it uses threads.
  const isGroup = forks && process.platform !== 'win32'
  const child = spawn(path, args, {
    env,
    stdio: [reads ? 'pipe' : 'ignore', 'pipe', 'pipe', ...passes],
    windowsHide: true,
    detached: isGroup,
  })
  const kill = (signal: NodeJS.Signals): void => {
    if (isGroup) killGroup(child.pid, signal)
    else child.kill(signal)
  }
  const guard = isGroup ? guardGroup : guardProcess
  const dismissGuard = isGuarded && child.pid !== undefined ? guard(child.pid, process) : () => {}
  const { stdin, stdout, stderr } = child
  if (stdout === null || stderr === null) throw new TypeError('its output was asked for')
  let said = Buffer.alloc(0)
  stderr.on('data', (chunk: Buffer) => {
    said = Buffer.concat([said, chunk]).subarray(-KEPT_BYTES)
  })
  if (isGroup) child.once('exit', () => killGroup(child.pid, 'SIGKILL'))
  const exit = Promise.withResolvers<Exit>()
  child.once('error', (error) => exit.resolve({ code: null, signal: null, words: errorWords(error) }))
  child.once('exit', dismissGuard)
  child.once('close', (code, signal) => exit.resolve({ code, signal, words: said.toString('utf8') }))
  // It may have read enough, and close before the end.
  stdin?.on('error', () => {})
  return {
    output: stdout,
    give: (piece) => writeTo(stdin, piece),
    giveNoMore: () => void stdin?.end(),
    exit: exit.promise,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) kill('SIGTERM')
      const timer = setTimeout(() => kill('SIGKILL'), STOPS_WITHIN_MS)
      // What nobody reads any more would keep it from being closed.
      stdout.resume()
      await exit.promise
      clearTimeout(timer)
    },
  }
}

function killGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, signal)
  } catch (error) {
    // Where all of them have ended and nobody has asked for them yet, macOS says that it may not.
    if (!['ESRCH', 'EPERM'].includes(errorCode(error) ?? '')) throw error
  }
}

async function writeTo(stdin: Writable | null, piece: Buffer): Promise<boolean> {
  if (stdin === null || stdin.destroyed) return false
  const taken = Promise.withResolvers<boolean>()
  const onClose = (): void => taken.resolve(false)
  stdin.once('close', onClose)
  stdin.write(piece, (error) => taken.resolve(error == null))
  try {
    return await taken.promise
  } finally {
    stdin.off('close', onClose)
  }
}
