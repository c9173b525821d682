/** Major versions of PostgreSQL for tests that run on each: those on this machine, and those that have to be. */
import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { unprivilegedOwner } from '../../demo/servers/owner.ts'
import { postgresDirectories } from '../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'

const present = new Map(postgresDirectories().map((path) => [majorOf(path), path]))

export const majors = [...new Set([12, 13, 14, 15, 16, 17, 18, ...present.keys()])]
  .filter((major) => major >= 12)
  .sort((a, b) => a - b)

function majorOf(bin: string): number {
  const directory = dirname(bin).replace(/\/native$/, '')
  return Number(basename(directory).replace(/^\D+/, ''))
}

/** Why one cannot be started; the name of what is skipped says it. */
export function missing(major: number): string | null {
  if (present.has(major)) return null
  return 'not installed: npm test installs it, or node scripts/postgres-majors.ts does'
}

/** For the name of a test that is left out. */
export function skipped(why: string | null): string {
  return why === null ? '' : ` (${why})`
}

export interface Copy {
  remove(): Promise<void>
}

/** Where the user that PostgreSQL runs as may not read the checkout, it gets a copy of the programs. */
export function readable(major: number): Copy | null {
  const bin = present.get(major) ?? ''
  const owner = unprivilegedOwner()
  try {
    execFileSync(join(bin, 'postgres'), ['--version'], { ...owner, cwd: '/', stdio: 'ignore' })
    return null
  } catch {
    const { path, remove } = createTemporaryDirectory('postgres-programs', owner)
    cpSync(dirname(bin), join(path, String(major)), { recursive: true, verbatimSymlinks: true })
    const before = process.env.VAKHTA_POSTGRESES
    process.env.VAKHTA_POSTGRESES = path
    return {
      async remove() {
        if (before === undefined) delete process.env.VAKHTA_POSTGRESES
        else process.env.VAKHTA_POSTGRESES = before
        await remove()
      },
    }
  }
}
