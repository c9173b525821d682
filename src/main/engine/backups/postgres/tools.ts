/**
 * PostgreSQL's own programs on this machine: of those that are there, one that a server can be dumped or restored with.
 * What a program is it says itself (`--version`); that is asked once.
 */
import { execFile } from 'node:child_process'
import { access, constants, readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { BackupError } from '../backup-error.ts'

export const PROGRAMS = ['pg_dump', 'pg_dumpall', 'pg_restore', 'initdb', 'postgres'] as const
export type Program = (typeof PROGRAMS)[number]

export interface Tool {
  readonly program: Program
  readonly path: string
  readonly major: number
  /** As it says itself: `15.14`. */
  readonly version: string
}

/** Directories of versions and what lies in each: Debian and Ubuntu, the PostgreSQL project's RPMs, Homebrew. */
const PLACES: readonly { readonly root: string; readonly prefix: string; readonly below: string }[] = [
  { root: '/usr/lib/postgresql', prefix: '', below: 'bin' },
  { root: '/usr', prefix: 'pgsql-', below: 'bin' },
  { root: '/opt/homebrew/opt', prefix: 'postgresql@', below: 'bin' },
  { root: '/usr/local/opt', prefix: 'postgresql@', below: 'bin' },
]

const VERSION_TIMEOUT_MS = 10_000

export interface Tools {
  /** All of one kind that are there and say what they are; the newest first. */
  all(program: Program): Promise<Tool[]>
  /**
   * One that takes a server of this major version. @throws BackupError `tool-missing`, or `tool-too-old` where those that are there are older than the server
   */
  fitting(program: Program, serverMajor: number): Promise<Tool>
}

/** @param directories further ones to look into, before all others */
export function createTools({
  env,
  directories = [],
}: {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly directories?: readonly string[]
}): Tools {
  const known = new Map<string, Promise<Tool | null>>()

  async function* each(program: Program): AsyncGenerator<Tool> {
    // Debian's on PATH is a script that looks for a version in its own way: it comes last.
    const places = [...directories, ...(await versionDirectories()), ...(env.PATH ?? '').split(delimiter)]
    for (const place of new Set(places.filter((one) => one !== ''))) {
      const path = join(place, program)
      const asked = known.get(path) ?? askVersion(program, path)
      known.set(path, asked)
      const tool = await asked
      // What is not there now may be installed later.
      if (tool === null) known.delete(path)
      else yield tool
    }
  }

  const newestFirst = (tools: readonly Tool[]) => tools.toSorted((one, other) => other.major - one.major)

  return {
    async all(program) {
      const found: Tool[] = []
      for await (const tool of each(program)) found.push(tool)
      return newestFirst(found)
    },
    async fitting(program, serverMajor) {
      const found: Tool[] = []
      for await (const tool of each(program)) {
        // None behind it can be better, and Debian's script is slow to answer.
        if (tool.major === serverMajor) return tool
        found.push(tool)
      }
      const tools = newestFirst(found)
      const choice = chooseTool(tools, serverMajor)
      if (choice !== null) return choice
      const newest = tools[0]
      if (newest === undefined) throw new BackupError('tool-missing', { program, major: serverMajor })
      throw new BackupError('tool-too-old', {
        program,
        found: newest.version,
        path: newest.path,
        major: serverMajor,
      })
    },
  }
}

/**
 * The server's own version where there is one, else the next later: PostgreSQL's programs refuse a server that is newer than
 * they are, and what a much later one writes an older server may not read.
 */
export function chooseTool(tools: readonly Tool[], serverMajor: number): Tool | null {
  const fitting = tools.filter(({ major }) => major >= serverMajor)
  return fitting.toSorted((one, other) => one.major - other.major)[0] ?? null
}

/** `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`, and of a version to come `18beta1`. */
export function readVersion(said: string): { version: string; major: number } | null {
  const version = /\(PostgreSQL\) (\d+(?:\.\d+)*\w*)/.exec(said)?.[1]
  return version === undefined ? null : { version, major: Number.parseInt(version, 10) }
}

async function askVersion(program: Program, path: string): Promise<Tool | null> {
  try {
    await access(path, constants.X_OK)
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: VERSION_TIMEOUT_MS })
    const read = readVersion(stdout)
    return read === null ? null : { program, path, ...read }
  } catch {
    return null
  }
}

async function versionDirectories(): Promise<string[]> {
  const found = await Promise.all(
    PLACES.map(async ({ root, prefix, below }) => {
      const names = await readdir(root).catch(() => [])
      return names
        .filter((name) => name.startsWith(prefix) && Number(name.slice(prefix.length)) > 0)
        .map((name) => join(root, name, below))
    }),
  )
  return found.flat()
}
