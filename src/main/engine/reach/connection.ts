/** The live path to a deployment, hop by hop, from the states of what is on it. */
import { CONNECTION_STATUSES, type ConnectionStatus } from '#shared/catalogue/statuses.ts'
import type { Connection, ConnectionHop } from '#shared/model/connection.ts'

export interface PathStates {
  /** The SSH chain, the bastion first. */
  readonly chain: readonly ConnectionHop[]
  readonly targets: readonly ConnectionHop[]
  /** Each host with the chain that it is reached through; `null`: this machine. */
  readonly hosts: readonly { readonly name: string; readonly chain: readonly ConnectionHop[] | null }[]
}

/**
 * The path as a whole: the SSH chain's worst hop while that is not up, because nothing behind it can be seen. Past it, one
 * target that is down does not make the deployment unreachable; one that waits for a person is said.
 */
export function connectionOf({ chain, targets, hosts }: PathStates): Connection {
  const ends = [...targets, ...hosts.map(hostHop)]
  return { status: statusOf(chain, ends), hops: [...chain, ...ends] }
}

function statusOf(chain: readonly ConnectionHop[], ends: readonly ConnectionHop[]): ConnectionStatus {
  const ofPath = worst(chain)
  if (ofPath !== 'CONNECTED') return ofPath
  const is = (wanted: ConnectionStatus) => ends.some(({ status }) => status === wanted)
  if (is('REFUSED')) return 'REFUSED'
  return is('CONNECTED') ? 'CONNECTED' : worst(ends)
}

function worst(hops: readonly ConnectionHop[]): ConnectionStatus {
  const rank = Math.max(0, ...hops.map(({ status }) => CONNECTION_STATUSES.indexOf(status)))
  return CONNECTION_STATUSES[rank] ?? 'CONNECTED'
}

/** A host is as well reached as the end of its chain; the first hop that is down says why it is not. */
function hostHop({ name, chain }: PathStates['hosts'][number]): ConnectionHop {
  const down = chain?.find(({ status }) => status !== 'CONNECTED')
  const status: ConnectionStatus = down?.status ?? 'CONNECTED'
  return { hop: name, kind: 'host', status, ms: chain?.at(-1)?.ms ?? null, error: down?.error ?? null }
}
