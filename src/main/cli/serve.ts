/** `vakhta serve`: runs the headless console until the process is told to stop. */
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import pino from 'pino'
import type { Log } from '../engine/log.ts'
import { StoreError } from '../engine/store/store.ts'
import { serve } from '../serve.ts'
import { WebHostError } from '../web/web-host-error.ts'
import type { Command } from './command.ts'
import { CommandFailure, EXIT } from './exit-codes.ts'
import { dataDirectory, vaultKey } from './places.ts'
import { Interrupted, print, say, type Terminal } from './terminal.ts'

/** The engine bounds its own stop at about five seconds; this is for what should not happen. */
const STOP_TIMEOUT_MS = 6_000

export const serveConsole: Command = async (_operands, options, terminal) => {
  const directory = dataDirectory(options, terminal)
  const key = await vaultKey(directory, options, terminal)
  const log = createLog(terminal)
  const { port = 0, publicAddress } = options
  const served = await serve({
    ...{ dataDirectory: directory, port, log, ...key },
    ...(publicAddress === undefined ? {} : { publicAddress }),
  }).catch(refuse)
  const { url, link, publicUrl, publicLink, unheard } = served

  say(terminal, `Vakhta watches with the data in ${directory} and answers on ${url}`)
  say(terminal, `Open it once with: ${link}`)
  if (publicLink !== null) say(terminal, `From outside, once with: ${publicLink}`)
  if (unheard !== null) say(terminal, `${unheard} See Settings → Channels.`)
  if (options.json) {
    print(terminal, { url, link, publicUrl, publicLink, dataDirectory: directory, pid: process.pid })
  }

  if (!terminal.signal.aborted) await once(terminal.signal, 'abort')
  say(terminal, 'Stopping; once more to stop at once.')
  const timer = new AbortController()
  const late = wait(STOP_TIMEOUT_MS, 'late', { signal: timer.signal }).catch(() => 'cancelled')
  const outcome = await Promise.race([served.stop(), late])
  timer.abort()
  if (outcome === 'late') {
    throw new CommandFailure(
      EXIT.failed,
      `The console did not stop within ${STOP_TIMEOUT_MS / 1000} s; it is ended now.`,
    )
  }
  const { reason } = terminal.signal
  return reason instanceof Interrupted && reason.by === 'SIGTERM' ? EXIT.succeeded : EXIT.interrupted
}

/** One line of JSON an event, on standard error: warnings and worse, unless `VAKHTA_LOG` names another level. */
function createLog({ env }: Terminal): Log {
  const level = env.VAKHTA_LOG ?? 'warn'
  if (!Object.hasOwn(pino.levels.values, level) && level !== 'silent') {
    const levels = [...Object.keys(pino.levels.values), 'silent'].join(', ')
    throw new CommandFailure(EXIT.usage, `VAKHTA_LOG is "${level}"; expected one of ${levels}.`)
  }
  return pino({ name: 'vakhta', level }, pino.destination({ fd: 2, sync: true }))
}

/** Says of what kept the console from starting whether somebody else has it: that is no fault of the input. */
function refuse(error: unknown): never {
  if (error instanceof WebHostError || (error instanceof StoreError && error.code === 'occupied')) {
    throw new CommandFailure(EXIT.failed, error.message, {
      code: 'WRONG_STATE',
      data: { reason: error.code },
      cause: error,
    })
  }
  throw error
}
