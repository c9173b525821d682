/** A whole console in a temporary directory: the real engine, the api and the web host on a free port. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTemporaryDirectory } from '../../demo/servers/temporary-directory.ts'
import { type Api, createApi } from '../../src/main/api/router.ts'
import { systemClock } from '../../src/main/engine/clock.ts'
import { createEngine } from '../../src/main/engine/create-engine.ts'
import type { Engine } from '../../src/main/engine/engine.ts'
import type { Log } from '../../src/main/engine/log.ts'
import type { Actor } from '../../src/main/engine/policy/actor.ts'
import { openSealedFile } from '../../src/main/engine/vault/sealed-file.ts'
import { readPublicUrl } from '../../src/main/web/access/public-address.ts'
import { startWebHost, type WebHost } from '../../src/main/web/host.ts'
import { ROLES, type Role } from '../../src/shared/catalogue/roles.ts'

export interface TestConsole {
  readonly engine: Engine
  readonly api: Api
  readonly host: WebHost
  readonly url: string
  readonly dataDirectory: string
  /** A token of each role; `ADMIN`'s is the one in the data directory. */
  readonly tokens: Readonly<Record<Role, string>>
  readonly actors: Readonly<Record<Role, Actor>>
  /** What was logged, as JSON lines. */
  readonly logged: string[]
  stop(): Promise<void>
}

export interface TestConsoleOptions {
  readonly rendererDirectory?: string
  readonly pingMs?: number
  /** Where a reverse proxy in front of it is reached. */
  readonly publicUrl?: string
}

export const TEST_VERSION = '9.9.9'

export async function startTestConsole(options: TestConsoleOptions = {}): Promise<TestConsole> {
  const home = createTemporaryDirectory('console')
  const dataDirectory = join(home.path, 'data')
  const logged: string[] = []
  const log = collectingLog(logged)
  const vault = await openSealedFile({
    path: join(home.path, 'vault.json'),
    keyFile: join(home.path, 'vault.key'),
    clock: systemClock,
  })
  const publicAddress = options.publicUrl === undefined ? null : readPublicUrl(options.publicUrl)
  if (publicAddress !== null && 'refused' in publicAddress) throw new Error(publicAddress.refused)
  const engine = await createEngine({
    dataDirectory,
    vault,
    historyWorker: new URL('../../src/main/engine/metrics/worker.ts', import.meta.url),
    backupWorker: new URL('../../src/main/engine/backups/worker/worker.ts', import.meta.url),
    clock: systemClock,
    log,
    hasPages: true,
    publicUrl: publicAddress?.origin ?? null,
  })
  const api = createApi({ engine, clock: systemClock, log, version: TEST_VERSION, dataDirectory })
  const actors = Object.fromEntries(
    ROLES.map((role) => [
      role,
      { id: `token:${role.toLowerCase()}`, name: role.toLowerCase(), role, via: 'token' },
    ]),
  ) as Record<Role, Actor>
  const tokens = Object.fromEntries(ROLES.map((role) => [role, `token-of-${role.toLowerCase()}`])) as Record<
    Role,
    string
  >
  const host = await startWebHost({
    engine,
    api,
    dataDirectory,
    port: 0,
    publicAddress,
    rendererDirectory: options.rendererDirectory ?? join(home.path, 'no-renderer'),
    version: TEST_VERSION,
    clock: systemClock,
    log,
    tokens: ROLES.filter((role) => role !== 'ADMIN').map((role) => ({
      token: tokens[role],
      actor: actors[role],
    })),
    ...(options.pingMs === undefined ? {} : { pingMs: options.pingMs }),
  })
  await engine.start()
  return {
    engine,
    api,
    host,
    url: host.url,
    dataDirectory,
    tokens: { ...tokens, ADMIN: readFileSync(join(dataDirectory, 'token'), 'utf8') },
    actors: { ...actors, ADMIN: { id: 'token:admin', name: 'admin', role: 'ADMIN', via: 'token' } },
    logged,
    async stop() {
      await host.stop()
      await engine.stop()
      await home.remove()
    },
  }
}

function collectingLog(lines: string[]): Log {
  const collect = (level: string) => (fields: object, message: string) => {
    lines.push(
      JSON.stringify({ level, ...fields, message }, (_, value: unknown) =>
        value instanceof Error
          ? { message: value.message, stack: value.stack, cause: String(value.cause) }
          : value,
      ),
    )
  }
  return { debug: collect('debug'), info: collect('info'), warn: collect('warn'), error: collect('error') }
}
