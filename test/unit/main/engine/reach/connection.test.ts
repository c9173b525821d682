import { expect, it } from 'vitest'
import type { ConnectionStatus } from '#shared/catalogue/statuses.ts'
import type { ConnectionHop } from '#shared/model/connection.ts'
import { connectionOf } from '../../../../../src/main/engine/reach/connection.ts'

const hop = (kind: ConnectionHop['kind']) => (status: ConnectionStatus, index: number) => ({
  hop: `${kind} ${index}`,
  kind,
  status,
  ms: null,
  error: null,
})

it.each<[string, ConnectionStatus[], ConnectionStatus[], ConnectionStatus]>([
  ['everything answers', ['CONNECTED', 'CONNECTED'], ['CONNECTED', 'CONNECTED'], 'CONNECTED'],
  ['a hop of the chain is down', ['CONNECTED', 'DISCONNECTED'], ['DISCONNECTED'], 'DISCONNECTED'],
  ["a hop's key waits for a person", ['REFUSED', 'DISCONNECTED'], ['DISCONNECTED'], 'REFUSED'],
  ['one target of several is down', [], ['CONNECTED', 'DISCONNECTED'], 'CONNECTED'],
  ['all targets are down', ['CONNECTED'], ['DISCONNECTED', 'DISCONNECTED'], 'DISCONNECTED'],
  ["a target's credentials wait for a person", [], ['CONNECTED', 'REFUSED'], 'REFUSED'],
  ['the targets are being connected', ['CONNECTED'], ['CONNECTING', 'CONNECTING'], 'CONNECTING'],
  ['one is connected, one is being connected', [], ['CONNECTED', 'CONNECTING'], 'CONNECTED'],
])('%s: chain %j, targets %j is %s', (_, chain, targets, expected) => {
  const connection = connectionOf({
    chain: chain.map(hop('ssh')),
    targets: targets.map(hop('http')),
    hosts: [],
  })
  expect(connection.status).toBe(expected)
  expect(connection.hops).toHaveLength(chain.length + targets.length)
})

it('gives a host that is reached through further hops the status of the one that is down', () => {
  const chain = (['CONNECTED', 'DISCONNECTED'] as const).map(hop('ssh'))
  const { status, hops } = connectionOf({ chain: [], targets: [], hosts: [{ name: 'host app-1', chain }] })
  expect({ status, host: hops[0]?.status }).toEqual({ status: 'DISCONNECTED', host: 'DISCONNECTED' })
})
