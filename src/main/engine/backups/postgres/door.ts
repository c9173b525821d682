/**
 * How a program of PostgreSQL comes to a server. Through a relay of ours, unless the way leads straight there and is not encrypted: then everything that
 * streams would only be copied by us once more, and the program goes there by itself.
 */
import { Socket } from 'node:net'
import { isSocketFile, postgresUrl } from '../../reach/postgres/address.ts'
import type { PostgresDependencies } from '../../reach/postgres/connection.ts'
import type { ReachError } from '../../reach/reach.ts'
import { BackupError } from '../backup-error.ts'
import type { Admitted } from './admitted.ts'
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
 * @throws ReachError where the server cannot be reached as the profile says, or BackupError `channel-binding-not-through`
 */
export async function openDoor(
  dependencies: DoorDependencies,
  to: Admitted,
  directory: string,
): Promise<Door> {
  const straight = await findStraight(dependencies, to)
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
  const { channelBinding } = postgresUrl(dependencies.postgres)
  // Our own sessions were bound; a program that hears from us in clear has nothing that it could be bound to.
  if (channelBinding === 'require') throw new BackupError('channel-binding-not-through')
  const { host, port, failure, close } = await openRelay(dependencies, to, directory)
  return { target: { host, port: String(port) }, env: {}, isStraight: false, failure, close }
}

async function findStraight(
  dependencies: DoorDependencies,
  to: Admitted,
): Promise<Record<string, string> | null> {
  const { there, signal } = dependencies
  if (there !== null || to.encryption !== 'plain') return null
  const { server } = to
  // Which of its addresses answers is known only when one has.
  const wire = await dialServer(dependencies, to, signal)
  const address = wire instanceof Socket ? wire.remoteAddress : undefined
  wire.destroy()
  const target = { host: server.host, port: String(server.port) }
  if (isSocketFile(server)) return target
  // One of a link alone is none without its zone, which is not told.
  const isWhole = address !== undefined && !/^fe[89ab]/i.test(address)
  return { ...target, ...KEPT_ALIVE, ...(isWhole ? { hostaddr: address } : {}) }
}
