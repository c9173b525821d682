/** What the tests of reach share: a reach on real servers, with everything that it opens closed again at the end. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { SshServer } from '../../../demo/servers/sshd.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { type Log, silentLog } from '../../../src/main/engine/log.ts'
import { createReach, type ReachDependencies } from '../../../src/main/engine/reach/create-reach.ts'
import { createHostKeys } from '../../../src/main/engine/reach/host-keys.ts'
import { createLinks, type Links } from '../../../src/main/engine/reach/links/links.ts'
import { nobody } from '../../../src/main/engine/reach/questions.ts'
import { type Reach, ReachError } from '../../../src/main/engine/reach/reach.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { createSecretResolver } from '../../../src/main/engine/vault/resolve.ts'
import type { Failure } from '../../../src/shared/model/failure.ts'
import {
  DeploymentProfile,
  type DeploymentProfileInput,
} from '../../../src/shared/model/profile/deployment.ts'

export interface Kit extends ReachDependencies {
  readonly directory: string
  readonly home: string
  readonly secrets: Map<string, string>
  readonly links: Links
  /** Opens the reach of a profile; closed at the end of the test. */
  reach(profile: Omit<DeploymentProfileInput, 'name' | 'environment'> & { name?: string }): Reach
  profile(
    profile: Omit<DeploymentProfileInput, 'name' | 'environment'> & { name?: string },
  ): DeploymentProfile
  /** Makes the host's key known, as an entry of `~/.ssh/known_hosts`. */
  know(...servers: SshServer[]): Promise<void>
  file(name: string, text: string): Promise<string>
}

const releases: (() => unknown)[] = []

afterEach(async () => {
  for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release()
})

export async function createKit(overrides: Partial<ReachDependencies> & { log?: Log } = {}): Promise<Kit> {
  const directory = await mkdtemp(join(tmpdir(), 'vakhta-reach-'))
  releases.push(() => rm(directory, { recursive: true, force: true }))
  const store = openStore({ dataDirectory: directory, log: silentLog })
  releases.push(() => store.close())
  const secrets = new Map<string, string>()
  const vault = {
    names: async () => [],
    get: async (name: string) => secrets.get(name) ?? null,
    set: async () => {},
    remove: async () => false,
  }
  const dependencies: ReachDependencies = {
    resolveSecret: createSecretResolver({
      vault,
      env: { HOME: directory },
      readFile: (path) => readFile(path, 'utf8'),
    }),
    hostKeys: createHostKeys({ store, clock: systemClock, home: directory }),
    clock: systemClock,
    random: Math.random,
    log: silentLog,
    questions: nobody,
    machine: { home: directory, user: userInfo().username, platform: process.platform, env: {} },
    ...overrides,
  }
  const links = createLinks(dependencies)
  releases.push(() => links.close())
  const parse = (input: Omit<DeploymentProfileInput, 'name' | 'environment'> & { name?: string }) =>
    DeploymentProfile.parse({ name: 'shop', environment: 'staging', ...input })
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(directory, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  return {
    ...dependencies,
    directory,
    home: directory,
    secrets,
    links,
    profile: parse,
    reach(input) {
      const reach = createReach({ ...dependencies, profile: parse(input), links })
      releases.push(() => reach.close())
      return reach
    },
    async know(...servers) {
      const { mkdir } = await import('node:fs/promises')
      await mkdir(join(directory, '.ssh'), { recursive: true })
      await file('.ssh/known_hosts', `${servers.map((server) => server.knownHostsLine).join('\n')}\n`)
    },
    file,
  }
}

/** A hop of a profile for a test's sshd. */
export function hopOf(server: SshServer) {
  return { host: '127.0.0.1', port: server.port, user: server.user, key: `file:${server.clientKeyPath}` }
}

export const soon = (timeoutMs = 5_000) => ({ signal: new AbortController().signal, timeoutMs })

/** The failure that a promise rejects with; fails the test where it resolves or rejects with anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    if (error instanceof ReachError) return error.failure
    throw error
  }
  throw new Error('a failure was expected')
}
