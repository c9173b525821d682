/** Which versions of Redis and Valkey there are on this machine: the system's, those of the tests, and further ones. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './programs.ts'

/** Where the tests keep further versions (`scripts/redis-versions.ts`): `redis-8.0/redis-server`, `redis-8.0/redis-cli`. */
export const REDIS_VERSIONS = join(import.meta.dirname, '../../test/servers/redis-versions')

export interface RedisProgram {
  /** `Redis 6.0`, `Valkey 8.1`. */
  readonly name: string
  /** `[6, 0]`: of the product's own counting. */
  readonly version: readonly [major: number, minor: number]
  readonly isValkey: boolean
  /** The paths of its programs. */
  readonly server: string
  readonly cli: string
}

/**
 * Every version there is, each once, the system's own first. `VAKHTA_REDIS_VERSIONS` names a further directory of them, laid out
 * as that of the tests: `DIRECTORY/valkey-8.0/valkey-server`.
 */
export function redisPrograms(): RedisProgram[] {
  const further = process.env.VAKHTA_REDIS_VERSIONS
  const found = [
    ...systemProgram(),
    ...programsIn(REDIS_VERSIONS),
    ...(further === undefined ? [] : programsIn(further)),
  ]
  return [...new Map(found.toReversed().map((program) => [program.name, program])).values()].toReversed()
}

export function programName(kind: string, version: string): string {
  return `${kind === 'valkey' ? 'Valkey' : 'Redis'} ${version}`
}

function systemProgram(): RedisProgram[] {
  const server = findProgram('redis-server')
  const cli = findProgram('redis-cli')
  if (server === null || cli === null) return []
  const said = execFileSync(server, ['--version'], { encoding: 'utf8' })
  const [, major, minor] = /\bv=(\d+)\.(\d+)/.exec(said) ?? []
  if (major === undefined || minor === undefined) return []
  return [describe(/^valkey/i.test(said) ? 'valkey' : 'redis', major, minor, server, cli)]
}

function programsIn(directory: string): RedisProgram[] {
  return entries(directory).flatMap((entry) => {
    const [, kind, major, minor] = /^(redis|valkey)-(\d+)\.(\d+)$/.exec(entry) ?? []
    if (kind === undefined || major === undefined || minor === undefined) return []
    const [server, cli] = ['server', 'cli'].map((program) => join(directory, entry, `${kind}-${program}`))
    if (server === undefined || cli === undefined || !isProgram(server) || !isProgram(cli)) return []
    return [describe(kind, major, minor, server, cli)]
  })
}

function describe(kind: string, major: string, minor: string, server: string, cli: string): RedisProgram {
  return {
    name: programName(kind, `${major}.${minor}`),
    version: [Number(major), Number(minor)],
    isValkey: kind === 'valkey',
    server,
    cli,
  }
}

function entries(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
