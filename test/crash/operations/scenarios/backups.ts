/** Backups: one that is dumped, and one that is made of what others dumped. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import type { PostgresServer } from '../../../../demo/servers/postgres.ts'
import { postgresDirectories, requireProgram } from '../../../../demo/servers/programs.ts'
import { createTemporaryDirectory } from '../../../../demo/servers/temporary-directory.ts'
import { MARK_FILE } from '../../../../src/main/engine/backups/stores/local/index.ts'
import type { Backups } from '../../../../src/shared/model/profile/backups.ts'
import { until } from '../../../support/until.ts'
import { count, profileOn, type Scenario } from '../scenario.ts'

/** @throws where there is something else than so many backups, or what was cut off */
export async function requireBackups(directory: string, least: number, most = least): Promise<void> {
  const names = () =>
    existsSync(directory) ? readdirSync(directory).filter((name) => name !== MARK_FILE) : []
  // What was cut off is cleared soon after a start.
  await until(() => !names().some((name) => name.startsWith('.')), {
    what: 'a place without what was cut off',
  })
  if (names().length < least || names().length > most)
    throw new Error(`left in the place of backups: ${names().join(', ')}`)
}

/** Dumped by two sessions at once, staged in the console's own data. */
export const BY_TWO = { format: 'directory', staging: { jobs: 2 } } as const

/** @param more of how it is made */
export async function backupScenario(
  server: PostgresServer,
  more: Pick<z.input<typeof Backups>, 'format' | 'staging'> = {},
): Promise<Scenario> {
  const place = createTemporaryDirectory('kept')
  const directory = join(place.path, 'backups')
  await server.query(`
    create table if not exists orders as select g as id, md5(g::text) as note from generate_series(1, 2000) g;
    grant select on orders to operator`)
  const blocker = await server.connect()
  const profile = profileOn(server, { backups: { store: { kind: 'local', directory }, ...more } })
  const dumps = `application_name like 'vakhta backup%'`
  return {
    ...{ kind: 'backup', options: {}, profile, known: null },
    hold: async () => void (await blocker.query('begin; lock table orders in access exclusive mode')),
    reached: async () =>
      void (await until(async () => (await count(server, `${dumps} and query like 'LOCK TABLE%'`)) > 0, {
        ...{ what: 'a dump that waits', timeoutMs: 30_000 },
      })),
    letGo: async () => void (await blocker.query('rollback')),
    async isWhole() {
      await requireBackups(directory, 1)
      await until(async () => (await count(server, dumps)) === 0, {
        ...{ what: 'the end of every dump', timeoutMs: 40_000 },
      })
    },
    isTidy: () => requireBackups(directory, 0, 1),
    async stop() {
      await blocker.end()
      await place.remove()
    },
  }
}

/** Rows enough that it is still read when its console is killed. */
const DUMPED_ROWS = 1_200_000

/** What others dumped: rows of `orders` as they come from a program of PostgreSQL. */
function dumpOf({ port, password }: PostgresServer, count: number): string {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-t', 'dumped', 'postgres']
  const env = { ...process.env, PGPASSWORD: password }
  const text = execFileSync(requireProgram('pg_dump', postgresDirectories()), args, { env, encoding: 'utf8' })
  const rows = Array.from({ length: count }, (_, index) => `${index}\tnote ${index}\n`)
  return text.replace('1\tthe only one\n', rows.join(''))
}

export async function registerScenario(server: PostgresServer): Promise<Scenario> {
  const place = createTemporaryDirectory('kept')
  const directory = join(place.path, 'backups')
  const file = join(place.path, 'dump.sql')
  await server.query(`create table if not exists dumped as select 1 as id, 'the only one' as note`)
  const write = (count: number) => writeFileSync(file, dumpOf(server, count))
  const isWritten = () =>
    existsSync(directory) && readdirSync(directory).some((name) => name.endsWith('.part'))
  write(2_000)
  return {
    ...{ kind: 'backup', options: { register: { file, database: 'shop' } }, known: null },
    profile: profileOn(server, { backups: { store: { kind: 'local', directory } } }),
    hold: async () => write(DUMPED_ROWS),
    reached: async () =>
      void (await until(isWritten, {
        ...{ what: 'a backup that is being written', everyMs: 2, timeoutMs: 60_000 },
      })),
    letGo: async () => write(2_000),
    isWhole: () => requireBackups(directory, 1),
    isTidy: () => requireBackups(directory, 0, 1),
    stop: place.remove,
  }
}
