/** Where the desktop app keeps things: the console's data, and beside them what Chromium keeps for its window. */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { App } from 'electron'
import { defaultDataDirectory, defaultKeyFile, type Surroundings } from '../engine/store/default-paths.ts'
import type { DesktopArguments } from './arguments.ts'

export interface Directories {
  readonly data: string
  readonly keyFile: string
}

/**
 * Decides them and makes what is missing. Chromium's own files are kept apart, below `DIR/window`; that is also where
 * it looks for a first instance, so there is one to a data directory.
 * Throws where a directory cannot be made.
 */
export function settleDirectories(
  app: Pick<App, 'setPath'>,
  given: DesktopArguments,
  surroundings: Surroundings,
): Directories {
  const data = given.data === null ? defaultDataDirectory(surroundings) : resolve(given.data)
  const keyFile = given.keyFile === null ? defaultKeyFile(surroundings) : resolve(given.keyFile)
  const window = join(data, 'window')
  mkdirSync(window, { recursive: true, mode: 0o700 })
  app.setPath('userData', window)
  return { data, keyFile }
}
