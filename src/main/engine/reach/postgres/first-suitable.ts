/** Opens a connection to the first of a URL's servers that will do. */
import type { PostgresServer, TargetSessionAttrs } from '#shared/model/profile/postgres-url.ts'
import { failed } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { postgresPlace, postgresUrl, serverName } from './address.ts'
import {
  type OpenOptions,
  openServer,
  type PostgresConnection,
  type PostgresDependencies,
} from './connection.ts'
import { goesOn, inOrder, roleWords, rounds, suits, triedText } from './servers.ts'

/**
 * Tries the servers one after the other, each bounded, and never two at once. Throws a `ReachError`; nothing stays open then.
 * `only`: the server that the other session is connected to: both are to see the same one. `without`: one that has an
 * attempt under way.
 */
export async function openPostgres(
  dependencies: PostgresDependencies & { random: () => number },
  signal: AbortSignal,
  {
    only,
    without,
    ...options
  }: OpenOptions & {
    only?: PostgresServer | null
    without?: { readonly server: PostgresServer; readonly why: ReachError } | null
  } = {},
): Promise<PostgresConnection> {
  const url = postgresUrl(dependencies.postgres)
  if (url.servers.length === 1 || only != null) {
    const [server = only] = only == null ? url.servers : [only]
    if (server == null) throw new TypeError('a URL names at least one server')
    const wanted = url.targetSessionAttrs === 'prefer-standby' ? 'any' : url.targetSessionAttrs
    return openSuitable(dependencies, server, wanted, signal, options)
  }
  const servers = inOrder(url.servers, url.shuffled, dependencies.random)
  const tried = new Map<PostgresServer, string>()
  let unsuited = false
  for (const wanted of rounds(url.targetSessionAttrs)) {
    for (const server of servers) {
      if (without != null && serverName(server) === serverName(without.server)) {
        tried.set(server, triedText(server, without.why))
        continue
      }
      try {
        return await openSuitable(dependencies, server, wanted, signal, options)
      } catch (error) {
        if (!(error instanceof ReachError) || !goesOn(error)) throw error
        if (error.failure.code === 'postgres-server-unsuited') unsuited = true
        tried.set(server, triedText(server, error))
      }
    }
  }
  const place = postgresPlace(dependencies.postgres)
  const params = { wanted: url.targetSessionAttrs, tried: [...tried.values()].join(', ') }
  throw failed(place, 'protocol', unsuited ? 'postgres-no-server-wanted' : 'postgres-no-server', params)
}

async function openSuitable(
  dependencies: PostgresDependencies,
  server: PostgresServer,
  wanted: TargetSessionAttrs,
  signal: AbortSignal,
  options: OpenOptions,
): Promise<PostgresConnection> {
  const connection = await openServer(dependencies, server, signal, options)
  if (suits(wanted, connection.role)) return connection
  await connection.leave()
  throw unsuited(connection, wanted)
}

export function unsuited(
  { place, role }: Pick<PostgresConnection, 'place' | 'role'>,
  wanted: TargetSessionAttrs,
): ReachError {
  return failed(place, 'protocol', 'postgres-server-unsuited', { wanted, found: roleWords(role) })
}
