/** The ways to the contract, each as a client of one role: what is tested is the same over all of them. */
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { RPCHandler } from '@orpc/server/message-port'
import { WebSocket } from 'ws'
import { speakAsAsked } from '../../src/main/api/language.ts'
import type { Role } from '../../src/shared/catalogue/roles.ts'
import { type Contract, contract } from '../../src/shared/contract/contract.ts'
import type { TestConsole } from '../support/test-console.ts'

export type Client = ContractRouterClient<Contract>

export interface Connected {
  readonly client: Client
  close(): void
}

export interface Transport {
  readonly name: string
  /** Whether it carries procedures without a REST route, and streams. */
  readonly whole: boolean
  connect(console: TestConsole, role: Role, language?: string): Promise<Connected>
}

const messagePort: Transport = {
  name: 'message port',
  whole: true,
  async connect({ api, actors }, role, language = 'en') {
    const { port1, port2 } = new MessageChannel()
    const handler = new RPCHandler(api, { rootInterceptors: [speakAsAsked] })
    handler.upgrade(port1, { context: { actor: actors[role], language: 'en', host: 'electron' } })
    port1.start()
    port2.start()
    const link = new PortLink({ port: port2, headers: { 'accept-language': language } })
    return { client: createORPCClient<Client>(link), close: () => port2.close() }
  },
}

const webSocket: Transport = {
  name: 'WebSocket',
  whole: true,
  async connect({ url, tokens }, role, language = 'en') {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/rpc`, {
      headers: { authorization: `Bearer ${tokens[role]}`, 'accept-language': language },
    })
    await new Promise((resolve, reject) => {
      socket.once('open', resolve)
      socket.once('error', reject)
    })
    return {
      client: createORPCClient<Client>(new SocketLink({ websocket: socket as never })),
      close: () => socket.close(),
    }
  },
}

const rest: Transport = {
  name: 'REST',
  whole: false,
  async connect({ url, tokens }, role, language = 'en') {
    const link = new OpenAPILink(contract, {
      url: `${url}/api/v1`,
      headers: { authorization: `Bearer ${tokens[role]}`, 'accept-language': language },
    })
    // JSON alone crosses the contract: what REST gives back is of the very same types.
    return { client: createORPCClient<Client>(link as never), close: () => {} }
  },
}

export const TRANSPORTS = [messagePort, webSocket, rest]
