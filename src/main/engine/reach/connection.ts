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

export function connectionOf({ chain, targets, hosts }: PathStates): Connection {
  const hops = [...chain, ...targets, ...hosts.map(hostHop)]
  const worst = Math.max(0, ...hops.map(({ status }) => CONNECTION_STATUSES.indexOf(status)))
  return { status: CONNECTION_STATUSES[worst] ?? 'CONNECTED', hops }
}

/** A host is as well reached as the end of its chain; the first hop that is down says why it is not. */
function hostHop({ name, chain }: PathStates['hosts'][number]): ConnectionHop {
  const down = chain?.find(({ status }) => status !== 'CONNECTED')
  const status: ConnectionStatus = down?.status ?? 'CONNECTED'
  return { hop: name, kind: 'host', status, ms: chain?.at(-1)?.ms ?? null, error: down?.error ?? null }
}
