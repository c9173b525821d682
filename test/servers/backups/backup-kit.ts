/** What the tests of backups share: keys in a vault, a directory to keep backups in, and jobs in real threads. */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PostgresServer } from '../../../demo/servers/postgres.ts'
import { postgresDirectories, requireProgram } from '../../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { type BackupKeys, createBackupKeys } from '../../../src/main/engine/backups/keys.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { EVERYTHING } from '../../../src/main/engine/backups/postgres/selection.ts'
import { createLocalStore } from '../../../src/main/engine/backups/stores/local/index.ts'
import type { BackupStore } from '../../../src/main/engine/backups/stores/store.ts'
import type { Verified } from '../../../src/main/engine/backups/verify.ts'
import type { Ask } from '../../../src/main/engine/backups/worker/asking.ts'
import type { Asked, MakeJob, Questions } from '../../../src/main/engine/backups/worker/messages.ts'
import { createRunJob, type RunJob } from '../../../src/main/engine/backups/worker/run-job.ts'
import { systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { createHostKeys, type HostKeys } from '../../../src/main/engine/reach/host-keys.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { createSecretResolver, type SecretResolver } from '../../../src/main/engine/vault/resolve.ts'
import { openSealedFile } from '../../../src/main/engine/vault/sealed-file.ts'
import type { Vault } from '../../../src/main/engine/vault/vault.ts'
import { Postgres } from '../../../src/shared/model/profile/postgres.ts'

export const BACKUP_WORKER = new URL('../../../src/main/engine/backups/worker/worker.ts', import.meta.url)
export const age = requireProgram('age')
export const client = (name: string): string => requireProgram(name, postgresDirectories(15))

export interface BackupKit {
  readonly home: string
  readonly directory: string
  readonly store: BackupStore
  readonly keys: BackupKeys
  readonly vault: Vault
  readonly hostKeys: HostKeys
  readonly runJob: RunJob
  readonly resolveSecret: SecretResolver
  /** A job for a whole database of a server, as its superuser. */
  job(server: Pick<PostgresServer, 'port'>, database: string, changes?: Partial<MakeJob>): MakeJob
  make(server: Pick<PostgresServer, 'port'>, database: string, changes?: Partial<MakeJob>): Promise<Manifest>
  verify(manifest: Manifest, identity?: string): Promise<Verified>
  /** A file of a backup as it was dumped: decrypted by the standard tool. */
  plain(manifest: Manifest, file: string, identity?: string): Promise<Buffer>
  close(): Promise<void>
}

export const untilItEnds = { signal: new AbortController().signal, onProgress() {} }

export async function createBackupKit({
  password,
  worker = BACKUP_WORKER,
  directory: elsewhere,
}: {
  readonly password: string
  readonly worker?: URL
  readonly directory?: string
}): Promise<BackupKit> {
  const home = createTemporaryDirectory('backups')
  const state = openStore({ dataDirectory: home.path, log: silentLog })
  const vault = await openSealedFile({
    path: join(home.path, 'vault.json'),
    keyFile: join(home.path, 'vault.key'),
    clock: systemClock,
  })
  await vault.set('postgres', password)
  const keys = createBackupKeys({ vault, store: state, clock: systemClock })
  const hostKeys = createHostKeys({ store: state, clock: systemClock, home: home.path })
  const directory = elsewhere ?? join(home.path, 'kept')
  const resolveSecret = createSecretResolver({ vault, env: {}, readFile: (path) => readFile(path, 'utf8') })
  const runJob = createRunJob({ worker, console: 'kit', resolveSecret, keys, hostKeys })
  const store = createLocalStore({ directory, now: Date.now, isBeingWritten: () => false, console: 'kit' })

  const kit: BackupKit = {
    ...{ home: home.path, directory, store, keys, vault, hostKeys, runJob, resolveSecret },
    job: (server, database, changes = {}) => ({
      kind: 'make',
      id: `shop-${randomUUID()}`,
      deployment: 'shop',
      console: 'night shift',
      postgres: Postgres.parse({
        url: `postgresql://postgres@127.0.0.1:${server.port}/${encodeURIComponent(database)}`,
        password: 'secret:postgres',
      }),
      ssh: null,
      databases: [database],
      selection: EVERYTHING,
      globals: true,
      recipients: [],
      lockWaitMs: 5_000,
      mostHeldMs: 600_000,
      store: { kind: 'local', directory },
      ...changes,
    }),
    async make(server, database, changes = {}) {
      const recipients = changes.recipients ?? (await keys.recipients())
      return runJob(kit.job(server, database, { ...changes, recipients }), untilItEnds)
    },
    async verify(manifest, identity) {
      return runJob(
        {
          kind: 'verify',
          manifest,
          store: { kind: 'local', directory },
          identity: identity ?? (await keys.drillIdentity()),
        },
        untilItEnds,
      )
    },
    async plain(manifest, file, identity) {
      const key = join(home.path, 'key.txt')
      writeFileSync(key, `${identity ?? (await keys.drillIdentity())}\n`, { mode: 0o600 })
      return execFileSync(age, ['-d', '-i', key, join(directory, manifest.id, file)], {
        maxBuffer: 256 * 1024 * 1024,
      })
    },
    async close() {
      await state.close()
      await home.remove()
    },
  }
  return kit
}

/** What a thread asks its engine for. */
export function askOf({ hostKeys, keys, resolveSecret }: BackupKit): Ask {
  const answers: { [A in Asked]: (input: Questions[A]['in']) => Promise<Questions[A]['out']> } = {
    secret: ({ reference }) => resolveSecret(reference),
    sign: ({ text }) => keys.sign(text),
    judge: ({ host, port, key, files, acceptsNew }) =>
      hostKeys.judge(host, port, Buffer.from(key), files, acceptsNew),
    wanted: ({ host, port, files }) => hostKeys.wanted(host, port, files),
    reached: async () => null,
  }
  return (asked, input) => answers[asked](input)
}
