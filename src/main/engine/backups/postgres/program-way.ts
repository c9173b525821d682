/**
 * What a program of PostgreSQL is given to log in with at a server that we reach: where to go, and a password in a file that has no name any
 * more when it is written, because in an argument or the environment others would see it, and a named one would stay where the console is killed.
 */
import { join } from 'node:path'
import { postgresUrl, serverPlace } from '../../reach/postgres/address.ts'
import type { ReachError } from '../../reach/reach.ts'
import { needSecret } from '../../reach/secret.ts'
import { makeTemporary, removeTemporary } from '../temporary.ts'
import type { Admitted } from './admitted.ts'
import { type DoorDependencies, openDoor } from './door.ts'
import { openPasswordFile } from './password-file.ts'
import { runProgram, type ServerRun } from './program.ts'
import { connectionValue } from './quote.ts'
import type { Login } from './there/start.ts'
import type { Tool } from './tools.ts'

export interface ProgramWay {
  readonly args: readonly string[]
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>
  /** What it is given open besides, as its descriptors from 3 on. */
  readonly passes: readonly number[]
  /** It would go on without us, and is to be ended when we are. */
  readonly isGuarded: boolean
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
  dependencies: DoorDependencies,
  { path }: Pick<Tool, 'path'>,
  args: readonly string[],
  { database, name, ...to }: Login,
  { forks = false }: { readonly forks?: boolean } = {},
): Promise<ServerRun> {
  const way = await openProgramWay(dependencies, to, database)
  const { passes, isGuarded } = way
  const env = { ...way.env, PGAPPNAME: name }
  const run = runProgram(path, [...args, ...way.args], env, { passes, forks, isGuarded })
  const { secrets, loggedIn, failure, close } = way
  return { ...run, secrets, loggedIn, failure, close }
}

/** As who operates, where the profile names somebody; else as who watches. */
export async function openProgramWay(
  dependencies: DoorDependencies,
  to: Admitted,
  database: string,
): Promise<ProgramWay> {
  const { postgres, resolveSecret } = dependencies
  const { user, password: reference } = postgres.operate ?? { ...postgres, user: postgresUrl(postgres).user }
  const password =
    reference === undefined
      ? null
      : await needSecret(resolveSecret, reference, serverPlace(to.server), 'authentication')
  const directory = await makeTemporary('backup')
  const file = password === null ? null : await openPasswordFile(join(directory, 'password'), password)
  try {
    const door = await openDoor(dependencies, to, directory)
    const target = { ...door.target, user, dbname: database }
    const connect = Object.entries(target).map(([key, value]) => `${key}=${connectionValue(value)}`)
    return {
      args: ['--no-password', `--dbname=${connect.join(' ')}`],
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', PGPASSFILE: file?.path ?? '/dev/null', ...door.env },
      passes: file?.passes ?? [],
      isGuarded: door.isStraight,
      secrets: [password],
      loggedIn: async () => file?.forget(),
      failure: door.failure,
      async close() {
        await door.close()
        await file?.close()
        await removeTemporary(directory)
      },
    }
  } catch (error) {
    await file?.close()
    await removeTemporary(directory)
    throw error
  }
}
