/**
 * What is not of a database but of its server: roles, what they are members of, tablespaces. Without passwords, so that
 * restoring it never brings back a secret that was replaced since.
 */
import { openPostgres } from '../../reach/postgres/first-suitable.ts'
import { type DumpDependencies, type DumpOptions, runInto, sessionName, type Written } from './dump.ts'
import type { Tool } from './tools.ts'

export async function dumpGlobals(
  dependencies: DumpDependencies,
  options: Omit<DumpOptions, 'selection' | 'mostHeldMs'>,
): Promise<Written & { readonly tool: Tool; readonly tookMs: number }> {
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
  const tool = await dependencies.tools.fitting('pg_dumpall', Math.floor(connection.version / 10_000))
  const args = ['--globals-only', '--no-role-passwords', `--lock-wait-timeout=${lockWaitMs}`]
  const name = sessionName(id)
  const written = await runInto(dependencies, connection, tool, args, { ...options, name })
  return { ...written, tool, tookMs: Math.round(clock.monotonic() - startedAt) }
}
