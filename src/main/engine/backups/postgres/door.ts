/**
 * How a program of PostgreSQL comes to a server. Through a relay of ours, unless the way leads straight there and is not encrypted: then everything that
 * streams would only be copied by us once more, and the program goes there by itself.
 */
import { Socket } from 'node:net'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { isSocketFile, postgresUrl } from '../../reach/postgres/address.ts'
import type { PostgresDependencies } from '../../reach/postgres/connection.ts'
import { encryptions } from '../../reach/postgres/encryption.ts'
import type { ReachError } from '../../reach/reach.ts'
import { dialServer, openRelay } from './relay.ts'
import type { There } from './there/there.ts'

export interface DoorDependencies extends PostgresDependencies {
  /** The machine at the end of the way; `null`: it leads straight to the server. */
  readonly there: There | null
  readonly signal: AbortSignal
}

export interface Door {
  /** Of a connection string of libpq. */
  readonly target: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** It leads past us: what goes through it does not end with us. */
  readonly isStraight: boolean
  /** What went wrong on the way, which the program saw as a closed socket; `null`: nothing. */
  failure(): ReachError | null
  /** Cuts what is open and led through us. */
  close(): Promise<void>
}

/** As those that are dialled here: a server that is gone without a word is noticed, however long a statement takes. */
const KEPT_ALIVE = { keepalives_idle: '30', keepalives_interval: '1', keepalives_count: '10' }

/**
 * @param directory private to us; the caller removes it
 * @throws ReachError where the server cannot be reached as the profile says
 */
export async function openDoor(
  dependencies: DoorDependencies,
  server: PostgresServer,
  directory: string,
): Promise<Door> {
  const straight = await findStraight(dependencies, server)
  if (straight !== null) {
    return {
      target: straight,
      // It would else try for itself whether there is not some encryption.
      env: { PGSSLMODE: 'disable', PGGSSENCMODE: 'disable' },
      isStraight: true,
      failure: () => null,
      close: async () => {},
    }
  }
  const { host, port, failure, close } = await openRelay(dependencies, server, directory)
  return { target: { host, port: String(port) }, env: {}, isStraight: false, failure, close }
}

async function findStraight(
  dependencies: DoorDependencies,
  server: PostgresServer,
): Promise<Record<string, string> | null> {
  const { postgres, there, signal } = dependencies
  if (there !== null || !encryptions(postgresUrl(postgres).sslmode, server).includes('plain')) return null
  // Whether the server would rather have it encrypted, only it can tell; and which of its addresses answers.
  const { wire, isEncrypted } = await dialServer(dependencies, server, signal)
  const address = wire instanceof Socket ? wire.remoteAddress : undefined
  wire.destroy()
  if (isEncrypted) return null
  const target = { host: server.host, port: String(server.port) }
  if (isSocketFile(server)) return target
  // One of a link alone is none without its zone, which is not told.
  const isWhole = address !== undefined && !/^fe[89ab]/i.test(address)
  return { ...target, ...KEPT_ALIVE, ...(isWhole ? { hostaddr: address } : {}) }
}
