/** Where the servers' programs are on this machine. */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const PLACES = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/homebrew/sbin']

/** The path of a program on `PATH` or in the usual places; `null` where there is none. */
export function findProgram(name: string, places: readonly string[] = []): string | null {
  const candidates = [...places, ...(process.env.PATH ?? '').split(delimiter), ...PLACES]
  for (const place of candidates) {
    if (place === '') continue
    const path = join(place, name)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  return null
}

/** Where the tests keep servers of further major versions (`scripts/postgres-majors.ts`): `postgres-12/native/bin`. */
export const POSTGRES_MAJORS = join(import.meta.dirname, '../../test/servers/postgres-majors/node_modules')

/** The path of a PAM module; `null` where it is not installed. */
export function findPamModule(name: string): string | null {
  return findInLibraries(join('security', name))
}

/** The path of the library that sets a program's clock; `null` where it is not installed. */
export function findFakeTime(): string | null {
  return findInLibraries(join('faketime', 'libfaketimeMT.so.1'))
}

function findInLibraries(name: string): string | null {
  const roots = ['/lib', '/lib64', '/usr/lib', '/usr/lib64']
  const multiarch = ['/lib', '/usr/lib'].flatMap((root) => {
    try {
      return readdirSync(root).map((entry) => join(root, entry))
    } catch {
      return []
    }
  })
  return [...roots, ...multiarch].map((root) => join(root, name)).find((path) => existsSync(path)) ?? null
}

/**
 * The directories that hold a PostgreSQL's server programs, the newest version first. `VAKHTA_POSTGRESES` names a further
 * directory of versions, laid out as Debian's: `DIRECTORY/18/bin`.
 */
export function postgresDirectories(version?: number): string[] {
  const further = process.env.VAKHTA_POSTGRESES
  return [
    ...(further === undefined ? [] : versions(further, 'bin')),
    ...versions('/usr/lib/postgresql', 'bin'), // Debian and Ubuntu
    ...versions('/opt/homebrew/opt', 'bin', 'postgresql@'),
    ...versions('/usr/local/opt', 'bin', 'postgresql@'),
    ...versions('/usr', 'bin', 'pgsql-'), // the PostgreSQL project's RPMs
    ...versions(POSTGRES_MAJORS, 'native/bin', 'postgres-'),
  ].filter((path) => version === undefined || new RegExp(`\\b${version}\\b`).test(path))
}

function versions(root: string, below: string, prefix = ''): string[] {
  try {
    return readdirSync(root)
      .filter((name) => name.startsWith(prefix) && Number(name.slice(prefix.length)) > 0)
      .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
      .map((name) => join(root, name, below))
  } catch {
    return []
  }
}

/** The path of a program that must be there. */
export function requireProgram(name: string, places?: readonly string[]): string {
  const path = findProgram(name, places)
  if (path === null) {
    throw new Error(`${name} was not found on this machine; "npm run demo" names what to install`)
  }
  return path
}
