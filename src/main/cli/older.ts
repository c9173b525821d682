/** A list that is not told as a whole says so. */
import type { Options } from './arguments.ts'
import { translatorOf } from './language.ts'
import { say, type Terminal } from './terminal.ts'

/** @param path where REST has all of it */
export function sayOlder(path: string, options: Options, terminal: Terminal): void {
  const { t } = translatorOf(options, terminal)
  say(terminal, t('older', { ns: 'cli', path: `GET /api/v1${path}` }))
}
