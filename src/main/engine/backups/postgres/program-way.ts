/**
 * What a program of PostgreSQL is given to log in with at a server that we reach: the socket of a relay, and a password in a file that only we
 * can read, because in an argument or the environment others would see it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { postgresUrl, serverPlace } from '../../reach/postgres/address.ts'
import type { PostgresDependencies } from '../../reach/postgres/connection.ts'
import type { ReachError } from '../../reach/reach.ts'
import { needSecret } from '../../reach/secret.ts'
import { runProgram, type ServerRun } from './program.ts'
import { connectionValue, passwordFileField } from './quote.ts'
import { openRelay } from './relay.ts'
import type { Login } from './there/start.ts'
import type { Tool } from './tools.ts'

export interface ProgramWay {
  readonly args: readonly string[]
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** What must not be shown of what it says. */
  readonly secrets: readonly (string | null)[]
  /** Takes the password away: it is not needed any more. */
  loggedIn(): Promise<void>
  /** What went wrong on the way, which the program saw as a closed socket; `null`: nothing. */
  failure(): ReachError | null
  close(): Promise<void>
}

/** Runs a program of this machine against a server that we reach. */
export async function startHere(
  dependencies: PostgresDependencies,
  { path }: Pick<Tool, 'path'>,
  args: readonly string[],
  { server, database, name }: Login,
): Promise<ServerRun> {
  const way = await openProgramWay(dependencies, server, database)
  const run = runProgram(path, [...args, ...way.args], { ...way.env, PGAPPNAME: name })
  const { secrets, loggedIn, failure, close } = way
  return { ...run, secrets, loggedIn, failure, close }
}

/** As who operates, where the profile names somebody; else as who watches. */
export async function openProgramWay(
  dependencies: PostgresDependencies,
  server: PostgresServer,
  database: string,
): Promise<ProgramWay> {
  const { postgres, resolveSecret } = dependencies
  const { user, password: reference } = postgres.operate ?? { ...postgres, user: postgresUrl(postgres).user }
  const password =
    reference === undefined
      ? null
      : await needSecret(resolveSecret, reference, serverPlace(server), 'authentication')
  const directory = await mkdtemp(join(tmpdir(), 'vakhta-backup-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    const relay = await openRelay(dependencies, server, directory)
    const passwordFile = join(directory, 'password')
    if (password !== null)
      await writeFile(passwordFile, `*:*:*:*:${passwordFileField(password)}\n`, { mode: 0o600 })
    const target = { host: relay.host, port: String(relay.port), user, dbname: database }
    const connect = Object.entries(target).map(([key, value]) => `${key}=${connectionValue(value)}`)
    return {
      args: ['--no-password', `--dbname=${connect.join(' ')}`],
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', PGPASSFILE: passwordFile },
      secrets: [password],
      loggedIn: () => rm(passwordFile, { force: true }),
      failure: relay.failure,
      async close() {
        await relay.close()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
