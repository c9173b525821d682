/** The console that runs on a data directory, found through `DIR/console.json` and asked over its REST API. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Language } from '#shared/locales/languages.ts'
import {
  type ConsoleNote,
  claimDataDirectory,
  LOCK_FILE,
  readConsoleNote,
  refuseOthersDirectory,
} from '../engine/store/data-directory.ts'
import { StoreError } from '../engine/store/store.ts'
import { CommandFailure, EXIT, exitCodeOf } from './exit-codes.ts'

export interface RunningConsole {
  readonly url: string
  /**
   * Calls the REST API with the directory's token; answers with the parsed body.
   * @param key names the request, so that it is one however often it is made: it is made again where the connection breaks
   * @throws CommandFailure with the exit code of what it was answered with; 69 where it was not
   */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    key?: string,
    language?: Language,
  ): Promise<unknown>
}

/** An answer is slow where a vault opens with a passphrase; it is not slower than this. */
const READ_TIMEOUT_MS = 15_000
/** What is asked of a deployment may look at it first, over several hops. */
const ACT_TIMEOUT_MS = 120_000

/**
 * The console that runs on a directory; `null` where none does. Its token goes to nobody else: a note that a killed console
 * left behind names an address at which any program may listen by now, so the note counts only while the directory is
 * claimed.
 * @throws CommandFailure 69 where one runs that cannot be asked; StoreError where the directory is not this user's
 */
export async function findConsole(directory: string, signal: AbortSignal): Promise<RunningConsole | null> {
  refuseOthersDirectory(directory)
  if (readConsoleNote(directory) === null || !isClaimed(directory)) return null
  const note = readConsoleNote(directory)
  if (note === null) return null
  const token = await readToken(directory, note)
  return { url: note.url, call: (...asked) => call(note, token, signal, ...asked) }
}

/** The same, where nothing can be done without one. @throws CommandFailure 69 also where none runs */
export async function needConsole(directory: string, signal: AbortSignal): Promise<RunningConsole> {
  const running = await findConsole(directory, signal)
  if (running !== null) return running
  // Looking leaves nothing where no console ever was.
  if (existsSync(join(directory, LOCK_FILE)) && isClaimed(directory))
    throw new CommandFailure(
      EXIT.consoleUnreachable,
      `The console of ${directory} answers no commands: it is the desktop app, or a headless host that is just starting or stopping. Commands need the headless host ("vakhta serve"), which can have the directory once the app is closed.`,
    )
  throw new CommandFailure(
    EXIT.consoleUnreachable,
    `No console runs on ${directory}: start one with "vakhta serve", or name its directory with --data.`,
  )
}

function isClaimed(directory: string): boolean {
  try {
    claimDataDirectory(directory).release()
    return false
  } catch (error) {
    if (error instanceof StoreError && error.code === 'occupied') return true
    throw error
  }
}

async function readToken(directory: string, note: ConsoleNote): Promise<string> {
  const path = join(directory, 'token')
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    throw new CommandFailure(
      EXIT.consoleUnreachable,
      `A console runs on ${directory} (process ${note.pid}, ${note.url}), but its token ${path} cannot be read (${message(error)}). Run this as the user who runs the console.`,
      { cause: error },
    )
  }
}

const ErrorAnswer = z.object({ code: z.string(), message: z.string(), data: z.unknown() })

async function call(
  note: ConsoleNote,
  token: string,
  signal: AbortSignal,
  method: string,
  path: string,
  body?: unknown,
  key?: string,
  language?: Language,
): Promise<unknown> {
  const timeoutMs = method === 'GET' ? READ_TIMEOUT_MS : ACT_TIMEOUT_MS
  const ask = async () => {
    const response = await fetch(new URL(`/api/v1${path}`, note.url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(language === undefined ? {} : { 'accept-language': language }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    return { response, text: await response.text() }
  }
  const unanswered = (error: unknown) => {
    signal.throwIfAborted()
    const advice = isTimeout(error)
      ? `It may be at it still: look before you ask again${key === undefined ? '' : ' ("vakhta operations list")'}.`
      : 'Stop it and start it again, or wait until it has stopped.'
    return new CommandFailure(
      EXIT.consoleUnreachable,
      `The console at ${note.url} (process ${note.pid}) did not answer: ${cause(error)}. ${advice}`,
      { cause: error },
    )
  }
  const { response, text } = await ask()
    .catch((error: unknown) => {
      if (key === undefined || signal.aborted || isTimeout(error)) throw error
      return ask()
    })
    .catch((error: unknown) => {
      throw unanswered(error)
    })
  const answer = asJson(text)
  if (response.ok && answer !== undefined) return answer
  const parsed = ErrorAnswer.safeParse(answer)
  if (!parsed.success) {
    throw new CommandFailure(
      EXIT.consoleUnreachable,
      `${note.url} answered ${response.status} with something that is not Vakhta's. Does another program listen there? Remove console.json from the data directory if no console runs.`,
    )
  }
  const { code, message: words, data } = parsed.data
  const { status } = response
  throw new CommandFailure(exitCodeOf({ code, status }), withReason(words, data), { code, status, data })
}

/** What is told besides for people; a reason for scripts is one word, and others stand in what is told already. */
function withReason(words: string, data: unknown): string {
  const reason = z.object({ reason: z.string() }).safeParse(data).data?.reason ?? ''
  return !reason.includes(' ') || words.includes(reason) ? words : `${words} ${reason}`
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

/** `null` where there is no body, `undefined` where it is not JSON. */
function asJson(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return undefined
  }
}

function cause(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? message(error.cause) : message(error)
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
