/** What a list says of itself: that it is not told as a whole, or why there is nothing in it. */
import type { Options } from './arguments.ts'
import type { RunningConsole } from './console-client.ts'
import { CommandFailure } from './exit-codes.ts'
import { translatorOf } from './language.ts'
import { say, type Terminal } from './terminal.ts'

/** @param path where REST has all of it */
export function sayOlder(path: string, options: Options, terminal: Terminal): void {
  const { t } = translatorOf(options, terminal)
  say(terminal, t('older', { ns: 'cli', path: `GET /api/v1${path}` }))
}

/** A name that was mistyped looks like one of which there is nothing. */
export async function sayNone(
  of: 'backups' | 'operations',
  { call }: Pick<RunningConsole, 'call'>,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { t } = translatorOf(options, terminal)
  const { deployment: name } = options
  if (name === undefined) {
    say(terminal, t(`none-${of}`, { ns: 'cli' }))
    return
  }
  const isThere = await call('GET', `/deployments/${encodeURIComponent(name)}`).then(
    () => true,
    (error: unknown) => {
      if (error instanceof CommandFailure && error.code === 'NOT_FOUND') return false
      throw error
    },
  )
  say(terminal, t(`none-${of}-of`, { ns: 'cli', name }))
  if (!isThere) say(terminal, t('no-deployment', { ns: 'cli', name }))
}
