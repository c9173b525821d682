/** Builds the desktop bundle as a release is built, into a directory of its own, so that a console that runs is not disturbed. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../../..')

/** @returns the path of the built main entry, whose neighbours are the preload and the page */
export async function buildDesktop(name: string): Promise<string> {
  // Below node_modules, so that what the bundle leaves out is found, and linters and git pass it by.
  const out = join(ROOT, 'node_modules/.cache', name)
  await promisify(execFile)(
    process.execPath,
    [
      join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js'),
      'build',
      '--outDir',
      out,
      '--logLevel',
      'warn',
    ],
    { cwd: ROOT },
  )
  return join(out, 'main/index.js')
}
