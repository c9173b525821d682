/**
 * What is not of a database but of its server: roles, what they are members of, tablespaces. Without passwords, so that
 * restoring it never brings back a secret that was replaced since.
 */
import { openPostgres } from '../../reach/postgres/first-suitable.ts'
import { type DumpDependencies, type DumpOptions, runInto, sessionName } from './dump.ts'
import { choosePlace, type Place } from './place.ts'
import { connectionValue } from './quote.ts'
import type { Tool } from './tools.ts'
import type { Written } from './write-part.ts'

export async function dumpGlobals(
  dependencies: DumpDependencies,
  options: Omit<DumpOptions, 'selection' | 'mostHeldMs'>,
): Promise<Written & { readonly tool: Tool; readonly place: Place; readonly tookMs: number }> {
  const { clock, postgres, signal } = dependencies
  const { database, lockWaitMs, id } = options
  const startedAt = clock.monotonic()
  const as = postgres.operate
  const connection = await openPostgres(dependencies, signal, {
    database,
    ...(as === undefined ? {} : { as }),
  })
  // Only which server it is and of what version: the program opens its own.
  await connection.close()
  const { place, tools } = await choosePlace(dependencies, {
    ...{ wish: dependencies.wish, programs: ['pg_dumpall'], server: connection.server, signal },
    major: Math.floor(connection.version / 10_000),
  })
  const [tool] = tools
  if (tool === undefined) throw new TypeError('one is chosen for each program')
  const args = [
    '--globals-only',
    '--no-role-passwords',
    `--lock-wait-timeout=${lockWaitMs}`,
    // Without it `postgres` and then `template1` are asked for, whatever the way in names: nobody may have let us in there.
    // As a connection string, because a name with an equals sign in it is read as one.
    `--database=dbname=${connectionValue(database)}`,
  ]
  const name = sessionName(id)
  const written = await runInto(dependencies, connection, { tool, place }, args, { ...options, name })
  return { ...written, tool, place, tookMs: Math.round(clock.monotonic() - startedAt) }
}
