/**
 * Servers of other versions of Redis than the system has, and of Valkey: unpacked once from the packages of other releases of
 * Debian, beside the tests that run them, with the libraries that they were built for. The system's own packages, sources and
 * settings stay as they are, and no script of a package is run.
 */
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../demo/servers/programs.ts'
import { programName, REDIS_VERSIONS } from '../demo/servers/redis-programs.ts'
import { runCommand } from './command.ts'

interface Wanted {
  readonly kind: 'redis' | 'valkey'
  readonly version: string
  /** The release of Debian that has it. */
  readonly suite: string
}

const WANTED: readonly Wanted[] = [
  { kind: 'redis', version: '6.0', suite: 'bullseye' },
  { kind: 'redis', version: '8.0', suite: 'trixie' },
  { kind: 'valkey', version: '8.1', suite: 'trixie' },
]

const MIRROR = 'http://deb.debian.org/debian'
/** They sign each other's releases; the packages are checked against it. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const LOADERS: Readonly<Record<string, string>> = {
  x64: 'ld-linux-x86-64.so.2',
  arm64: 'ld-linux-aarch64.so.1',
}
/** Of all that a server depends on, what is loaded with it; the rest is for installing it. */
const LOADED = /^(lib|zlib1g$|lua-|(redis|valkey)-(server|tools)$)/
const STAMP = '.vakhta-installed'

/** @returns why some are not there, for whoever reads what was skipped; `null` where all are */
export async function installRedisVersions(): Promise<string | null> {
  const missing = await Promise.all(
    WANTED.map(async (wanted) => ((await isInstalled(wanted)) ? [] : [wanted])),
  ).then((lists) => lists.flat())
  if (missing.length === 0) return null
  const loader = LOADERS[process.arch]
  if (process.platform !== 'linux' || loader === undefined)
    return 'the servers are for Linux on x64 and arm64 only'
  const absent = ['apt-get', 'dpkg-deb'].find((program) => findProgram(program) === null)
  if (absent !== undefined) return `they are packages of Debian, and there is no ${absent} here`
  if (!existsSync(KEYRING)) return `they are packages of Debian, and its keys are not in ${KEYRING}`
  console.log(`Installing ${missing.map(nameOf).join(', ')} for tests (once) …`)
  const reasons: string[] = []
  for (const suite of new Set(missing.map((wanted) => wanted.suite))) {
    const work = await mkdtemp(join(tmpdir(), 'vakhta-redis-versions-'))
    try {
      const apt = await openSuite(suite, work)
      for (const wanted of missing) if (wanted.suite === suite) await install(wanted, apt, work, loader)
    } catch (error) {
      reasons.push(`Debian ${suite}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  return reasons.length === 0 ? null : `they could not be downloaded: ${reasons.join('; ')}`
}

function nameOf({ kind, version }: Wanted): string {
  return programName(kind, version)
}

function homeOf({ kind, version }: Wanted): string {
  return join(REDIS_VERSIONS, `${kind}-${version}`)
}

async function isInstalled(wanted: Wanted): Promise<boolean> {
  return (await readFile(join(homeOf(wanted), STAMP), 'utf8').catch(() => '')) === wanted.suite
}

type Apt = (args: readonly string[]) => Promise<string>

/** An apt that knows one release of Debian and nothing that is installed, with all that it writes below `work`. */
async function openSuite(suite: string, work: string): Promise<Apt> {
  await Promise.all(
    ['lists/partial', 'cache/archives/partial', 'packages'].map((path) =>
      mkdir(join(work, path), { recursive: true }),
    ),
  )
  await writeFile(join(work, 'sources'), `deb [signed-by=${KEYRING}] ${MIRROR} ${suite} main\n`)
  await writeFile(join(work, 'status'), '')
  const settings = {
    'Dir::Etc::sourcelist': join(work, 'sources'),
    'Dir::Etc::sourceparts': '-',
    'Dir::Etc::preferences': '-',
    'Dir::Etc::preferencesparts': '-',
    'Dir::State': work,
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Acquire::Languages': 'none',
    'Acquire::Retries': '2',
    'APT::Update::Error-Mode': 'any',
    'Acquire::http::Timeout': '20',
    // What is written lies in a directory that nobody else may enter.
    ...(process.getuid?.() === 0 ? { 'APT::Sandbox::User': 'root' } : {}),
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  const apt: Apt = (args) => run('apt-get', ['-qq', ...options, ...args], join(work, 'packages'))
  await apt(['update'])
  return apt
}

async function install(wanted: Wanted, apt: Apt, work: string, loader: string): Promise<void> {
  const { kind, suite } = wanted
  const planned = await apt(['--no-install-recommends', '--print-uris', 'install', `${kind}-server`])
  const names = [...planned.matchAll(/^'[^']+' ([^_\s]+)_/gm)].map(([, name = '']) => name)
  const loaded = names.filter((name) => LOADED.test(name))
  if (loaded.length === 0) throw new Error(`there is no ${kind}-server`)
  await apt(['download', ...loaded])

  const unpacked = join(work, `${kind}-unpacked`)
  await mkdir(join(unpacked, 'root'), { recursive: true })
  for (const file of await readdir(join(work, 'packages'))) {
    const name = file.split('_', 1)[0] ?? ''
    if (loaded.includes(name))
      await run('dpkg-deb', ['-x', join(work, 'packages', file), join(unpacked, 'root')])
  }
  for (const program of ['server', 'cli']) {
    await writeLauncher(unpacked, `${kind}-${program}`, loader)
  }
  await rm(join(unpacked, 'root/usr/share'), { recursive: true, force: true })
  await run(join(unpacked, `${kind}-server`), ['--version'])
  await writeFile(join(unpacked, STAMP), suite)
  await rm(homeOf(wanted), { recursive: true, force: true })
  await mkdir(REDIS_VERSIONS, { recursive: true })
  await run('cp', ['-a', unpacked, `${homeOf(wanted)}.new`])
  await rename(`${homeOf(wanted)}.new`, homeOf(wanted))
}

/** The program in its own world: the loader and the libraries of its release, whatever the system has. */
async function writeLauncher(home: string, program: string, loader: string): Promise<void> {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
  const libraries = ['usr/lib', 'lib'].map((path) => `$here/root/${path}/${triplet}`).join(':')
  const path = join(home, program)
  const interpreter = ['lib', 'usr/lib']
    .map((directory) => `root/${directory}/${triplet}/${loader}`)
    .find((candidate) => existsSync(join(home, candidate)))
  if (interpreter === undefined) throw new Error(`the packages hold no ${loader}`)
  const lines = [
    '#!/bin/sh',
    'here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)',
    `exec "$here/${interpreter}" --library-path "${libraries}" "$here/root/usr/bin/${program}" "$@"`,
  ]
  await writeFile(path, `${lines.join('\n')}\n`)
  await chmod(path, 0o755)
}

/** @returns what it printed. Throws with the last line of that where it failed. */
async function run(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const { code, output } = await runCommand(command, args, cwd === undefined ? {} : { cwd })
  if (code === 0) return output
  // What failed first says why; what follows is what came of it.
  const [first = `${command} ended with exit code ${code}`] = output
    .split('\n')
    .filter((line) => /^[EW]: /.test(line))
  throw new Error(first)
}

if (process.argv[1] === import.meta.filename) {
  const why = await installRedisVersions()
  console.log(why ?? `They are in ${REDIS_VERSIONS}`)
  process.exitCode = why === null ? 0 : 1
}
