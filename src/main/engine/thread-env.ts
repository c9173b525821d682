/** The environment of a thread. */
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'

/** With the process's cache of compiled code, which a thread does not use by itself: run from source, half of its start is compiling. */
export function threadEnv(): NodeJS.ProcessEnv {
  // Within it each version of Node has a directory of its own, which is what is told.
  const cache = getCompileCacheDir()
  return cache === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(cache) }
}
